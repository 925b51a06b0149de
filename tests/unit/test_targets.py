"""A Loss that is wired to the wrong column says what the target is, and names the column that fits."""

from __future__ import annotations

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.graph.values import Edge
from tests.helpers.drawing import analysed, fix

PICTURE = "an image of 28×28×1"


def digits(units: int, target: str, *more: str, loss: str = "loss Loss") -> Analyzer:
    """A list of numbers is predicted from a picture and compared with `target`."""
    return analysed("mnist MNIST", "rescaling Rescaling", "flatten Flatten", f"dense Dense units={units}", loss, *more,
                    "mnist.image > rescaling > flatten > dense > loss.prediction", f"{target} > loss.target")


def target_of(analysis: Analyzer) -> tuple[str, str]:
    wire: Edge = analysis.document.graph.into_port("loss", "target")[0]
    return wire.source, wire.source_port


@pytest.mark.parametrize("loss", ["auto", "SparseCategoricalCrossentropy", "MeanSquaredError", "BinaryCrossentropy"])
def test_a_picture_as_target_is_said_to_be_one(loss: str) -> None:
    problem, = digits(10, "mnist.image", loss=f"loss Loss loss={loss}").problems
    assert (problem.code, problem.port, problem.severity) == ("target", "target", "error")
    assert problem.title == f"The target is {PICTURE}, the prediction is 10 numbers"
    assert problem.sentence.startswith(f"Expected a target for the 10 numbers of the prediction, received {PICTURE}. ")


@pytest.mark.parametrize("wire", ["mnist.image", "rescaling"])
def test_the_column_that_fits_is_named_and_wired(wire: str) -> None:
    analysis = digits(10, wire)
    problem, = analysis.problems
    assert problem.hint == "Connect label to the target."
    assert [f.label for f in problem.fixes] == ["wire label to target"]
    assert fix(analysis, "target") == "wire label to target"
    assert target_of(analysis) == ("mnist", "label")
    assert analysis.clean
    assert analysis.plan.objectives[0].resolved.loss == "SparseCategoricalCrossentropy"


def test_the_fix_is_undone_with_its_inverse() -> None:
    analysis = digits(10, "mnist.image")
    edit = analysis.problems[0].fixes[0].edit
    edit.apply(analysis.document).apply(analysis.document)
    assert target_of(analysis) == ("mnist", "image")


def test_a_free_column_that_does_not_fit_is_only_mentioned() -> None:
    problem, = digits(12, "mnist.image").problems
    assert problem.hint == ("Connect the column that holds the answer, or let the layers before it give 28×28×1. "
                            "Perhaps label is meant.")
    assert problem.fixes == ()


def test_without_a_free_column_nobody_is_named() -> None:
    problem = next(p for p in digits(10, "mnist.image", "other Output", "mnist.label > other").problems if p.code == "target")
    assert problem.hint == "Connect the column that holds the answer, or let the layers before it give 28×28×1."
    assert problem.fixes == ()


def test_as_many_numbers_are_reshaped() -> None:
    analysis = digits(784, "rescaling")
    problem, = analysis.problems
    assert problem.hint == "Insert Reshape to 28×28×1 before the prediction, or connect the column that holds the answer."
    assert fix(analysis, "target") == "insert Reshape"
    assert analysis.clean
    assert analysis.plan.objectives[0].resolved.task == "reconstruction"


def test_a_picture_of_another_size_is_the_predictions_fault() -> None:
    analysis = analysed("mnist MNIST", "rescaling Rescaling", "pool MaxPooling2D", "conv Conv2D filters=1 padding=same",
                        "loss Loss", "mnist.image > rescaling > pool > conv > loss.prediction", "rescaling > loss.target")
    assert [(p.code, p.port) for p in analysis.problems] == [("shapes", "prediction")]


def test_the_features_as_target_leave_both_ways_open() -> None:
    analysis = analysed("iris Iris", "dense Dense units=3 activation=softmax", "loss Loss",
                        "iris.features > dense > loss.prediction", "iris.features > loss.target")
    problem, = analysis.problems
    assert problem.hint == "Set units of the last layer to 4. Or connect species to the target."
    assert [f.label for f in problem.fixes] == ["set units of Dense to 4", "wire species to target"]
    fix(analysis, "shapes", 1)
    assert analysis.clean


def test_several_columns_that_fit_are_named_without_a_button() -> None:
    analysis = analysed("spots Sunspots", "flatten Flatten", "dense Dense units=1", "loss Loss",
                        "spots.window > flatten > dense > loss.prediction", "spots.window > loss.target")
    problem, = analysis.problems
    assert problem.title == "The target is a series of 22×1, the prediction is one number"
    assert problem.hint == "Connect now or target to the target."
    assert problem.fixes == ()


def test_the_fix_takes_the_node_that_lies_unwired() -> None:
    analysis = digits(784, "rescaling", "spare Reshape target_shape=[28,28,1]")
    assert fix(analysis, "target") == "insert Reshape"
    assert [n.id for n in analysis.document.graph.nodes.values() if n.type == "Reshape"] == ["spare"]
    assert analysis.clean


@pytest.mark.parametrize("spare", [
    ("spare Reshape", "other Reshape"), ("~spare Reshape",), ("spare Reshape target_shape=[4,7,28]",),
    ("spare Reshape target_shape=[28,28,1]", "rescaling > spare")])
def test_a_node_in_doubt_is_left_alone(spare: tuple[str, ...]) -> None:
    analysis = digits(784, "rescaling", *spare)
    before = dict(analysis.document.graph.nodes)
    fix(analysis, "target")
    after = analysis.document.graph.nodes
    fresh, = after.keys() - before.keys()
    assert after[fresh].type == "Reshape"
    assert all(after[name] == node for name, node in before.items())


def test_an_unwired_node_gets_what_the_fix_has_to_say() -> None:
    analysis = digits(784, "rescaling", "spare Reshape")
    fix(analysis, "target")
    assert analysis.document.graph.nodes["spare"].params == {"target_shape": [28, 28, 1]}
    assert analysis.clean


def test_a_mask_is_wired_to_a_prediction_of_every_pixel_before_its_classes_fit() -> None:
    analysis = analysed("street StreetScenes", "scaled Rescaling", "conv Conv2D filters=4 activation=softmax padding=same",
                        "loss Loss", "street.image > scaled > conv > loss.prediction")
    problem = next(p for p in analysis.problems if p.code == "missing-input")
    assert [f.label for f in problem.fixes] == ["wire mask to target"]
    fix(analysis, "missing-input")
    assert target_of(analysis) == ("street", "mask")
    wrong = next(p for p in analysis.problems if p.severity == "error")
    assert [f.label for f in wrong.fixes] == ["set filters of Conv2D to 8"]
    assert wrong.hint == "Set filters of the last layer to 8."


def test_a_mask_is_not_wired_to_a_prediction_of_another_size() -> None:
    analysis = analysed("street StreetScenes", "scaled Rescaling", "pool MaxPooling2D", "conv Conv2D filters=8", "loss Loss",
                        "street.image > scaled > pool > conv > loss.prediction")
    problem = next(p for p in analysis.problems if p.code == "missing-input")
    assert problem.fixes == ()
