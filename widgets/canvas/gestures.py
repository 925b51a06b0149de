"""Mouse gestures: moving nodes, rubber band, pulling and cutting wires. One is active at a time; each ends in one undo step."""

from __future__ import annotations

from enum import Enum, auto
from itertools import count, pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPen

from graph_compiler.graph.edits import Disconnect, Move
from graph_compiler.graph.values import EdgeKey
from widgets.canvas.arranging import inside_of
from widgets.canvas.items import NodeItem
from widgets.canvas.notes import FrameItem
from widgets.canvas.pulling import Pulling, port_at
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

GRID = 8
DRAG_START = 4
_ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class Gesture(Enum):
    """What the mouse is doing."""

    NONE = auto()
    PRESSED = auto()
    MOVE = auto()
    BAND = auto()
    PULL = auto()
    CUT = auto()


_drags = count(1)


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return float(round(value / GRID) * GRID)


class Gestures:
    """State of the running gesture. Positions are scene coordinates."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.active = Gesture.NONE
        self._start = QPointF()
        self._now = QPointF()
        self._origins: dict[str, tuple[float, float]] = {}
        self._drag = 0
        self._moved = False
        self._before: list[str] = []
        self.pulling: Pulling | None = None
        self._lit: EdgeKey | None = None
        self._hovered = ""
        self._hovered_wire: EdgeKey | None = None

    @property
    def drags(self) -> bool:
        """Whether something follows the pointer (so that the picture may move at the edge)."""
        return self.active in (Gesture.MOVE, Gesture.BAND, Gesture.PULL)

    # Events.

    def press(self, event: QMouseEvent) -> None:
        """A button goes down."""
        if self.active is not Gesture.NONE:
            return
        view, place = self._view, self._view.mapToScene(event.position().toPoint())
        self._start = self._now = place
        if event.button() == Qt.MouseButton.RightButton:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.active = Gesture.CUT
            else:
                self._context(event.globalPosition().toPoint(), place)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if (pull := port_at(view, place)) is not None:
            self.pulling, self.active = Pulling(view, pull, place), Gesture.PULL
            return
        box = view.canvas.box_at(place)
        if box is None:
            self._press_empty(event, place)
            return
        self._pick(box.node_id, bool(event.modifiers() & _ADDING))
        self._origins = {n: (view.canvas.boxes[n].x(), view.canvas.boxes[n].y()) for n in self._with_framed()}
        self.active = Gesture.PRESSED

    def _press_empty(self, event: QMouseEvent, place: QPointF) -> None:
        canvas = self._view.canvas
        wire = canvas.wire_at(place, self._view.zoom)
        adding = bool(event.modifiers() & _ADDING)
        if wire is not None:
            canvas.select(canvas.selected if adding else [], (canvas.selected_wires | {wire.key}) if adding else {wire.key})
            return
        self._before = list(canvas.selected) if adding else []
        canvas.select(self._before)
        self.active = Gesture.BAND

    def _pick(self, node_id: str, adding: bool) -> None:
        canvas = self._view.canvas
        if adding:
            rest = [n for n in canvas.selected if n != node_id]
            canvas.select(rest if node_id in canvas.selected else [*rest, node_id])
        elif node_id not in canvas.selected:
            canvas.select([node_id])

    def _with_framed(self) -> list[str]:
        """The selection, and what stands in selected frames."""
        canvas = self._view.canvas
        found = dict.fromkeys(canvas.selected)
        for node_id in canvas.selected:
            if isinstance(frame := canvas.boxes[node_id], FrameItem):
                found.update(dict.fromkeys(inside_of(frame, canvas.boxes)))
        return list(found)

    def move(self, event: QMouseEvent) -> None:
        """The pointer moves."""
        self._now = self._view.mapToScene(event.position().toPoint())
        if self.active is Gesture.PRESSED:
            away = (self._now - self._start) * self._view.zoom
            if away.manhattanLength() >= DRAG_START:
                self.active, self._drag, self._moved = Gesture.MOVE, next(_drags), False
        self.follow(event.globalPosition().toPoint(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))

    def follow(self, on_screen: QPoint, alone: bool = False) -> None:
        """Do what the gesture does at the pointer's place; `alone` (Alt) switches insertion into wires off."""
        if self.active is Gesture.MOVE:
            self._drag_nodes(alone)
        elif self.active is Gesture.BAND:
            self._drag_band()
        elif self.active is Gesture.PULL and self.pulling is not None:
            self.pulling.move(self._now, on_screen)
        elif self.active is Gesture.CUT:
            self._view.viewport().update()
        elif self.active is Gesture.NONE:
            self._hover(self._now)

    def panned(self, place: QPointF, on_screen: QPoint) -> None:
        """The picture moved under the pointer while something is dragged."""
        self._now = place
        self.follow(on_screen)

    def release(self, event: QMouseEvent) -> None:
        """The button comes up: the gesture ends."""
        gesture, self.active = self.active, Gesture.NONE
        self._now = self._view.mapToScene(event.position().toPoint())
        canvas = self._view.canvas
        if gesture is Gesture.MOVE:
            self._drop_nodes()
        elif gesture is Gesture.PULL and self.pulling is not None:
            pulling, self.pulling = self.pulling, None
            pulling.drop(self._now)
        elif gesture is Gesture.CUT:
            self._cut()
        elif gesture is Gesture.PRESSED and not event.modifiers():
            box = canvas.box_at(self._now)
            if box is not None and len(canvas.selected) > 1:
                canvas.select([box.node_id])
        self._view.viewport().update()

    def double_click(self, event: QMouseEvent) -> None:
        """Into a block, rename a node, or search at an empty place."""
        self.cancel()
        place = self._view.mapToScene(event.position().toPoint())
        box = self._view.canvas.box_at(place)
        if box is None:
            self._view.verbs.open_search(place)
        elif self._view.canvas.graph.nodes[box.node_id].block:
            self._view.trail.enter(box.node_id)
        else:
            self._view.verbs.rename()

    def cancel(self) -> None:
        """Back to where it was before the gesture."""
        if self.active is Gesture.MOVE and self._moved:
            self._take_back()
        if self.pulling is not None:
            self.pulling.end()
        self.active, self.pulling = Gesture.NONE, None
        self.light_wire(None)
        self._view.viewport().update()

    # Moving.

    def _drag_nodes(self, alone: bool) -> None:
        delta = self._now - self._start
        if self._view.snap:
            x, y = next(iter(self._origins.values()))
            delta = QPointF(snapped(x + delta.x()) - x, snapped(y + delta.y()) - y)
        positions = {n: (x + delta.x(), y + delta.y()) for n, (x, y) in self._origins.items()}
        nodes = self._view.canvas.graph.nodes
        if any((nodes[n].x, nodes[n].y) != place for n, place in positions.items()):
            self._moved = self._view.document.do(Move(positions, self._view.canvas.scope, self._drag)) or self._moved
        self.light_wire(None if alone or len(self._origins) != 1 else self._now)

    def _take_back(self) -> None:
        """Everything where it was; the step of this drag is gone from the stack, so that redo cannot bring it back."""
        self._view.document.do(Move(dict(self._origins), self._view.canvas.scope, self._drag))
        self._view.document.end_gesture()

    def _drop_nodes(self) -> None:
        key, self._lit = self._lit, None
        self._unlight(key)
        if key is not None and len(self._origins) == 1:
            node_id = next(iter(self._origins))
            node = self._view.canvas.graph.nodes[node_id]
            place = (node.x, node.y)
            if self._moved:
                self._take_back()
            self._view.verbs.insert_into(key, node_id, place)
        self._view.document.end_gesture()

    def light_wire(self, place: QPointF | None) -> None:
        """Light the wire that a node let go here would be inserted into."""
        canvas, key = self._view.canvas, None
        if place is not None:
            moving = set(self._origins) if self.active is Gesture.MOVE else set()
            free = all(isinstance(canvas.boxes[n], NodeItem) and not canvas.graph.touching(n) for n in moving)
            wire = canvas.wire_at(place, self._view.zoom) if free else None
            key = wire.key if wire is not None else None
        if key != self._lit:
            self._unlight(self._lit)
            self._lit = key
            if key is not None:
                canvas.wires[key].lit = True
                canvas.wires[key].restyle()

    def _unlight(self, key: EdgeKey | None) -> None:
        wire = self._view.canvas.wires.get(key) if key is not None else None
        if wire is not None:
            wire.lit = False
            wire.restyle()

    @property
    def lit(self) -> EdgeKey | None:
        """The wire that is lit for insertion."""
        return self._lit

    # Rubber band and knife.

    def _drag_band(self) -> None:
        band, canvas = QRectF(self._start, self._now).normalized(), self._view.canvas
        inside = [n for n, b in canvas.boxes.items() if band.intersects(b.card_rect())
                  and (isinstance(b, NodeItem) or band.contains(b.card_rect()))]
        canvas.select([*self._before, *(n for n in inside if n not in self._before)])
        self._view.viewport().update()

    def _cut(self) -> None:
        """Take away the wires that the knife's line crosses."""
        line, canvas = QLineF(self._start, self._now), self._view.canvas
        box = QRectF(self._start, self._now).normalized().adjusted(-1, -1, 1, 1)
        keys = [k for k, w in canvas.wires.items() if w.path().boundingRect().adjusted(0, -1, 0, 1).intersects(box)
                and _crosses(w.path(), line)]
        if keys:
            self._view.document.do_all([Disconnect(k, canvas.scope) for k in keys],
                                       "cut a wire" if len(keys) == 1 else f"cut {len(keys)} wires")

    # Looks.

    def left(self) -> None:
        """The pointer went elsewhere."""
        if self.active is Gesture.NONE:
            self._hover_wire(None)
            self._hover_node("")

    def _hover(self, place: QPointF) -> None:
        canvas = self._view.canvas
        box = canvas.box_at(place)
        self._hover_node(box.node_id if box is not None else "")
        wire = canvas.wire_at(place, self._view.zoom) if box is None else None
        self._hover_wire(wire.key if wire is not None else None)
        on_port = port_at(self._view, place) is not None
        self._view.viewport().setCursor(Qt.CursorShape.CrossCursor if on_port else Qt.CursorShape.ArrowCursor)

    def _hover_node(self, now: str) -> None:
        if now == self._hovered:
            return
        for node_id in (self._hovered, now):
            if (item := self._view.canvas.boxes.get(node_id)) is not None:
                item.look.hovered = node_id == now
                item.update()
        self._hovered = now
        self._view.hovered.emit(now)

    def _hover_wire(self, key: EdgeKey | None) -> None:
        if key == self._hovered_wire:
            return
        for one in (self._hovered_wire, key):
            if one is not None and (wire := self._view.canvas.wires.get(one)) is not None:
                wire.hovered = one == key
                wire.restyle()
                self._view.canvas.show_label(one)
        self._hovered_wire = key

    def _context(self, on_screen: QPoint, place: QPointF) -> None:
        box = self._view.canvas.box_at(place)
        if box is not None and box.node_id not in self._view.canvas.selected:
            self._view.canvas.select([box.node_id])
        self._view.verbs.context_menu(on_screen, place)

    def paint(self, painter: QPainter) -> None:
        """The band, the knife, or the wire being pulled."""
        t = theme()
        if self.active is Gesture.PULL and self.pulling is not None:
            self.pulling.paint(painter)
        elif self.active in (Gesture.BAND, Gesture.CUT) and self._start != self._now:
            cutting = self.active is Gesture.CUT
            pen = QPen(t.color("error" if cutting else "accent"), 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            if cutting:
                painter.drawLine(self._start, self._now)
                return
            painter.setBrush(t.color("accent", 0.08))
            painter.drawRect(QRectF(self._start, self._now).normalized())


def _crosses(path: QPainterPath, line: QLineF) -> bool:
    """Whether the drawn line of a path crosses a straight line (its closed area does not count)."""
    steps = max(8, int(path.length() / 24))
    points = [path.pointAtPercent(i / steps) for i in range(steps + 1)]
    return any(line.intersects(QLineF(a, b))[0] == QLineF.IntersectionType.BoundedIntersection
               for a, b in pairwise(points))
