"""Tensor arithmetic that Keras has no layer of that name for. Stock Keras layers do the work wherever they can.

What they cannot do is done by the few classes of `custom_layers`; a `.keras` file with one of those needs them to be read.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from graph_compiler.layers.geometry import axes_words, float_dtype, number
from graph_compiler.layers.merge import MANY, joint_dtype
from graph_compiler.layers.preprocessing import one_hot_shape
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Values
from graph_compiler.specs.params import Choice, Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

PACKAGE = "Netloom"
"""Under this name Keras registers the classes of `custom_layers`."""


def one_hot(p: Values, x: Tensor) -> Inferred:
    """Whole numbers [...] -> float32 [..., num_classes]; a last axis of 1 gives way. The column stays, with its names."""
    classes = len(x.column.classes) if x.column else 0
    if classes > p["num_classes"]:
        raise Refusal("one-hot-classes", "OneHot has too few places", expected=f"at least {classes:,}, one for each class",
                      received=f"{p['num_classes']:,}", param="num_classes", port="in", hint=f"Set num_classes to {classes:,}.",
                      num_classes=classes)
    return Inferred((Tensor(one_hot_shape(x, p["num_classes"], "OneHot"), "float32", False, x.column),))


def explain_one_hot(p: Values, x: Tensor) -> str:
    """The places in words."""
    return f"{p['num_classes']:,} places, 1 at the place of the class and 0 elsewhere"


def make_one_hot(keras: Any, p: Values, name: str) -> Any:
    """Keras's CategoryEncoding."""
    return keras.layers.CategoryEncoding(num_tokens=p["num_classes"], output_mode="one_hot", name=name)


def source_one_hot(p: Values, name: str) -> str:
    """The same as Python source."""
    return f"keras.layers.CategoryEncoding(num_tokens={p['num_classes']}, output_mode=\"one_hot\", name={name!r})"


def cast(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...] of another dtype; decimals are cut off towards 0. Mask and column stay."""
    return Inferred((Tensor(x.shape, p["dtype"], x.masked, x.column),))


def make_cast(keras: Any, p: Values, name: str) -> Any:
    """Keras's Rescaling by 1, which computes in the wanted dtype."""
    return keras.layers.Rescaling(1, 0, dtype=p["dtype"], name=name)


def source_cast(p: Values, name: str) -> str:
    """The same as Python source."""
    return f"keras.layers.Rescaling(1, 0, dtype={p['dtype']!r}, name={name!r})"


def stack(p: Values, inputs: Inputs) -> Inferred:
    """Tensors [...] -> [..., count]: single numbers become a list, pictures without channels get a channel axis."""
    tensors = inputs["in"]
    shape = tensors[0].shape
    for x in tensors[1:]:
        if x.shape != shape:
            shape = _same_shape(tensors[0], shape, x)
    return Inferred((Tensor((*shape, len(tensors)), joint_dtype(tensors)),))


def _same_shape(first: Tensor, shape: Shape, x: Tensor) -> Shape:
    if len(shape) != x.rank or any(a != b and None not in (a, b) for a, b in zip(shape, x.shape, strict=True)):
        raise Refusal("merge-mismatch", f"Stack cannot stack the shapes {first.words} and {x.words}", port="in",
                      expected="the same shape everywhere", received=f"{first.words} and {x.words}",
                      hint="Use Concatenate to join inputs of different sizes.")
    return tuple(b if a is None else a for a, b in zip(shape, x.shape, strict=True))


def explain_stack(p: Values, inputs: Inputs) -> str:
    """The count."""
    return f"{len(inputs['in']):,} inputs of {inputs['in'][0].words} side by side"


def stop_gradient(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...], unchanged."""
    return Inferred((Tensor(x.shape, float_dtype(x), x.masked),))


def slice_bounds(p: Values, size: int | None) -> int | None:
    """The size that `start:stop:step` leaves of `size`; None when it is free and the bounds do not settle it."""
    if size is None:
        return None
    return len(range(*slice(p["start"], p["stop"], p["step"]).indices(size)))


def slice_axis(p: Values, x: Tensor) -> int:
    """The position of the axis in the shape without batch."""
    axis: int = p["axis"]
    at = axis - 1 if axis >= 0 else x.rank + axis
    if not 0 <= at < x.rank:
        raise Refusal("parameter", "axis does not exist", param="axis", port="in", received=f"{axis} on {axes_words(x.rank)}",
                      expected=f"1 to {x.rank}, or -{x.rank} to -1" if x.rank else "an input with axes",
                      hint="Axis 1 is the first after the batch, -1 the last.")
    return at


def take_slice(p: Values, x: Tensor) -> Inferred:
    """A part of one axis, as Python's `start:stop:step` cuts it."""
    at = slice_axis(p, x)
    size = slice_bounds(p, x.shape[at])
    if size == 0:
        raise Refusal("empty-shape", "Slice leaves nothing over", expected=f"a part of {number(x.shape[at])}", port="in",
                      param="start", received=f"{p['start']} to {'the end' if p['stop'] is None else p['stop']}",
                      hint="Let start come before stop; negative numbers count from the end.")
    return Inferred((Tensor((*x.shape[:at], size, *x.shape[at + 1:]), float_dtype(x)),))


def explain_slice(p: Values, x: Tensor) -> str:
    """How much is left."""
    at = slice_axis(p, x)
    return f"{number(slice_bounds(p, x.shape[at]))} of {number(x.shape[at])}"


@cache
def custom_layers(keras: Any) -> dict[str, Any]:
    """The layer classes of this module by registered name. Call it before reading a `.keras` file that may hold them."""

    @keras.saving.register_keras_serializable(package=PACKAGE)
    class Stack(keras.layers.Layer):  # type: ignore[misc]
        """Stacks tensors of one shape along a new last axis."""

        def call(self, inputs: Any) -> Any:
            return keras.ops.stack(inputs, axis=-1)

    @keras.saving.register_keras_serializable(package=PACKAGE)
    class StopGradient(keras.layers.Layer):  # type: ignore[misc]
        """Passes values on and holds gradients back."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            return keras.ops.stop_gradient(inputs)

    @keras.saving.register_keras_serializable(package=PACKAGE)
    class Slice(keras.layers.Layer):  # type: ignore[misc]
        """Takes `start:stop:step` of one axis; axis 0 is the batch."""

        def __init__(self, axis: int = -1, start: int = 0, stop: int | None = None, step: int = 1, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.axis, self.start, self.stop, self.step = axis, start, stop, step

        def call(self, inputs: Any) -> Any:
            index = [slice(None)] * len(inputs.shape)
            index[self.axis] = slice(self.start, self.stop, self.step)
            return inputs[tuple(index)]

        def get_config(self) -> dict[str, Any]:
            own = {"axis": self.axis, "start": self.start, "stop": self.stop, "step": self.step}
            return {**super().get_config(), **own}

    return {f"{PACKAGE}>{kind.__name__}": kind for kind in (Stack, StopGradient, Slice)}


def make_custom(keras: Any, p: Values, name: str, kind: str) -> Any:
    """A layer of one of the classes of `custom_layers`."""
    return custom_layers(keras)[f"{PACKAGE}>{kind}"](name=name, **p)


def source_stack(p: Values, name: str) -> str:
    """Python source that needs Keras only."""
    return f"keras.layers.Lambda(lambda inputs: keras.ops.stack(inputs, axis=-1), name={name!r})"


def source_stop_gradient(p: Values, name: str) -> str:
    """Python source that needs Keras only."""
    return f"keras.layers.Lambda(keras.ops.stop_gradient, name={name!r})"


def source_slice(p: Values, name: str) -> str:
    """Python source that needs Keras only."""
    axis, start, stop, step = p["axis"], p["start"], p["stop"], p["step"]
    cut = f"{start or ''}:{'' if stop is None else stop}" + (f":{step}" if step != 1 else "")
    index = [*([":"] * axis), cut] if axis >= 0 else ["...", cut, *([":"] * (-1 - axis))]
    return f"keras.layers.Lambda(lambda x: x[{', '.join(index)}], name={name!r})"


ONE_HOT = LayerSpec(
    name="OneHot", family="operations", kind="operation", summary="Category numbers to one place each",
    text="Class 3 of 5 becomes 0 0 0 1 0. Losses that compare probabilities, and generators that are told a class, read it so.",
    params=(Int(name="num_classes", default=10, minimum=1, key=True, summary="How many classes there are."),), rule=one_hot,
    explain=explain_one_hot, make=make_one_hot, source=source_one_hot, accepts=frozenset({"int"}),
    keywords=("one-hot", "categorical", "dummy", "label"))

CAST = LayerSpec(
    name="Cast", family="operations", kind="operation", summary="Changes the kind of number",
    text="Whole numbers become decimal ones or the other way round, where decimals are cut off.",
    params=(Choice(name="dtype", default="float32", options=("float32", "int32"), key=True,
                   summary="The new kind of number."),),
    rule=cast, make=make_cast, source=source_cast, keywords=("dtype", "float", "int", "convert"))

STACK = LayerSpec(
    name="Stack", family="operations", kind="operation", summary="Makes one list of single numbers",
    text="Columns of a table arrive as single numbers; stacked side by side they are the list a Dense layer reads.",
    inputs=MANY, many_rule=stack, explain_many=explain_stack, make=lambda keras, p, name: make_custom(keras, p, name, "Stack"),
    source=source_stack, keywords=("join", "columns", "features", "vector", "concatenate"))

STOP_GRADIENT = LayerSpec(
    name="StopGradient", family="operations", kind="operation", summary="Holds learning back",
    text="Values pass, but what stands before it is not trained through this wire.", rule=stop_gradient,
    make=lambda keras, p, name: make_custom(keras, p, name, "StopGradient"), source=source_stop_gradient,
    keywords=("detach", "freeze", "block"))

SLICE = LayerSpec(
    name="Slice", family="operations", kind="operation", summary="Takes a part of one axis",
    text="Cuts as Python does: from start up to, but without, stop, in steps. Negative numbers count from the end.",
    params=(Int(name="axis", default=-1, key=True, summary="The axis that is cut: -1 is the last, 1 the first."),
            Int(name="start", default=0, key=True, summary="First place kept."),
            Int(name="stop", default=None, optional=True, key=True, summary="First place not kept; nothing goes to the end."),
            Int(name="step", default=1, minimum=1, summary="Every how many places.")),
    rule=take_slice, explain=explain_slice, make=lambda keras, p, name: make_custom(keras, p, name, "Slice"),
    source=source_slice, keywords=("select", "part", "crop", "index"))

SPECS: tuple[LayerSpec, ...] = (ONE_HOT, CAST, STACK, STOP_GRADIENT, SLICE)
