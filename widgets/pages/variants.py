"""What the proven files cost and give: the figure of each against its size and against its latency."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.figures import figure_title
from widgets.pages.mark_legend import MarkLegend, mark_of
from widgets.pages.metrics import SHARES, metric_words
from widgets.parts import Words
from widgets.plots.marked import Marked, MarkedPoints
from widgets.words import duration, size_words


class Variants(QWidget):
    """Two plots side by side. Shown from two files of one part on. Where the names do not fit, a legend has them."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._titles, self._rows = titles, list[dict[str, Any]]()
        self.apart: frozenset[str] = frozenset()
        """Formats that are no models but bring rows along: they are not drawn."""
        self.heading = Words("Figure, size and speed", 15, 600)
        self.plots = (MarkedPoints("size", lambda x: size_words(round(x))),
                      MarkedPoints("latency", lambda x: duration(x / 1000)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.heading)
        row = QHBoxLayout()
        row.setSpacing(16)
        for plot in self.plots:
            row.addWidget(plot, 1)
            plot.resized.connect(self._name)
        box.addLayout(row)
        self.legend = MarkLegend()
        box.addWidget(self.legend)
        self.hide()

    def show_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Of these proofs, those of the part that has most files with a figure."""
        rows = [row for row in rows if row["format"] not in self.apart]
        best: list[dict[str, Any]] = []
        for part in dict.fromkeys(row["part"] for row in rows):
            own = [row for row in rows if row["part"] == part]
            measured = [row for row in own if row.get("after") is not None]
            best = max(best, measured or own, key=_worth)
        self._rows = best
        self.setVisible(len(best) > 1)
        if len(best) > 1:
            self._show()

    def _show(self) -> None:
        measured = self._rows[0].get("after") is not None
        name = str(self._rows[0]["metric"]) if measured else "difference"
        part = str(self._rows[0]["part"])
        what = figure_title(name) if measured else "Mean difference to Keras"
        self.heading.setText(f"{what} against size and latency" + ("" if part == "whole" else f", {part}"))
        shown: Callable[[float], str] = (lambda v: metric_words(name, v)) if measured else (lambda v: f"{v:.1e}")
        span = (0.0, 1.0) if measured and name in SHARES else (0.0, float("inf"))
        self.legend.set_entries([(self._title(row), mark_of(str(row["format"]))) for row in self._rows])
        for plot, key in zip(self.plots, ("bytes", "latency_ms"), strict=True):
            plot.set_points([self._marked(row, key) for row in self._rows], shown, span)
        self._name()

    def _marked(self, row: Mapping[str, Any], key: str) -> Marked:
        return Marked(float(row[key]), _figure(row), self._title(row), mark_of(str(row["format"])))

    def _title(self, row: Mapping[str, Any]) -> str:
        return str(self._titles.get(row["format"], row["format"]))

    def _name(self) -> None:
        """Names at the points of both plots, or the legend."""
        named = all(plot.name_places() is not None for plot in self.plots)
        for plot in self.plots:
            plot.show_names(named)
        self.legend.setVisible(bool(self._rows) and not named)

    @property
    def points(self) -> dict[str, tuple[float, float, float]]:
        """(figure or mean difference, bytes, milliseconds) by format."""
        return {row["format"]: (_figure(row), float(row["bytes"]), float(row["latency_ms"])) for row in self._rows}


def _figure(row: Mapping[str, Any]) -> float:
    return float(row["after"] if row.get("after") is not None else row["mean_abs_diff"])


def _worth(rows: list[dict[str, Any]]) -> tuple[bool, int]:
    """What measured files come first for, and then many of them."""
    return bool(rows) and rows[0].get("after") is not None, len(rows)
