"""The cases the conformance tests try: input tensors of all ranks and dtypes, and parameters that make sense together."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.tensors import Tensor
from tests.conformance import (
    likely_categories,
    likely_core,
    likely_operations,
    likely_pictures,
    likely_sequences,
    likely_shapes,
)
from tests.conformance.oracle import FREE
from tests.helpers.parameters import overrides

TENSORS: tuple[Tensor, ...] = (
    Tensor(()), Tensor((6,)), Tensor((7, 4)), Tensor((6, 8, 3)), Tensor((5, 6, 4, 2)), Tensor((2, 3, 4, 2, 2)),
    Tensor((None,)), Tensor((None, 4)), Tensor((None, None, 3)), Tensor((6, None)), Tensor((None, 5, None, 2)),
    Tensor((1, 1)), Tensor((1, 1, 1)), Tensor((4, 32)),
    Tensor((5, 4), "float32", True), Tensor((None, 6), "float32", True), Tensor((4, 6, 6, 2), "float32", True),
    Tensor((), "int32"), Tensor((5,), "int32"), Tensor((None,), "int32"), Tensor((8, 8, 1), "uint8"), Tensor((28, 28, 1)),
    Tensor((5, 4), "int32"),
    Tensor((5,), "int32", True), Tensor((4,), "bool"), Tensor((), "string"), Tensor((3,), "string"))
"""Inputs every layer with one input is tried with; most layers refuse most of them."""

PAIRS: tuple[tuple[Tensor, ...], ...] = (
    (Tensor((4,)), Tensor((4,))), (Tensor((4,)), Tensor((5,))), (Tensor((6, 5, 3)), Tensor((6, 5, 3))),
    (Tensor((6, 5, 3)), Tensor((6, 5, 1))), (Tensor((6, 5, 3)), Tensor((3,))), (Tensor((7, 4)), Tensor((7, 4)), Tensor((7, 4))),
    (Tensor((7, 4)), Tensor((7, 2))), (Tensor((None, 4)), Tensor((None, 4))), (Tensor((None, 4)), Tensor((FREE, 4))),
    (Tensor((7, 4), "float32", True), Tensor((7, 4), "float32", True)), (Tensor((7, 4), "float32", True), Tensor((7, 4))),
    (Tensor((4,), "int32"), Tensor((4,), "int32")), (Tensor((4,), "int32"), Tensor((4,))), (Tensor(()), Tensor(())),
    (Tensor((4,)),), (Tensor((), "string"), Tensor((), "string")))
"""Inputs of a port that takes many wires."""


@dataclass(frozen=True)
class Case:
    """One question to both sides: a layer, JSON values of some of its parameters, and its inputs by port."""

    layer: str
    given: Mapping[str, Any]
    inputs: Mapping[str, tuple[Tensor, ...]]

    @property
    def x(self) -> Tensor:
        """The first input."""
        return next(iter(self.inputs.values()))[0]

    def __str__(self) -> str:
        tensors = ", ".join(f"{x.shape} {x.dtype}{' masked' if x.masked else ''}" for xs in self.inputs.values() for x in xs)
        return f"{self.layer}({', '.join(f'{k}={v!r}' for k, v in self.given.items())}) on {tensors}"


def inputs_of(spec: LayerSpec) -> list[dict[str, tuple[Tensor, ...]]]:
    """Inputs by port to try a layer with."""
    if spec.name in INPUTS:
        return [dict(inputs) for inputs in INPUTS[spec.name]]
    ports = [port for port in spec.inputs if not port.optional]
    if len(ports) == 1 and ports[0].many:
        return [{ports[0].name: tensors} for tensors in PAIRS]
    if len(ports) == 1:
        return [*({ports[0].name: (x,)} for x in TENSORS), *likely_sequences.WITH_STATES.get(spec.name, ())]
    few = [Tensor((7, 4)), Tensor((7, 6)), Tensor((4,)), Tensor((6, 5, 3)), Tensor((7, 4), "float32", True)]
    return [dict(zip((port.name for port in ports), ((x,) for x in xs), strict=True))
            for xs in itertools.islice(itertools.product(few, repeat=len(ports)), 40)]


_HOMES = (likely_categories, likely_core, likely_shapes, likely_pictures, likely_operations, likely_sequences)

INPUTS = {name: inputs for home in _HOMES for name, inputs in getattr(home, "INPUTS", {}).items()}
"""Per layer whose ports differ in kind: the inputs it is tried with."""

LIKELY = {name: likely for home in _HOMES for name, likely in home.LIKELY.items()}
"""Per layer: a strategy of parameter values that fit a tensor, where blind drawing would hardly ever hit a valid one."""


EXAMPLES = {"RandomElasticTransform": 8, "RandAugment": 10, "AugMix": 10, "MixUp": 15, "RandomRotation": 25,
            "RandomPerspective": 25, "MelSpectrogram": 12}
"""How many parameter values are drawn for layers that take seconds a call; 40 for the others."""


def given_for(spec: LayerSpec, x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    """Parameter values to try with a first input `x`."""
    blind = overrides(spec)
    likely = LIKELY.get(spec.name)
    return likely(x) | blind if likely else blind
