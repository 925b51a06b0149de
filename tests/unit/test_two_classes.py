"""Curves of two classes, held against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.runs.two_classes import curves_of, score_curves


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), st.booleans()), min_size=2, max_size=40))
def test_points_and_areas_are_those_of_scikit_learn(rows):
    scores, positive = np.array([s for s, _ in rows]), np.array([p for _, p in rows])
    curves = score_curves(scores, positive)
    if positive.all() or not positive.any():
        assert curves is None
        return
    alarms, found, thresholds = roc_curve(positive, scores, drop_intermediate=False)
    assert np.allclose(curves.alarms, alarms) and np.allclose(curves.found, found)
    assert np.allclose(curves.thresholds[1:], thresholds[1:])
    precision, recall, _ = precision_recall_curve(positive, scores)
    assert np.allclose(curves.precision, precision[::-1]) and np.allclose(curves.found, recall[::-1])
    assert curves.auc == pytest.approx(roc_auc_score(positive, scores))
    assert curves.average_precision == pytest.approx(average_precision_score(positive, scores))


def test_a_threshold_finds_its_point():
    curves = score_curves(np.array([0.9, 0.8, 0.4, 0.1]), np.array([True, False, True, False]))
    assert curves.found[curves.at(0.5)] == 0.5 and curves.alarms[curves.at(0.5)] == 0.5
    assert curves.found[curves.at(0.9)] == 0.5 and curves.alarms[curves.at(0.9)] == 0.0
    assert curves.at(2.0) == 0 and curves.at(0.0) == len(curves.found) - 1


def test_scores_that_are_no_numbers_have_no_curve():
    assert score_curves(np.array([0.5, np.nan]), np.array([True, False])) is None


def evaluation(**facts) -> Evaluation:
    given = {"task": "binary", "metrics": {}, "classes": ("no", "yes"), "prediction": np.array([[0.2], [0.9], [0.6]]),
             "target": np.array([0, 1, 0]), "rows": np.arange(3)}
    return Evaluation(**{**given, **facts})


def test_either_class_can_be_the_one_that_is_looked_for():
    yes, no = (curves_of(evaluation(), k) for k in (1, 0))
    assert yes.auc == no.auc == 1.0
    assert yes.thresholds[1] == pytest.approx(0.9) and no.thresholds[1] == pytest.approx(0.8)


def test_two_units_of_a_softmax_are_two_classes_as_well():
    two = evaluation(task="classification", prediction=np.array([[0.8, 0.2], [0.1, 0.9], [0.4, 0.6]]))
    assert np.allclose(curves_of(two, 1).found, curves_of(evaluation(), 1).found)


def test_more_classes_and_numbers_have_none():
    three = evaluation(classes=("a", "b", "c"), task="classification", prediction=np.eye(3))
    assert curves_of(three, 1) is None
    assert curves_of(evaluation(task="regression", classes=()), 1) is None
