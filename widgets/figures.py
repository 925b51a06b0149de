"""Figures of a run for people: `accuracy` as a percentage, `top_k_accuracy` by its title."""

from __future__ import annotations

import re
from collections.abc import Iterable

from widgets.words import number, percent

NOT_FIGURES = frozenset({"epoch", "seconds", "learning_rate"})
"""Columns of a history that are no figures."""
PERCENT_FIGURES = frozenset({"accuracy", "top_k_accuracy", "auc", "precision", "recall", "exact_match", "free_accuracy",
                             "label_error_rate", "neighbour_accuracy"})
KNOWN = {"mae": "MAE", "mse": "MSE", "rmse": "RMSE", "r2": "R²", "auc": "AUC", "top_k_accuracy": "Top-k accuracy",
         "mean_iou": "Mean IoU", "psnr": "PSNR", "accuracy": "Accuracy", "precision": "Precision", "recall": "Recall",
         "f1": "F1", "label_error_rate": "Label error rate", "neighbour_accuracy": "Accuracy by neighbours"}


NUMBERED = re.compile(r"loss_\d+")
"""Losses that nobody has named."""
CAPITALS = {"kl": "KL", "mae": "MAE", "mse": "MSE"}


def first_figure(metrics: Iterable[str]) -> str:
    """The figure that is plotted beside the loss: the first that is neither a loss nor a score; empty where there is none."""
    return next((name for name in metrics if not name.endswith(("loss", "_score"))), "")


def figure_words(figure: str, value: float) -> str:
    """A figure for people: shares as percentages, everything else with four figures."""
    return percent(value, 1) if is_share(figure) else number(value, 3)


def is_share(figure: str) -> bool:
    """Whether a figure goes from 0 to 1 and is told as a percentage."""
    return parted(figure)[1] in PERCENT_FIGURES


def figure_title(figure: str, among: Iterable[str] = ()) -> str:
    """`top_k_accuracy` -> `Top-k accuracy`, `mae` -> `MAE`; of several losses `loss_1_mae` -> `MAE of loss 1`.

    Among the losses of several nodes, the sum is the `Total loss`.
    """
    if figure == "loss" and any(other.endswith("_loss") and not other.endswith("discriminator_loss") for other in among):
        return "Total loss"
    node, name = parted(figure)
    if not node:
        return KNOWN.get(name, name.replace("_", " ").capitalize())
    if name != "loss" and NUMBERED.fullmatch(node):
        return f"{KNOWN[name]} of {node.replace('_', ' ')}"
    title = " ".join(CAPITALS.get(word, word) for word in node.removesuffix("_1").split("_")) if not NUMBERED.fullmatch(node) \
        else node.replace("_", " ")
    title = title[:1].upper() + title[1:]
    if name == "loss":
        return title if node.rstrip("_0123456789").endswith(("loss", "penalty", "gaussian_kl")) else f"{title} loss"
    return f"{title}, {KNOWN[name]}"


def parted(figure: str) -> tuple[str, str]:
    """The node a figure is of, empty where a drawing has one, and the figure: `loss_1_mae` -> `loss_1`, `mae`."""
    if figure in KNOWN or figure in PERCENT_FIGURES:
        return "", figure
    name = max((known for known in (*KNOWN, "loss") if figure.endswith(f"_{known}")), key=len, default="")
    return (figure.removesuffix(f"_{name}"), name) if name else ("", figure)
