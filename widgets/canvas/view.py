"""The view: pans, zooms, and hands the mouse to the gesture that fits. Verbs of the keyboard live in `verbs`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmapCache,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from graph_compiler.specs.nodes import NodeSpec
from widgets.canvas.appearance import Appearance
from widgets.canvas.bubbles import Bubbles
from widgets.canvas.dropping import DropView
from widgets.canvas.fitting import clear_of_map
from widgets.canvas.flow import Flow
from widgets.canvas.geometry import WIDTH
from widgets.canvas.gestures import Gesture, Gestures, snapped
from widgets.canvas.ground import EMPTY, EMPTY_BLOCK, paint_empty, paint_ground
from widgets.canvas.pulling import Pulling
from widgets.canvas.running import Running
from widgets.canvas.scene import CanvasScene
from widgets.canvas.scopes import scope_at
from widgets.canvas.telling import Telling
from widgets.canvas.trail import Seen, Trail
from widgets.canvas.verbs import Verbs
from widgets.canvas.zooming import SMALLEST
from widgets.controls.focus import note_focus
from widgets.document import GraphDocument
from widgets.offer import offered
from widgets.saved_blocks import SavedBlocks
from widgets.theme import themes

CARDS_KB = 64 * 1024
"""Room for the pictures of cards at one pixel per point, kB."""
LARGE, ROOM = 200, QSize(800, 500)
"""From so many nodes on a drawing is first seen as a whole; the least room the view will have for it, px."""
AUTO_PAN_EDGE, AUTO_PAN_STEP = 28, 14


class CanvasView(DropView):
    """A graph to look at and to edit. The verbs (copy, delete, tidy, ...) are its public slots."""

    selection_changed = Signal(list)
    edit_wanted = Signal()
    """Enter on a node: its fields should take the keyboard."""
    save_wanted = Signal(str)
    """A block should be saved to the user's blocks: its name."""
    explain = Signal(object)
    status = Signal(str)
    scene_changed = Signal()
    """Another scene is shown."""
    hovered = Signal(str)
    """The node under the pointer, empty for none."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.canvas = CanvasScene(document, parent=self)
        self.setScene(self.canvas)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Canvas")
        self.setProperty("focusSeen", False)
        self.snap = True
        self.appearance = Appearance()
        self.saved: SavedBlocks | None = None
        """Blocks of the user that any drawing can take."""
        self.corner = QRect()
        """Where the map stands, viewport px; empty without one."""
        self._space = self._panned = False
        self._pan_from: QPoint | None = None
        self.pointer: QPoint | None = None
        """Where the mouse is over the canvas (viewport px), None when it is elsewhere."""
        self.verbs = Verbs(self)
        self.gestures = Gestures(self)
        self.retreating: Pulling | None = None
        """A wire that flows back after nothing took it."""
        self.bubbles = Bubbles(self)
        self.telling = Telling(self)
        self.running = Running(self)
        self._auto_pan = QTimer(self)
        self._auto_pan.setInterval(30)
        self._auto_pan.timeout.connect(self._pan_at_edge)
        self._was_empty = False
        self.trail = Trail(self)
        document.stepped.connect(self.trail.follow)
        document.finds_room(self.verbs.with_room)
        self._adopt_scene()
        self.view_moved.connect(self._refresh_empty)
        themes.changed.connect(self._retheme)
        room = round(CARDS_KB * self.devicePixelRatioF())
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), room))

    def _adopt_scene(self) -> None:
        self.canvas.selection_changed.connect(self.selection_changed)
        self.canvas.lost.connect(self.trail.recover)
        self.canvas.followed.connect(self._refresh_empty)
        self.canvas.followed.connect(self.gestures.overtaken)
        self.canvas.setSceneRect(QRectF(-50_000, -50_000, 100_000, 100_000))
        self.setScene(self.canvas)
        self.canvas.set_zoom(self.zoom)
        self.bubbles.adopt()
        self.running.adopt()
        self.scene_changed.emit()

    def set_document(self, document: GraphDocument, outer: str = "", seen: Seen | None = None) -> None:
        """Show another document, or another place of it: the inside of the instance at a path, or as it was seen last."""
        self.gestures.cancel()
        self.document.stepped.disconnect(self.trail.follow)
        document.stepped.connect(self.trail.follow)
        document.finds_room(self.verbs.with_room)
        self.document = document
        self.show_place(seen.path if seen is not None and scope_at(document.document, seen.path) is not None else outer)
        self.trail.start(seen)

    def show_place(self, outer: str) -> None:
        """Show the inside of the instance at a path, or the drawing itself for an empty one."""
        self.gestures.cancel()
        self.verbs.close_popups()
        old = self.canvas
        old.detach()
        if old.document is self.document:
            self.canvas = CanvasScene(self.document, outer, self, old.thumbnails, self.appearance)
        else:
            if len(self.document.document.graph.nodes) > LARGE:  # labels and pixmaps that are not seen are not made
                whole = self._whole_zoom()
                self.resetTransform()
                self.scale(whole, whole)
            self.canvas = CanvasScene(self.document, outer, self, appearance=self.appearance, zoom=self.zoom)
            self.zoom_changed.emit(self.zoom)
        self._adopt_scene()
        self.selection_changed.emit([])

    def _whole_zoom(self) -> float:
        """About the zoom at which the whole drawing is seen, whether the view has its size already or not."""
        room = self.viewport().size().expandedTo(ROOM)
        places = [Flow(self.appearance.down).place(n.x, n.y) for n in self.document.document.graph.nodes.values()]
        width, height = (max(along, default=0.0) - min(along, default=0.0) + WIDTH
                         for along in ([p.x() for p in places], [p.y() for p in places]))
        return max(min(1.0, room.width() / width, room.height() / height), SMALLEST)

    def set_appearance(self, appearance: Appearance) -> None:
        """Draw wires in another way."""
        turned = appearance.down != self.appearance.down
        self.appearance = appearance
        if turned:
            chosen = list(self.canvas.selected)
            self.show_place(self.canvas.outer)
            self.select(chosen)
            self.home()
        else:
            self.gestures.cancel()
            self.canvas.set_appearance(appearance)
            self.viewport().update()

    # A run.

    def set_running(self, share: float | None) -> None:
        """How much of the run is done, 0 to 1: fills the bars on the layers. None takes everything of the run away."""
        self.running.set_share(share)
        if share is None:
            self.canvas.looks.clear_live()

    def set_live(self, path: str, histogram: Sequence[float]) -> None:
        """Bars of what flows out of a layer now, by its path from the root."""
        self.canvas.looks.change(path, lambda look: setattr(look, "live", tuple(histogram)))

    def set_live_text(self, path: str, text: str) -> None:
        """A number on a card, such as the newest value of a Loss."""
        self.canvas.looks.change(path, lambda look: setattr(look, "live_text", text))

    def offered(self) -> list[NodeSpec]:
        """What can be placed in the graph in view."""
        saved = self.saved.entries() if self.saved is not None else []
        return offered(self.document.registry, self.document.document, self.canvas.scope, saved)

    def on_grid(self, place: QPointF) -> QPointF:
        """The place, on the grid while that is on."""
        if not self.snap:
            return place
        x, y = self.canvas.flow.back(place)
        return self.canvas.flow.place(snapped(x), snapped(y))

    # What is looked at.

    def level_for(self, zoom: float) -> None:
        self.canvas.set_zoom(zoom)

    def fit(self) -> None:
        """Everything."""
        self.show_rect(self.canvas.content_rect())

    def fitting(self, box: QRectF, largest: float) -> tuple[float, QPointF]:
        return clear_of_map(self, box, largest)

    def fit_selection(self) -> None:
        """The selection; everything without one."""
        box = QRectF()
        for node_id in self.canvas.selected:
            box = box.united(self.canvas.boxes[node_id].card_rect())
        self.show_rect(box if not box.isEmpty() else self.canvas.content_rect())

    def home(self) -> None:
        """100 % with the upper left corner of the drawing near the corner of the view; fit when it is too large."""
        box = self.canvas.content_rect()
        room = self.viewport().size()
        if box.width() + 40 <= room.width() and box.height() + 64 <= room.height() and 40 + box.height() <= self.lowest:
            self.zoom_to(1.0)
            self._scroll(box.topLeft(), QPointF(min(40.0, (room.width() - box.width()) / 2), 40))
        else:
            self.show_rect(box, smooth=False)

    @property
    def lowest(self) -> int:
        """How far down the drawing may reach beside nothing but the canvas, viewport px."""
        return self.viewport().height() if self.corner.isEmpty() else self.corner.top()

    def look_at(self, zoom: float, middle: QPointF) -> None:
        """A zoom, and a scene point in the middle of the view."""
        self.zoom_to(zoom)
        self._scroll(middle, QPointF(self.viewport().rect().center()))

    def center_on(self, node_id: str) -> None:
        """Scroll to a node and select it."""
        if node_id in self.canvas.boxes:
            self.canvas.select([node_id])
            box = self.canvas.boxes[node_id].card_rect()
            if not self.visible_rect().contains(box):
                self._scroll(box.center(), QPointF(self.viewport().rect().center()))

    def bring(self, node_id: str) -> None:
        """Scroll as little as it takes to see a node whole."""
        if node_id in self.canvas.boxes:
            self.ensureVisible(self.canvas.boxes[node_id].card_rect(), 40, 40)
            self.view_moved.emit()

    def reveal(self, node_id: str) -> None:
        """Select a node and scroll as little as it takes to see it whole."""
        if node_id in self.canvas.boxes:
            self.canvas.select([node_id])
            self.bring(node_id)

    def select(self, ids: list[str]) -> None:
        """Select these nodes."""
        self.canvas.select(ids)

    # Mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.halt()
        if event.button() == Qt.MouseButton.MiddleButton or (self._space and event.button() == Qt.MouseButton.LeftButton):
            self._pan_from = event.position().toPoint()
            self._panned = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.gestures.press(event)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.OtherFocusReason:  # given back by the program: ringed or not, as before
            note_focus(self, event)
        self.canvas.current.have_keys(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.canvas.current.have_keys(False)
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointer = None
        self.gestures.left()
        super().leaveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer = event.position().toPoint()
        if self._pan_from is not None:
            here = event.position().toPoint()
            self.pan(QPointF(here - self._pan_from))
            self._pan_from = here
        else:
            self.gestures.move(event)
            if self.gestures.drags and not self._auto_pan.isActive():
                self._auto_pan.start()
                self.bubbles.place()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._auto_pan.stop()
        if self._pan_from is not None:
            self._pan_from = None
            self.viewport().unsetCursor()
        else:
            self.gestures.release(event)
            self.bubbles.place()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gestures.double_click(event)

    def _pan_at_edge(self) -> None:
        """While something is dragged to the edge, the picture moves."""
        here, box = self.pointer, self.viewport().rect()
        if here is None:
            return
        dx = AUTO_PAN_STEP * ((here.x() > box.width() - AUTO_PAN_EDGE) - (here.x() < AUTO_PAN_EDGE))
        dy = AUTO_PAN_STEP * ((here.y() > box.height() - AUTO_PAN_EDGE) - (here.y() < AUTO_PAN_EDGE))
        if (dx or dy) and box.adjusted(-60, -60, 60, 60).contains(here) and self.gestures.drags:
            self.pan(QPointF(-dx, -dy))
            self.gestures.panned(self.mapToScene(here), self.viewport().mapToGlobal(here))

    # Keys.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self._space, self._panned = True, False
            return
        if event.key() == Qt.Key.Key_Escape and self._step_back():
            return
        if not self.verbs.key(event):
            super().keyPressEvent(event)

    def _step_back(self) -> bool:
        """Escape: end the gesture, else let the selection go, else go out of the block."""
        if self.gestures.active is not Gesture.NONE:
            self.gestures.cancel()
        elif self.canvas.selected or self.canvas.selected_wires or self.canvas.current.id:
            self.canvas.select([])
        else:
            return self.trail.leave()
        return True

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if self._space and not self._panned:
                self.verbs.open_search()
            self._space = False
            return
        super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab opens the search while the pointer is over the canvas; elsewhere it moves the focus. Escape comes here first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            if self.gestures.active is not Gesture.NONE or self.canvas.selected or self.canvas.current.id or self.canvas.outer:
                event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab \
                and not event.modifiers() and self.pointer is not None:
            self.verbs.open_search()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self.telling.show(event.pos(), event.globalPos())
            return True
        return super().viewportEvent(event)

    # Painting.

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_ground(painter, rect, self.zoom)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self.gestures.paint(painter)
        for wire in (self.verbs.held, self.retreating):
            if wire is not None:
                wire.paint(painter)
        if not self.canvas.boxes:
            paint_empty(painter, self.viewport().rect(), EMPTY_BLOCK if self.canvas.outer else EMPTY)

    def _refresh_empty(self) -> None:
        """The words of an empty canvas stand still while it is panned, and go with the first node."""
        empty = not self.canvas.boxes
        if empty or self._was_empty:
            self.viewport().update()
        self._was_empty = empty

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view_moved.emit()

    def _retheme(self, _: object) -> None:
        self.viewport().update()
