"""Plots too small for axes: a line and a cloud of points, painted into a box."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from graph_compiler.arrays import np
from widgets.theme import theme

GROUPS = ("blue", "orange", "green", "vermilion", "purple", "sky", "grey", "yellow")
"""The hue of a group of points by its number."""


def group_color(number: int) -> QColor:
    """The colour of a group of points."""
    return QColor(theme().hues[GROUPS[number % len(GROUPS)]].strip)


def paint_curve(painter: QPainter, box: QRectF, curve: np.ndarray, token: str = "train") -> None:
    """A line through values between 0 and 1, as wide as the box."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme().color(token), 1.5))
    across = np.linspace(box.left(), box.right(), len(curve))
    painter.drawPolyline(QPolygonF([QPointF(x, box.bottom() - y * box.height())
                                    for x, y in zip(across.tolist(), curve.tolist(), strict=True)]))


def paint_points(painter: QPainter, box: QRectF, points: np.ndarray, groups: np.ndarray | None) -> None:
    """Points between 0 and 1 in the middle of the box, both axes alike, each group in a colour of its own."""
    side = min(box.width(), box.height())
    left = box.center().x() - side / 2
    painter.setPen(Qt.PenStyle.NoPen)
    size = max(1.2, side / 26)
    for i, (x, y) in enumerate(points.tolist()):
        painter.setBrush(group_color(int(groups[i]) if groups is not None else 0))
        painter.drawEllipse(QPointF(left + x * side, box.bottom() - y * side), size / 2, size / 2)
