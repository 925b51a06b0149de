"""Pictures and parameter values that fit the augmentation layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from graph_compiler.layers import augmentation
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Floats, Param
from graph_compiler.specs.tensors import Tensor
from tests.helpers.parameters import values_of

Likely = Callable[[Tensor], st.SearchStrategy[dict[str, Any]]]
Ports = dict[str, tuple[Tensor, ...]]

PICTURES = (
    Tensor((6, 8, 3)), Tensor((8, 8, 1)), Tensor((3, 8, 6)), Tensor((28, 28, 1)), Tensor((None, None, 3)), Tensor((7, 6, 2)),
    Tensor((8, 8, 3), "uint8"), Tensor((1, 1, 1)), Tensor((7, 4)), Tensor((4,)), Tensor((4, 5, 6, 3)), Tensor((3,), "string"))



def _beside(x: Tensor, form: str = "") -> Ports:
    """A picture with whatever a layer may have ports for."""
    sides = x.shape[1:] if form else x.shape[:-1]
    return {"in": (x,), "mask": (Tensor(sides, "int32"),), "boxes": (Tensor((2, 4)),), "labels": (Tensor((3,)),)}


WITH_PORTS: tuple[Ports, ...] = (
    *map(_beside, PICTURES[:-1]), _beside(Tensor((3, 8, 6)), "channels_first"),
    {**_beside(Tensor((6, 8, 3))), "mask": (Tensor((6, 8)),), "boxes": (Tensor((4,)),), "labels": (Tensor((), "int32"),)},
    {**_beside(Tensor((6, 8, 3))), "mask": (Tensor((8, 6), "int32"),), "boxes": (Tensor((2, 3)),), "labels": (Tensor((2, 3)),)})

INPUTS: dict[str, tuple[Ports, ...]] = {
    spec.name: WITH_PORTS if spec.ports else tuple({"in": (x,)} for x in PICTURES) for spec in augmentation.SPECS}
"""Per augmentation layer: the pictures it is tried with, and some inputs that are none."""


def _values(param: Param) -> st.SearchStrategy[Any]:
    if param.name == "value_range":
        return st.sampled_from([[0, 255], [0, 1], [0.0, 2.0], [1, 0]])
    if isinstance(param, Floats) and param.length == 2:
        return st.sampled_from([0.0, 0.2, 1.0, [0.1, 0.4], [0.4, 0.1]])
    return values_of(param)


def _several(spec: LayerSpec) -> Likely:
    params = {p.name: _values(p) for p in spec.params}
    names = st.lists(st.sampled_from(sorted(params)), unique=True, max_size=3)
    return lambda x: names.flatmap(lambda chosen: st.fixed_dictionaries({name: params[name] for name in chosen}))


LIKELY: dict[str, Likely] = {spec.name: _several(spec) for spec in augmentation.SPECS}
"""Per augmentation layer: a strategy of parameter values that fit."""
