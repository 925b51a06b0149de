"""The handle at the top of a dock: drag it to move the dock, double-click it to let it float, right-click it for more."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.theme import theme, themes

HEIGHT, DOTS, STEP = 12, 5, 6


class Handle(QWidget):
    """12 high. It takes no mouse event itself, so the dock below does what docks do."""

    menu_wanted = Signal(QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.set_floating(False)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_floating(self, floating: bool) -> None:
        """Say what a double click does now."""
        words = "put it back" if floating else "let it float"
        self.setAccessibleName(f"{self._name}, handle")
        self.setToolTip(f"{self._name}: drag to move, double-click to {words}, right-click for more")

    def sizeHint(self) -> QSize:
        return QSize(80, HEIGHT)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.color("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("text2" if self.underMouse() else "line"))
        left = self.width() / 2 - (DOTS - 1) * STEP / 2
        for i in range(DOTS):
            painter.drawEllipse(QPointF(left + i * STEP, 6), 1.2, 1.2)
        painter.end()
