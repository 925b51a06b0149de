"""The card beside the pointer that reads out all values of a plot at one place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.fonts import ui_font
from widgets.theme import theme

WIDTH = 148
ROW = 20
Line = tuple[str, QColor, str, str]
"""Name, colour, mark (`round` or `square`) and value of one curve."""


class ReadOut(QWidget):
    """A title and a line for each curve; as wide as its words need, at least 148."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.title = ""
        self.lines: list[Line] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_lines(self, title: str, lines: Sequence[Line], x: int) -> None:
        """Show these beside the dotted line at `x`, on the side with room."""
        self.title, self.lines = title, list(lines)
        name, value = QFontMetrics(ui_font(12)), QFontMetrics(ui_font(12, 500))
        need = max((24 + name.horizontalAdvance(n) + 16 + value.horizontalAdvance(v) + 12 for n, _, _, v in lines), default=0)
        self.resize(max(WIDTH, need), 34 + ROW * len(lines))
        self.move(x + 10 if x + 10 + self.width() < self._view.width() else x - 10 - self.width(), 10)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.color("line2"))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(t.color("text"))
        painter.setFont(ui_font(12, 600))
        painter.drawText(QRectF(12, 6, self.width() - 24, ROW), Qt.AlignmentFlag.AlignVCenter, self.title)
        for i, (name, color, mark, value) in enumerate(self.lines):
            box = QRectF(24, 28 + ROW * i, self.width() - 36, ROW)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            spot = QRectF(12, box.top() + 7, 6, 6)
            painter.drawRect(spot) if mark == "square" else painter.drawEllipse(spot)
            painter.setFont(ui_font(12))
            painter.setPen(t.color("text2"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setFont(ui_font(12, 500))
            painter.setPen(t.color("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, value)
        painter.end()
