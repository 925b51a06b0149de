"""Mouse gestures: moving nodes, rubber band, pulling a wire. One is active at a time; each ends in one undo step."""

from __future__ import annotations

from enum import Enum, auto
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from graph_compiler.graph.edits import Move
from graph_compiler.graph.values import EdgeKey
from widgets.canvas.connecting import Pull, can_take, connect_edits
from widgets.canvas.items import NodeItem
from widgets.canvas.routing import cubic
from widgets.fonts import ui_font
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

GRID = 8
PORT_REACH = 12.0
DRAG_START = 4


class Gesture(Enum):
    """What the mouse is doing."""

    NONE = auto()
    PRESSED = auto()
    MOVE = auto()
    BAND = auto()
    PULL = auto()


_drags = count(1)


def _snapped(value: float) -> float:
    return round(value / GRID) * GRID


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
        self._band = QRectF()
        self.pull: Pull | None = None
        self._target = ""
        self._reason = ""
        self._lit: EdgeKey | None = None
        self._hovered = ""

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
            self._context(event, place)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if (pull := self._pull_at(place)) is not None:
            self._begin_pull(pull)
            return
        box = view.canvas.box_at(place)
        if box is None:
            self._press_empty(event, place)
            return
        self._pick(box.node_id, event)
        self._origins = {n: (view.canvas.boxes[n].x(), view.canvas.boxes[n].y()) for n in self._with_framed()}
        self.active = Gesture.PRESSED

    def _press_empty(self, event: QMouseEvent, place: QPointF) -> None:
        canvas = self._view.canvas
        wire = canvas.wire_at(place)
        adding = bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        if wire is not None:
            canvas.select(canvas.selected if adding else [], (canvas.selected_wires | {wire.key}) if adding else {wire.key})
            return
        self._before = list(canvas.selected) if adding else []
        canvas.select(self._before)
        self._band = QRectF(place, place)
        self.active = Gesture.BAND

    def _pick(self, node_id: str, event: QMouseEvent) -> None:
        canvas = self._view.canvas
        adding = bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        if adding:
            rest = [n for n in canvas.selected if n != node_id]
            canvas.select(rest if node_id in canvas.selected else [*rest, node_id])
        elif node_id not in canvas.selected:
            canvas.select([node_id])

    def _with_framed(self) -> list[str]:
        """The selection, and what stands in selected frames."""
        canvas, graph = self._view.canvas, self._view.canvas.graph
        found = dict.fromkeys(canvas.selected)
        for node_id in canvas.selected:
            if graph.nodes[node_id].type == "Frame":
                area = canvas.boxes[node_id].card_rect()
                found.update(dict.fromkeys(n for n, b in canvas.boxes.items() if area.contains(b.card_rect())))
        return list(found)

    def move(self, event: QMouseEvent) -> None:
        """The pointer moves."""
        place = self._view.mapToScene(event.position().toPoint())
        self._now = place
        if self.active is Gesture.PRESSED:
            away = self._view.mapFromScene(place) - self._view.mapFromScene(self._start)
            if away.manhattanLength() >= DRAG_START:
                self.active, self._drag, self._moved = Gesture.MOVE, next(_drags), False
        if self.active is Gesture.MOVE:
            self._drag_nodes(event)
        elif self.active is Gesture.BAND:
            self._drag_band()
        elif self.active is Gesture.PULL:
            self._drag_wire(event)
        elif self.active is Gesture.NONE:
            self._hover(place)

    def release(self, event: QMouseEvent) -> None:
        """The button comes up: the gesture ends."""
        gesture, self.active = self.active, Gesture.NONE
        self._now = self._view.mapToScene(event.position().toPoint())
        if gesture is Gesture.MOVE:
            self._drop_nodes(event)
        elif gesture is Gesture.PULL:
            self._drop_wire()
        elif gesture is Gesture.PRESSED and not event.modifiers():
            box = self._view.canvas.box_at(self._now)
            if box is not None and len(self._view.canvas.selected) > 1:
                self._view.canvas.select([box.node_id])
        self._view.viewport().update()

    def double_click(self, event: QMouseEvent) -> None:
        """Into a block, rename a note, or search at an empty place."""
        self.cancel()
        place = self._view.mapToScene(event.position().toPoint())
        box = self._view.canvas.box_at(place)
        if box is None:
            self._view.verbs.open_search(place)
        elif self._view.canvas.graph.nodes[box.node_id].type == "Block":
            self._view.entered.emit(box.node_id)
        else:
            self._view.verbs.rename()

    def cancel(self) -> None:
        """Back to where it was before the gesture."""
        if self.active is Gesture.MOVE and self._moved:
            self._view.document.end_gesture()
            self._view.document.undo_stack.undo()
        self.active, self.pull, self._target = Gesture.NONE, None, ""
        self._view.canvas.clear_looks()
        self.light_wire(None)
        self._view.viewport().update()

    # Moving.

    def _drag_nodes(self, event: QMouseEvent) -> None:
        delta = self._now - self._start
        if self._view.snap:
            first = next(iter(self._origins.values()))
            delta = QPointF(_snapped(first[0] + delta.x()) - first[0], _snapped(first[1] + delta.y()) - first[1])
        positions = {n: (x + delta.x(), y + delta.y()) for n, (x, y) in self._origins.items()}
        if self._view.document.do(Move(positions, self._view.canvas.scope, self._drag)):
            self._moved = True
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.light_wire(None if alone or len(self._origins) != 1 else self._now)

    def _drop_nodes(self, event: QMouseEvent) -> None:
        self._view.document.end_gesture()
        key, self._lit = self._lit, None
        self._unlight(key)
        if key is not None and len(self._origins) == 1:
            self._view.verbs.insert_into(key, next(iter(self._origins)))

    def light_wire(self, place: QPointF | None) -> None:
        """Light the wire that a node let go here would be inserted into."""
        canvas, key = self._view.canvas, None
        if place is not None:
            moving = set(self._origins) if self.active is Gesture.MOVE else set()
            free = not any(canvas.graph.touching(n) for n in moving)
            wire = canvas.wire_at(place) if free else None
            key = wire.key if wire is not None and not moving & {wire.key[0], wire.key[2]} else None
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

    # Rubber band.

    def _drag_band(self) -> None:
        self._band = QRectF(self._start, self._now).normalized()
        inside = [n for n, b in self._view.canvas.boxes.items() if self._band.intersects(b.card_rect())
                  and (isinstance(b, NodeItem) or self._band.contains(b.card_rect()))]
        self._view.canvas.select([*self._before, *(n for n in inside if n not in self._before)])
        self._view.viewport().update()

    # Pulling a wire.

    def _pull_at(self, place: QPointF) -> Pull | None:
        """A port under the pointer: an output starts a wire, a wired input lets its wire be pulled off."""
        reach = PORT_REACH / min(max(self._view.zoom, 0.5), 1.0)
        near = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        for item in self._view.canvas.items(near):
            if not isinstance(item, NodeItem) or self._view.zoom < 0.4:
                continue
            for spot in item.card.ports:
                spot_place = item.pos() + spot.place
                if (spot_place - place).manhattanLength() > reach * 1.4:
                    continue
                if spot.out:
                    return Pull(item.node_id, spot.name, True, spot_place)
                wires = self._view.canvas.graph.into_port(item.node_id, spot.name)
                if wires and not spot.many:
                    start = self._view.canvas.boxes[wires[0].source]
                    if isinstance(start, NodeItem):
                        return Pull(wires[0].source, wires[0].source_port, True, start.port_place(wires[0].source_port, True),
                                    wires[0].key)
                return Pull(item.node_id, spot.name, False, spot_place)
        return None

    def _begin_pull(self, pull: Pull) -> None:
        self.pull, self.active, self._target, self._reason = pull, Gesture.PULL, "", ""
        canvas = self._view.canvas
        circle = False
        for node_id, box in canvas.boxes.items():
            if isinstance(box, NodeItem) and node_id != pull.node:
                reason = can_take(canvas, pull, node_id)
                box.look.faded = bool(reason)
                circle = circle or "circle" in reason
                box.update()
        self._reason = "Pulling a wire. Faded nodes come before this one; a wire to them would make a circle." if circle else ""

    def _drag_wire(self, event: QMouseEvent) -> None:
        canvas = self._view.canvas
        assert self.pull is not None
        box = canvas.box_at(self._now)
        target = box.node_id if isinstance(box, NodeItem) and box.node_id != self.pull.node else ""
        if target != self._target:
            for node_id in (self._target, target):
                if (item := canvas.boxes.get(node_id)) is not None:
                    item.look.target = node_id == target and not can_take(canvas, self.pull, node_id)
                    item.update()
            self._target = target
            reason = can_take(canvas, self.pull, target) if target else ""
            QToolTip.showText(event.globalPosition().toPoint(), reason, self._view)
        self._view.viewport().update()

    def _drop_wire(self) -> None:
        pull, self.pull = self.pull, None
        canvas = self._view.canvas
        canvas.clear_looks()
        if pull is None:
            return
        box = canvas.box_at(self._now)
        if isinstance(box, NodeItem) and box.node_id != pull.node:
            port = self._port_near(box)
            reason = can_take(canvas, pull, box.node_id)
            if reason:
                self._view.status.emit(reason)
            else:
                self._view.document.do_all(*connect_edits(canvas, pull, box.node_id, port))
        elif pull.old is not None and not isinstance(box, NodeItem):
            self._view.verbs.disconnect_wire(pull.old)
        elif box is None and (self._now - self._start).manhattanLength() > 24:
            self._view.verbs.open_search(self._now, pull)

    def _port_near(self, box: NodeItem) -> str:
        """The port next to the pointer when it is really near one, else empty: the node decides."""
        local = self._now - box.pos()
        out = self.pull is not None and not self.pull.out
        spots = [s for s in box.card.ports if s.out == out]
        near = min(spots, key=lambda s: (s.place - local).manhattanLength(), default=None)
        return near.name if near is not None and abs(near.place.y() - local.y()) < 14 else ""

    # Looks.

    def _hover(self, place: QPointF) -> None:
        box = self._view.canvas.box_at(place)
        now = box.node_id if box is not None else ""
        if now != self._hovered:
            for node_id in (self._hovered, now):
                if (item := self._view.canvas.boxes.get(node_id)) is not None:
                    item.look.hovered = node_id == now
                    item.update()
            self._hovered = now
        on_port = self._pull_at(place) is not None
        self._view.viewport().setCursor(Qt.CursorShape.CrossCursor if on_port else Qt.CursorShape.ArrowCursor)

    def _context(self, event: QMouseEvent, place: QPointF) -> None:
        box = self._view.canvas.box_at(place)
        if box is not None and box.node_id not in self._view.canvas.selected:
            self._view.canvas.select([box.node_id])
        self._view.verbs.context_menu(event.globalPosition().toPoint(), place)

    def paint(self, painter: QPainter) -> None:
        """The band, the wire being pulled, and the banner."""
        t = theme()
        if self.active is Gesture.BAND and not self._band.isEmpty():
            pen = QPen(t.color("accent"), 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(t.color("accent", 0.08))
            painter.drawRect(self._band)
        if self.active is Gesture.PULL and self.pull is not None:
            painter.setPen(QPen(t.color("accent"), 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            start, end = (self.pull.place, self._now) if self.pull.out else (self._now, self.pull.place)
            painter.drawPath(cubic(start, end))
            painter.setBrush(t.color("accent"))
            painter.drawEllipse(self._now, 5, 5)
            self._paint_banner(painter)

    def _paint_banner(self, painter: QPainter) -> None:
        if not self._reason:
            return
        t = theme()
        painter.save()
        painter.resetTransform()
        painter.setFont(ui_font(12))
        width = painter.fontMetrics().horizontalAdvance(self._reason) + 24
        box = QRectF(16, 16, width, 30)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(t.color("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._reason)
        painter.restore()
