"""The growing strip of samples: one row a noise, one column an epoch, the newest outlined, the next one to come dashed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.fonts import ui_font
from widgets.plots.pictures import to_image
from widgets.sights.tiles import Cell, Tiles
from widgets.theme import theme

ROWS = 5
STRIDES = (1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 64, 100)
GIVEN = -1
"""Stands for the column of pictures that the samples are made from, before that of the first epoch."""
FEW = 16
"""Columns there are at the usual size before anything has come."""


class Strip(Tiles):
    """Pictures uint8 [rows, h, w, c] by epoch. `chosen(epoch)` when a column is clicked."""

    chosen = Signal(int)
    name = "samples"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: dict[int, np.ndarray] = {}
        self._images: dict[tuple[int, int], QImage] = {}
        self._names: list[str] = []
        self._shown: list[int] = []
        self._given: np.ndarray | None = None
        self._marked = -1
        self._next = 0
        self.setAccessibleName("Generated samples, one column an epoch")

    @property
    def rows(self) -> int:
        return next((len(tiles) for tiles in self._tiles.values()), ROWS)

    @property
    def columns(self) -> int:
        return len(self._shown)

    @property
    def names(self) -> list[str]:
        return self._names

    @property
    def epochs(self) -> list[int]:
        """The epochs in view."""
        return [epoch for epoch in self._shown if epoch != GIVEN]

    def set_looks(self, looks: dict[int, np.ndarray], names: list[str], marked: int, coming: int = 0,
                  given: np.ndarray | None = None) -> None:
        """Show these, by epoch; `marked` is outlined; `coming` is the next one, 0 when there will be none.

        `given` uint8 [rows, h, w, c] are the pictures that the samples are made from, where they are made from pictures.
        """
        if any(epoch not in looks or looks[epoch] is not tiles for epoch, tiles in self._tiles.items()):
            self._images.clear()
        grown = not self._tiles and bool(looks)
        self._given = given
        self._tiles, self._names, self._marked, self._next = dict(sorted(looks.items())), names, marked, coming
        self._arrange()
        self.setAccessibleDescription(f"{len(looks)} epochs of {self.rows} samples")
        if grown:
            self.updateGeometry()

    def set_coming(self, epoch: int) -> None:
        """The next epoch, 0 when there will be none."""
        if epoch != self._next:
            self._next = epoch
            self._arrange()

    def _arrange(self) -> None:
        """Which epochs have room: all, or every second one and so on, and always the newest and the marked one."""
        epochs = list(self._tiles)
        first = [GIVEN] if self._given is not None else []
        room = max(2, self.fit(10_000) - bool(self._next) - len(first))
        for stride in STRIDES:
            shown = set(epochs[::stride]) | set(epochs[-1:]) | ({self._marked} & set(epochs))
            if len(shown) <= room:
                break
        self._shown = [*first, *sorted(shown)[-room:]]
        self.update()

    def picture(self, cell: Cell) -> QImage | None:
        row, epoch = cell[0], self._shown[cell[1]]
        if (epoch, row) not in self._images:
            tiles = self._given if epoch == GIVEN and self._given is not None else self._tiles[epoch]
            self._images[epoch, row] = to_image(tiles[row])
        return self._images[epoch, row]

    def words(self, cell: Cell) -> str:
        epoch = self._shown[cell[1]]
        when = "given" if epoch == GIVEN else f"after epoch {epoch}" if epoch else "at the start"
        return f"{self._names[cell[0]]}, {when}" if self._names else f"row {cell[0] + 1}, {when}"

    def set_side(self, side: int) -> None:
        super().set_side(side)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None and self._shown[cell[1]] != GIVEN:
            self.chosen.emit(self._shown[cell[1]])

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, name in enumerate(self._names):
            self._paint_name(painter, row, name)
        for column, epoch in enumerate(self._shown):
            marked = epoch == self._marked
            self._paint_head(painter, column, "given" if epoch == GIVEN else str(epoch), marked)
            for row in range(self.rows):
                self.paint_tile(painter, (row, column), marked)
        dashes = QPen(t.color("line2"), 1)
        dashes.setDashPattern([3, 3])
        empty = range(len(self._shown), len(self._shown) + bool(self._next) if self._shown else self.fit(FEW))
        for column in empty:
            self._paint_head(painter, column, str(self._next if self._shown else column), False)
            painter.setPen(dashes)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for row in range(self.rows):
                painter.drawRoundedRect(self.rect_of((row, column)).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()

    def _paint_name(self, painter: QPainter, row: int, name: str) -> None:
        box = self.rect_of((row, 0))
        painter.setFont(ui_font(12))
        painter.setPen(theme().color("text2"))
        line = QRectF(0, box.top(), self.ahead - 12, box.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)

    def _paint_head(self, painter: QPainter, column: int, words: str, marked: bool) -> None:
        box = self.rect_of((0, column))
        painter.setFont(ui_font(11, 600 if marked else 400))
        painter.setPen(theme().color("text" if marked else "text3"))
        painter.drawText(QRectF(box.left() - 8, 0, box.width() + 16, self.head - 4), Qt.AlignmentFlag.AlignCenter, words)
