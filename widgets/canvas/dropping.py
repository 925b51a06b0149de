"""The canvas as a place that entries of the palette are dropped on: the wire below lights up and takes the node (Alt: not)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from widgets.canvas.connecting import through
from widgets.canvas.zooming import ZoomView
from widgets.offer import key_of
from widgets.palette_list import MIME

if TYPE_CHECKING:
    from graph_compiler.specs.nodes import NodeSpec
    from widgets.canvas.gestures import Gestures
    from widgets.canvas.verbs import Verbs


class DropView(ZoomView):
    """A view whose verbs add what is dropped."""

    gestures: Gestures
    verbs: Verbs
    _through = True
    """Whether what hangs over the view can stand in a wire."""

    def offered(self) -> list[NodeSpec]:
        """What can be placed in view."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            name = _key(event)
            self._through = through(next((spec for spec in self.offered() if key_of(spec) == name), None))
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier) or not self._through
            self.gestures.light_wire(None if alone else self.mapToScene(event.position().toPoint()))
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.gestures.light_wire(None)
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier) or not self._through
        self.verbs.add(_key(event), self.mapToScene(event.position().toPoint()), insert=not alone)
        self.setFocus()
        event.acceptProposedAction()


def _key(event: QDropEvent) -> str:
    """What is dragged: a type, or a block."""
    return bytes(event.mimeData().data(MIME).data()).decode()
