"""Rows of a name, a bar and a value: probabilities of one prediction, recall a class."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.fonts import scaled, ui_font
from widgets.theme import theme, themes

LEAST = 16
"""Height of a row of text without air, at 100 % of the text size."""


@dataclass(frozen=True)
class BarRow:
    """`share` in 0..1; `token` is the colour of the bar; `strong` writes the row bold."""

    name: str
    share: float
    value: str
    token: str = "text3"
    strong: bool = False


class Bars(QWidget):
    """Rows painted in one go; `columns` of them beside one another, filled downwards."""

    def __init__(self, name: str, row_height: int = 24, columns: int = 1, lines: bool = False,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[BarRow] = []
        self._reserved = 0
        self._wanted, self._columns, self._lines = row_height, columns, lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_rows(self, rows: list[BarRow]) -> None:
        """Show these rows."""
        self._rows = rows
        self.setAccessibleDescription(", ".join(f"{r.name} {r.value}" for r in rows))
        self.updateGeometry()
        self.update()

    def reserve(self, rows: int, row_height: int) -> None:
        """Keep room for so many rows of this height, also while there are fewer."""
        self._reserved, self._wanted = rows, row_height
        self.updateGeometry()
        self.update()

    @property
    def _height(self) -> int:
        """What a row takes: never less than its words."""
        return max(self._wanted, scaled(LEAST))

    def sizeHint(self) -> QSize:
        return QSize(200, self._height * -(-max(len(self._rows), self._reserved) // self._columns))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        deep = -(-len(self._rows) // self._columns) or 1
        width = (self.width() - 36 * (self._columns - 1)) / self._columns
        painter.setFont(ui_font(12, 600))
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(r.name) for r in self._rows), default=0)
        name_width = min(widest + 10, width * 0.4)
        for i, row in enumerate(self._rows):
            column, line = divmod(i, deep)
            self._paint(painter, row, QRectF(column * (width + 36), line * self._height, width, self._height), name_width)
        painter.end()

    def _paint(self, painter: QPainter, row: BarRow, box: QRectF, name_width: float) -> None:
        t = theme()
        middle = Qt.AlignmentFlag.AlignVCenter
        named = row.strong or self._lines
        painter.setFont(ui_font(12, 600 if named else 500))
        painter.setPen(t.color("text" if named else "text2"))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, int(name_width - 4))
        painter.drawText(QRectF(box.left(), box.top(), name_width, box.height()), middle, name)
        painter.setFont(ui_font(12, 600 if row.strong else 400))
        painter.setPen(t.color("text" if named else "text2"))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, row.value)
        bar = QRectF(box.left() + name_width, box.center().y() - 2, max(8.0, box.width() - name_width - 64), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("track"))
        painter.drawRoundedRect(bar, 2, 2)
        if row.share > 0:
            painter.setBrush(t.color(row.token))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(bar.width() * min(row.share, 1.0), 1.0), 4), 2, 2)
        if self._lines:
            painter.setPen(t.color("line"))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
