"""The card that enlarges the picture under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.fonts import ui_font
from widgets.plots.pictures import paint_picture
from widgets.theme import theme

SIDE, PAD, WORDS = 192, 10, 18


class Enlarged(QWidget):
    """A picture with words below it, over everything else, never under the pointer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.image: QImage | None = None
        self.words = ""

    def show_picture(self, image: QImage, words: str, beside: QRect) -> None:
        """The picture beside a place on the screen (global coordinates)."""
        self.image, self.words = image, words
        ratio = image.width() / max(image.height(), 1)
        width, height = (SIDE, round(SIDE / ratio)) if ratio >= 1 else (round(SIDE * ratio), SIDE)
        self.resize(max(width, 120) + 2 * PAD, height + 2 * PAD + WORDS)
        self.move(self._place(beside))
        self.show()
        self.update()

    def _place(self, beside: QRect) -> QPoint:
        screen = self.screen().availableGeometry()
        right, left = beside.right() + 10, beside.left() - 10 - self.width()
        x = right if right + self.width() <= screen.right() or left < screen.left() else left
        y = min(max(beside.center().y() - self.height() // 2, screen.top()), screen.bottom() - self.height())
        return QPoint(x, y)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.color("line2"))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.image is not None:
            room = QRectF(PAD, PAD, self.width() - 2 * PAD, self.height() - 2 * PAD - WORDS)
            paint_picture(painter, self.image, room, 6)
        painter.setPen(t.color("text2"))
        painter.setFont(ui_font(12))
        line = QRectF(PAD, self.height() - PAD - WORDS + 4, self.width() - 2 * PAD, WORDS)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.words)
        painter.end()
