"""Pills that state something in a word, and cards that hold content."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.fonts import dress
from widgets.icons import paint_icon
from widgets.theme import theme, themes

TONES = {"ok": ("oktint", "ok", "check"), "warn": ("warntint", "warn", "warning"), "error": ("errortint", "error", "error"),
         "paused": ("warntint", "warn", "pause"), "accent": ("accenttint", "accent", "clock"), "text3": ("sunken", "text2", "")}
"""Tone -> (fill, ink, icon)."""


class Pill(QWidget):
    """A word on a tint, 22 high: ok, warn, paused, error, accent or text3."""

    def __init__(self, text: str, tone: str = "text3", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, 12, 500)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._repaint)
        self.set_text(text, tone)

    def _repaint(self, _: object) -> None:
        self.update()

    @property
    def text(self) -> str:
        """The word shown."""
        return self._text

    def set_text(self, text: str, tone: str) -> None:
        """Another word, in a tone."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self._text)
        return QSize(width + 18 + (18 if TONES[self._tone][2] else 0), 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 40), 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        fill, ink, mark = TONES[self._tone]
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color(fill))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), 22), 11, 11)
        x = 9.0
        if mark:
            paint_icon(painter, mark, QRectF(x, 5, 12, 12), t.color(ink))
            x += 17
        painter.setPen(t.color(ink))
        painter.setFont(self.font())
        room = QRectF(x, 0, self.width() - x - 6, 22)
        words = QFontMetrics(self.font()).elidedText(self._text, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class Card(QWidget):
    """A white card with a border; the border is the accent while it is lit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lit = False
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_lit(self, lit: bool) -> None:
        """Accent border on or off."""
        self._lit = lit
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("accent" if self._lit else "line2"), 1))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()
