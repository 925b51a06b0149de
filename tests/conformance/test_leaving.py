"""What is said of exports holds: what a note says cannot leave does not, and what has no note leaves and agrees with Keras."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from graph_compiler.catalog import registry
from graph_compiler.specs.leaving import ONNX, TFLITE
from graph_compiler.specs.nodes import LayerSpec
from tests.conformance.cases import Case
from tests.conformance.leaving import cases_of, failure
from tests.conformance.verdict import asked

LAYERS = [spec for spec in registry().nodes.values() if isinstance(spec, LayerSpec) and spec.kind in ("layer", "operation")]
FORMATS = (TFLITE, ONNX)
STAYING = [(spec, name) for spec in LAYERS for name in FORMATS if any(name in stays.formats for stays in spec.stays)]
SAMPLE = ("Conv2D", "Resizing", "MaxPooling2D", "LSTM", "LayerNormalization", "Softmax", "Attention", "STFTSpectrogram",
          "Discretization", "UpSampling2D")
"""Layers that are really exported with each run of the tests; all are with NETLOOM_EVERY_LAYER in the environment."""

ENDLESS = {("MultiHeadAttention", ONNX): "the converter does not come back"}
"""Conversions that are known to hang."""


def stays(spec: LayerSpec, case: Case, name: str) -> bool:
    """Whether a note says that the layer cannot leave in a format."""
    values, inputs = asked(spec, case)
    return any(name in line.formats and line.holds(values, inputs) for line in spec.stays)


def kinds(spec: LayerSpec, free: bool = False) -> list[Case]:
    """The first case of each rank and dtype, with free axes if they are asked for."""
    found: dict[tuple[object, ...], Case] = {}
    for case in (*cases_of(spec), *(cases_of(spec, free=True) if free else ())):
        if case.x.dtype == "string" and not spec.stays:
            continue  # text never enters a file
        found.setdefault((case.x.rank, case.x.dtype, None in case.x.shape), case)
    return list(found.values())


@pytest.mark.parametrize(("spec", "name"), STAYING, ids=lambda value: getattr(value, "name", value))
def test_what_a_note_keeps_back_does_not_leave(keras: ModuleType, spec: LayerSpec, name: str, tmp_path: Path) -> None:
    cases = [case for case in kinds(spec, free=True) if stays(spec, case, name)]
    assert cases
    for case in cases[:2] if (spec.name, name) not in ENDLESS else ():
        assert failure(keras, spec, case, name, tmp_path), str(case)


CHOSEN = [spec for spec in LAYERS if os.environ.get("NETLOOM_EVERY_LAYER") or spec.name in SAMPLE]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("spec", CHOSEN, ids=lambda spec: spec.name)
def test_it_leaves(keras: ModuleType, spec: LayerSpec, name: str, tmp_path: Path) -> None:
    for case in kinds(spec)[:2]:
        if not stays(spec, case, name):
            assert failure(keras, spec, case, name, tmp_path) == "", str(case)
