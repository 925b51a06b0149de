"""Confusion, mistakes and residuals against numbers worked out by hand and by scikit-learn."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler.runs.evaluation import Evaluation, NoEvaluation, write_evaluation

NAMES = ("cat", "dog", "eel")


def classes(prediction: object, target: object, task: str = "classification", names: tuple[str, ...] = NAMES,
            **rest: object) -> Evaluation:
    found = np.asarray(prediction, np.float32)
    return Evaluation(task, {"test_accuracy": 0.5}, names, found, np.asarray(target), np.arange(len(found)) + 100, **rest)


FOUR = [[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.05, 0.9, 0.05], [0.2, 0.2, 0.6]]


def test_confusion_and_per_class():
    evaluation = classes(FOUR, [0, 0, 2, 2])
    assert evaluation.confusion().tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 1]]
    cat, dog, eel = evaluation.per_class()
    assert (cat["precision"], cat["recall"], cat["count"]) == (1.0, 0.5, 2.0)
    assert cat["f1"] == pytest.approx(2 / 3)
    assert dog["precision"] == 0.0 and np.isnan(dog["recall"]) and dog["count"] == 0
    assert eel["recall"] == 0.5
    assert evaluation.headline() == ("accuracy", 0.5)


def test_worst_mistakes_come_first_and_right_answers_never():
    evaluation = classes(FOUR, [0, 0, 2, 2])
    assert evaluation.worst(10).tolist() == [2, 1]
    assert evaluation.worst(1).tolist() == [2]
    assert classes(FOUR, [0, 1, 1, 2]).worst(10).tolist() == []


def test_one_hot_targets_are_class_numbers():
    evaluation = classes(FOUR, np.eye(3)[[0, 0, 2, 2]])
    assert evaluation.true_classes().tolist() == [0, 0, 2, 2]


@given(st.lists(st.lists(st.integers(-50, 50), min_size=3, max_size=3), min_size=1, max_size=6))
def test_scores_become_probabilities(scores):
    shares = classes(scores, [0] * len(scores), logits=True).probabilities()
    assert np.allclose(shares.sum(axis=1), 1)
    assert (shares.argmax(axis=1) == np.asarray(scores, np.float32).argmax(axis=1)).all()


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
@pytest.mark.parametrize("logits", [False, True])
def test_one_number_says_which_of_two_classes(shape, logits):
    numbers = np.array([0.9, 0.2, 0.4, 0.7])
    scores = np.log(numbers / (1 - numbers)) if logits else numbers
    evaluation = classes(scores.reshape(shape), np.array([1, 0, 1, 1]).reshape(shape), "binary", ("no", "yes"), logits=logits)
    assert np.allclose(evaluation.probabilities()[:, 1], numbers, atol=1e-6)
    assert evaluation.predicted_classes().tolist() == [1, 0, 0, 1]
    assert evaluation.confusion().tolist() == [[1, 0], [1, 2]]


def test_the_figures_are_those_of_scikit_learn():
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    rng = np.random.default_rng(3)
    target = rng.integers(0, 5, 300)
    shares = rng.dirichlet(np.ones(5), 300) + 0.3 * np.eye(5)[target]
    evaluation = classes(shares, target, names=tuple("abcde"))
    said = evaluation.predicted_classes()
    assert (evaluation.confusion() == confusion_matrix(target, said)).all()
    expected = precision_recall_fscore_support(target, said)
    for number, name in enumerate(("precision", "recall", "f1", "count")):
        assert np.allclose([row[name] for row in evaluation.per_class()], expected[number])


def numbers(prediction: object, target: object) -> Evaluation:
    found = np.asarray(prediction, np.float32)
    return Evaluation("regression", {}, (), found, np.asarray(target, np.float32), np.arange(len(found)), unit="k$")


def test_residuals_have_the_shape_of_the_target_and_the_largest_come_first():
    evaluation = numbers([[1.0], [5.0], [2.0]], [1.5, 2.0, 2.1])
    assert evaluation.residuals().shape == (3,)
    assert np.allclose(evaluation.residuals(), [-0.5, 3.0, -0.1], atol=1e-6)
    assert evaluation.worst(2).tolist() == [1, 0]
    assert evaluation.headline() == ("mae", pytest.approx(1.2))


def test_pictures_are_judged_by_their_whole_error():
    evaluation = numbers(np.zeros((2, 4, 4, 1)), np.stack([np.zeros((4, 4, 1)), np.ones((4, 4, 1))]))
    assert evaluation.errors().tolist() == [0.0, 1.0]
    assert evaluation.worst(1).tolist() == [1]


def test_what_a_row_was_is_told_by_name():
    evaluation = Evaluation("regression", {}, (), np.zeros(2), np.zeros(2), np.arange(2),
                            inputs={"features": np.float32([[1, 2.5], [3, 4]]), "age": np.float32([7, 8]),
                                    "colour": np.int32([0, 1]), "point": np.float32([[1, 2], [3, 4]])},
                            columns={"features": ("a", "b"), "age": ("age",)})
    assert evaluation.input_words(1) == {"a": "3", "b": "4", "age": "8", "colour": "1", "point 1": "3", "point 2": "4"}


def test_what_is_written_is_what_is_read(tmp_path):
    shared = {"rows": np.arange(4), "pictures": np.zeros((4, 2, 2, 1), np.uint8), "inputs": {"x": np.float32([1, 2, 3, 4])},
              "columns": {"x": ("x",)}, "objectives": ("loss_1", "loss_2"), "measured": "2026-01-01T00:00:00+00:00"}
    one = Evaluation("classification", {"test_loss": 0.1}, NAMES, np.float32(FOUR), np.array([0, 0, 2, 2]), objective="loss_1",
                     logits=True, **shared)
    two = Evaluation("regression", {"test_loss": 0.1}, (), np.float32([1, 2, 3, 4]), np.float32([1, 1, 1, 1]), unit="m",
                     objective="loss_2", **shared)
    write_evaluation(tmp_path, [one, two])
    first, second = Evaluation.load(tmp_path), Evaluation.load(tmp_path, "loss_2")
    assert first.task == "classification" and first.classes == NAMES and first.logits
    assert (first.confusion() == one.confusion()).all()
    assert second.unit == "m" and second.residuals().tolist() == [0, 1, 2, 3]
    assert second.objectives == ("loss_1", "loss_2") and second.pictures.shape == (4, 2, 2, 1)
    assert first.measured == shared["measured"] and first.input_words(2) == {"x": "3"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["evaluation.json", "evaluation.npz"]


def test_nothing_measured_and_damaged_files_are_said_in_words(tmp_path):
    with pytest.raises(NoEvaluation, match="not measured"):
        Evaluation.load(tmp_path)
    write_evaluation(tmp_path, [classes(FOUR, [0, 0, 2, 2], objective="l", objectives=("l",))])
    (tmp_path / "evaluation.npz").write_bytes(b"PK torn")
    with pytest.raises(NoEvaluation, match="Evaluate it again"):
        Evaluation.load(tmp_path)
    (tmp_path / "evaluation.json").write_text(json.dumps([1]))
    with pytest.raises(NoEvaluation):
        Evaluation.load(tmp_path)


@pytest.mark.parametrize("one_hot", [False, True])
def test_a_class_at_each_place_is_judged_by_the_places(one_hot):
    scores = np.eye(3, dtype=np.float32)[[[[0, 1], [2, 2]], [[0, 0], [0, 0]]]]
    target = np.array([[[0, 1], [2, 0]], [[1, 1], [0, 0]]])
    evaluation = classes(scores, np.eye(3)[target] if one_hot else target, names=())
    assert evaluation.headline() == ("accuracy", pytest.approx(5 / 8))
    assert evaluation.errors().tolist() == [0.25, 0.5]
    assert evaluation.worst(1).tolist() == [1]


def test_old_evaluations_name_classes_of_places_by_number():
    evaluation = classes(np.eye(3, dtype=np.float32)[[[0, 1], [2, 2]]], np.array([[0, 1], [2, 0]]), names=())
    assert evaluation.placed and evaluation.named == ("0", "1", "2") and evaluation.outdated
    assert evaluation.confusion().tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 1]]


def test_classes_of_places_and_the_text_are_written_and_read(tmp_path):
    tags = Evaluation("classification", {}, (), np.uint8([[1, 2], [2, 0]]), np.uint8([[1, 1], [2, 0]]), np.arange(2),
                      objective="l", objectives=("l",), place_classes=("", "day", "year"), tokens=np.int32([[1, 2], [2, 0]]),
                      vocabulary=("", "a", "b"))
    write_evaluation(tmp_path, [tags])
    read = Evaluation.load(tmp_path)
    assert read.placed and read.named == ("day", "year") and read.vocabulary == ("", "a", "b")
    assert read.confusion().tolist() == [[1, 1], [0, 1]]
    assert read.tokens.tolist() == [[1, 2], [2, 0]]
    about = json.loads((tmp_path / "evaluation.json").read_text())
    del about["vocabulary"], about["objectives"]["l"]["place_classes"]
    (tmp_path / "evaluation.json").write_text(json.dumps(about))
    assert Evaluation.load(tmp_path).place_classes == () and not tags.outdated


@pytest.mark.parametrize(("shape", "task", "expected"), [
    ((2, 4, 4, 1), "reconstruction", True), ((2, 4, 4, 3), "regression", True), ((2, 16), "reconstruction", True),
    ((2, 9), "reconstruction", False), ((2, 16), "regression", False), ((2, 4, 4, 2), "reconstruction", False)])
def test_what_can_be_seen_as_a_picture(shape, task, expected):
    evaluation = Evaluation(task, {}, (), np.zeros(shape), np.zeros(shape), np.arange(2), np.zeros((2, 4, 4, 1), np.uint8))
    assert evaluation.pictured is expected
    if expected:
        assert evaluation.as_pictures(evaluation.target).shape == (2, 4, 4, shape[-1] if len(shape) == 4 else 1)
