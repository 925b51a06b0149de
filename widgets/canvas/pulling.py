"""Pulling a wire: from which port, what lights up, what fades and why, and where it ends."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QToolTip

from graph_compiler.graph.edits import Connect
from widgets.canvas.connecting import Pull, beyond, can_take, connect_edits, pulled_port
from widgets.canvas.items import FAR, NEAR, NodeItem
from widgets.canvas.routing import loose
from widgets.fonts import ui_font
from widgets.motion import FLOW, animate
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.scene import Box
    from widgets.canvas.view import CanvasView

REACH = 12.0
"""How near a port the pointer must be to take hold of it, or to let a wire go at it, px."""
ROW = 14.0
LONG_ENOUGH = 24.0
"""A wire let go nearer to its start than this was a click."""
BEFORE = "Pulling a wire. Faded nodes come before this one; a wire to them would make a circle."
AFTER = "Pulling a wire. Faded nodes come after this one; a wire from them would make a circle."
NOTHING = "Pulling a wire. Faded nodes give nothing that fits; their tooltip says why."
UNFIT = "Pulling a wire. Faded nodes cannot take it; their tooltip says why."


def port_at(view: CanvasView, place: QPointF) -> Pull | None:
    """The pull that starts at a port under the pointer: an output starts a wire, a wired input lets its wire be pulled off."""
    if view.zoom < FAR:
        return None
    canvas, reach = view.canvas, REACH / min(max(view.zoom, 0.5), 1.0)
    near = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
    for item in canvas.items(near):
        if not isinstance(item, NodeItem):
            continue
        for spot in item.card.ports:
            there = item.pos() + spot.place
            if (there - place).manhattanLength() > reach * 1.4:
                continue
            wires = [] if spot.out or spot.many else canvas.graph.into_port(item.node_id, spot.name)
            start = canvas.boxes.get(wires[0].source) if wires else None
            if isinstance(start, NodeItem):
                port = wires[0].source_port
                return Pull(start.node_id, port, True, start.port_place(port, True), wires[0].key)
            return Pull(item.node_id, spot.name, spot.out, there)
    return None


def box_for(view: CanvasView, now: QPointF, able: Container[str], out: bool) -> Box | None:
    """What a wire let go here is for: the box under the pointer, else the able card one of whose ports (`out` or in) is near.

    Ports stand half outside of their card, and a hand that aims at one may stop in front of it.
    """
    box = view.canvas.box_at(now)
    if isinstance(box, NodeItem):
        return box
    reach = REACH / min(max(view.zoom, 0.5), 1.0)
    around = QRectF(now.x() - reach, now.y() - reach, 2 * reach, 2 * reach)
    cards = [i for i in view.canvas.items(around) if isinstance(i, NodeItem) and i.node_id in able]
    away = [((item.pos() + spot.place - now).manhattanLength(), item) for item in cards
            for spot in item.card.ports if spot.out == out]
    nearest, item = min(away, key=lambda a: a[0], default=(reach + 1, None))
    return item if nearest <= reach else box


class Pulling:
    """The wire that is being pulled in one view."""

    def __init__(self, view: CanvasView, pull: Pull, now: QPointF) -> None:
        self._view, self.pull = view, pull
        self._start = self._now = now
        self._target = ""
        self._circle = beyond(view.canvas, pull)
        self.reasons = {n: can_take(view.canvas, pull, n, self._circle) for n, box in view.canvas.boxes.items()
                        if isinstance(box, NodeItem) and n != pull.node}
        view.canvas.looks.fade({n for n, reason in self.reasons.items() if reason})
        view.canvas.looks.offer({n for n, reason in self.reasons.items() if not reason}, "in" if pull.out else "out")
        self.goal: QPointF | None = None
        """The port that would get the wire: it is drawn up to there."""
        self.banner = self._banner()

    def _banner(self) -> str:
        """Why nodes fade, in one line."""
        circle, out = self._circle - {self.pull.node}, self.pull.out
        if any(reason and n not in circle for n, reason in self.reasons.items() if self._has_end(n)):
            return UNFIT if out else NOTHING
        return (BEFORE if out else AFTER) if circle else ""

    def _has_end(self, node_id: str) -> bool:
        """Whether a node has a port at the side where the wire could end."""
        facts = self._view.canvas.facts(node_id)
        return facts is not None and bool(facts.ports_in if self.pull.out else facts.ports_out)

    def move(self, now: QPointF, on_screen: QPoint) -> None:
        """The pointer is elsewhere: light what is under it, or say why it cannot take the wire."""
        self._now, canvas = now, self._view.canvas
        box = box_for(self._view, now, self.reasons, not self.pull.out)
        target = box.node_id if box is not None and box.node_id in self.reasons else ""
        if target != self._target:
            for node_id in (self._target, target):
                if (item := canvas.boxes.get(node_id)) is not None:
                    item.look.target = node_id == target and not self.reasons[node_id]
                    item.update()
            self._target = target
            QToolTip.showText(on_screen, self.reasons.get(target, ""), self._view)
        taken = isinstance(box, NodeItem) and target and not self.reasons[target]
        self.goal = self._port_place(box, now) if taken and isinstance(box, NodeItem) else None
        self._view.viewport().update()

    def drop(self, now: QPointF) -> None:
        """Let go: connect, take the pulled wire off, or ask what should stand here."""
        view, canvas, pull = self._view, self._view.canvas, self.pull
        box = box_for(view, now, self.reasons, not pull.out)
        far = (now - self._start).manhattanLength() > LONG_ENOUGH / view.zoom
        if far and pull.old is None and not isinstance(box, NodeItem):
            self._now = now
            view.verbs.open_search(now, self)
            return
        self.end()
        if isinstance(box, NodeItem) and box.node_id in self.reasons:
            if reason := self.reasons[box.node_id]:
                view.status.emit(reason)
                self._flow_back()
            elif edits := connect_edits(canvas, pull, box.node_id, self._port_near(box, now))[0]:
                view.document.do_all(edits, f"connect {pull.node} to {box.node_id}" if pull.out else
                                     f"connect {box.node_id} to {pull.node}")
        elif pull.old is not None and far and not isinstance(box, NodeItem):
            view.verbs.disconnect_wire(pull.old)

    def _port_place(self, box: NodeItem, now: QPointF) -> QPointF | None:
        """Where the port is that the wire would go to."""
        edits, _ = connect_edits(self._view.canvas, self.pull, box.node_id, self._port_near(box, now))
        made = next((edit.edge for edit in edits if isinstance(edit, Connect)), None)
        if made is None:
            return None
        return box.port_place(made.target_port if self.pull.out else made.source_port, not self.pull.out)

    def _flow_back(self) -> None:
        """The wire that nothing took runs back to where it came from."""
        view, far = self._view, self._now
        self.banner = ""

        def step(share: float) -> None:
            self._now = far + (self.pull.place - far) * share
            view.viewport().update()

        def done() -> None:
            view.retreating = None
            view.viewport().update()

        view.retreating = self
        animate(view, FLOW, step, done)

    def end(self) -> None:
        """Take fading and lights away."""
        self._view.canvas.looks.fade(set())
        self._view.canvas.looks.offer(set(), "")
        self.goal = None
        QToolTip.hideText()

    def _port_near(self, box: NodeItem, now: QPointF) -> str:
        """The port next to the pointer when it is really near one, else empty: the node decides.

        Where ports are not drawn, nobody aims at one that has its wire.
        """
        down = box.card.down
        here = now - box.pos()
        spots = [s for s in box.card.ports if s.out != self.pull.out]
        start = pulled_port(self._view.canvas, self.pull)
        if start is not None and start.role == "state":
            spots = [s for s in spots if s.shape == "diamond"] or spots
        if self._view.zoom < NEAR and self.pull.out:
            taken = {e.target_port for e in self._view.canvas.graph.into(box.node_id)}
            free = [s for s in spots if s.many or s.name not in taken]
            if len(free) == 1:
                return free[0].name
            spots = free or spots
        away = {s.name: abs(s.place.x() - here.x()) if down else abs(s.place.y() - here.y()) for s in spots}
        near = min(away, key=away.__getitem__, default="")
        return near if len(spots) > 1 and away[near] < (2 * ROW if down else ROW) else ""

    def paint(self, painter: QPainter) -> None:
        """The loose wire and the banner; scene coordinates."""
        t = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("accent"), 2.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        now = self.goal if self.goal is not None else self._now
        ends = (self.pull.place, now) if self.pull.out else (now, self.pull.place)
        painter.drawPath(loose(self._view.canvas.flow, *ends))
        painter.setPen(QPen(t.color("accent"), 1))
        painter.drawEllipse(now, 9, 9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("accent"))
        painter.drawEllipse(now, 6, 6)
        painter.drawEllipse(self.pull.place, 6, 6)
        if self.banner:
            self._paint_banner(painter)

    def _paint_banner(self, painter: QPainter) -> None:
        t = theme()
        painter.save()
        painter.resetTransform()
        painter.setFont(ui_font(12))
        box = QRectF(16, 16, painter.fontMetrics().horizontalAdvance(self.banner) + 24, 30)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(t.color("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.banner)
        painter.restore()
