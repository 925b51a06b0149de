"""A sight with its heading: title at the left, words or tools at the right, and what to expect while there is nothing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.fonts import text_width, ui_font
from widgets.parts import Elided, Words
from widgets.theme import theme, themes


class Headed(QWidget):
    """Title, caption and tools in one line; the body below it."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.caption = Words(title, 15, 600), Elided("", 12, 400, "text3")
        self.caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.body = body
        self._top = QHBoxLayout()
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.setSpacing(16)
        self._top.addWidget(self.title)
        self._top.addWidget(self.caption, 1)
        self.title.setFixedHeight(26)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._top)
        box.addWidget(body, 1)
        policy = body.sizePolicy().verticalPolicy()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy(policy))

    def lead(self, widget: QWidget | None) -> None:
        """Put a control in the place of the title, or bring the title back."""
        self.title.setVisible(widget is None)
        if widget is not None:
            self._top.insertWidget(0, widget)

    def add_tool(self, tool: QWidget, before: bool = False) -> None:
        """A control at the right end, or right behind the title."""
        self._top.insertWidget(1, tool) if before else self._top.addWidget(tool)


class Key(QWidget):
    """A square sample of a fill with its name: filled, or hatched with an outline."""

    def __init__(self, name: str, token: str, hatched: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._token, self._hatched = name, token, hatched
        self.setFixedSize(int(20 + text_width(name, 13)) + 2, 24)
        self.setAccessibleName(name)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bar(painter, QRectF(0, 6, 12, 12), self._token, self._hatched)
        painter.setPen(t.color("text2"))
        painter.setFont(ui_font(13))
        painter.drawText(QRectF(20, 0, self.width() - 20, 24), Qt.AlignmentFlag.AlignVCenter, self._name)
        painter.end()


def paint_bar(painter: QPainter, box: QRectF, token: str, hatched: bool) -> None:
    """A bar filled at 75 %, or hatched with an outline (LOOK, histogram pairs)."""
    t = theme()
    if not hatched:
        painter.fillRect(box, t.color(token, 0.75))
        return
    painter.save()
    painter.setClipRect(box)
    painter.setPen(t.color(token, 0.7))
    first, last = int((box.left() + box.top()) // 4) * 4, int(box.right() + box.bottom()) + 4
    for offset in range(first, last, 4):
        painter.drawLine(int(offset - box.top()), int(box.top()), int(offset - box.bottom()), int(box.bottom()))
    painter.restore()
    painter.setPen(t.color(token))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
