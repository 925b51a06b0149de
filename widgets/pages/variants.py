"""What the proven files cost and give: the figure of each against its size and against its latency."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.fonts import ui_font
from widgets.pages.mark_legend import MARKS, MarkLegend
from widgets.pages.metrics import SHARES, metric_words
from widgets.parts import Words
from widgets.plots.axes import Axis, bare_view
from widgets.plots.pens import line_pen
from widgets.theme import Theme, theme, themes
from widgets.words import duration, size_words

HEIGHT = 220
MOST_NAMED = 5
"""Files whose names stand at their points; of more, a legend has them."""


class Variants(QWidget):
    """Two plots side by side. Shown from two files of one part on."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._titles, self._rows = titles, list[dict[str, Any]]()
        self.apart: frozenset[str] = frozenset()
        """Formats that are no models but bring rows along: they are not drawn."""
        self.heading = Words("Figure, size and speed", 15, 600)
        self._left = _Plot("size", lambda x: size_words(round(x)))
        self._right = _Plot("latency", lambda x: duration(x / 1000))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.heading)
        plots = QHBoxLayout()
        plots.setSpacing(16)
        plots.addWidget(self._left, 1)
        plots.addWidget(self._right, 1)
        box.addLayout(plots)
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
        what = name.capitalize() if measured else "Mean difference to Keras"
        self.heading.setText(f"{what} against size and latency" + ("" if part == "whole" else f", {part}"))
        values = [float(row["after"] if measured else row["mean_abs_diff"]) for row in self._rows]
        names = [self._titles.get(row["format"], row["format"]) for row in self._rows]
        shown: Callable[[float], str] = (lambda v: metric_words(name, v)) if measured else (lambda v: f"{v:.1e}")
        span = (0.0, 1.0) if measured and name in SHARES else (0.0, float("inf"))
        self.legend.set_names(names if len(names) > MOST_NAMED else [])
        self._left.set_points([float(row["bytes"]) for row in self._rows], values, names, shown, span)
        self._right.set_points([float(row["latency_ms"]) for row in self._rows], values, names, shown, span)

    @property
    def points(self) -> dict[str, tuple[float, float, float]]:
        """(figure or mean difference, bytes, milliseconds) by format."""
        return {row["format"]: (float(row["after"] if row.get("after") is not None else row["mean_abs_diff"]),
                                float(row["bytes"]), float(row["latency_ms"])) for row in self._rows}


def _worth(rows: list[dict[str, Any]]) -> tuple[bool, int]:
    """What measured files come first for, and then many of them."""
    return bool(rows) and rows[0].get("after") is not None, len(rows)


class _Plot(QWidget):
    """Named points over one axis."""

    def __init__(self, name: str, words: Callable[[float], str]) -> None:
        super().__init__()
        self._shown: Callable[[float], str] = str
        self.view, self._left, self._bottom = bare_view(Axis("left", self._words), Axis("bottom", words))
        self._left.setWidth(64)
        self._bottom.setLabel(name)
        self.view.getPlotItem().setContentsMargins(0, 8, 20, 0)
        self.view.setFixedHeight(HEIGHT)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._points = pg.ScatterPlotItem(size=10, pxMode=True)
        self.view.addItem(self._points)
        self._names: list[pg.TextItem] = []
        self._name = name
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        self.setAccessibleName(f"The figure of each file against its {name}")
        themes.changed.connect(self._retheme)
        self._retheme(theme())

    def _words(self, value: float) -> str:
        return self._shown(value)

    def set_points(self, x: Sequence[float], y: Sequence[float], names: Sequence[str], shown: Callable[[float], str],
                   span: tuple[float, float]) -> None:
        """Points with their names; `shown` writes the left axis, which stays within `span`."""
        self._shown = shown
        self._points.setData(list(x), list(y), symbol=[MARKS[i % len(MARKS)] for i in range(len(x))])
        for item in self._names:
            self.view.removeItem(item)
        high, low = max(y), min(y)
        room = (high - low) * 0.3 or abs(high) * 0.01 or 1e-6
        self.view.setYRange(max(span[0], low - room), min(span[1], high + room), padding=0)
        self.view.setXRange(-0.03 * max(x), max(x) * 1.15, padding=0)  # a point at nothing is seen whole
        self._names = []
        if len(names) > MOST_NAMED:
            self._retheme(theme())
            return
        taken: list[tuple[float, float]] = []
        for a, b, name in sorted(zip(x, y, names, strict=True)):
            near = sum(abs(a - c) < max(x) * 0.3 and abs(b - d) < room * 0.5 for c, d in taken)
            taken.append((a, b))
            item = pg.TextItem(name, anchor=(1.05 if a > max(x) * 0.6 else -0.05, (0.5, 1.35, -0.35, 2.2)[near % 4]))
            item.setFont(ui_font(11))
            item.setPos(a, b)
            self.view.addItem(item, ignoreBounds=True)
            self._names.append(item)
        self._retheme(theme())

    def _retheme(self, t: Theme) -> None:
        self.view.setBackground(t.color("chrome"))
        for axis in (self._left, self._bottom):
            axis.recolor(t)
        self._bottom.setLabel(self._name, color=t.text3)
        self._points.setBrush(t.color("accentfill", 0.75))
        self._points.setPen(line_pen(t.color("accent"), width=1))
        for item in self._names:
            item.setColor(t.color("text2"))
