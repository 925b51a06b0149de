"""The marks of files in the plots of their costs, with names: a row that breaks where the page is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.fonts import text_width, ui_font
from widgets.theme import theme, themes

MARKS = ("o", "s", "t", "d", "t1", "p", "h", "+", "x", "star", "t2", "t3")
"""Marks of the files in turn, so that none is told by its colour alone."""
ROW, GAP, MARK = 20, 20, 10


class MarkLegend(QWidget):
    """`set_names` gives the names in the order of the marks; without any it is not there."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self.setFont(ui_font(11))
        themes.changed.connect(self._retheme)
        self.hide()

    def set_names(self, names: Sequence[str]) -> None:
        """What the marks stand for."""
        self._names = tuple(names)
        self.setAccessibleName(f"Marks: {', '.join(names)}")
        self.setVisible(bool(names))
        self._fit()

    def _places(self) -> list[tuple[int, int]]:
        """Left upper corner of each entry."""
        found, x, y = [], 0, 0
        for name in self._names:
            wide = MARK + 8 + int(text_width(name, 11)) + GAP
            if x and x + wide - GAP > self.width():
                x, y = 0, y + ROW
            found.append((x, y))
            x += wide
        return found

    def _fit(self) -> None:
        self.setFixedHeight(max((y + ROW for _, y in self._places()), default=0))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (name, (x, y)) in enumerate(zip(self._names, self._places(), strict=True)):
            painter.save()
            painter.translate(x + MARK / 2 + 1, y + ROW / 2)
            painter.scale(MARK, MARK)
            painter.setPen(QPen(t.color("accent"), 1 / MARK))
            painter.setBrush(t.color("accentfill", 0.75))
            painter.drawPath(Symbols[MARKS[number % len(MARKS)]])
            painter.restore()
            painter.setPen(t.color("text2"))
            painter.drawText(QRectF(x + MARK + 8, y, 400, ROW), Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()

    def _retheme(self, _: object) -> None:
        self.update()
