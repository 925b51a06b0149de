"""Small curves without axes, 40 px high: what has been solid, what is planned dashed, a dot at now."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.theme import theme, themes


class Spark(QWidget):
    """A curve over 0..1 of its width. `set_data(x, y, future)` with x rising in [0, 1]."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x = self._y = self._fx = self._fy = np.empty(0)
        self.setFixedHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_data(self, x: np.ndarray, y: np.ndarray, future: tuple[np.ndarray, np.ndarray] | None = None) -> None:
        """x, y: float64 [n], x in 0..1; `future` are planned points that follow."""
        self._x, self._y = x, y
        self._fx, self._fy = future if future is not None else (np.empty(0), np.empty(0))
        self.update()

    def _place(self, x: np.ndarray, y: np.ndarray, low: float, span: float) -> QPolygonF:
        width, height = self.width() - 8, self.height() - 8
        return QPolygonF([QPointF(2 + a * width, 4 + height - (b - low) / span * height)
                          for a, b in zip(x.tolist(), y.tolist(), strict=True) if np.isfinite(b)])

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.drawLine(QPointF(0, self.height() - 0.5), QPointF(self.width(), self.height() - 0.5))
        every = np.concatenate([self._y, self._fy, [0.0]])
        every = every[np.isfinite(every)]
        low, span = float(every.min()), float(np.ptp(every)) or 1.0
        if len(self._fx):
            pen = QPen(t.color("text3"), 1)
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.drawPolyline(self._place(self._fx, self._fy, low, span))
        if len(self._x):
            line = self._place(self._x, self._y, low, span)
            painter.setPen(QPen(t.color("train"), 2))
            painter.drawPolyline(line)
            if line.size():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(t.color("train"))
                painter.drawEllipse(QRectF(line.last().x() - 3, line.last().y() - 3, 6, 6))
        painter.end()
