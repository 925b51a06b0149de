"""The marks of files in the plots of their costs, with names: a row that breaks where the page is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.fonts import text_width, ui_font
from widgets.plots.marked import MARK, Mark
from widgets.theme import theme, themes

_BITS = {"": "o", "float16": "s", "dynamic": "t", "int8": "d", "int16x8": "p"}
"""Symbols by what the numbers of a file are, in every family the same."""
_FAMILIES = {"tflite": True, "onnx": False}
"""Families of files with the same kinds: filled, or an outline."""
_OTHERS = {"keras": Mark("star"), "savedmodel": Mark("star", False)}
ROW, GAP = 20, 20


def mark_of(kind: str) -> Mark:
    """The mark of a format, so that none is told by its colour alone: the symbol says the numbers, the filling the family."""
    family, _, bits = kind.partition("-")
    if kind in _OTHERS:
        return _OTHERS[kind]
    return Mark(_BITS.get(bits, "h"), _FAMILIES.get(family, True))


class MarkLegend(QWidget):
    """`set_entries` gives names with their marks."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[tuple[str, Mark], ...] = ()
        self.setFont(ui_font(11))
        themes.changed.connect(self._retheme)
        self.hide()

    def set_entries(self, entries: Sequence[tuple[str, Mark]]) -> None:
        """What the marks stand for."""
        self._entries = tuple(entries)
        self.setAccessibleName(f"Marks: {', '.join(self.names)}")
        self._fit()

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in their order."""
        return tuple(name for name, _ in self._entries)

    def _places(self) -> list[tuple[int, int]]:
        """Left upper corner of each entry."""
        found, x, y = [], 0, 0
        for name in self.names:
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
        for (name, mark), (x, y) in zip(self._entries, self._places(), strict=True):
            painter.save()
            painter.translate(x + MARK / 2 + 1, y + ROW / 2)
            painter.scale(MARK, MARK)
            painter.setPen(QPen(t.color("accent"), 1.5 / MARK))
            painter.setBrush(t.color("accentfill", 0.75) if mark.filled else t.color("chrome"))
            painter.drawPath(Symbols[mark.symbol])
            painter.restore()
            painter.setPen(t.color("text2"))
            painter.drawText(QRectF(x + MARK + 8, y, 400, ROW), Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()

    def _retheme(self, _: object) -> None:
        self.update()
