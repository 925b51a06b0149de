"""Fields of pages: a list of choices that does not turn with the page, and a path whose end is always readable."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyle, QStyleOptionFrame

_INSET = 10
"""Pixels between the border of a field and its words."""


class ChoiceBox(QComboBox):
    """A list of words to choose from; the wheel scrolls the page, not the choice, until the list has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class PathField(QLineEdit):
    """A path. One that is longer than the field begins with an ellipsis at a folder, until it is edited."""

    @property
    def words(self) -> str:
        """What is read of it."""
        metrics, room = self.fontMetrics(), self.width() - 2 * _INSET
        if self.hasFocus():
            return self.text()
        words = path_end(self.text(), lambda text: metrics.horizontalAdvance(text) <= room)
        if metrics.horizontalAdvance(words) > room:  # a folder longer than the field
            words = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room)
        return words

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self.words
        if words == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(self.rect().adjusted(_INSET, 0, -_INSET, 0), Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


def path_end(path: str, fits: Callable[[str], bool]) -> str:
    """As many folders from the end of a path as fit, with an ellipsis for those before them; at least the last one."""
    if fits(path):
        return path
    for place, letter in enumerate(path):
        if letter in "/\\" and place and fits(f"…{path[place:]}"):
            return f"…{path[place:]}"
    last = max(path.rstrip("/\\").rfind("/"), path.rstrip("/\\").rfind("\\"))
    return f"…{path[last:]}" if last > 0 else path
