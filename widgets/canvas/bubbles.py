"""Which bubble is open: of the selected node, of the hovered one, else of the newest error. One at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF

from graph_compiler.analysis.diagnostics import Diagnostic
from widgets.canvas.bubble import INSIDE, Bubble, place_anyhow, place_beside
from widgets.canvas.items import FAR, NodeItem
from widgets.canvas.notes import FrameItem
from widgets.motion import appear

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

QUIET = frozenset({"missing-input"})
"""What is merely unfinished does not open a bubble by itself: every fresh node would."""
EDGE = 8


class Bubbles(QObject):
    """Opens, moves and closes the bubble of one view."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.bubble: Bubble | None = None
        self._known: set[tuple[str, str, str]] = set()
        self._newest: tuple[str, str, str] | None = None
        self._hovered = ""
        view.view_moved.connect(self.place)
        view.hovered.connect(self._hover)
        view.selection_changed.connect(self.refresh)

    def adopt(self) -> None:
        """The view shows another scene."""
        self._known, self._newest, self._hovered = set(), None, ""
        self._view.canvas.followed.connect(self._followed)
        self._followed()

    def _followed(self) -> None:
        """The newest error is one that was not there before; it goes when it is mended."""
        problems = [p for found in self._view.canvas.looks.problems.values() for p in found]
        keys = {_key(p): p for p in problems if p.severity == "error"}
        fresh = [k for k, p in keys.items() if k not in self._known and p.code not in QUIET]
        self._known = set(keys)
        if fresh:
            self._newest = fresh[0]
        elif self._newest not in keys:
            self._newest = None
        self.refresh()

    def _hover(self, node_id: str) -> None:
        self._hovered = node_id
        if node_id or self.bubble is None or not self.bubble.underMouse():
            self.refresh()

    def wanted(self) -> Diagnostic | None:
        """The problem to show."""
        canvas = self._view.canvas
        chosen = canvas.selected[0] if len(canvas.selected) == 1 else ""
        for node_id in (self._hovered, chosen):
            found = [p for p in canvas.problems_of(node_id) if p.severity != "note" or node_id == self._hovered]
            if found:
                return found[0]
        if self._newest is not None:
            return next((p for p in canvas.problems_of(self._newest[0]) if _key(p) == self._newest), None)
        return None

    def refresh(self, _: object = None) -> None:
        """Open the bubble that should be open, close any other."""
        problem = self.wanted()
        if problem is None or (self.bubble is not None and self.bubble.problem != problem):
            self.close()
        if problem is not None and self.bubble is None:
            self.bubble = Bubble(problem, self._view)  # not of the viewport: scrolling would carry it away
            self.bubble.fix.connect(self._fix)
            self.bubble.explain.connect(self._explain)
        self.place()

    def close(self) -> None:
        """Take the bubble away."""
        if self.bubble is not None:
            bubble, self.bubble = self.bubble, None
            bubble.hide()
            bubble.deleteLater()

    def place(self) -> None:
        """Beside its node, or hidden where there is no room (unless asked for), below 40 %, and while something is dragged."""
        bubble, view = self.bubble, self._view
        if bubble is None:
            return
        box = view.canvas.boxes.get(bubble.problem.node)
        if box is None or view.zoom < FAR or view.gestures.drags or view.verbs.search is not None:
            bubble.hide()
            return
        node = self._on_screen(box.card_rect())
        room = QRectF(view.viewport().rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        others = self._taken()
        found = place_beside(node, bubble.card_size(), room, others)
        if found is None and self._asked(bubble.problem.node) and node.intersects(room):
            found = place_anyhow(node, bubble.card_size(), room, others)
        if found is None:
            bubble.hide()
            return
        side, card = found
        aim = self._aim(bubble.problem, node)
        bubble.put(side, card, aim.x() if side in ("below", "above") else aim.y(), node)
        if bubble.isHidden():
            bubble.show()
            appear(bubble)

    def _taken(self) -> list[QRectF]:
        """What should not be covered, viewport px: cards and notes, labels of wires, the map."""
        canvas, around = self._view.canvas, self._view.visible_rect()
        places = [b.card_rect() for b in canvas.boxes.values() if not isinstance(b, FrameItem)]
        places += [label.sceneBoundingRect() for label in canvas.labels.values() if label.isVisible()]
        corner = QRectF(self._view.corner)
        return [*(self._on_screen(p) for p in places if around.intersects(p)), *([] if corner.isEmpty() else [corner])]

    def _asked(self, node_id: str) -> bool:
        """Whether somebody points at the node or has selected it: then its words are shown even where they cover others."""
        return self._hovered == node_id or self._view.canvas.selected == [node_id]

    def _aim(self, problem: Diagnostic, node: QRectF) -> QPointF:
        """The guilty port; seen from above or below, a place near it on the node's edge."""
        box = self._view.canvas.boxes[problem.node]
        spot = box.card.port(problem.port, out=False) if isinstance(box, NodeItem) and problem.port else None
        zoom = self._view.zoom
        y = node.top() + (spot.place.y() if spot else 20.0) * zoom
        return QPointF(node.left() + 28, y)

    def _on_screen(self, rect: QRectF) -> QRectF:
        return QRectF(self._view.mapFromScene(rect).boundingRect())

    def _fix(self) -> None:
        if self.bubble is not None:
            problem = self.bubble.problem
            self._view.setFocus()
            self._view.document.mend(problem.fixes[0].edit, problem.path)

    def _explain(self) -> None:
        if self.bubble is None:
            return
        problem = self.bubble.problem
        if problem.code == INSIDE:
            self._view.trail.jump(self._guilty(problem.path))
        else:
            self._view.explain.emit(problem)

    def _guilty(self, path: str) -> str:
        """The node inside a block, however deep, that the block's problem comes from."""
        inside = self._view.document.analysis.inside(path)
        failed = next((f for f in inside.facts.values() if f.failed), None) if inside is not None else None
        if failed is None:
            return path
        return self._guilty(failed.path) if failed.problems[0].code == INSIDE else failed.path


def _key(problem: Diagnostic) -> tuple[str, str, str]:
    return problem.node, problem.code, problem.port
