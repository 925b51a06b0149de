"""The recipe as a table, one row a phase: what it minimises, what it trains, what it holds still, with which optimiser."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from graph_compiler.specs.trainers import RecipeRow
from widgets.fonts import scaled, text_width, ui_font, wrapped
from widgets.theme import theme, themes

HEADS = ("Phase", "Minimises", "Trains", "Held still", "Optimiser")
HEADER, ROW, LINE = 32, 36, 16
"""At 100 % of the text size."""
GAP = 16
NARROWEST = 56
"""Width of a column that gives way to others."""
MOST_LINES = 3


class RecipeTable(QWidget):
    """Paints a few rows; words go on in further lines where there is no room, the rest is under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[RecipeRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Recipe")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_rows(self, rows: Sequence[RecipeRow]) -> None:
        """Show these phases."""
        self._rows = tuple(rows)
        self.setAccessibleDescription("; ".join(f"{r.phase}: minimises {r.minimises}, trains {r.trains}, holds {r.held}, "
                                                f"{r.optimizer}" for r in rows))
        self.setFixedHeight(self._height())
        self.update()

    def cells(self, row: int) -> tuple[str, ...]:
        """The words of a row."""
        r = self._rows[row]
        return r.phase, r.minimises, r.trains, r.held, r.optimizer

    @property
    def count(self) -> int:
        """How many phases there are."""
        return len(self._rows)

    # Geometry.

    def widths(self) -> list[int]:
        """Columns as wide as their words; the widest give way while there is no room, the spare room is dealt evenly."""
        weights = (600, 400, 400, 400, 400)
        need = [max(text_width(HEADS[i], 12, 500), *(text_width(self.cells(r)[i], 13, weights[i])
                                                     for r in range(self.count)), 0.0) + 1 for i in range(len(HEADS))]
        room = self.width() - GAP * (len(HEADS) - 1)
        while sum(need) > room and max(need[1:4]) > NARROWEST:
            widest = max(range(1, 4), key=lambda i: need[i])
            need[widest] -= min(8.0, sum(need) - room + 1)
        spare = max(room - sum(need), 0.0) / (len(HEADS) - 1)
        return [int(n + (spare if i < len(HEADS) - 1 else 0)) for i, n in enumerate(need)]

    def _lines(self, row: int) -> list[tuple[str, ...]]:
        return [wrapped(cell, width, 13) for cell, width in zip(self.cells(row), self.widths(), strict=True)]

    def row_height(self, row: int) -> int:
        """A row with a second or third line is higher."""
        lines = min(max(len(cell) for cell in self._lines(row)), MOST_LINES)
        return max(scaled(ROW), 12 + scaled(LINE) * lines + (4 if lines > 1 else 0))

    def _height(self) -> int:
        return scaled(HEADER) + sum(self.row_height(row) for row in range(self.count)) if self._rows else 0

    def sizeHint(self) -> QSize:
        return QSize(480, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._under(event.pos().x(), event.pos().y()), self)
            return True
        return super().event(event)

    def _under(self, x: int, y: int) -> str:
        top = scaled(HEADER)
        for row in range(self.count):
            if top <= y < top + self.row_height(row):
                left = 0
                for cell, width in zip(self.cells(row), self.widths(), strict=True):
                    if left <= x < left + width + GAP:
                        return cell
                    left += width + GAP
            top += self.row_height(row)
        return ""

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        widths = self.widths() if self._rows else []
        painter.setFont(ui_font(12, 500))
        painter.setPen(t.color("text3"))
        self._paint_cells(painter, [(head,) for head in HEADS], widths, 0, scaled(HEADER))
        painter.setPen(t.color("line2"))
        painter.drawLine(0, scaled(HEADER) - 1, self.width(), scaled(HEADER) - 1)
        top = scaled(HEADER)
        for row in range(self.count):
            high = self.row_height(row)
            lines = self._lines(row)
            painter.setFont(ui_font(13, 600))
            painter.setPen(t.color("text"))
            self._paint_cells(painter, lines[:1], widths[:1], top, high)
            painter.setFont(ui_font(13))
            self._paint_cells(painter, [(), *lines[1:]], widths, top, high)
            painter.setPen(t.color("line"))
            painter.drawLine(0, top + high - 1, self.width(), top + high - 1)
            top += high
        painter.end()

    def _paint_cells(self, painter: QPainter, cells: Sequence[tuple[str, ...]], widths: Sequence[int], top: int,
                     high: int) -> None:
        left, line = 0, scaled(LINE)
        for i, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            shown = list(lines[:MOST_LINES])
            if len(lines) > MOST_LINES:
                shown[-1] = painter.fontMetrics().elidedText(shown[-1] + " …", Qt.TextElideMode.ElideRight, width)
            first = top + (high - line * len(shown)) / 2
            last = i == len(HEADS) - 1
            side = Qt.AlignmentFlag.AlignRight if last else Qt.AlignmentFlag.AlignLeft
            room = QRectF(left, 0, (self.width() - left) if last else width + 2, line)
            for number, words in enumerate(shown):
                painter.drawText(room.translated(0, first + line * number), side | Qt.AlignmentFlag.AlignVCenter, words)
            left += width + GAP
