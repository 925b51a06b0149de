"""Verbs that put cards in order: auto-layout, alignment, even distances. Each is one step, shown as one motion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from graph_compiler.graph.edits import Edit, Move, Resize, RouteEdge
from graph_compiler.graph.layered import Card, Lead
from widgets.canvas.drifting import drift
from widgets.canvas.flow import SPREAD
from widgets.canvas.framing import Margins, arrange_framed
from widgets.canvas.items import NEAR, NodeItem
from widgets.canvas.notes import FrameItem, NoteItem
from widgets.canvas.steps import Steps
from widgets.words import plural

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

MARGIN, TITLE = 24.0, 40.0
"""Room that a frame leaves around its cards, and above them for its title, px."""
LEAST_ROW = 900.0
"""Rows are not made shorter than this, px."""
GAP = 32.0
"""Least free room between two cards that are spread out, px."""
SIDES: dict[str, Callable[[QRectF, QRectF], QPointF]] = {
    "left": lambda box, all_: QPointF(all_.left(), box.top()),
    "centre": lambda box, all_: QPointF(round(all_.center().x() - box.width() / 2), box.top()),
    "right": lambda box, all_: QPointF(all_.right() - box.width(), box.top()),
    "top": lambda box, all_: QPointF(box.left(), all_.top()),
    "middle": lambda box, all_: QPointF(box.left(), round(all_.center().y() - box.height() / 2)),
    "bottom": lambda box, all_: QPointF(box.left(), all_.bottom() - box.height())}
"""Where a box goes when it is aligned with the others, by the side."""


class Arranging(Steps):
    """Order on the canvas of one view."""

    def tidy(self) -> None:
        """Lay out the selection, or everything, in one step. Frames go with their cards, notes make room."""
        canvas = self._view.canvas
        whole = len(self._ids) < 2
        ids = [n for n in (canvas.boxes if whole else self._ids) if isinstance(canvas.boxes[n], NodeItem)]
        chosen = set(ids)
        held = {n: inside & chosen for n, inside in self._framed().items() if inside & chosen}
        frames = {f: cards for f, inside in held.items() if (cards := {n for n in inside if n in chosen})}
        places = arrange_framed({n: self._card(n) for n in ids}, self._leads(chosen), frames, self._room(), self._margins())
        if not places:
            return
        targets = {n: canvas.flow.turned(QPointF(*place)) for n, place in places.items()}
        boxes = {n: QRectF(targets[n], canvas.boxes[n].card_rect().size()) for n in ids}
        edits: list[Edit] = [RouteEdge(e.key, (), canvas.scope) for e in canvas.graph.edges.values()
                             if e.points and e.source in chosen and e.target in chosen]
        for frame, inside in held.items():
            edits += self._fit_frame(frame, [boxes.get(n, canvas.boxes[n].card_rect()) for n in inside])
        if whole:
            targets |= self._notes_beside(list(boxes.values()))
        if self._shift(targets, "lay out", edits):
            self._view.status.emit(f"Laid out {plural(len(ids), 'node')}. Ctrl+Z takes it back.")

    def _margins(self) -> Margins:
        """What frames leave free, along and across the flow: the title is above the cards on screen."""
        return Margins(TITLE, MARGIN, MARGIN, MARGIN) if self._view.canvas.flow.down else Margins(MARGIN, MARGIN, TITLE, MARGIN)

    def _room(self) -> float:
        """How long a row may be along the flow: what the view shows while cards still show everything."""
        size = self._view.viewport().size()
        length = size.height() if self._view.canvas.flow.down else size.width()
        return max(LEAST_ROW, (length - 80) / NEAR)

    def _card(self, node_id: str) -> Card:
        """A card along and across the flow; from top to bottom so large that it has room the other way too."""
        canvas = self._view.canvas
        box = canvas.boxes[node_id].card_rect()
        left, top, right, bottom = canvas.flow.turned_rect(box)
        across = max(box.width(), SPREAD * box.height()) if canvas.flow.down else bottom - top
        return Card(right - left, across, (left, top))

    def _leads(self, chosen: set[str]) -> list[Lead]:
        """Wires between the chosen cards; those for training alone do not bend the way the data flows."""
        canvas = self._view.canvas
        loose = canvas.training_only()
        return [Lead(e.source, e.target, self._port(e.source, e.source_port, True), self._port(e.target, e.target_port, False),
                     e.key in loose) for e in canvas.graph.edges.values() if e.source in chosen and e.target in chosen]

    def _port(self, node_id: str, name: str, out: bool) -> float:
        box = self._view.canvas.boxes[node_id]
        assert isinstance(box, NodeItem)
        return self._view.canvas.flow.turned(box.port_place(name, out) - box.pos()).y()

    def _framed(self) -> dict[str, set[str]]:
        """What stands inside each frame."""
        boxes = self._view.canvas.boxes
        return {n: set(inside_of(box, boxes)) for n, box in boxes.items() if isinstance(box, FrameItem)}

    def _fit_frame(self, frame: str, boxes: list[QRectF]) -> list[Edit]:
        """Edits that put a frame around boxes."""
        around, scope = QRectF(), self._view.canvas.scope
        for box in boxes:
            around = around.united(box)
        around.adjust(-MARGIN, -TITLE, MARGIN, MARGIN)
        return [Resize(frame, *self._view.canvas.flow.framed(around), scope)]

    def _notes_beside(self, cards: list[QRectF]) -> dict[str, QPointF]:
        """Notes that would lie on cards go below the drawing, side by side."""
        bottom = max(card.bottom() for card in cards) + GAP
        x, found = min(card.left() for card in cards), {}
        for node_id, box in self._view.canvas.boxes.items():
            if isinstance(box, NoteItem) and any(card.intersects(box.card_rect()) for card in cards):
                found[node_id] = QPointF(x, bottom)
                x += box.card_rect().width() + GAP
        return found

    def _shift(self, targets: Mapping[str, QPointF], verb: str, further: list[Edit] | None = None) -> bool:
        """Move cards in one step, together with further edits. False when everything is where it should be."""
        canvas = self._view.canvas
        before = {n: canvas.boxes[n].pos() for n in targets}
        moves = {n: canvas.flow.back(place) for n, place in targets.items() if place != before[n]}
        words = f"{verb} {plural(len(targets), 'node')}"
        if not moves or not self._do([*(further or []), Move(moves, canvas.scope, words=words)], words):
            return False
        drift(self._view, before)
        return True

    # A few cards beside one another.

    def align(self, side: str) -> None:
        """The selection along one side: left, centre, right, top, middle or bottom."""
        boxes = self._boxes(2)
        around = QRectF()
        for box in boxes.values():
            around = around.united(box)
        self._shift({n: SIDES[side](box, around) for n, box in boxes.items()}, f"align {side} of")

    def align_left(self) -> None:
        """Left edges in line."""
        self.align("left")

    def align_centre(self) -> None:
        """Centres one below the other."""
        self.align("centre")

    def align_right(self) -> None:
        """Right edges in line."""
        self.align("right")

    def align_top(self) -> None:
        """Top edges in line: chains run straight."""
        self.align("top")

    def align_middle(self) -> None:
        """Middles side by side."""
        self.align("middle")

    def align_bottom(self) -> None:
        """Bottom edges in line."""
        self.align("bottom")

    def spread_across(self) -> None:
        """The same free room between neighbours from left to right."""
        boxes = self._boxes(3)
        self._shift({n: QPointF(at, boxes[n].top()) for n, at in
                   _spread({n: (b.left(), b.right()) for n, b in boxes.items()}).items()}, "spread")

    def spread_down(self) -> None:
        """The same free room between neighbours from top to bottom."""
        boxes = self._boxes(3)
        self._shift({n: QPointF(boxes[n].left(), at) for n, at in
                   _spread({n: (b.top(), b.bottom()) for n, b in boxes.items()}).items()}, "spread")

    def _boxes(self, least: int) -> dict[str, QRectF]:
        canvas = self._view.canvas
        boxes = {n: canvas.boxes[n].card_rect() for n in self._ids}
        if len(boxes) < least:
            self._view.status.emit(f"Select {least} nodes or more.")
            return {}
        return boxes


def inside_of(frame: FrameItem, boxes: Mapping[str, NodeItem | NoteItem | FrameItem]) -> list[str]:
    """What stands wholly inside a frame."""
    area = frame.card_rect()
    return [n for n, box in boxes.items() if box is not frame and area.contains(box.card_rect())]


def with_framed(canvas: CanvasScene) -> list[str]:
    """The selection, and what stands in selected frames."""
    found = dict.fromkeys(canvas.selected)
    for node_id in canvas.selected:
        if isinstance(frame := canvas.boxes[node_id], FrameItem):
            found.update(dict.fromkeys(inside_of(frame, canvas.boxes)))
    return list(found)


def _spread(spans: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """New starts of spans so that all gaps are equal; the first and the last stay, or the last gives way to the least gap."""
    order = sorted(spans, key=lambda n: spans[n])
    if not order:
        return {}
    length = sum(end - start for start, end in spans.values())
    room = max(end for _, end in spans.values()) - spans[order[0]][0]
    gap = max((room - length) / (len(order) - 1), GAP)
    at, found = spans[order[0]][0], {}
    for node_id in order:
        found[node_id] = float(round(at))
        at += spans[node_id][1] - spans[node_id][0] + gap
    return found
