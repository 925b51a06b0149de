"""Settings that no run can have are problems of the drawing, with a way back."""

from __future__ import annotations

import json

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetTraining
from graph_compiler.graph.files import dumps, loads
from graph_compiler.graph.model import Document
from tests.helpers.drawings import digits_mlp


def written(**training: object) -> Document:
    """A sound drawing whose file was given other training settings by hand."""
    tree = json.loads(dumps(digits_mlp()))
    tree["training"] = {**tree.get("training", {}), **training}
    return loads(json.dumps(tree).encode())


def problems(document: Document) -> list[Diagnostic]:
    return [p for p in Analyzer(document, registry()).problems if p.code == "setting"]


@pytest.mark.parametrize(("training", "param", "sentence"), [
    ({"epochs": -3}, "epochs", "Expected a whole number from 1 to 100,000, received -3. Change epochs."),
    ({"batch_size": 0}, "batch_size", "Expected a whole number from 1 to 65,536, received 0. Change batch_size."),
    ({"seed": 2**32}, "seed", "Expected a whole number from 0 to 4,294,967,295, received 4294967296. Change seed."),
    ({"l2": -0.1}, "l2", "Expected a number at least 0, received -0.1. Change l2."),
    ({"step": "fast"}, "step", "Expected one of plain, multi, xla, received 'fast'. Change step."),
    ({"class_weights": "some"}, "class_weights", "Expected one of none, balanced, received 'some'. Change class_weights."),
    ({"device": "tpu"}, "device", "Expected one of auto, cpu, gpu:0, received 'tpu'. Change device."),
    ({"early_stopping": {"patience": 0}}, "patience", "Expected a whole number from 1 on, received 0. Change patience."),
    ({"optimizers": {}}, "optimizers", "Expected one by the name “”, received none. Choose one in the Training section."),
    ({"optimizers": {"": {"name": "Adam", "params": {"beta_1": 3}}}}, "beta_1",
     "Expected a number at least 0 and at most 1, received 3. Change beta_1."),
    ({"schedule": {"kind": "step", "params": {"factor": 0}}}, "factor", None)])
def test_a_wrong_setting_is_an_error_of_the_drawing(training, param, sentence):
    (found,) = problems(written(**training))
    assert (found.severity, found.node, found.param) == ("error", "", param)
    if sentence is not None:
        assert found.sentence == sentence


def test_an_unknown_optimiser_names_those_that_are_there():
    (found,) = problems(written(optimizers={"": {"name": "Bogus"}}))
    assert found.title == "There is no optimiser “Bogus”" and "Adam, AdamW, SGD" in found.sentence


@pytest.mark.parametrize("device", ["auto", "cpu", "gpu", "gpu:0", "gpu:3"])
def test_other_gpus_than_the_first_may_be_named(device):
    assert not problems(written(device=device))


def test_the_fix_goes_back_to_the_default_and_the_analysis_follows():
    document = written(epochs=0)
    analysis = Analyzer(document, registry())
    assert not analysis.clean
    (fix,) = next(p.fixes for p in analysis.problems if p.code == "setting")
    assert fix.label == "Set epochs to 5"
    analysis.update(fix.edit.changes())
    assert not analysis.clean
    fix.edit.apply(document)
    analysis.update(fix.edit.changes())
    assert analysis.clean and document.training.epochs == 5
    SetTraining("seed", -1).apply(document)
    analysis.update(SetTraining("seed", -1).changes())
    assert [p.param for p in analysis.problems] == ["seed"]
