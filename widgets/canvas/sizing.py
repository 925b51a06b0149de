"""Notes and frames made larger and smaller by their edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from graph_compiler.graph.edits import Resize
from graph_compiler.graph.values import Json
from widgets.canvas.notes import FrameItem, NoteItem

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene
    from widgets.canvas.view import CanvasView

REACH = 6.0
"""How near an edge the pointer must be, px on screen."""
SMALLEST = {NoteItem: (72.0, 40.0), FrameItem: (96.0, 64.0)}
Edges = tuple[int, int]
"""-1 for the left or upper edge, 1 for the right or lower one, 0 for neither."""


def edges_at(canvas: CanvasScene, place: QPointF, zoom: float) -> tuple[str, Edges] | None:
    """The note or frame whose edge is under the pointer, and which edges. Cards in front of it go first."""
    box = canvas.box_at(place)
    if not isinstance(box, (NoteItem, FrameItem)):
        return None
    reach, rect = REACH / min(max(zoom, 0.25), 1.0), box.card_rect()
    edges = (_edge(place.x(), rect.left(), rect.right(), reach), _edge(place.y(), rect.top(), rect.bottom(), reach))
    return (box.node_id, edges) if any(edges) else None


def _edge(at: float, low: float, high: float, reach: float) -> int:
    return 1 if abs(at - high) <= reach else -1 if abs(at - low) <= reach else 0


def cursor_for(edges: Edges) -> Qt.CursorShape:
    """The shape of the pointer over edges."""
    if not edges[0] or not edges[1]:
        return Qt.CursorShape.SizeHorCursor if edges[0] else Qt.CursorShape.SizeVerCursor
    return Qt.CursorShape.SizeFDiagCursor if edges[0] == edges[1] else Qt.CursorShape.SizeBDiagCursor


class Sizing:
    """Edges of one note or frame in hand. Positions are scene coordinates."""

    def __init__(self, view: CanvasView, node_id: str, edges: Edges, start: QPointF, drag: int) -> None:
        self._view, self._id, self._edges, self._start, self._drag = view, node_id, edges, start, drag
        box = view.canvas.boxes[node_id]
        node = view.canvas.graph.nodes[node_id]
        self._rect = box.card_rect()
        self._least = SMALLEST[type(box)] if isinstance(box, (NoteItem, FrameItem)) else (0.0, 0.0)
        self._before = Resize(node_id, (node.x, node.y), (node.params.get("width"), node.params.get("height")),
                              view.canvas.scope, drag)
        self._moved = False

    def move(self, now: QPointF) -> None:
        """The pointer is elsewhere: the edges go with it, on the grid while that is on."""
        if self._id not in self._view.canvas.boxes:
            return
        rect, delta = QRectF(self._rect), now - self._start
        for axis, edge in enumerate(self._edges):
            if edge:
                self._pull(rect, axis, edge, (delta.x(), delta.y())[axis])
        canvas = self._view.canvas
        place, size = canvas.flow.framed(rect)
        sides: tuple[Json, Json] = size
        if isinstance(canvas.boxes[self._id], NoteItem):
            sides = (round(rect.width()), round(rect.height()) if self._edges[1] else self._before.size[1])
        edit = Resize(self._id, place, sides, canvas.scope, self._drag)
        self._moved = self._view.document.do(edit) or self._moved

    def _pull(self, rect: QRectF, axis: int, edge: int, by: float) -> None:
        low, high = (rect.left(), rect.right()) if axis == 0 else (rect.top(), rect.bottom())
        wish = (high if edge > 0 else low) + by
        on_grid = self._view.on_grid(QPointF(0, wish) if axis else QPointF(wish, 0))
        place = on_grid.y() if axis else on_grid.x()
        if edge > 0:
            high = max(place, low + self._least[axis])
        else:
            low = min(place, high - self._least[axis])
        if axis == 0:
            rect.setLeft(low)
            rect.setRight(high)
        else:
            rect.setTop(low)
            rect.setBottom(high)

    def cancel(self) -> None:
        """As it was."""
        if self._moved and self._id in self._view.canvas.boxes:
            self._view.document.do(self._before)
        self.end()

    def end(self) -> None:
        """The next drag is another step."""
        self._view.document.end_gesture()
