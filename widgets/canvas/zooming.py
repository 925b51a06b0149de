"""A graphics view: the wheel of a mouse and a pinch zoom at the pointer, two fingers pan. It knows nothing of graphs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QAccessible, QInputDevice, QNativeGestureEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from widgets.motion import ZOOM, animate

SMALLEST, LARGEST = 0.05, 4.0
NOTCH, FINGERS = 120, 500
"""What a notch of a wheel counts; for so long after a finer step every step is that of fingers, ms."""
MARGIN, LEAST_MARGIN = 80.0, 32.0
"""What is left free around a rectangle that is shown whole, in the scene, px."""
READABLE, NATURAL = 0.705, 1.0
"""The zoom from which a card shows everything, and at which its lines are sharpest."""


def zoom_into(box: QRectF, room: QRect, largest: float) -> float:
    """The zoom at which a scene rectangle fits into so much of the view. The margin gives way for sharp, for readable cards."""
    wide, narrow = (min(room.width() / (box.width() + margin), room.height() / (box.height() + margin), largest)
                    for margin in (MARGIN, LEAST_MARGIN))
    return next((step for step in (NATURAL, READABLE) if wide < step <= narrow), wide)


class ZoomView(QGraphicsView):
    """Zoom 1.0 is 100 %. `view_moved` comes after every pan and zoom."""

    access_role = QAccessible.Role.Canvas
    zoom_changed = Signal(float)
    view_moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gliding: QVariantAnimation | None = None
        self._fingers_at = -FINGERS
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def level_for(self, zoom: float) -> None:
        """Called before the zoom changes: choose what is drawn at it."""

    @property
    def zoom(self) -> float:
        """1.0 is 100 %."""
        return float(self.transform().m11())

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Set the zoom, holding the point `around` (viewport coordinates; the middle without one) still."""
        zoom = min(max(zoom, SMALLEST), LARGEST)
        fixed = around if around is not None else QPointF(self.viewport().rect().center())
        before = self.mapToScene(fixed.toPoint())
        self.level_for(zoom)
        self.resetTransform()
        self.scale(zoom, zoom)
        self._scroll(before, fixed)
        self.zoom_changed.emit(zoom)
        self.view_moved.emit()

    def _scroll(self, scene_point: QPointF, viewport_point: QPointF) -> None:
        """Scroll so that a scene point lies at a viewport point."""
        now = self.mapFromScene(scene_point)
        self.pan(viewport_point - QPointF(now))

    def pan(self, delta: QPointF) -> None:
        """Move the picture by so many pixels."""
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        for bar, moved in ((horizontal, delta.x()), (vertical, delta.y())):
            bar.setValue(round(min(max(bar.value() - moved, bar.minimum()), bar.maximum())))
        self.view_moved.emit()

    def zoom_by(self, factor: float) -> None:
        """Zoom about the middle."""
        self.halt()
        self.zoom_to(self.zoom * factor)

    def zoom_100(self) -> None:
        """100 %."""
        self.halt()
        self.zoom_to(1.0)

    def show_rect(self, box: QRectF, largest: float = 1.0, smooth: bool = True) -> None:
        """Zoom and scroll so that a scene rectangle is seen whole, with a margin; `smooth` shows the way there."""
        if box.isEmpty():
            return
        zoom, middle = self.fitting(box, largest)
        self.glide(min(max(zoom, SMALLEST), LARGEST), middle) if smooth else self._jump(zoom, middle)

    def fitting(self, box: QRectF, largest: float) -> tuple[float, QPointF]:
        """The zoom at which a scene rectangle is seen whole, and what is in the middle of the view then."""
        return zoom_into(box, self.viewport().rect(), largest), box.center()

    def _jump(self, zoom: float, middle: QPointF) -> None:
        self.zoom_to(zoom)
        self._scroll(middle, QPointF(self.viewport().rect().center()))

    def glide(self, zoom: float, middle: QPointF) -> None:
        """To a zoom with a scene point in the middle of the view, by way of what lies between."""
        here = QPointF(self.viewport().rect().center())
        start, first = self.zoom, self.mapToScene(here.toPoint())
        self.halt()

        def step(share: float) -> None:
            self.zoom_to(zoom if share >= 1 else start * (zoom / start) ** share)
            self._scroll(first + (middle - first) * share, QPointF(self.viewport().rect().center()))

        self._gliding = animate(self, ZOOM, step, self._glided)

    def _glided(self) -> None:
        self._gliding = None

    def halt(self) -> None:
        """Stay where the view is: a hand has taken over."""
        gliding, self._gliding = self._gliding, None
        if gliding is not None:
            gliding.stop()

    def visible_rect(self) -> QRectF:
        """What is seen, in scene coordinates."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.halt()
        pixels = event.pixelDelta()
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if held & Qt.KeyboardModifier.ControlModifier or (not held and self._is_mouse(event)):
            self.zoom_to(self.zoom * 1.0015 ** event.angleDelta().y(), event.position())
        elif not pixels.isNull():
            self.pan(QPointF(pixels))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPointF(event.angleDelta().y() / 2, 0))
        else:
            self.pan(QPointF(event.angleDelta()) / 2)
        event.accept()

    def _is_mouse(self, event: QWheelEvent) -> bool:
        """Whether a wheel with notches turned: it zooms. Fingers on a trackpad, whose steps are finer, move the picture."""
        step, now = event.angleDelta(), event.timestamp()
        fine = not event.pixelDelta().isNull() or step.x() != 0 or step.y() % NOTCH != 0
        fine = fine or event.phase() != Qt.ScrollPhase.NoScrollPhase or event.deviceType() == QInputDevice.DeviceType.TouchPad
        if fine:
            self._fingers_at = now
        return not fine and not 0 <= now - self._fingers_at < FINGERS

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self.zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)
