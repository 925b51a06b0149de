"""Pictures side by side, as large as the room allows, enlarged without blur; a line of words over the columns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.fonts import ui_font
from widgets.plots.pictures import paint_picture
from widgets.theme import theme, themes

GAP, HEAD = 8, 22
LARGEST = 256
"""Side of a tile at most, in px."""


class Sheet(QWidget):
    """`across` pictures a line; 0 chooses what makes them largest. `heads` are words over the columns."""

    def __init__(self, name: str, across: int = 0) -> None:
        super().__init__()
        self.across = across
        self.pictures: list[QImage] = []
        self.heads: list[str] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_pictures(self, pictures: list[QImage], heads: list[str]) -> None:
        """Show these."""
        self.pictures, self.heads = pictures, heads
        self.setAccessibleDescription(f"{len(pictures)} pictures")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 72)

    @property
    def columns(self) -> int:
        """How many pictures a line has."""
        return self.columns_in(self.width(), self.height())

    def columns_in(self, width: int, height: int) -> int:
        """How many pictures a line has in a room of this size."""
        most = max(len(self.pictures), 1)
        return self.across or max(range(1, most + 1), key=lambda columns: (self._side(columns, width, height), -columns))

    def height_for(self, width: int, columns: int) -> int:
        """Height in px that so many pictures a line need at a width."""
        lines = -(-max(len(self.pictures), 1) // columns)
        side = min((width + GAP) // columns - GAP, LARGEST)
        return (HEAD if self.heads else 0) + lines * (side + GAP)

    def used(self, width: int, height: int) -> int:
        """Height in px that the pictures take of a room of this size."""
        columns = self.columns_in(width, height)
        lines = -(-max(len(self.pictures), 1) // columns)
        return (HEAD if self.heads else 0) + lines * (self._side(columns, width, height) + GAP)

    @property
    def side(self) -> int:
        """The side of a tile in px."""
        return self._side(self.columns, self.width(), self.height())

    def _side(self, columns: int, width: int, height: int) -> int:
        lines = -(-max(len(self.pictures), 1) // columns)
        wide = (width + GAP) // columns - GAP
        tall = (height - (HEAD if self.heads else 0) + GAP) // lines - GAP
        return max(8, min(wide, tall, LARGEST))

    def rect_of(self, place: int) -> QRectF:
        """Where a picture is drawn."""
        line, column = divmod(place, self.columns)
        step = self.side + GAP
        return QRectF(column * step, (HEAD if self.heads else 0) + line * step, self.side, self.side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(12, 500))
        painter.setPen(theme().color("text2"))
        for place, head in enumerate(self.heads[:self.columns]):
            box = self.rect_of(place)
            words = painter.fontMetrics().elidedText(head, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(QRectF(box.left(), 0, box.width(), HEAD - 4), Qt.AlignmentFlag.AlignCenter, words)
        for place, image in enumerate(self.pictures):
            paint_picture(painter, image, self.rect_of(place), 6 if self.side >= 80 else 3)
        painter.end()
