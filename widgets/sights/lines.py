"""Lines of pictures below one another with their names at the left: inputs and reconstructions, masks over pictures."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from graph_compiler.runs.sights import Look
from widgets.fonts import text_width, ui_font
from widgets.plots.masks import BACKGROUND, mask_color, overlaid
from widgets.plots.pictures import to_image
from widgets.sights.tiles import EDGE, Cell, Tiles
from widgets.theme import theme

FOOT = 28
LINE = 20
"""Height of a line of names."""
"""Height of the legend of classes."""


class Lines(Tiles):
    """Lines of as many pictures each: `tiles_0`, `tiles_1` ... of a look, named by its fact `lines`."""

    head = 0
    name = "reconstructions"

    def __init__(self, names: tuple[str, ...] = ("input", "reconstruction"), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = list(names)
        self._images: list[list[QImage]] = [[] for _ in names]
        self.look: Look | None = None
        self.setAccessibleName("Pictures and what the network makes of them")

    @property
    def rows(self) -> int:
        return len(self._names)

    @property
    def columns(self) -> int:
        return self.fit(len(self._images[0]) if self._images else 0) if self._images and self._images[0] else 0

    @property
    def names(self) -> list[str]:
        return self._names

    def set_look(self, look: Look) -> None:
        """Show another look."""
        self.look = look
        self._names, self._images = self.made(look)
        self.updateGeometry()
        self.update()

    def made(self, look: Look) -> tuple[list[str], list[list[QImage]]]:
        """Names and pictures of a look."""
        names = [str(name) for name in look.facts.get("lines", ())]
        return names, [[to_image(tile) for tile in look.arrays[f"tiles_{i}"]] for i in range(len(names))]

    def picture(self, cell: Cell) -> QImage | None:
        return self._images[cell[0]][cell[1]]

    def words(self, cell: Cell) -> str:
        return self._names[cell[0]]

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, name in enumerate(self._names):
            box = self.rect_of((row, 0))
            painter.setFont(ui_font(12))
            painter.setPen(t.color("text2"))
            painter.drawText(QRectF(0, box.top(), self.ahead, box.height()), Qt.AlignmentFlag.AlignVCenter, name)
            for column in range(self.columns):
                self.paint_tile(painter, (row, column))
        self.paint_foot(painter)
        painter.end()

    def paint_foot(self, painter: QPainter) -> None:
        """What stands below the pictures."""


class MaskLines(Lines):
    """Pictures, the true classes over them, and the predicted ones, with a legend of the classes."""

    name = "segmentation"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(("picture", "true", "predicted"), parent)
        self._classes: tuple[str, ...] = ()

    def made(self, look: Look) -> tuple[list[str], list[list[QImage]]]:
        self._classes = tuple(look.facts.get("classes", ()))
        pictures = look.arrays["pictures"]
        lines = [[to_image(p) for p in pictures]]
        lines += [[to_image(self._overlaid(p, m)) for p, m in zip(pictures, look.arrays[name], strict=True)]
                  for name in ("true", "predicted")]
        return ["picture", "true", "predicted"], lines

    def _overlaid(self, picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """The mask over the picture; the picture takes the mask's size where they differ."""
        if picture.shape[:2] != mask.shape:
            rows, columns = (np.arange(new) * old // new for new, old in zip(mask.shape, picture.shape[:2], strict=True))
            picture = picture[rows][:, columns]
        highest = int(mask.max(initial=0))
        classes = (*self._classes, *(str(n) for n in range(len(self._classes), highest + 1)))
        return overlaid(picture, mask, classes)

    def _recolor(self, t: object) -> None:
        if self.look is not None:
            self.set_look(self.look)
        super()._recolor(t)

    def height_for(self, side: int) -> int:
        spots = self._spots()
        return super().height_for(side) + FOOT + (round(spots[-1][1].y()) if spots else 0)

    def _spots(self) -> list[tuple[int, QPointF]]:
        """Numbers of the classes with the places of their samples below the pictures, in as many lines as they need."""
        x, y, spots = float(EDGE), 0.0, []
        for number, name in enumerate(self._classes):
            if name == BACKGROUND:
                continue
            width = 18 + text_width(name, 12) + 16
            if x > EDGE and x + width - 16 > self.width():
                x, y = float(EDGE), y + LINE
            spots.append((number, QPointF(x, y)))
            x += width
        return spots

    def paint_foot(self, painter: QPainter) -> None:
        t, spots = theme(), self._spots()
        top = self.height() - FOOT / 2 + 4 - (spots[-1][1].y() if spots else 0)
        painter.setFont(ui_font(12))
        for number, spot in spots:
            middle = top + spot.y()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mask_color(self._classes, number))
            painter.drawRoundedRect(QRectF(spot.x(), middle - 5, 10, 10), 2, 2)
            painter.setPen(t.color("text2"))
            painter.drawText(QRectF(spot.x() + 16, middle - 10, self.width(), 20), Qt.AlignmentFlag.AlignVCenter,
                             self._classes[number])
