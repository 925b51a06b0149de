"""What an evaluation found, as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable

from graph_compiler.arrays import np
from graph_compiler.runs.evaluation import Evaluation


def report_text(title: str, evaluation: Evaluation) -> str:
    """Metrics, then the confusion and the classes, or the residuals."""
    lines = [f"# {title}: test rows", "", f"Measured {evaluation.measured} on {len(evaluation.rows):,} rows.", "",
             "| metric | value |", "|---|---|"]
    lines += [f"| {name} | {value:.6g} |" for name, value in evaluation.metrics.items()]
    if evaluation.classes:
        lines += _classes(evaluation)
    elif evaluation.placed:
        shares = evaluation.errors()
        lines += _classes(evaluation)
        lines += ["", f"Wrong places of a row: mean {shares.mean():.4%}, 95th percentile {np.percentile(shares, 95):.4%}, "
                  f"largest {shares.max():.4%}."]
    else:
        gap = np.abs(evaluation.residuals())
        lines += ["", f"Residuals: median {np.median(gap):.4g}, 95th percentile {np.percentile(gap, 95):.4g}, "
                  f"largest {gap.max():.4g}."]
    return "\n".join(lines) + "\n"


def figures_text(title: str, figures: Iterable[tuple[str, str]]) -> str:
    """The (caption, value) pairs of a run that generates."""
    return "\n".join([f"# {title}", "", "| figure | value |", "|---|---|",
                      *(f"| {caption} | {value} |" for caption, value in figures)]) + "\n"


def _classes(evaluation: Evaluation) -> list[str]:
    """Each class in figures and the confusion, of rows or of their places."""
    names, counted = evaluation.named, "places" if evaluation.placed else "rows"
    lines = ["", f"| class | precision | recall | F1 | {counted} |", "|---|---|---|---|---|"]
    for name, row in zip(names, evaluation.per_class(), strict=True):
        figures = " | ".join("–" if math.isnan(row[key]) else f"{row[key]:.4f}" for key in ("precision", "recall", "f1"))
        lines.append(f"| {_cell(name)} | {figures} | {row['count']:.0f} |")
    cells = [_cell(name) for name in names]
    lines += ["", "Confusion (rows true, columns predicted):", "", "| | " + " | ".join(cells) + " |",
              "|---" * (len(cells) + 1) + "|"]
    for cell, counts in zip(cells, evaluation.confusion().tolist(), strict=True):
        lines.append(f"| {cell} | " + " | ".join(map(str, counts)) + " |")
    return lines


def _cell(name: str) -> str:
    return name.replace("|", "\\|")
