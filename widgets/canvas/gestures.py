"""Mouse gestures: moving nodes, rubber band, what is done to wires. One is active at a time; each ends in one undo step."""

from __future__ import annotations

from enum import Enum, auto
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen

from graph_compiler.graph.edits import Move
from graph_compiler.graph.values import EdgeKey
from widgets.canvas.arranging import with_framed
from widgets.canvas.bending import Bending, Points, bend_at, bends_between, shifted
from widgets.canvas.carrying import Carrying
from widgets.canvas.connecting import Pull, through
from widgets.canvas.guides import Guides
from widgets.canvas.items import NodeItem
from widgets.canvas.notes import NoteItem
from widgets.canvas.pulling import Pulling, port_at
from widgets.canvas.sizing import Sizing, cursor_for, edges_at
from widgets.canvas.strokes import Stroke
from widgets.pens import steady
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
    CARRY = auto()
    BEND = auto()
    STROKE = auto()
    SIZE = auto()


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
        self._bends: dict[EdgeKey, Points] = {}
        """Points of wires between the nodes that are moved."""
        self._guides: Guides | None = None
        """Where the node that is moved may hold on."""
        self._drag = 0
        self._moved = False
        self._acting = False
        """While the gesture itself changes the drawing."""
        self._before: list[str] = []
        self.pulling: Pulling | None = None
        self._tool: Carrying | Bending | Stroke | Sizing | None = None
        """What else is held: all wires of a port, the line of a wire, a line drawn over wires, the edge of a frame."""
        self._lit: EdgeKey | None = None
        self._hovered = ""
        self._hovered_wire: EdgeKey | None = None

    @property
    def drags(self) -> bool:
        """Whether something follows the pointer (so that the picture may move at the edge)."""
        return self.active in (Gesture.MOVE, Gesture.BAND, Gesture.PULL, Gesture.CARRY,
                               Gesture.BEND, Gesture.SIZE)

    # Events.

    def press(self, event: QMouseEvent) -> None:
        """A button goes down."""
        if self.active is not Gesture.NONE:
            return
        view, place = self._view, self._view.mapToScene(event.position().toPoint())
        self._start = self._now = place
        if event.button() == Qt.MouseButton.RightButton:
            if event.modifiers() & _ADDING:
                self._tool = Stroke(view, place, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
                self.active = Gesture.STROKE
            else:
                self._context(event.globalPosition().toPoint(), place)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if (pull := port_at(view, place)) is not None:
            self._press_port(event, pull, place)
            return
        box = view.canvas.box_at(place)
        if box is None:
            self._press_empty(event, place)
            return
        if (edges := edges_at(view.canvas, place, view.zoom)) is not None and not event.modifiers():
            self._pick(edges[0], adding=False)
            self._tool, self.active = Sizing(view, *edges, place, next(_drags)), Gesture.SIZE
            return
        self._pick(box.node_id, bool(event.modifiers() & _ADDING))
        nodes = view.canvas.graph.nodes
        self._origins = {n: (nodes[n].x, nodes[n].y) for n in with_framed(view.canvas)}
        self._bends = bends_between(view.canvas, self._origins)
        self.active = Gesture.PRESSED if self._origins else Gesture.NONE  # a click can take the last node out of the selection

    def _press_port(self, event: QMouseEvent, pull: Pull, place: QPointF) -> None:
        """A wire is pulled from a port; with Control all that the port has."""
        view = self._view
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and not pull.old:
            carrying = Carrying(view, pull.node, pull.port, pull.out, place)
            if carrying.edges:
                self._tool, self.active = carrying, Gesture.CARRY
                return
            carrying.end()
        self.pulling, self.active = Pulling(view, pull, place), Gesture.PULL

    def _press_empty(self, event: QMouseEvent, place: QPointF) -> None:
        canvas = self._view.canvas
        bend = bend_at(canvas, place, self._view.zoom)
        wire = canvas.wires[bend[0]] if bend is not None else canvas.wire_at(place, self._view.zoom)
        adding = bool(event.modifiers() & _ADDING)
        if wire is not None:
            canvas.select(canvas.selected if adding else [], (canvas.selected_wires ^ {wire.key}) if adding else {wire.key})
            if not adding:
                self._tool = Bending(self._view, wire.key, place, bend[1] if bend is not None else None, next(_drags))
                self.active = Gesture.BEND
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
        elif isinstance(self._tool, Carrying):
            self._tool.move(self._now, on_screen)
        elif self._tool is not None:
            self._tool.move(self._now)
            self._view.viewport().update()
        elif self.active is Gesture.NONE:
            self._hover(self._now)

    def panned(self, place: QPointF, on_screen: QPoint) -> None:
        """The picture moved under the pointer while something is dragged."""
        self._now = place
        self.follow(on_screen)

    def release(self, event: QMouseEvent) -> None:
        """The button comes up: the gesture ends."""
        gesture, self.active, self._guides = self.active, Gesture.NONE, None
        tool, self._tool = self._tool, None
        self._now = self._view.mapToScene(event.position().toPoint())
        canvas = self._view.canvas
        if gesture is Gesture.MOVE:
            self._drop_nodes()
        elif gesture is Gesture.PULL and self.pulling is not None:
            pulling, self.pulling = self.pulling, None
            pulling.drop(self._now)
        elif isinstance(tool, (Bending, Sizing)):
            tool.end()
        elif tool is not None:
            tool.drop(self._now)
        elif gesture is Gesture.PRESSED and not event.modifiers():
            box = canvas.box_at(self._now)
            if box is not None and len(canvas.selected) > 1:
                canvas.select([box.node_id])
        self._view.viewport().update()

    def double_click(self, event: QMouseEvent) -> None:
        """Into a block, rename a node, take a point off a wire, or search at an empty place."""
        self.cancel()
        place = self._view.mapToScene(event.position().toPoint())
        box = self._view.canvas.box_at(place)
        if box is None and (bend := bend_at(self._view.canvas, place, self._view.zoom)) is not None:
            self._view.verbs.take_bend(*bend)
            return
        if box is None:
            self._view.verbs.open_search(place)
        elif self._view.canvas.graph.nodes[box.node_id].block:
            self._view.trail.enter(box.node_id)
        elif isinstance(box, NoteItem):
            self._view.verbs.write_note(box.node_id)
        else:
            self._view.verbs.rename()

    def cancel(self) -> None:
        """Back to where it was before the gesture."""
        moved, self.active = self.active is Gesture.MOVE and self._moved, Gesture.NONE
        if moved:
            self._take_back()
        if self.pulling is not None:
            self.pulling.end()
        if isinstance(self._tool, (Bending, Sizing)):
            self._tool.cancel()
        elif isinstance(self._tool, Carrying):
            self._tool.end()
        self.pulling = self._tool = self._guides = None
        self.light_wire(None)
        self._view.viewport().update()

    def overtaken(self) -> None:
        """The drawing changed. Where another hand did it (undo by a key, say), the gesture ends where it is."""
        if self.active not in (Gesture.PRESSED, Gesture.MOVE, Gesture.PULL) or self._acting:
            return
        self._moved = False
        self.cancel()

    # Moving.

    def _drag_nodes(self, alone: bool) -> None:
        dx, dy = self._view.canvas.flow.back(self._now - self._start)
        if self._view.snap:
            dx, dy = self._held(dx, dy)
        positions = {n: (x + dx, y + dy) for n, (x, y) in self._origins.items()}
        nodes = self._view.canvas.graph.nodes
        if any((nodes[n].x, nodes[n].y) != place for n, place in positions.items()):
            self._acting = True
            try:
                self._moved = self._move(positions, dx, dy) or self._moved
            finally:
                self._acting = False
        self.light_wire(None if alone or len(self._origins) != 1 else self._now)

    def _held(self, dx: float, dy: float) -> tuple[float, float]:
        """The way that brings the first of the nodes in line with another, else onto the grid."""
        node_id, (x, y) = next(iter(self._origins.items()))
        flow = self._view.canvas.flow
        if self._guides is None:
            self._guides = Guides(self._view, node_id, self._origins)
        place, along, across = self._guides.hold(flow.place(x + dx, y + dy))
        there = flow.back(place)
        return (there[0] if along else snapped(x + dx)) - x, (there[1] if across else snapped(y + dy)) - y

    def _move(self, positions: dict[str, tuple[float, float]], dx: float = 0.0, dy: float = 0.0) -> bool:
        scope = self._view.canvas.scope
        return self._view.document.do(Move(positions, scope, self._drag, bends=shifted(self._bends, dx, dy)))

    def _take_back(self) -> None:
        """Everything where it was; the step of this drag is gone from the stack, so that redo cannot bring it back."""
        self._move(dict(self._origins))
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
            free = all(through(canvas.facts(n)) and not canvas.graph.touching(n) for n in moving)
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
    def guides(self) -> int:
        """How many lines say what the moved node is in line with."""
        return len(self._guides.lines) if self._guides is not None else 0

    @property
    def lit(self) -> EdgeKey | None:
        """The wire that is lit for insertion."""
        return self._lit

    # Rubber band.

    def _drag_band(self) -> None:
        band, canvas = QRectF(self._start, self._now).normalized(), self._view.canvas
        inside = [n for n, b in canvas.boxes.items() if band.intersects(b.card_rect())
                  and (isinstance(b, NodeItem) or band.contains(b.card_rect()))]
        canvas.select([*self._before, *(n for n in inside if n not in self._before)])
        self._view.viewport().update()

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
        self._view.viewport().setCursor(self._cursor_at(place))

    def _cursor_at(self, place: QPointF) -> Qt.CursorShape:
        canvas, zoom = self._view.canvas, self._view.zoom
        if port_at(self._view, place) is not None:
            return Qt.CursorShape.CrossCursor
        if (edges := edges_at(canvas, place, zoom)) is not None:
            return cursor_for(edges[1])
        return Qt.CursorShape.SizeAllCursor if bend_at(canvas, place, zoom) is not None else Qt.CursorShape.ArrowCursor

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
        wire = self._view.canvas.wire_at(place, self._view.zoom) if box is None else None
        if wire is not None and wire.key not in self._view.canvas.selected_wires:
            self._view.canvas.select([], {wire.key})
        self._view.verbs.context_menu(on_screen, place, wire.key if wire is not None else None)

    def paint(self, painter: QPainter) -> None:
        """The band, the stroke, or the wires in hand."""
        t = theme()
        if self.active is Gesture.PULL and self.pulling is not None:
            self.pulling.paint(painter)
        elif self.active is Gesture.MOVE and self._guides is not None:
            self._guides.paint(painter)
        elif isinstance(self._tool, (Carrying, Stroke)):
            self._tool.paint(painter)
        elif self.active is Gesture.BAND and self._start != self._now:
            painter.setPen(steady(QPen(t.color("accent"), 1)))
            painter.setBrush(t.color("accent", 0.08))
            painter.drawRect(QRectF(self._start, self._now).normalized())
