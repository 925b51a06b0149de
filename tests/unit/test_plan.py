"""The plan: what is read, trained and exported, and why a drawing cannot be trained."""

from __future__ import annotations

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField
from tests.helpers.contests import contest
from tests.helpers.drawing import analysed, apply, classifier, codes

IRIS = ("iris Iris", "a Dense units=8 activation=relu", "b Dense units=3 activation=softmax", "loss Loss",
        "iris.features > a > b > loss.prediction", "iris.species > loss.target")


def test_a_classifier() -> None:
    plan = Analyzer(classifier(), registry()).plan
    objective = plan.objectives[0]
    assert (objective.node, objective.weight, objective.prediction, objective.target) == (
        "loss", 1.0, ("dense_2", "out"), ("iris", "species"))
    assert (objective.resolved.loss, objective.resolved.task) == ("SparseCategoricalCrossentropy", "classification")
    assert objective.resolved.classes == ("setosa", "versicolor", "virginica")
    assert [(i.name, i.end) for i in plan.inputs] == [("features", ("iris", "features"))]
    assert [(o.name, o.end, o.tensor.shape, o.decoding) for o in plan.outputs] == [("dense_2", ("dense_2", "out"), (3,),
                                                                                    "none")]
    assert (plan.sources, plan.trainable, plan.held) == (("iris",), ("dense_1", "dense_2"), ())
    assert plan.training_only == {("iris", "species", "loss", "target", 0)}
    assert (plan.trainer, plan.reason) == ("supervised", "")


def test_wires_of_noise_are_told_apart_though_they_leave_with_the_generator() -> None:
    plan = Analyzer(contest(), registry()).plan
    assert plan.noisy == {("noise", "out", "made", "x", 0)}
    assert not plan.training_only
    assert [i.end for i in plan.inputs] == [("noise", "out")]


def test_an_output_is_named_by_its_label_and_ordered() -> None:
    analysis = analysed(*IRIS, "second Output", "first Output decoding=argmax order=0", "a > second", "b > first")
    apply(analysis, SetField("first", "label", "Which species?"))
    assert [(o.name, o.decoding) for o in analysis.plan.outputs] == [("second", "none"), ("Which_species", "argmax")]
    swapped = analysed(*IRIS, "second Output order=3", "first Output", "a > second", "b > first")
    assert [o.name for o in swapped.plan.outputs] == ["first", "second"]


def test_names_of_outputs_are_unique() -> None:
    analysis = analysed(*IRIS, "o Output", "p Output", "a > o", "b > p")
    for name in ("o", "p"):
        apply(analysis, SetField(name, "label", "score"))
    assert [o.name for o in analysis.plan.outputs] == ["score", "score_2"]


def test_a_column_read_by_prediction_and_target_is_an_input() -> None:
    plan = analysed("m MNIST", "r Rescaling", "c Conv2D filters=1 padding=same", "loss Loss",
                    "m.image > r > c > loss.prediction",
                    "r > loss.target").plan
    assert [i.name for i in plan.inputs] == ["image"]
    assert plan.training_only == {("r", "out", "loss", "target", 0)}
    assert (plan.objectives[0].resolved.task, plan.objectives[0].resolved.loss) == ("reconstruction", "MeanSquaredError")


def test_a_whole_branch_that_only_feeds_targets_is_training_only() -> None:
    plan = analysed("m MNIST", "r Rescaling", "f Flatten", "d Dense activation=softmax", "o OneHot", "loss Loss",
                    "m.image > r > f > d > loss.prediction", "m.label > o > loss.target").plan
    assert plan.training_only == {("m", "label", "o", "in", 0), ("o", "out", "loss", "target", 0)}
    assert [i.name for i in plan.inputs] == ["image"]
    assert plan.live == {"m", "r", "f", "d"}


def test_two_objectives_share_a_trunk() -> None:
    plan = analysed("house BostonHousing", "trunk Dense units=8", "*still Dense units=8", "one Dense units=1",
                    "two Dense units=1", "price Loss", "again Loss weight=0.5 loss=MeanAbsoluteError",
                    "house.features > trunk > one > price.prediction",
                    "trunk > still > two > again.prediction", "house.price > price.target", "house.price > again.target").plan
    assert [(o.node, o.weight, o.resolved.loss) for o in plan.objectives] == [
        ("price", 1.0, "MeanSquaredError"), ("again", 0.5, "MeanAbsoluteError")]
    assert (plan.trainable, plan.held) == (("trunk", "one", "two"), ("still",))
    assert [o.name for o in plan.outputs] == ["one", "two"]
    assert plan.trainer == "supervised"


def test_stop_gradient_holds_what_is_behind_it() -> None:
    plan = analysed("iris Iris", "a Dense units=8", "s StopGradient", "b Dense units=3 activation=softmax", "loss Loss",
                    "iris.features > a > s > b > loss.prediction", "iris.species > loss.target").plan
    assert (plan.trainable, plan.held) == (("b",), ("a",))


@pytest.mark.parametrize(("lines", "reason"), [
    ((), "Add a Loss."), (IRIS[:3], "Add a Loss."),
    ((*IRIS[:4], IRIS[4]), "Loss has no target."),
    ((IRIS[0], "a Magic", *IRIS[2:]), "Something before Loss is not complete."),
    ((*IRIS[:3], "loss Loss loss=Nonsense", *IRIS[4:]), "loss does not fit."),
    ((IRIS[0], IRIS[1], "b Dense units=4", *IRIS[3:]), "Loss needs 3 scores.")])
def test_why_there_is_no_trainer(lines: tuple[str, ...], reason: str) -> None:
    plan = analysed(*lines).plan
    assert (plan.trainer, plan.reason) == ("", reason)


def test_a_muted_objective_is_left_out() -> None:
    analysis = analysed(*IRIS, "~extra Loss", "a > extra.prediction")
    assert codes(analysis) == []
    assert [o.node for o in analysis.plan.objectives] == ["loss"]


@pytest.mark.parametrize(("tail", "name"), [
    (("x Softmax",), "softmax"), (("x Activation activation=sigmoid",), "sigmoid"), (("x Dropout",), "softmax"),
    (("x Reshape target_shape=[3,1]",), "softmax"), (("x Dense units=3",), "linear"), (("x Rescaling",), "linear"),
    (("~x Dense",), "softmax")])
def test_the_last_activation_is_found(tail: tuple[str, ...], name: str) -> None:
    from graph_compiler.analysis.reach import last_activation
    if registry().node(tail[0].split()[1]) is None:
        pytest.fail("the layer is missing")
    analysis = analysed(*IRIS[:3], *tail, "iris.features > a > b > x")
    assert last_activation(analysis.engine, "x", "out").name == name


def test_the_last_activation_is_found_inside_blocks() -> None:
    from graph_compiler.analysis.reach import last_activation
    from graph_compiler.graph.edits import AddBlock
    from graph_compiler.graph.model import BlockDefinition
    from tests.helpers.drawing import drawing, graph
    document = drawing("iris Iris", "a Dense units=3 activation=softmax", "outer Block", "iris.features > a > outer.in")
    AddBlock("quiet", BlockDefinition(graph("in BlockInput", "d Dropout", "out BlockOutput", "in > d > out"))).apply(document)
    SetField("outer", "block", "quiet").apply(document)
    found = last_activation(Analyzer(document, registry()).engine, "outer", "out")
    assert (found.name, found.node, found.scope, found.param) == ("softmax", "a", "", "activation")
