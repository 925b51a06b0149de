"""Operations that say the same in other numbers: OneHot and Cast."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.preprocessing import one_hot_shape
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Choice, Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


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

SPECS: tuple[LayerSpec, ...] = (ONE_HOT, CAST)
