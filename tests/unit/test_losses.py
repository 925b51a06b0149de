"""Losses whose target or answer has a form of its own: the words of their refusals, masks, weights, and how they are judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.own_metrics import metric_class
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.worker.jobs.judging import aligned, neighbour_votes, read_labels
from tests.helpers.drawing import drawing
from tests.helpers.training import run

IRIS = "data Iris"


def problem(*lines: str) -> tuple[str, ...]:
    """(code, param, expected, received) of the only error."""
    found = [p for p in Analyzer(drawing(*lines), registry()).problems if p.severity == "error"]
    assert len(found) == 1, found
    return found[0].code, found[0].param, found[0].expected, found[0].received


def iris(units: int, activation: str, loss: str, *more: str) -> tuple[str, ...]:
    target = () if any("loss.target" in line for line in more) else ("data.species > loss.target",)
    return (IRIS, f"net Dense units={units} activation={activation}", f"loss Loss loss={loss}",
            "data.features > net > loss.prediction", *target, *more)


HOT = ("hot OneHot num_classes=3", "data.species > hot > loss.target")


@pytest.mark.parametrize(("lines", "wanted"), [
    (iris(3, "linear", "CategoricalGeneralizedCrossEntropy"),
     ("logits", "", "numbers from 0 to 1, such as softmax gives them", "scores of any size")),
    (iris(3, "softmax", "CategoricalGeneralizedCrossEntropy q=1"),
     ("parameter", "q", "a number more than 0 and less than 1", "1")),
    (iris(3, "linear", "Dice", *HOT), ("logits", "", "numbers from 0 to 1, such as softmax gives them", "scores of any size")),
    (iris(3, "softmax", "Dice"), ("one-hot", "", "3 numbers", "one class number int32")),
    (iris(3, "softmax", "Dice axis=[1,-1]", *HOT), ("parameter", "axis", "axes from 0, the batch, to 1, each once", "1, -1")),
    (iris(3, "softmax", "Tversky alpha=0 beta=0", *HOT), ("parameter", "alpha", "alpha or beta above 0", "both are 0")),
    (iris(3, "softmax", "CategoricalFocalCrossentropy alpha=[1,2]", *HOT),
     ("parameter", "alpha", "one number, or 3 of them", "2 numbers")),
    (iris(4, "linear", "CosineSimilarity axis=0", "data.features > loss.target"),
     ("parameter", "axis", "an axis after the batch, such as -1", "0")),
    (iris(8, "linear", "Circle"), ("unit-length", "", "lists of length 1", "lists of any length")),
    (iris(3, "linear", "CTC"), ("target", "", "label numbers [length], filled up with 0", "one class number int32")),
    (iris(4, "linear", "Huber delta=0", "data.features > loss.target"), ("parameter", "delta", "a number more than 0", "0")),
])
def test_what_cannot_be_is_said(lines: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    assert problem(*lines) == wanted


def words(steps: int, units: int, activation: str = "linear") -> tuple[str, ...]:
    """Pictures of words read in so many steps."""
    return ("data DigitWords", f"rows Reshape target_shape=[{steps},{784 // steps}]", "scale Rescaling scale=0.004",
            f"net Dense units={units} activation={activation}", "loss Loss loss=CTC",
            "data.image > scale > rows > net > loss.prediction", "data.word > loss.target")


@pytest.mark.parametrize(("lines", "wanted"), [
    (words(4, 18), ("steps", "", "6 steps or more, one for each label", "4 steps")),
    (words(28, 10), ("units", "", "17 labels and the blank, number 0", "10 numbers at each step")),
    (words(28, 18, "softmax"), ("logits", "", "scores of any size", "the values after softmax"))])
def test_a_series_that_is_read(lines: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    assert problem(*lines) == wanted


def test_the_missing_normalisation_is_inserted() -> None:
    document = drawing(*iris(8, "linear", "Circle"))
    analysis = Analyzer(document, registry())
    fix = analysis.problems[0].fixes[0]
    assert fix.label == "insert UnitNormalization"
    fix.edit.apply(document)
    assert Analyzer(document, registry()).clean


def test_parameters_are_those_of_the_loss_that_is_chosen() -> None:
    document = drawing(*iris(3, "softmax", "Tversky alpha=0.3", *HOT))
    analysis = Analyzer(document, registry())
    assert analysis.plan.objectives[0].resolved.arguments == {"alpha": 0.3}
    changed = SetParam("loss", "loss", "CategoricalCrossentropy")
    changed.apply(document)
    again = Analyzer(document, registry())
    assert again.plan.objectives[0].resolved.arguments == {"from_logits": False}
    assert {"label_smoothing", "from_logits"} <= again.engine.facts["loss"].values.keys()
    assert "alpha" not in again.engine.facts["loss"].values
    assert document.graph.nodes["loss"].params["alpha"] == 0.3  # it comes back with its loss


def test_class_weights_are_said_to_be_left_out() -> None:
    document = drawing(*iris(3, "softmax", "Dice", *HOT))
    document.training = TrainingSettings(class_weights="balanced")
    found = [p for p in Analyzer(document, registry()).problems if p.code == "class-weights"]
    assert [(p.node, p.severity, p.title) for p in found] == [("loss", "warning", "Dice knows no class weights")]
    found[0].fixes[0].edit.apply(document)
    assert not Analyzer(document, registry()).problems


def tagged(loss: str, *more: str) -> tuple[str, ...]:
    """A text with a tag at each place; the embedding masks its padding."""
    return ("data DateTags", "e Embedding input_dim=79 output_dim=4 mask_zero=true", "net Dense units=6 activation=softmax",
            f"loss Loss loss={loss} metrics=[]", "data.text > e > net > loss.prediction", *more)


def test_overlap_counts_what_the_mask_counts(tmp_path: Path) -> None:
    """The first Dice of a masked text is that of its real places alone."""
    import keras

    document = drawing(*tagged("Dice", "hot OneHot num_classes=6", "data.tags > hot > loss.target"))
    document.training = TrainingSettings(batch_size=32, epochs=1, seed=1)
    seen = run(document, tmp_path, limit_steps=1)
    from graph_compiler.build.compile import compile_document
    from graph_compiler.specs.datasets import Place
    from graph_compiler.trainers.data import load_feed

    compiled = compile_document(document, registry())
    feed = load_feed(compiled.analysis, [*compiled.columns, ("data", "tags")], Place(tmp_path, tmp_path))
    keras.utils.set_random_seed(1)
    compiled = compile_document(document, registry())
    rows = feed.shuffled(1, 0)[0][:32]
    text, tags = feed.columns["data", "text"][rows], feed.columns["data", "tags"][rows]
    shares = np.asarray(compiled.model(text))
    real = text != 0
    wanted = keras.losses.Dice()(np.eye(6, dtype="float32")[tags[real]], shares[real])
    assert not real.all()
    assert seen.losses[0] == pytest.approx(float(wanted), rel=1e-4)


# How they are judged.

def scores_of(rows: list[list[int]], labels: int) -> np.ndarray:
    return np.eye(labels, dtype=np.float32)[np.array(rows)]


def test_labels_are_read_without_repeats_and_blanks() -> None:
    found = read_labels(scores_of([[1, 1, 0, 1, 2], [0, 3, 3, 0, 0]], 4))
    assert [list(row) for row in found] == [[1, 1, 2], [3]]


def test_read_labels_stand_beside_the_true_ones() -> None:
    true = np.array([[1, 2, 3, 0], [1, 2, 0, 0], [4, 0, 0, 0]])
    read = [np.array([1, 3]), np.array([3, 1, 2]), np.array([], int)]
    assert aligned(read, true).tolist() == [[1, 0, 3, 0], [1, 2, 0, 0], [0, 0, 0, 0]]


def test_the_error_rate_is_mistakes_a_label() -> None:
    import tensorflow as tf

    true = np.array([[1, 2, 3, 0], [1, 2, 0, 0], [4, 0, 0, 0]])
    read = scores_of([[1, 0, 3, 3, 0], [3, 1, 0, 2, 2], [0, 0, 0, 0, 0]], 5)
    metric = metric_class("LabelErrorRate")(name="label_error_rate")
    tf.function(lambda: metric.update_state(true, read))()
    assert float(metric.result()) == pytest.approx((1 + 1 + 1) / 6)
    metric.reset_state()
    metric.update_state(true[:1], read[:1], sample_weight=np.array([[1, 1, 0, 0, 0]], np.float32))
    assert float(metric.result()) == pytest.approx(2 / 3)  # what padding says is not heard


def test_neighbours_vote_for_the_class() -> None:
    angles = np.array([0.0, 0.1, 0.2, 2.0, 2.1, 2.2])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype("float32")
    votes = neighbour_votes(vectors, np.array([0, 0, 0, 1, 1, 1]), 2)
    assert votes.sum(axis=1) == pytest.approx(1.0)
    assert votes[0].tolist() == pytest.approx([0.4, 0.6])  # five others: two of its class, three of the other


def test_steps_behind_the_mask_are_not_read() -> None:
    import keras
    import tensorflow as tf

    from graph_compiler.trainers.objectives import _ctc

    random = np.random.default_rng(0)
    scores, labels = tf.constant(random.normal(size=(3, 8, 5)).astype("float32")), np.array([[1, 2], [3, 0], [4, 4]])
    mask = np.arange(8) < np.array([[8], [5], [6]])
    each = [keras.losses.CTC()(labels[row:row + 1], scores[row:row + 1, :mask[row].sum()]) for row in range(3)]
    assert float(_ctc(scores, tf.constant(labels), tf.constant(mask))) == pytest.approx(float(np.mean(each)), rel=1e-5)
