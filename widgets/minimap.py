"""The minimap: the whole drawing small, with the part in view as a frame that can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from widgets.canvas.items import NodeItem
from widgets.canvas.notes import FrameItem, NoteItem
from widgets.theme import FAMILY_HUES, theme, themes

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

WIDTH, HEIGHT = 175, 111
INSET = 16
"""From the lower left corner of the canvas."""
PAD = 6.0
LOWEST = 420
"""In a view lower than this the map would cover cards: it hides, px."""
LAG = 100
"""How long the map may lag behind an edit, milliseconds."""


class Minimap(QWidget):
    """Lives in the lower left of the view. Cards are painted once into a pixmap until the drawing changes."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)  # not of the viewport: scrolling would carry it away
        self._view = view
        self._cards: QPixmap | None = None
        self._area = QRectF(0, 0, 1, 1)
        self._low = self._wanted = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LAG)
        self._soon.timeout.connect(self._forget)
        self.setFixedSize(WIDTH, HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Map of the drawing")
        self.setToolTip("Click or drag to move the view.")
        view.view_moved.connect(self._moved)
        view.scene_changed.connect(self._adopt)
        themes.changed.connect(self._forget)
        view.viewport().installEventFilter(self)
        self._adopt()
        self._stand()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def _adopt(self) -> None:
        self._view.canvas.followed.connect(self._stale)
        self._forget()

    def _stale(self) -> None:
        """The drawing has changed: paint the cards again soon, not at every step of a drag."""
        if not self._soon.isActive():
            self._soon.start()

    def _forget(self, _: object = None) -> None:
        self._cards = None
        self.update()

    def _moved(self) -> None:
        """The view moved; where the map's area does not follow from it, the cards stay as they are."""
        if self._wanted_area() != self._area:
            self._cards = None
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._stand()
        return False

    def _stand(self) -> None:
        """In its corner; away while the view is low, and back when it has room again."""
        height = self._view.viewport().height()
        self.move(INSET, height - HEIGHT - INSET)
        self._tell()
        if (height < LOWEST) == self._low:
            return
        if not self._low:
            self._wanted = not self.isHidden()
        self._low = height < LOWEST
        super().setVisible(not self._low and self._wanted)
        self._tell()

    def setVisible(self, visible: bool) -> None:
        """Show or hide it; in a low view it shows when there is room again."""
        self._wanted = visible
        super().setVisible(visible and not self._low)
        self._tell()

    def _tell(self) -> None:
        """What fits the drawing into the view leaves room for the map."""
        self._view.corner = QRect() if self.isHidden() else self.geometry().adjusted(-INSET, -INSET // 2, INSET // 2, INSET)

    def _wanted_area(self) -> QRectF:
        """What the map shows: all cards and the part in view, in scene coordinates."""
        return self._view.canvas.content_rect().united(self._view.visible_rect())

    def _scale(self) -> float:
        return min((WIDTH - 2 * PAD) / max(self._area.width(), 1.0), (HEIGHT - 2 * PAD) / max(self._area.height(), 1.0))

    def _to_map(self, rect: QRectF) -> QRectF:
        scale, middle = self._scale(), self._area.center()
        return QRectF(WIDTH / 2 + (rect.left() - middle.x()) * scale, HEIGHT / 2 + (rect.top() - middle.y()) * scale,
                      rect.width() * scale, rect.height() * scale)

    def _gather(self) -> QPixmap:
        self._area = self._wanted_area()
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(WIDTH * ratio), round(HEIGHT * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter, t = QPainter(picture), theme()
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_ground(painter)
        groups: dict[str, list[QRectF]] = {}
        for box in self._view.canvas.boxes.values():
            if isinstance(box, NodeItem):
                small = self._to_map(box.card_rect())
                small.setSize(small.size().expandedTo(QSize(2, 2)))
                groups.setdefault(FAMILY_HUES.get(box.card.family, "grey"), []).append(small)
        for hue, rects in groups.items():
            painter.setBrush(QColor(t.hues[hue].strip))
            painter.drawRects(rects)
        painter.end()
        return picture

    def _paint_ground(self, painter: QPainter) -> None:
        """Frames as tints, notes as slips of paper."""
        t, boxes = theme(), self._view.canvas.boxes.values()
        for box in boxes:
            if isinstance(box, FrameItem):
                painter.setBrush(QColor(t.hues.get(box.hue, t.hues["grey"]).tint))
                painter.drawRect(self._to_map(box.card_rect()))
        painter.setBrush(t.color("noteline"))
        painter.drawRects([self._to_map(box.card_rect()) for box in boxes if isinstance(box, NoteItem)])

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cards is None:
            self._cards = self._gather()
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("card" if t.name.startswith("light") else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.drawPixmap(0, 0, self._cards)
        seen = self._to_map(self._view.visible_rect()).intersected(QRectF(self.rect()).adjusted(4, 4, -4, -4))
        painter.setPen(QPen(t.color("accent"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(seen, 3, 3)
        painter.end()

    def _look_at(self, place: QPointF) -> None:
        scale, middle = self._scale(), self._area.center()
        away = (place - QPointF(WIDTH / 2, HEIGHT / 2)) / scale
        self._view.centerOn(middle + away)
        self._view.view_moved.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._look_at(event.position())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event.position())
        event.accept()
