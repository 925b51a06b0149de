"""Figures of a run for people: `accuracy` as a percentage, `top_k_accuracy` by its title."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.words import number, percent

NOT_FIGURES = frozenset({"epoch", "seconds", "learning_rate"})
"""Columns of a history that are no figures."""
PERCENT_FIGURES = frozenset({"accuracy", "top_k_accuracy", "auc", "precision", "recall", "exact_match", "free_accuracy"})


def first_figure(metrics: Iterable[str]) -> str:
    """The figure that is plotted beside the loss: the first that is neither a loss nor a score; empty where there is none."""
    return next((name for name in metrics if not name.endswith(("loss", "_score"))), "")


def figure_words(figure: str, value: float) -> str:
    """A figure for people: shares as percentages, everything else with four figures."""
    return percent(value, 1) if figure in PERCENT_FIGURES else number(value, 3)


def figure_title(figure: str) -> str:
    """`top_k_accuracy` -> `Top-k accuracy`, `mae` -> `MAE`."""
    known = {"mae": "MAE", "mse": "MSE", "rmse": "RMSE", "r2": "R²", "auc": "AUC", "top_k_accuracy": "Top-k accuracy",
             "mean_iou": "Mean IoU", "psnr": "PSNR"}
    return known.get(figure, figure.replace("_", " ").capitalize())
