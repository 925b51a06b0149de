"""Small pictures in rows and columns: what strips and lines have in common. Hovering enlarges, a right click saves."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from widgets.fonts import text_width
from widgets.plots.pictures import paint_picture
from widgets.sights.enlarged import Enlarged
from widgets.sights.saving import enlarged, save_picture, sheet
from widgets.theme import theme, themes

SIZES = (24, 28, 32, 40, 48, 56, 64, 80, 96, 128)
"""Sides of tiles in px; 32 unless there is more or less room."""
USUAL = 32
HEAD = 22
"""Height of the line with names of columns."""
EDGE = 2
"""Room for the outline of a tile at the borders."""

Cell = tuple[int, int]
"""Row and column."""


def gap_of(side: int) -> int:
    """Room between tiles."""
    return 5 if side <= 40 else 6 if side <= 64 else 8


class Tiles(QWidget):
    """`picture(cell)` and `words(cell)` say what is in a place; subclasses paint heads and names around the pictures."""

    name = "pictures"
    """What a saved file is called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = USUAL
        self._card: Enlarged | None = None
        self._under: Cell | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._recolor)

    def _recolor(self, _: object) -> None:
        self.update()

    # To be said by subclasses.

    @property
    def rows(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    @property
    def columns(self) -> int:
        """How many columns are shown now."""
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """Names of the rows, empty where they have none."""
        return []

    head = HEAD

    def picture(self, cell: Cell) -> QImage | None:
        """The picture in a place."""
        raise NotImplementedError

    def words(self, cell: Cell) -> str:
        """What is said of it when it is enlarged."""
        return ""

    # Geometry.

    @property
    def ahead(self) -> int:
        """Room for the names of rows."""
        widest = max((text_width(name, 12) for name in self.names), default=0.0)
        return int(widest) + 14 if self.names else EDGE

    def rect_of(self, cell: Cell) -> QRectF:
        """Where a picture is."""
        step = self.side + gap_of(self.side)
        return QRectF(self.ahead + cell[1] * step, self.head + EDGE + cell[0] * step, self.side, self.side)

    def cell_at(self, place: QPointF) -> Cell | None:
        """The place of the picture under a point."""
        step = self.side + gap_of(self.side)
        row, column = int((place.y() - self.head - EDGE) // step), int((place.x() - self.ahead) // step)
        inside = 0 <= row < self.rows and 0 <= column < self.columns
        return (row, column) if inside and self.rect_of((row, column)).contains(place) else None

    def fit(self, columns: int) -> int:
        """How many columns of the present size there is room for."""
        step = self.side + gap_of(self.side)
        return max(1, min(columns, (self.width() - self.ahead - EDGE + gap_of(self.side)) // step))

    def height_for(self, side: int) -> int:
        """Height with tiles of a size."""
        return self.head + 2 * EDGE + self.rows * side + max(self.rows - 1, 0) * gap_of(side)

    def set_side(self, side: int) -> None:
        """Another size of tiles."""
        if side != self.side:
            self.side = side
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self.height_for(self.side))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.height_for(self.side))

    # Painting.

    def paint_tile(self, painter: QPainter, cell: Cell, outlined: bool = False) -> None:
        """One picture, or nothing where there is none."""
        box, image = self.rect_of(cell), self.picture(cell)
        radius = 6 if self.side >= 80 else 3
        if image is not None:
            paint_picture(painter, image, box, radius)
        if outlined:
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), radius + 1, radius + 1)

    # Pointer.

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._enlarge(self.cell_at(event.position()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._enlarge(None)

    def hideEvent(self, event: object) -> None:
        self._enlarge(None)

    def _enlarge(self, cell: Cell | None) -> None:
        image = self.picture(cell) if cell is not None else None
        if cell is None or image is None:
            self._under = None
            if self._card is not None:
                self._card.hide()
            return
        if cell != self._under:
            self._under = cell
            self._card = self._card or Enlarged(self)
            place = self.rect_of(cell).toRect()
            place.moveTopLeft(self.mapToGlobal(place.topLeft()))
            self._card.show_picture(image, self.words(cell), place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._enlarge(None)
        self.menu_at(QPointF(event.pos())).exec(event.globalPos() if event.globalPos() != QPoint() else self.mapToGlobal(
            event.pos()))

    def menu_at(self, place: QPointF) -> QMenu:
        """What a right click offers."""
        menu, cell = QMenu(self), self.cell_at(place)
        image = self.picture(cell) if cell is not None else None
        if image is not None:
            menu.addAction("Save this picture as PNG…", lambda: save_picture(self, enlarged(image), f"{self.name}-one"))
        menu.addAction("Save all as PNG…", lambda: save_picture(self, self.whole(), self.name))
        return menu

    def whole(self) -> QImage:
        """All pictures in one."""
        lines = [[self.picture((row, column)) for column in range(self.columns)] for row in range(self.rows)]
        return sheet(lines, theme().color("panel"))
