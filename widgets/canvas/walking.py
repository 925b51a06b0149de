"""Walking over the nodes by keys: the selection steps on, or the current node alone; nodes are moved by steps of the grid."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from graph_compiler.graph.edits import Move
from widgets.canvas.arranging import with_framed
from widgets.canvas.bending import bends_between, shifted
from widgets.canvas.steps import Steps

NUDGE = 8


class Walking(Steps):
    """What arrows do in one view."""

    def step(self, dx: int, dy: int, adding: bool = False) -> None:
        """Select the next node in a direction."""
        canvas = self._view.canvas
        if not canvas.boxes:
            return
        here = self._here()
        best = self._next(here, dx, dy, canvas.selected) if here else self._where_one_was()
        if best:
            canvas.select([*canvas.selected, best] if adding else [best])
            self._view.bring(best)

    def _here(self) -> str:
        """The current node, else the one selected last, empty for none."""
        canvas = self._view.canvas
        return canvas.current.id or (canvas.selected[-1] if canvas.selected else "")

    def _next(self, start: str, dx: int, dy: int, without: list[str]) -> str:
        """The nearest node in a direction, empty where there is none."""
        boxes = self._view.canvas.boxes
        here = boxes[start].card_rect().center()

        def cost(node_id: str) -> float:
            away = boxes[node_id].card_rect().center() - here
            along, across = away.x() * dx + away.y() * dy, abs(away.x() * dy) + abs(away.y() * dx)
            return along + 2 * across if along > 4 else float("inf")

        best = min((n for n in boxes if n != start and n not in without), key=cost, default="")
        return best if best and cost(best) < float("inf") else ""

    def _where_one_was(self) -> str:
        """The node next to the place of the last selected one, at first the one at the top left."""
        boxes, place = self._view.canvas.boxes, self._view.canvas.last_place
        if place is None:
            return min(boxes, key=lambda n: (boxes[n].x(), boxes[n].y()))
        return min(boxes, key=lambda n: (boxes[n].pos() - place).manhattanLength())

    # The current node.

    def _go(self, dx: int, dy: int) -> None:
        """The ring goes to the next node in a direction; what is selected stays selected."""
        canvas = self._view.canvas
        if not canvas.boxes:
            return
        here = self._here()
        best = self._next(here, dx, dy, []) if here else self._where_one_was()
        if best:
            canvas.current.move(best)
            self._view.bring(best)

    def go_left(self) -> None:
        """The ring one node to the left."""
        self._go(-1, 0)

    def go_right(self) -> None:
        """The ring one node to the right."""
        self._go(1, 0)

    def go_up(self) -> None:
        """The ring one node up."""
        self._go(0, -1)

    def go_down(self) -> None:
        """The ring one node down."""
        self._go(0, 1)

    def toggle_current(self) -> None:
        """The node with the ring joins the selection, or leaves it."""
        canvas = self._view.canvas
        if not canvas.boxes:
            return
        here = self._here() or self._where_one_was()
        rest = [n for n in canvas.selected if n != here]
        canvas.select(rest if here in canvas.selected else [*rest, here], canvas.selected_wires)
        canvas.current.move(here)
        self._view.bring(here)

    # Moving.

    def nudge(self, dx: int, dy: int) -> None:
        """Move the selection by one grid step."""
        canvas = self._view.canvas
        nodes, (x, y) = canvas.graph.nodes, canvas.flow.back(QPointF(dx * NUDGE, dy * NUDGE))
        positions = {n: (nodes[n].x + x, nodes[n].y + y) for n in with_framed(canvas)}
        if positions:
            self._view.document.do(Move(positions, canvas.scope, bends=shifted(bends_between(canvas, positions), x, y)))

    def move_left(self) -> None:
        """The selection one step of the grid to the left."""
        self.nudge(-1, 0)

    def move_right(self) -> None:
        """The selection one step of the grid to the right."""
        self.nudge(1, 0)

    def move_up(self) -> None:
        """The selection one step of the grid up."""
        self.nudge(0, -1)

    def move_down(self) -> None:
        """The selection one step of the grid down."""
        self.nudge(0, 1)
