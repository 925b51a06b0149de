"""Augmentations that change a mask, boxes or labels with the picture: one draw for all of them, in training only.

Outside training a stock layer stands for them and only the picture's port counts, so that what is used never asks for a mask.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graph_compiler.layers.augmentation.forms import places
from graph_compiler.layers.custom.registry import custom_class
from graph_compiler.layers.geometry import axes_words
from graph_compiler.specs.dtypes import FLOAT, NUMBERS, refuse_dtype
from graph_compiler.specs.nodes import IN, OUT, Inferred, Inputs, LayerSpec, Port, Ports, Values, keras_arguments
from graph_compiler.specs.params import Choices
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

ARGUMENTS = {"mask": "masks", "boxes": "boxes", "labels": "labels"}
"""Ports beside the picture, in order, and what our class calls them."""


def chosen(p: Values) -> list[str]:
    """The ports beside the picture, in their order."""
    return [name for name in ARGUMENTS if name in p["together"]]


def ports(p: Values) -> Ports:
    """The picture, and a port in and out for whatever changes alike."""
    beside = chosen(p)
    return (*IN, *(Port(name, argument=ARGUMENTS[name]) for name in beside)), (*OUT, *map(Port, beside))


def _mask(p: Values, picture: Tensor, out: Tensor, x: Tensor, name: str) -> Tensor:
    if not x.is_integer:
        raise refuse_dtype(name, x, frozenset({"int"}), "mask")
    if x.rank != 2 or any(a != b and None not in (a, b) for a, b in zip(x.shape, places(p, picture), strict=True)):
        raise Refusal("merge-mismatch", f"{name} needs a mask of the picture's size", expected="height × width: "
                      + Tensor(places(p, picture)).words, received=f"{x.words} ({axes_words(x.rank)})", port="mask",
                      hint="Resize the picture, not the mask, or connect the mask of this picture.")
    return Tensor(places(p, out), x.dtype, False, x.column)


def _boxes(p: Values, picture: Tensor, out: Tensor, x: Tensor, name: str) -> Tensor:
    if not x.is_float:
        raise refuse_dtype(name, x, FLOAT, "boxes")
    if x.rank != 2 or x.shape[-1] != 4:
        raise Refusal("rank", f"{name} needs boxes", expected="boxes × 4: left, top, right, bottom in pixels", port="boxes",
                      received=f"{x.words} ({axes_words(x.rank)})", hint="Insert Reshape.")
    return Tensor(x.shape, "float32", False, x.column)


def _labels(p: Values, picture: Tensor, out: Tensor, x: Tensor, name: str) -> Tensor:
    if not x.is_float or x.rank != 1:
        raise Refusal("labels", f"{name} needs labels that can be mixed", expected="a place for each class, decimal numbers",
                      received=f"{x.words} {x.dtype}", port="labels", hint="Insert OneHot between the label and it.")
    return Tensor(x.shape, "float32", False, x.column)


_RULES = {"mask": _mask, "boxes": _boxes, "labels": _labels}


def alike(spec: LayerSpec, *options: str, crops: bool = False, default: tuple[str, ...] = ()) -> LayerSpec:
    """The spec with ports for those of `options` that its parameter `together` names.

    What crops is a CenterCrop outside training, every other layer nothing. With a `default`, one port must be there: pictures
    that are mixed are of no use with the labels of one of them.
    """
    def rule(p: Values, inputs: Inputs) -> Inferred:
        """The picture as the layer leaves it; mask, boxes and labels keep dtype, count and meaning."""
        picture, beside = inputs["in"][0], chosen(p)
        if default and not beside:
            raise Refusal("parameter", f"{spec.name} has nothing to mix with the pictures", expected=" or ".join(options),
                          received="none", param="together", hint="Choose what belongs to the pictures.")
        out = spec.infer(p, {"in": (picture,)}).outputs[0]
        return Inferred((out, *(_RULES[name](p, picture, out, inputs[name][0], spec.name) for name in beside)))

    def rest(p: Values) -> tuple[str, dict[str, Any]] | None:
        if not chosen(p):
            return None
        return ("CenterCrop", {key: p[key] for key in ("height", "width", "data_format")}) if crops else (
            "Rescaling", {"scale": 1.0})

    def kept(given: dict[str, Any]) -> dict[str, Any]:
        own = {key: value for key, value in given.items() if key != "together"}
        return spec.to_keras(own) if spec.to_keras else own

    def make(keras: Any, p: Values, name: str) -> Any:
        arguments = keras_arguments(keras, made, p)
        if not chosen(p):
            return spec.make(keras, p, name) if spec.make else getattr(keras.layers, spec.name)(name=name, **arguments)
        form = {"bounding_box_format": "xyxy"} if "boxes" in chosen(p) else {}
        still = keras.layers.CenterCrop(**(rest(p) or ("", {}))[1]) if crops else None
        return custom_class(keras, "Together")(getattr(keras.layers, spec.name)(**arguments, **form), still, name=name)

    param = Choices(name="together", default=list(default), options=options,
                    summary="What else changes alike: it gets ports, and one draw serves all.")
    beside = tuple(Port(name, argument=ARGUMENTS[name]) for name in default)
    made = replace(spec, params=(*spec.params, param), inputs=(*IN, *beside), outputs=(*OUT, *map(Port, default)), ports=ports,
                   rule=None, many_rule=rule, at_rest=rest, to_keras=kept, make=make, accepts=NUMBERS)
    return made
