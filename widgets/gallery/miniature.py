"""The small picture of a network: a bar a node in the hue of its family, wires behind, laid out by depth from the data.

A block is a small card with a second edge, its inside as bars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.graph.model import Document, Graph
from graph_compiler.specs.registry import Registry
from widgets.canvas.inside import Bars, bars_of, chosen
from widgets.theme import Theme, theme

LOWEST, HIGHEST = 18.0, 50.0
"""Height of the smallest and the largest bar."""
SHEET, SHOWN = 34.0, 3
"""Width of the card of a block, and the bars of its inside that are shown."""


@dataclass(frozen=True)
class Bar:
    """One node: column and row it stands in, share of the largest height, family, and what is inside a block."""

    column: int
    row: float
    share: float
    family: str
    inside: Bars = ()


@dataclass(frozen=True)
class Miniature:
    """Bars by id and wires between them; `nodes` counts the net as everywhere, without sources."""

    bars: Mapping[str, Bar]
    wires: tuple[tuple[str, str], ...]
    nodes: int

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return max((bar.column for bar in self.bars.values()), default=-1) + 1


def miniature_of(document: Document, registry: Registry) -> Miniature:
    """The picture of a document's root graph; notes and frames are left out, and wires that only carry targets."""
    analysis = Analyzer(document, registry)
    graph = document.graph
    kinds = {n: spec for n, node in graph.nodes.items() if (spec := registry.node(node.type)) is not None}
    shown = [n for n in graph.nodes if n in kinds and kinds[n].kind not in ("note", "frame", "boundary")]
    targets = analysis.plan.training_only
    wires = tuple(dict.fromkeys((e.source, e.target) for e in graph.edges.values()
                                if e.key not in targets and e.source in kinds and e.target in kinds))
    depth = _depths(shown, wires)
    sizes = {n: _size(analysis, n) for n in shown}
    rows = _rows(graph, shown, depth, wires)
    known = [size for size in sizes.values() if size >= 0]
    low, high = min(known, default=0.0), max(known, default=1.0)
    shares = {n: (size - low) / max(high - low, 1e-9) if size >= 0 else 0.2 for n, size in sizes.items()}
    bars = {n: Bar(depth[n], rows[n], shares[n], kinds[n].family, _inside(analysis, n)) for n in shown}
    return Miniature(bars, wires, analysis.totals.nodes)


def _inside(analysis: Analyzer, node_id: str) -> Bars:
    """The largest parts of a block, nothing for other nodes."""
    engine = analysis.inside(node_id)
    return tuple(chosen(bars_of(engine), SHOWN)) if engine is not None else ()


def _size(analysis: Analyzer, node_id: str) -> float:
    """The logarithm of what a node gives, -1 for one that gives nothing."""
    facts = analysis.facts(node_id)
    given = max(((tensor.size or 1) for tensor in facts.outputs.values()), default=0) if facts else 0
    return math.log(given + 1) if given else -1.0


def _depths(nodes: list[str], wires: tuple[tuple[str, str], ...]) -> dict[str, int]:
    """Length of the longest way from a source; a circle stops where it closes."""
    depth = dict.fromkeys(nodes, 0)
    for _ in range(len(nodes)):
        moved = False
        for source, target in wires:
            if source in depth and target in depth and depth[target] < depth[source] + 1 <= len(nodes):
                depth[target] = depth[source] + 1
                moved = True
        if not moved:
            break
    return depth


def _rows(graph: Graph, nodes: list[str], depth: dict[str, int], wires: tuple[tuple[str, str], ...]) -> dict[str, float]:
    """Rows around 0: nodes of one column one below the other as on the canvas, single ones level with where they come from."""
    rows: dict[str, float] = {}
    for column in sorted(set(depth.values())):
        here = sorted((n for n in nodes if depth[n] == column), key=lambda n: (graph.nodes[n].y, n))
        if len(here) > 1:
            rows |= {n: place - (len(here) - 1) / 2 for place, n in enumerate(here)}
        elif here:
            before = {rows[source] for source, target in wires if target == here[0] and source in rows}
            rows[here[0]] = sum(before) / len(before) if before else 0.0
    return rows


def paint_miniature(painter: QPainter, picture: Miniature, box: QRectF) -> None:
    """Draw it into the middle of `box`."""
    if not picture.bars:
        return
    t = theme()
    pitch = min(32.0 if picture.columns > 6 else 56.0, (box.width() - 40) / max(picture.columns, 1))
    width = max(min(18.0, pitch * 0.6), 3.0)
    lanes = {bar.row for bar in picture.bars.values()}
    spread = max(lanes) - min(lanes)
    lane = min(48.0, (box.height() - 44) / spread) if spread else 0.0
    highest = HIGHEST if not spread else min(HIGHEST, max(lane - 8, 12.0))
    left = box.center().x() - pitch * (picture.columns - 1) / 2
    places = {n: QPointF(left + bar.column * pitch, box.center().y() + bar.row * lane) for n, bar in picture.bars.items()}
    painter.setPen(QPen(t.color("wire"), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for source, target in picture.wires:
        if source in places and target in places:
            start, end = places[source], places[target]
            over = picture.bars[target].column - picture.bars[source].column
            lifts = over > 1 and start.y() == end.y()
            painter.drawPath(_arc(start, end, highest / 2, over) if lifts else _wire(start, end, width))
    for n, bar in picture.bars.items():
        if bar.inside:
            _paint_block(painter, places[n], bar, min(SHEET, max(pitch - 6, width)), min(SHEET, highest), t)
            continue
        height = min(LOWEST, highest) + bar.share * max(highest - LOWEST, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        rect = QRectF(places[n].x() - width / 2, places[n].y() - height / 2, width, height)
        painter.setBrush(QColor(t.hue(bar.family).strip))
        painter.drawRoundedRect(rect, min(3.0, width / 3), min(3.0, width / 3))


def _paint_block(painter: QPainter, middle: QPointF, bar: Bar, width: float, height: float, t: Theme) -> None:
    """Two sheets, on the front one the bars of what is inside."""
    ink = QColor(t.hue(bar.family).strip)
    sheet = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
    painter.setPen(QPen(ink, 1))
    painter.setBrush(t.color("card"))
    for place, rect in enumerate((sheet.translated(2.5, -2.5), sheet)):
        painter.setPen(QPen(ink, 1 + 0.5 * place))
        painter.drawRoundedRect(rect, 3, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    pitch = width / (SHOWN + 1)
    left = middle.x() - pitch * (len(bar.inside) - 1) / 2
    for place, (family, share) in enumerate(bar.inside):
        tall = height * (0.25 + 0.35 * share)
        painter.setBrush(QColor(t.hue(family).strip))
        rect = QRectF(left + place * pitch - pitch * 0.32, middle.y() - tall / 2, pitch * 0.64, tall)
        painter.drawRoundedRect(rect, min(1.5, pitch / 6), min(1.5, pitch / 6))


def _arc(start: QPointF, end: QPointF, above: float, over: int) -> QPainterPath:
    """A wire that skips columns of its own row goes over them, the higher the more it skips."""
    lift = QPointF(0, -above - min(6.0 + 3.0 * over, 26.0))
    path, bend = QPainterPath(start), QPointF(8, 0)
    path.cubicTo(start + lift * 0.8, start + lift, start + lift + bend * 1.5)
    path.lineTo(end + lift - bend * 1.5)
    path.cubicTo(end + lift, end + lift * 0.8, end)
    return path


def _wire(start: QPointF, end: QPointF, width: float) -> QPainterPath:
    path = QPainterPath(start + QPointF(width / 2, 0))
    goal = end - QPointF(width / 2, 0)
    half = (goal.x() - path.currentPosition().x()) / 2
    path.cubicTo(path.currentPosition() + QPointF(half, 0), goal - QPointF(half, 0), goal)
    return path
