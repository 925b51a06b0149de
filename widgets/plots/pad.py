"""The drawing pad: strokes with the mouse, light on dark, as the digits were written."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.fonts import ui_font
from widgets.theme import DARK, theme

SIDE = 280
"""Resolution of the drawing in pixels a side."""
PICTURE_INSET = 8


class DrawingPad(QWidget):
    """A dark field to draw on. `drawn` comes after each finished stroke and each change by undo or clear."""

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[tuple[bool, list[QPointF]]] = []
        self._open = False
        self._picture: QImage | None = None
        self.erasing = False
        self.width_share = 0.085
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Drawing pad")
        self.setMinimumSize(160, 140)

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn."""
        return not any(not erase for erase, _ in self._strokes)

    def clear(self) -> None:
        """Start over."""
        self.wipe()
        self.drawn.emit()

    def wipe(self) -> None:
        """Start over without a word."""
        self._strokes.clear()
        self._open = False
        self._picture = None
        self.update()

    def show_picture(self, picture: QImage) -> None:
        """Show a picture of somebody else's in place of a drawing, until the next stroke."""
        self.wipe()
        self._picture = picture

    def undo(self) -> None:
        """Take the last stroke away, or the picture."""
        if self._picture is not None:
            self.clear()
        elif self._strokes:
            self._strokes.pop()
            self._changed()

    def _changed(self) -> None:
        self.update()
        self.drawn.emit()

    def pixels(self) -> np.ndarray:
        """The drawing, uint8 [SIDE, SIDE, 1], strokes 255 on 0."""
        image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
        image.fill(0)
        painter = QPainter(image)
        self._paint_strokes(painter, QRectF(0, 0, SIDE, SIDE), QColor(Qt.GlobalColor.white), QColor(Qt.GlobalColor.black))
        painter.end()
        flat = np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, image.bytesPerLine())
        return flat[:, :SIDE, None].copy()

    def _field(self) -> QRectF:
        """The square in the middle that is read; positions are shares of it."""
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _share(self, place: QPointF) -> QPointF:
        box = self._field()
        return QPointF((place.x() - box.left()) / box.width(), (place.y() - box.top()) / box.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._picture = None
            self._strokes.append((self.erasing, [self._share(event.position())]))
            self._open = True
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._open:
            self._strokes[-1][1].append(self._share(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._open:
            self._open = False
            self._changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillPath(clip, DARK.color("field"))
        painter.setPen(QPen(theme().color("line2"), 1))
        painter.drawPath(clip)
        painter.setClipPath(clip)
        if self._picture is not None:
            self._paint_picture(painter, self._picture)
        elif not self._strokes:
            painter.setPen(DARK.color("text3"))
            painter.setFont(ui_font(13))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Draw here with the mouse")
        self._paint_strokes(painter, self._field(), DARK.color("text"), DARK.color("field"))
        painter.end()

    def _paint_picture(self, painter: QPainter, picture: QImage) -> None:
        room = self.rect().adjusted(PICTURE_INSET, PICTURE_INSET, -PICTURE_INSET, -PICTURE_INSET)
        size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), size)
        target.moveCenter(room.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, picture)

    def _paint_strokes(self, painter: QPainter, box: QRectF, ink: QColor, paper: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for erase, points in self._strokes:
            width = box.width() * self.width_share * (1.6 if erase else 1.0)
            painter.setPen(QPen(paper if erase else ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                                Qt.PenJoinStyle.RoundJoin))
            path = QPainterPath()
            for i, share in enumerate(points):
                place = QPointF(box.left() + share.x() * box.width(), box.top() + share.y() * box.height())
                path.lineTo(place) if i else path.moveTo(place)
            if len(points) == 1:
                path.lineTo(path.currentPosition() + QPointF(0.1, 0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
