"""The canvas as a place that entries of the palette are dropped on: the wire below lights up and takes the node (Alt: not)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from widgets.canvas.zooming import ZoomView
from widgets.palette_list import MIME

if TYPE_CHECKING:
    from widgets.canvas.gestures import Gestures
    from widgets.canvas.verbs import Verbs


class DropView(ZoomView):
    """A view whose verbs add what is dropped."""

    gestures: Gestures
    verbs: Verbs

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self.gestures.light_wire(None if alone else self.mapToScene(event.position().toPoint()))
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.gestures.light_wire(None)
        name = bytes(event.mimeData().data(MIME).data()).decode()
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.verbs.add(name, self.mapToScene(event.position().toPoint()), insert=not alone)
        self.setFocus()
        event.acceptProposedAction()
