"""What is said of exports holds: the words of every layer for every target against what the converters really made of it.

`readiness.json` holds what they made (`python -m tests.conformance.readiness` measures it); a sample is made again each time,
everything that neither crashes nor hangs with NETLOOM_EVERY_LAYER in the environment.
"""

from __future__ import annotations

import os
import tomllib
import warnings
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.specs.leaving import TARGETS
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.readiness import KEPT, NOTED, READY, readiness
from tests.conformance.cases import Case
from tests.conformance.readiness import (
    CRASHED,
    FAILED,
    HUNG,
    OK,
    OVER,
    PACKAGES,
    cases_of,
    in_folder,
    layers,
    pinned,
    read,
    targets_of,
    versions,
)
from tests.conformance.verdict import asked

TABLE = read()
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
SAMPLE = {"Conv2D": ("tflite-int8", "onnx"), "LSTM": ("tflite",), "MaxPooling3D": ("tflite", "onnx"), "Resizing": ("tflite",),
          "LayerNormalization": ("tflite-int16x8",), "Softmax": ("onnx-int8",), "Attention": ("tflite",),
          "STFTSpectrogram": ("onnx",), "Discretization": ("onnx", "python"), "Hashing": ("tflite", "onnx"),
          "Sampling": ("savedmodel",), "MixUp": ("keras", "python")}
"""Layers that are really exported with each run of the tests."""
ALLOWED = {OK: (READY, NOTED), OVER: (NOTED,), FAILED: (KEPT,), CRASHED: (KEPT,), HUNG: (KEPT,)}
"""What may be said of a file that agrees, of one over its limits, and of one there is none of."""


def said(spec: LayerSpec, case: Case, target: str) -> str:
    return readiness(spec, *asked(spec, case))[target].state


def test_the_targets_are_those_of_the_exporters() -> None:
    assert {name: spec.title for name, spec in FORMATS.items()} == dict(TARGETS)


def test_the_table_was_measured_with_what_is_installed() -> None:
    assert pinned(TABLE["versions"]) == pinned(versions()), "measure again: python -m tests.conformance.readiness"


@pytest.mark.parametrize(("name", "parts"), PACKAGES.items())
def test_it_holds_for_every_version_that_may_be_installed_and_for_no_other(name: str, parts: int) -> None:
    """A new patch of TensorFlow may come by itself and changes nothing; a new minor version is out of the pin."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    (pin,) = [found.specifier for line in project["dependencies"] if (found := Requirement(line)).name == name]
    measured = TABLE["versions"][name]
    numbers = [int(number) for number in measured.split(".")[:parts]]
    later, beyond = f"{measured}.99", ".".join(map(str, [*numbers[:-1], numbers[-1] + 1]))
    assert pin.contains(measured) and pin.contains(later) and not pin.contains(beyond)
    assert pinned({**TABLE["versions"], name: later}) == pinned(TABLE["versions"])
    assert pinned({**TABLE["versions"], name: beyond}) != pinned(TABLE["versions"])


@pytest.mark.parametrize("spec", layers(), ids=lambda spec: spec.name)
def test_what_is_said_of_a_layer_is_what_was_measured(spec: LayerSpec) -> None:
    cases = {str(case): (number, case) for number, case in enumerate(cases_of(spec))}
    found = TABLE["layers"].get(spec.name, {})
    assert found.keys() == cases.keys(), f"measure again: python -m tests.conformance.readiness {spec.name}"
    for words, (number, case) in cases.items():
        assert found[words].keys() == set(targets_of(number)), words
        told = {target: said(spec, case, target) for target in found[words]}
        wrong = {target: (outcome, told[target]) for target, outcome in found[words].items()
                 if told[target] not in ALLOWED[outcome]}
        assert not wrong, f"{words}: {wrong}"


EVERY = {spec.name: tuple(FORMATS) for spec in layers()} if os.environ.get("NETLOOM_EVERY_LAYER") else SAMPLE


@pytest.mark.parametrize(("name", "targets"), EVERY.items(), ids=EVERY)
def test_the_table_is_what_converters_do(name: str, targets: tuple[str, ...], keras: Any, tmp_path: Path) -> None:
    spec = next(spec for spec in layers() if spec.name == name)
    for number, case in enumerate(cases_of(spec)[:1 if EVERY is SAMPLE else None]):
        expected = TABLE["layers"][name][str(case)]
        alive = [t for t in targets if t in targets_of(number) and expected[t] not in (CRASHED, HUNG)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras speaks of masks that end at a layer
            found = {target: outcome for target, outcome, _ in in_folder(spec, case, alive, tmp_path)}
        assert found == {target: expected[target] for target in alive}, str(case)
