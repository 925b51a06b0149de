"""What a verb has to say, where one looks: words at the edge of the canvas that is free, gone with the next key or click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout

from widgets.fonts import scaled, text_width
from widgets.motion import appear
from widgets.parts import Glyph, Words
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

STAYS = 8000
"""Milliseconds it stays when nothing happens."""
WIDEST, EDGE = 480, 16
_DONE = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class Hint(QFrame):
    """Shows what the view's `status` says. The status bar keeps the words after it has gone."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.words = Words("", 13, 400, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 14, 10)
        row.setSpacing(10)
        row.addWidget(Glyph("info", "text2"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._over = QTimer(self, singleShot=True, interval=STAYS)
        self._over.timeout.connect(self.hide)
        view.status.connect(self.say)
        for watched in (view, view.viewport()):
            watched.installEventFilter(self)

    def say(self, words: str) -> None:
        """Show these words; none take it away."""
        if not words:
            self.hide()
            return
        self.words.setText(words)
        self.setAccessibleName(words)
        self._stand()
        self.show()
        self.raise_()
        appear(self)
        self._over.start()

    def _stand(self) -> None:
        view, around = self._view.viewport(), 12 + 16 + 10 + 14
        room = min(scaled(WIDEST), view.width() - 2 * EDGE)
        self.setFixedWidth(max(min(round(text_width(self.words.text(), 13)) + around + 4, room), around))
        lines = self.layout()
        self.setFixedHeight(lines.heightForWidth(self.width()) if lines is not None else self.sizeHint().height())
        corner = self._view.corner
        beside = corner.right() + EDGE if corner.bottom() > view.height() - self.height() - 2 * EDGE else 0
        left = max((view.width() - self.width()) // 2, beside)
        self.move(min(left, view.width() - self.width() - EDGE), view.height() - self.height() - EDGE)
        if self.geometry().intersects(corner):
            self.move((view.width() - self.width()) // 2, EDGE)
        canvas = self._view.canvas
        chosen = (canvas.boxes[node_id].card_rect() for node_id in canvas.selected if node_id in canvas.boxes)
        if any(self._view.mapFromScene(card).boundingRect().intersects(self.geometry()) for card in chosen):
            self.move((view.width() - self.width()) // 2, EDGE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _DONE:
            self.hide()
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self._stand()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()
