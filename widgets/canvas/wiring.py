"""Lays the wires of a scene: which way each goes, and whether its label has room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from graph_compiler.graph.values import EdgeKey
from widgets.canvas.items import NodeItem, WireItem
from widgets.canvas.labels import say_once
from widgets.canvas.places import Place
from widgets.canvas.ports import tensor_words
from widgets.canvas.routing import OUT, beside, cubic, free_height, goes_back, gutter, lane, led, plain
from widgets.fonts import text_width

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

LANE_GAP = 40.0
STEEP, BELOW = 72.0, 26.0
"""A wire that goes up or down by more is steep; its label stands so far below its start when it goes up, px."""
SLANT = 8.0
"""A wire from top to bottom that leads aside by more has its label in the line, px."""
UPRIGHT = 36.0
"""Free length of a wire from top to bottom that has room for its label beside it, px."""
BESIDE = 16.0
"""How far upright parts of wires keep from cards, px."""
APART = 10.0
"""How far lanes keep from one another, px."""
NEAR_GUTTER = 96.0
"""A wire that runs back takes the line of another one of its port that is so near, px."""
IN_GUTTER = 16.0
"""How far wires of different ports that run back keep from one another: their labels stand in the line, px."""
LONG = 320.0
"""From this length on a wire may take a lane."""
SHORT, TALL = 120.0, 160.0
"""So may a shorter one, down to this length, that goes up or down by so much."""
ASIDE, FAR_ASIDE, MOST_TRIED = 40.0, 900.0, 32
"""How far a detour keeps from cards, how far away and at how many places it is looked for."""
NEIGHBOUR = 104.0
"""A card so far to the left has a wire straight to this one, px."""
GUTTERS = (20.0, 12.0, 28.0)
"""How far from the card in its way a detour turns aside, px."""


class Router:
    """Routes wires. Gutters and lanes look at every card in their way."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._dashed: frozenset[EdgeKey] = frozenset()
        self._spans: dict[EdgeKey, tuple[float, float]] = {}
        """From where to where (x) the wires run whose way depends on other cards."""
        self._lanes: dict[EdgeKey, tuple[float, float, float]] = {}
        """From where to where, and at which height, wires run level past cards."""
        self._gutters: dict[EdgeKey, tuple[float, float, float]] = {}
        """The same of wires that run back."""

    def route(self, nodes: set[str], keys: Iterable[EdgeKey] = ()) -> None:
        """Lay these wires, those that touch one of the nodes, and those whose part in training has changed."""
        scene, graph = self._scene, self._scene.graph
        dashed = scene.training_only()
        wanted = set(keys) | (dashed ^ self._dashed) | self._in_the_way()
        self._dashed = dashed
        if len(nodes) > len(scene.boxes) / 2:
            wanted.update(scene.wires)
        else:
            wanted.update(edge.key for n in nodes if n in graph.nodes for edge in graph.touching(n))
            wanted |= self._steep_beside(wanted)
        places = graph.nodes
        long: list[tuple[float, EdgeKey]] = []
        for key in wanted:
            if (wire := scene.wires.get(key)) is None:
                continue
            length = places[key[2]].x - places[key[0]].x  # the document counts along the flow
            if length > SHORT + 168 or length < 0:
                long.append((abs(length), key))
            else:
                self._lay(wire, key in dashed)
        for _, key in long:
            self._lanes.pop(key, None)
            self._gutters.pop(key, None)
        for _, key in sorted(long):  # the shortest first: nested lanes lie around one another
            self._lay(scene.wires[key], key in dashed)
        self._show_labels({key[:2] for key in wanted})

    def _show_labels(self, outputs: Iterable[tuple[str, str]]) -> None:
        """Anew on all wires of these outputs: which of them has its label depends on the others."""
        scene, wires = self._scene, self._scene.wires
        for node_id, port in outputs:
            edges = scene.graph.out_of(node_id) if node_id in scene.graph.nodes else ()
            keys = [edge.key for edge in edges if edge.source_port == port and edge.key in wires]
            say_once([wires[key] for key in keys])
            for key in keys:
                scene.show_label(key)

    def _steep_beside(self, keys: Iterable[EdgeKey]) -> set[EdgeKey]:
        """Steep wires of the nodes these start at: whether their labels are needed depends on the others."""
        graph = self._scene.graph
        nodes = graph.nodes
        sources = {key[0] for key in keys if key[0] in nodes}
        return {edge.key for n in sources if len(out := graph.out_of(n)) > 1 for edge in out
                if abs(nodes[edge.target].y - nodes[n].y) > STEEP / 2}

    def _in_the_way(self) -> set[EdgeKey]:
        """Gutter and lane wires that have to look again because a card beside them came, went or moved."""
        changed = self._scene.places.take_changed()
        if not changed or not self._spans:
            return set()
        left, right = min(c[0] for c in changed), max(c[1] for c in changed)
        near = {k: s for k, s in self._spans.items() if s[0] < right and s[1] > left}
        if len(changed) > len(near):
            return set(near)
        return {k for k, s in near.items() if any(s[0] < c[1] and s[1] > c[0] for c in changed)}

    def bent(self) -> Iterable[EdgeKey]:
        """Wires that may run outside of the rectangle around all cards."""
        return self._spans.keys()

    def forget(self, key: EdgeKey) -> None:
        """The wire is gone."""
        self._spans.pop(key, None)
        self._lanes.pop(key, None)
        self._gutters.pop(key, None)

    def _lay(self, wire: WireItem, dashed: bool) -> None:
        scene = self._scene
        source, target = scene.boxes[wire.edge.source], scene.boxes[wire.edge.target]
        if not isinstance(source, NodeItem) or not isinstance(target, NodeItem):
            wire.label, wire.label_room, wire.dashed, wire.bad = "", False, False, False
            wire.setPath(QPainterPath())  # a note in its place: nothing to draw until it is a layer again
            return
        wire.dashed = dashed or source.card.family == "noise"
        wire.bad = wire.edge.target_port in target.look.bad_ports
        wire.muted = source.look.muted or target.look.muted
        wire.dim = source.look.faded and target.look.faded
        wire.label = self._words(wire)
        wire.label_breaks = False
        wire.setPath(self._path(wire, source, target))
        wire.restyle()
        if wire.edge.points or wire.bends:
            wire.show_bends([scene.flow.place(x, y) for x, y in wire.edge.points])

    def _words(self, wire: WireItem) -> str:
        """The shape on a wire; of a plain number its name and type."""
        facts = self._scene.facts(wire.edge.source)
        tensor = facts.outputs.get(wire.edge.source_port) if facts else None
        if tensor is None:
            return ""
        if tensor.is_integer and not tensor.shape:
            return f"{wire.edge.source_port} · {tensor.dtype}"
        return tensor_words(tensor)

    def _path(self, wire: WireItem, source: NodeItem, target: NodeItem) -> QPainterPath:
        """Ways are found along and across the flow, and turned into the scene at the end."""
        flow = self._scene.flow
        start = source.port_place(wire.edge.source_port, out=True)
        end = target.port_place(wire.edge.target_port, out=False)
        if flow.down:
            start, end = flow.turned(start), flow.turned(end)
        self.forget(wire.key)
        if wire.edge.points:
            points = [flow.turned(flow.place(x, y)) for x, y in wire.edge.points]
            path = led(start, points, end, self._scene.appearance.wires)
            wire.label_place, room = path.pointAtPercent(0.5), path.length()
        elif goes_back(start, end):
            path, room = self._gutter(wire, start, end, source, target)
        elif (y := self._lane_height(wire, start, end)) is not None:
            out, back = self._aside(start.x() + OUT, start.y(), y, 1), self._aside(end.x() - OUT - 8, end.y(), y, -1)
            path = lane(start, out, back[::-1], end)
            right, left = out[-1].x(), back[-1].x()
            self._spans[wire.key] = min(start.x(), right, left), max(end.x(), right, left)
            room = 0.0 if flow.down else left - right - 80  # lanes side by side have no room for words between them
            wire.label_place, wire.label_breaks = QPointF((right + left) / 2, y), True
        else:
            path = plain(start, end, self._scene.appearance.wires)
            wire.label_place = (start + end) / 2 if flow.down else self._beside(wire, start, end)
            wire.label_breaks = flow.down and abs(end.y() - start.y()) > SLANT
            room = end.x() - start.x() - (4 if abs(end.y() - start.y()) <= 24 else 36)
            if abs(end.y() - start.y()) > STEEP and self._said_beside(wire, start, end):
                room = 0.0
        wire.upright = flow.down
        upright = flow.down and not (wire.label_breaks and wire.key in self._lanes)
        need = UPRIGHT if upright else text_width(wire.label, 11, 500, mono=True) + 16
        wire.label_room = bool(wire.label) and room >= need
        if not flow.down:
            return path
        wire.label_place = flow.turned(wire.label_place)
        return flow.turned_path(path)

    @staticmethod
    def _beside(wire: WireItem, start: QPointF, end: QPointF) -> QPointF:
        """The middle of a wire that runs about straight; of a steep one its start, on the side it turns away from."""
        if abs(end.y() - start.y()) <= STEEP:
            return (start + end) / 2
        half = text_width(wire.label, 11, 500, mono=True) / 2
        return QPointF(start.x() + 10 + half, start.y() + (0 if end.y() > start.y() else BELOW))

    def _said_beside(self, wire: WireItem, start: QPointF, end: QPointF) -> bool:
        """Whether a straighter wire of the same port says the shape already: two labels there would lie on one another."""
        scene, own = self._scene, (abs(end.y() - start.y()), wire.key)
        for edge in scene.graph.out_of(wire.edge.source):
            other = scene.boxes.get(edge.target)
            if edge.source_port == wire.edge.source_port and edge.key != wire.key and isinstance(other, NodeItem):
                there = scene.flow.turned(other.port_place(edge.target_port, out=False))
                if not goes_back(start, there) and (abs(there.y() - start.y()), edge.key) < own:
                    return True
        return False

    def _gutter(self, wire: WireItem, start: QPointF, end: QPointF, source: NodeItem,
                target: NodeItem) -> tuple[QPainterPath, float]:
        turned = self._scene.flow.turned_rect
        right = max(start.x(), turned(source.card_rect())[2]) + OUT
        left = min(end.x(), turned(target.card_rect())[0]) - OUT
        self._spans[wire.key] = (left, right)
        spans = [(p[1], p[3]) for _, p in self._scene.places.between(left, right)]
        y = free_height(spans, (start.y() + end.y()) / 2)
        taken: list[float] = []
        own: list[float] = []
        for key, (a, b, height) in self._gutters.items():
            if a < right and b > left:
                (own if key[:2] == wire.key[:2] else taken).append(height)
        along = [h for h in own if abs(h - y) < NEAR_GUTTER and not any(top - 4 < h < bottom + 4 for top, bottom in spans)]
        y = along[0] if along else beside(y, taken, spans, IN_GUTTER)  # wires of one port run on one line
        self._gutters[wire.key] = left, right, y
        right, left = self._clear(right, start.y(), y, 1), self._clear(left, end.y(), y, -1)
        wire.label_place, wire.label_breaks = QPointF((right + left) / 2, y), True
        return gutter(start, end, right, left, y), right - left - 80

    def _clear(self, x: float, start: float, end: float, way: int) -> float:
        """Where an upright part of a wire from height `start` to `end` meets no card, from `x` on to the right or left.

        `x` itself where the way there, level at `start`, would meet one: behind one card is better than behind several.
        """
        high, low, found = min(start, end), max(start, end), x
        for _ in range(4):
            hit = [p for _, p in self._scene.places.between(found - 4, found + 4) if p[1] < low and p[3] > high]
            if not hit:
                break
            found = max(p[2] for p in hit) + BESIDE if way > 0 else min(p[0] for p in hit) - BESIDE
        between = self._scene.places.between(min(x, found), max(x, found))
        return x if any(p[1] - 4 < start < p[3] + 4 for _, p in between) else found

    def _aside(self, x: float, start: float, end: float, way: int) -> list[QPointF]:
        """Corners of a wire that turns at `x` and goes from height `start` to `end`: around the cards in its way.

        Where no straight way is free it goes level through the gutter before the first card, and on where there is room.
        """
        found = self._clear(x, start, end, way)
        straight = [QPointF(found, start), QPointF(found, end)]
        if not (hit := self._crossed(found, start, end)):
            return straight
        down = end > start
        edge = min(p[1] for p in hit) if down else max(p[3] for p in hit)
        for gap in GUTTERS:
            level = edge - gap if down else edge + gap
            if (level - start) * (1 if down else -1) <= 0 or self._crossed(x, start, level):
                continue
            near = self._scene.places.between(x - FAR_ASIDE, x + FAR_ASIDE)
            below, above = max(level, end), min(level, end)
            tried = {x for _, p in near if p[1] < below and p[3] > above for x in (self._before(p), p[2] + BESIDE)}
            for other in sorted(tried, key=lambda at: abs(at - x))[:MOST_TRIED]:
                if not self._crossed(other, level, end) and not self._level_meets(x, other, level):
                    return [QPointF(x, start), QPointF(x, level), QPointF(other, level), QPointF(other, end)]
        return straight

    def _before(self, place: Place) -> float:
        """Where an upright line passes in front of a card: near it where a neighbour's wire and its label come in."""
        return place[0] - (BESIDE if self._level_meets(place[0] - NEIGHBOUR, place[0] - 1, place[1] + 20) else ASIDE)

    def _crossed(self, x: float, start: float, end: float) -> list[Place]:
        """Cards an upright line from height to height runs through."""
        high, low = min(start, end), max(start, end)
        return [p for _, p in self._scene.places.between(x - 4, x + 4) if p[1] < low and p[3] > high]

    def _level_meets(self, left: float, right: float, y: float) -> bool:
        """Whether a level line runs through a card."""
        return any(p[1] - 4 < y < p[3] + 4 for _, p in self._scene.places.between(min(left, right), max(left, right)))

    def _lane_height(self, wire: WireItem, start: QPointF, end: QPointF) -> float | None:
        """Where a long wire runs when the straight way would cross a card.

        A target's runs below every card between the ends, any other one through the nearest gap.
        """
        length = end.x() - start.x()
        if length < LONG and (length < SHORT or abs(end.y() - start.y()) < TALL):
            return None
        self._spans[wire.key] = (start.x(), end.x())
        cards = [p for _, p in self._scene.places.between(start.x() + 8, end.x() - 52)]
        high, low = sorted((start.y(), end.y()))
        near = [p for p in cards if p[1] - 4 <= low and p[3] + 4 >= high]
        if not near or not _meets(cubic(start, end), near):
            return None
        taken = [h for left, right, h in self._lanes.values() if left < end.x() and right > start.x()]
        spans, middle = [(p[1], p[3]) for p in cards], (start.y() + end.y()) / 2
        wish = max(bottom for _, bottom in spans) + LANE_GAP if wire.dashed else free_height(spans, middle)
        height = beside(wish, taken, spans, APART if wish >= middle else -APART)
        self._lanes[wire.key] = (start.x(), end.x(), height)
        return height


def _meets(path: QPainterPath, cards: Sequence[Place]) -> bool:
    """Whether the line of a path runs through one of the cards or close by (its fill does not count)."""
    steps = max(24, int(path.length() / 16))
    for i in range(steps + 1):
        point = path.pointAtPercent(i / steps)
        x, y = point.x(), point.y()
        if any(left - 4 <= x <= right + 4 and top - 4 <= y <= bottom + 4 for left, top, right, bottom in cards):
            return True
    return False
