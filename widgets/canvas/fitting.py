"""The drawing fitted into the view so that the map in its corner lies on nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPathStroker

from widgets.canvas.notes import FrameItem
from widgets.canvas.zooming import zoom_into

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

MOST_WIRES = 200
"""More wires that leave the rows are not looked at one by one."""


def clear_of_map(view: CanvasView, box: QRectF, largest: float) -> tuple[float, QPointF]:
    """Zoom, and what is in the middle: in the whole view, or beside or above the map where it would cover something."""
    whole, corner = QRectF(view.viewport().rect()), QRectF(view.corner)
    zoom = zoom_into(box, whole.toRect(), largest)
    if corner.isEmpty() or not _covers(view, corner, zoom, box.center()):
        return zoom, box.center()
    rooms = (whole.adjusted(corner.right(), 0, 0, 0), whole.adjusted(0, 0, 0, corner.top() - whole.bottom()))
    zoom, room = max(((zoom_into(box, room.toRect(), largest), room) for room in rooms), key=lambda found: found[0])
    return zoom, box.center() + (whole.center() - room.center()) / zoom


def _covers(view: CanvasView, corner: QRectF, zoom: float, middle: QPointF) -> bool:
    """Whether the map would lie on a card, or on a wire that leaves the rows."""
    canvas, here = view.canvas, QRectF(view.viewport().rect()).center()
    under = QRectF((corner.topLeft() - here) / zoom + middle, corner.size() / zoom)
    if any(under.intersects(b.card_rect()) for b in canvas.boxes.values() if not isinstance(b, FrameItem)):
        return True
    paths = [canvas.wires[key].path() for key in canvas.router.bent()]
    near = [path for path in paths if under.intersects(path.controlPointRect())]
    return len(near) <= MOST_WIRES and any(QPainterPathStroker().createStroke(path).intersects(under) for path in near)
