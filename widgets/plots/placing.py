"""Where marks and names go in a plot so that none covers another, in pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

_GAP = 4.0
"""Pixels between a mark and its name."""


def apart(points: Sequence[QPointF], side: float, area: QRectF) -> list[QPointF]:
    """The points, those that would cover each other moved sideways by as little as it takes; marks are `side` wide."""
    placed: dict[int, QPointF] = {}
    for number in sorted(range(len(points)), key=lambda i: (points[i].x(), i)):
        point = points[number]
        others = list(placed.values())
        free = (found for found in _beside(point, side, len(points)) if area.left() <= found.x() <= area.right()
                and not any(abs(found.x() - o.x()) < side and abs(found.y() - o.y()) < side for o in others))
        placed[number] = next(free, point)
    return [placed[number] for number in range(len(points))]


def _beside(point: QPointF, side: float, most: int) -> Iterator[QPointF]:
    """A place and those beside it, nearest first."""
    yield point
    for step in range(1, 2 * most + 1):
        for way in (1, -1):
            yield QPointF(point.x() + way * step * side / 2, point.y())


def place_names(points: Sequence[QPointF], sizes: Sequence[QSizeF], side: float, area: QRectF) -> list[QRectF] | None:
    """A rectangle for the name of each point: off every mark, off the other names, inside; None where that cannot be."""
    marks = [QRectF(p.x() - side / 2, p.y() - side / 2, side, side) for p in points]
    found: dict[int, QRectF] = {}
    for number in sorted(range(len(points)), key=lambda i: (points[i].x(), i)):
        free = (box for box in _around(points[number], sizes[number], side / 2 + _GAP) if area.contains(box)
                and not any(box.intersects(other) for other in (*marks, *found.values())))
        box = next(free, None)
        if box is None:
            return None
        found[number] = box
    return [found[number] for number in range(len(points))]


def _around(point: QPointF, size: QSizeF, off: float) -> Iterator[QRectF]:
    """Places for a name: right, left, above, below, then the corners."""
    wide, high, x, y = size.width(), size.height(), point.x(), point.y()
    right, left, over, under = x + off, x - off - wide, y - off - high, y + off
    for corner in ((right, y - high / 2), (left, y - high / 2), (x - wide / 2, over), (x - wide / 2, under),
                   (x, over), (x, under), (x - wide, over), (x - wide, under)):
        yield QRectF(QPointF(*corner), size)
