"""Rows of two numbers and a class as points in a plane, with a thin cross at zero and the classes named."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from graph_compiler.specs.datasets import Schema
from widgets.fonts import ui_font
from widgets.pages.data_loading import Loaded
from widgets.plots.small import group_color
from widgets.theme import theme, themes
from widgets.words import count, number

MOST = 4000
"""Points drawn at most."""
FOOT = 28


def is_plane(schema: Schema) -> bool:
    """Whether rows are two numbers and a class, nothing else."""
    others = [c.kind for c in schema.every if c not in schema.features and c.shape != (2,)]
    return len(schema.features) == 2 and others == ["category"]


class PointsView(QWidget):
    """The points of one part; both axes have the same scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = np.zeros((0, 2))
        self._groups = np.zeros(0, np.int32)
        self._classes: tuple[str, ...] = ()
        self._names = ("", "")
        self._middle, self._span = np.zeros(2), 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Points")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_points(self, loaded: Loaded, rows: np.ndarray) -> None:
        """Show these rows; the scale is that of all rows, so that parts can be compared."""
        schema, arrays = loaded.schema, loaded.table.arrays
        label = next(c for c in schema.columns if c.kind == "category")
        self._names = (schema.features[0].name, schema.features[1].name)
        every = np.stack([arrays[name] for name in self._names], axis=1).astype(np.float64)
        low, high = every.min(axis=0), every.max(axis=0)
        self._middle, self._span = (low + high) / 2, float((high - low).max()) or 1.0
        shown = rows[:MOST]
        self._points, self._groups, self._classes = every[shown], arrays[label.name][shown], label.classes
        self.setAccessibleDescription(f"{count(len(shown))} points of {', '.join(label.classes)}")
        self.update()

    def place(self, x: float, y: float) -> QPointF:
        """Where a point is in the widget."""
        side = min(self.width(), self.height() - FOOT) - 16
        across, up = (x - self._middle[0]) / self._span, (y - self._middle[1]) / self._span
        return QPointF(self.width() / 2 + across * side, (self.height() - FOOT) / 2 - up * side)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zero = self.place(0, 0)
        painter.setPen(QPen(t.color("line2"), 1))
        if 0 <= zero.x() <= self.width():
            painter.drawLine(QPointF(zero.x(), 0), QPointF(zero.x(), self.height() - FOOT))
        if 0 <= zero.y() <= self.height() - FOOT:
            painter.drawLine(QPointF(0, zero.y()), QPointF(self.width(), zero.y()))
        painter.setPen(QPen(t.color("panel"), 0.5))
        for (x, y), group in zip(self._points.tolist(), self._groups.tolist(), strict=True):
            painter.setBrush(group_color(group))
            painter.drawEllipse(self.place(x, y), 3.5, 3.5)
        self._paint_foot(painter)
        painter.end()

    def _paint_foot(self, painter: QPainter) -> None:
        """The classes at the left, what the axes are at the right."""
        t, middle = theme(), Qt.AlignmentFlag.AlignVCenter
        row, x = QRectF(0, self.height() - 20, self.width(), 20), 0.0
        painter.setFont(ui_font(12))
        for i, name in enumerate(self._classes):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(group_color(i))
            painter.drawEllipse(QPointF(x + 5, row.center().y()), 4, 4)
            painter.setPen(t.color("text2"))
            painter.drawText(row.adjusted(x + 14, 0, 0, 0), middle, name)
            x += 14 + painter.fontMetrics().horizontalAdvance(name) + 16
        low, high = self._middle - self._span / 2, self._middle + self._span / 2
        words = f"{self._names[0]} {number(float(low[0]), 2)} to {number(float(high[0]), 2)}, {self._names[1]} upwards"
        painter.setPen(t.color("text3"))
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, words)
