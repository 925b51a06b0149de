"""Where wires run: a cubic forward, a gutter between rows when it must run back, a lane below for long target wires."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

OUT, RADIUS, BACK = 28.0, 16.0, 24.0
LEAST_HANDLE = 32.0


def goes_back(start: QPointF, end: QPointF) -> bool:
    """Whether the end lies so far left that a cubic would loop."""
    return end.x() < start.x() + BACK


def cubic(start: QPointF, end: QPointF) -> QPainterPath:
    """The plain wire: handles are half the distance long, 32 px at least."""
    handle = max(LEAST_HANDLE, abs(end.x() - start.x()) / 2)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(handle, 0), end - QPointF(handle, 0), end)
    return path


def rounded(points: Sequence[QPointF], radius: float = RADIUS) -> QPainterPath:
    """Straight lines between points with round corners; the corners shrink where lines are short."""
    path = QPainterPath(points[0])
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        into, out = here - before, after - here
        reach = min(radius, _length(into) / 2, _length(out) / 2)
        if reach < 0.5:
            path.lineTo(here)
            continue
        path.lineTo(here - into * (reach / _length(into)))
        path.quadTo(here, here + out * (reach / _length(out)))
    path.lineTo(points[-1])
    return path


def _length(v: QPointF) -> float:
    return float((v.x() ** 2 + v.y() ** 2) ** 0.5)


def gutter(start: QPointF, end: QPointF, start_card: QRectF, end_card: QRectF) -> tuple[QPainterPath, float]:
    """A wire that runs back, through the gap between two rows. Returns the path and the height of its long line.

    Where the end lies below, the line runs midway between the lower edge of the first card and the upper edge of the
    second; else below both.
    """
    low, high = start_card.bottom(), end_card.top()
    if high - low >= 16:
        y = (low + high) / 2
    elif start_card.top() - end_card.bottom() >= 16:
        y = (end_card.bottom() + start_card.top()) / 2
    else:
        y = max(start_card.bottom(), end_card.bottom()) + 28
    right, left = max(start.x(), start_card.right()) + OUT, min(end.x(), end_card.left()) - OUT
    points = [start, QPointF(right, start.y()), QPointF(right, y), QPointF(left, y), QPointF(left, end.y()), end]
    return rounded(points), y


def lane(start: QPointF, end: QPointF, y: float) -> QPainterPath:
    """A long wire that runs below everything at height `y` and comes up in front of its end."""
    right, left = start.x() + OUT, end.x() - OUT - 8
    return rounded([start, QPointF(right, start.y()), QPointF(right, y), QPointF(left, y), QPointF(left, end.y()), end])


def crosses(path: QPainterPath, cards: Sequence[QRectF]) -> bool:
    """Whether a path touches any of the cards."""
    box = path.boundingRect()
    return any(box.intersects(card) and path.intersects(card) for card in cards)


def through(start: QPointF, points: Sequence[tuple[float, float]], end: QPointF) -> QPainterPath:
    """A wire with reroute points: cubics from one to the next."""
    path = QPainterPath(start)
    stops = [start, *(QPointF(x, y) for x, y in points), end]
    for a, b in pairwise(stops):
        handle = max(LEAST_HANDLE, abs(b.x() - a.x()) / 2)
        path.cubicTo(a + QPointF(handle, 0), b - QPointF(handle, 0), b)
    return path
