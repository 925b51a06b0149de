"""How well a score tells two classes apart at every threshold: the ROC curve, precision against recall, and their areas.

Points and areas are defined as in scikit-learn (`roc_curve`, `precision_recall_curve`, `average_precision_score`); tests
hold them against it. numpy alone, so that the window can draw them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph_compiler.runs.evaluation import Evaluation


@dataclass(frozen=True)
class ScoreCurves:
    """One point a threshold, from the strictest (nothing is found) to the mildest (everything is): float64 [n] each."""

    thresholds: np.ndarray
    """A row counts as found when its score is at least this; the first is infinity."""
    found: np.ndarray
    """Recall, or true positive rate: the share of the class that is found."""
    alarms: np.ndarray
    """False positive rate: the share of the other class that is taken for this one."""
    precision: np.ndarray
    """How many of what is found are right; 1 where nothing is found."""
    auc: float
    """Area under the ROC curve."""
    average_precision: float

    def at(self, threshold: float) -> int:
        """The place of the point that a threshold gives."""
        return int(np.searchsorted(-self.thresholds, -threshold, side="right")) - 1


def score_curves(scores: np.ndarray, positive: np.ndarray) -> ScoreCurves | None:
    """scores: float [rows], higher for the class; positive: bool [rows]. None when one of the classes never comes."""
    scores, positive = np.asarray(scores, np.float64), np.asarray(positive, bool)
    if not positive.any() or positive.all() or not np.isfinite(scores).all():
        return None
    order = np.argsort(-scores, kind="stable")
    ranked, right = scores[order], positive[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    hits = np.append(0, np.cumsum(right)[last]).astype(np.float64)
    said = np.append(0, last + 1).astype(np.float64)
    found, alarms = hits / hits[-1], (said - hits) / (said[-1] - hits[-1])
    precision = np.divide(hits, said, out=np.ones_like(hits), where=said > 0)
    return ScoreCurves(np.append(np.inf, ranked[last]), found, alarms, precision, float(np.trapezoid(found, alarms)),
                       float(np.sum(np.diff(found) * precision[1:])))


def curves_of(evaluation: Evaluation, positive: int) -> ScoreCurves | None:
    """The curves for one of two classes. None where there are not two classes, or only one of them came."""
    if len(evaluation.classes) != 2:
        return None
    return score_curves(evaluation.probabilities()[:, positive], evaluation.true_classes() == positive)
