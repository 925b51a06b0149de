"""The codes of an autoencoder as points in a plane, coloured by class, each class named where most of it lies."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from graph_compiler.runs.sights import Look
from widgets.fonts import ui_font
from widgets.plots.small import GROUPS, group_color
from widgets.theme import theme, themes
from widgets.words import percent

DOT = 5.0
NAMED = 12
"""Classes whose names stand among the points; more are only said under the pointer."""
STRETCH = 2.0
"""How much further one axis may be drawn out than the other."""
NEAR = 8.0
"""How far a point may be from the pointer, px."""


class LatentPlot(QWidget):
    """Points of one look; one axis is drawn out at most twice as far as the other. Classes beyond the eighth are rings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: Look | None = None
        self._middle, self._span = np.zeros(2), np.ones(2)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Latent space")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_look(self, look: Look) -> None:
        """Show another look."""
        self.look = look
        points = look.arrays["points"].astype(np.float64)
        if len(points):
            low, high = np.percentile(points, 0.5, axis=0), np.percentile(points, 99.5, axis=0)
            self._middle, self._span = (low + high) / 2, np.maximum((high - low) * 1.1, 1e-9)
        self.setAccessibleDescription(caption(look))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def place(self, point: np.ndarray) -> QPointF:
        """Where a point of the plane is in the widget."""
        x, y = self._places(point[None])[0].tolist()
        return QPointF(x, y)

    def _places(self, points: np.ndarray) -> np.ndarray:
        """Points [n, 2] in px."""
        scale = (np.array([self.width(), self.height()]) - 8) / self._span
        scale = np.minimum(scale, STRETCH * scale.min())
        return np.asarray((points - self._middle) * scale * [1, -1] + [self.width() / 2, self.height() / 2])

    def name_of(self, group: int) -> str:
        """The name of a class."""
        classes = self.look.facts.get("classes", []) if self.look is not None else []
        return str(classes[group]) if 0 <= group < len(classes) else str(group)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._nearest(event.position())
        if found is None or self.look is None or not len(self.look.arrays["groups"]):
            QToolTip.hideText()
            return
        label = self.look.facts.get("label", "class")
        words = f"{label} {self.name_of(int(self.look.arrays['groups'][found]))}"
        QToolTip.showText(event.globalPosition().toPoint(), words, self)

    def _nearest(self, at: QPointF) -> int | None:
        if self.look is None or not len(self.look.arrays["points"]):
            return None
        away = np.hypot(*(self._places(self.look.arrays["points"]) - [at.x(), at.y()]).T)
        nearest = int(away.argmin())
        return nearest if away[nearest] <= NEAR else None

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("chrome"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.look is not None:
            painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
            self._paint_points(painter)
            self._paint_names(painter)
        painter.end()

    def _paint_points(self, painter: QPainter) -> None:
        assert self.look is not None
        points, groups = self.look.arrays["points"].astype(np.float64), self.look.arrays["groups"]
        numbers = groups.tolist() if len(groups) else [0] * len(points)
        for (x, y), group in zip(self._places(points).tolist(), numbers, strict=True):
            color = QColor(group_color(group))
            if group < len(GROUPS):
                painter.setPen(QPen(theme().color("panel"), 0.5))
                painter.setBrush(color)
            else:
                painter.setPen(QPen(color, 1.6))
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, y), DOT / 2, DOT / 2)

    def _paint_names(self, painter: QPainter) -> None:
        """The name of each class at the middle of its points, on a halo of the ground."""
        assert self.look is not None
        points, groups = self.look.arrays["points"].astype(np.float64), self.look.arrays["groups"]
        present = np.unique(groups).tolist()
        if not present or len(present) > NAMED:
            return
        t, font = theme(), ui_font(12, 600)
        for group in present:
            at = self.place(np.median(points[groups == group], axis=0))
            path = QPainterPath()
            name = self.name_of(group)
            path.addText(at.x() - painter.fontMetrics().horizontalAdvance(name) / 2, at.y() + 4, font, name)
            painter.strokePath(path, QPen(t.color("chrome"), 4, j=Qt.PenJoinStyle.RoundJoin))
            painter.fillPath(path, t.color("text"))


def caption(look: Look) -> str:
    """What the two axes are."""
    size = int(look.facts.get("size", 2))
    if size == 2:
        return "the two numbers of the code"
    share = percent(float(look.facts.get("share", 0.0)), 0)
    return f"{share} of the variance, two principal components of {size} numbers"
