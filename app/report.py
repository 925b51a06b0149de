"""What an evaluation found, as Markdown."""

from __future__ import annotations

import numpy as np

from graph_compiler.runs.evaluation import Evaluation


def report_text(title: str, evaluation: Evaluation) -> str:
    """Metrics, then the confusion and the classes, or the residuals."""
    lines = [f"# {title}: test rows", "", f"Measured {evaluation.measured} on {len(evaluation.rows):,} rows.", "",
             "| metric | value |", "|---|---|"]
    lines += [f"| {name} | {value:.6g} |" for name, value in evaluation.metrics.items()]
    if evaluation.classes:
        lines += ["", "| class | precision | recall | F1 | rows |", "|---|---|---|---|---|"]
        for name, row in zip(evaluation.classes, evaluation.per_class(), strict=True):
            lines.append(f"| {name} | {row['precision']:.4f} | {row['recall']:.4f} | {row['f1']:.4f} | {row['count']:.0f} |")
        lines += ["", "Confusion (rows true, columns predicted):", "", "| | " + " | ".join(evaluation.classes) + " |",
                  "|---" * (len(evaluation.classes) + 1) + "|"]
        for name, row_counts in zip(evaluation.classes, evaluation.confusion().tolist(), strict=True):
            lines.append(f"| {name} | " + " | ".join(map(str, row_counts)) + " |")
    elif evaluation.placed:
        shares = evaluation.errors()
        lines += ["", f"Wrong places of a row: mean {shares.mean():.4%}, 95th percentile {np.percentile(shares, 95):.4%}, "
                  f"largest {shares.max():.4%}."]
    else:
        gap = np.abs(evaluation.residuals())
        lines += ["", f"Residuals: median {np.median(gap):.4g}, 95th percentile {np.percentile(gap, 95):.4g}, "
                  f"largest {gap.max():.4g}."]
    return "\n".join(lines) + "\n"
