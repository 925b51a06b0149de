"""Where wires run: a cubic forward, a gutter between rows when it must run back, a lane below for long target wires."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from widgets.canvas.appearance import ANGLED, STRAIGHT
from widgets.canvas.flow import Flow

OUT, RADIUS, BACK = 28.0, 16.0, 24.0
LEAST_HANDLE = 32.0
LEAST_GAP = 16.0
"""The narrowest gap between rows a wire goes through."""
BELOW = 28.0
"""How far a wire stays away from the cards when it runs above or below all of them."""

Span = tuple[float, float]
"""From and to, along one axis."""


def goes_back(start: QPointF, end: QPointF) -> bool:
    """Whether the end lies so far left that a cubic would loop."""
    return end.x() < start.x() + BACK


def cubic(start: QPointF, end: QPointF) -> QPainterPath:
    """The plain wire: handles are half the distance long, 32 px at least."""
    x, y, x2, y2 = start.x(), start.y(), end.x(), end.y()
    handle = max(LEAST_HANDLE, abs(x2 - x) / 2)
    path = QPainterPath(start)
    path.cubicTo(x + handle, y, x2 - handle, y2, x2, y2)
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


def free_height(cards: Iterable[Span], wish: float) -> float:
    """The height nearest to `wish` at which a level line crosses no card. `cards` are (top, bottom) of those in its way.

    In a narrow gap the line runs midway; in a wide one as near to the wish as the distance to the cards allows.
    """
    best, cost = wish, float("inf")
    for low, high in _gaps(sorted(cards)):
        y = (low + high) / 2 if high - low <= 2 * BELOW else min(max(wish, low + BELOW), high - BELOW)
        if abs(y - wish) < cost:
            best, cost = y, abs(y - wish)
    return best


def beside(wish: float, lanes: Iterable[float], cards: Iterable[Span], step: float) -> float:
    """A height away from all lanes, found in steps from the wish on; the wish itself where a card ends the search."""
    others, blocked = list(lanes), list(cards)
    height = wish
    while any(abs(height - other) < abs(step) for other in others):
        height += step
        if any(top - 4 < height < bottom + 4 for top, bottom in blocked):
            return wish
    return height


def _gaps(cards: Sequence[Span]) -> Iterable[Span]:
    """Free spans between, above and below the cards, wide enough for a wire."""
    low = float("-inf")
    for top, bottom in cards:
        if top - low >= LEAST_GAP:
            yield low, top
        low = max(low, bottom)
    yield low, float("inf")


def gutter(start: QPointF, end: QPointF, right: float, left: float, y: float) -> QPainterPath:
    """A wire that runs back: right of its start, level at height `y`, left of its end."""
    return rounded([start, QPointF(right, start.y()), QPointF(right, y), QPointF(left, y), QPointF(left, end.y()), end])


def lane(start: QPointF, out: Sequence[QPointF], back: Sequence[QPointF], end: QPointF) -> QPainterPath:
    """A long wire that leaves its start by some corners, runs level, and turns to its end by others."""
    return rounded([start, *out, *back, end])


def plain(start: QPointF, end: QPointF, style: str) -> QPainterPath:
    """A wire with nothing in its way, in one of the styles."""
    if style == STRAIGHT:
        return rounded([start, end])
    if style == ANGLED:
        middle = (start.x() + end.x()) / 2
        return rounded([start, QPointF(middle, start.y()), QPointF(middle, end.y()), end])
    return cubic(start, end)


def loose(flow: Flow, start: QPointF, end: QPointF) -> QPainterPath:
    """A wire that is being pulled, in scene coordinates."""
    return flow.turned_path(cubic(flow.turned(start), flow.turned(end)))


def led(start: QPointF, points: Sequence[QPointF], end: QPointF, style: str) -> QPainterPath:
    """A wire with reroute points, in one of the styles."""
    stops = [start, *points, end]
    if style == STRAIGHT:
        return rounded(stops)
    if style == ANGLED:
        corners = [start]
        for a, b in pairwise(stops):
            middle = (a.x() + b.x()) / 2
            corners += [QPointF(middle, a.y()), QPointF(middle, b.y()), b]
        return rounded(corners)
    return through(start, points, end)


def through(start: QPointF, points: Sequence[QPointF], end: QPointF) -> QPainterPath:
    """A wire with reroute points: a smooth line from one to the next, level at its ends.

    Handles are no longer than the way they point along, 32 px at least: a point far above or below makes no loop.
    """
    stops = [start, *points, end]
    ways = [(after - before) / 2 for before, after in zip(stops, stops[2:], strict=False)]
    path = QPainterPath(start)
    for i, (a, b) in enumerate(pairwise(stops)):
        level = QPointF(max(LEAST_HANDLE, min(_length(b - a) / 3, abs(b.x() - a.x()))), 0)
        out = level if i == 0 else _along(ways[i - 1], b - a)
        into = level if i == len(stops) - 2 else _along(ways[i], b - a)
        path.cubicTo(a + out, b - into, b)
    return path


def _along(way: QPointF, step: QPointF) -> QPointF:
    """The handle in this direction of a line that makes this step."""
    length = _length(way)
    ahead = way / length if length > 0.01 else QPointF(1, 0)
    return ahead * min(_length(step) / 3, max(LEAST_HANDLE, abs(QPointF.dotProduct(ahead, step))))
