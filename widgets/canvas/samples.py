"""The samples on the card of a source: ten small pictures, lines of text, a curve or a cloud of points."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from graph_compiler.datasets.previews import Preview
from widgets.canvas.geometry import TILE, TILE_GAP
from widgets.fonts import mono_font
from widgets.plots.masks import painted
from widgets.plots.pictures import paint_picture, to_image
from widgets.plots.small import paint_curve, paint_points
from widgets.theme import theme

LINE = 17
TILES = 5
"""Pictures in a row."""
NOTHING = Preview()


@dataclass(frozen=True)
class CardSamples:
    """What is painted: pictures as images, everything else as the preview has it."""

    pictures: tuple[QImage, ...] = ()
    other: Preview = NOTHING

    @classmethod
    def of(cls, preview: Preview) -> CardSamples:
        """Images from arrays; this may be done off the GUI thread."""
        masks = [to_image(painted(mask, preview.classes)) for mask in preview.masks]
        return cls((*map(to_image, preview.pictures), *masks), preview)


EMPTY = CardSamples()
BLANK = CardSamples(other=Preview(texts=("",)))
"""Room for what is no picture, before it is there."""


def paint_samples(painter: QPainter, box: QRectF, samples: CardSamples) -> None:
    """Fill the box of a card; empty tiles while there are no samples."""
    other = samples.other
    if other.texts or other.curves or other.points is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("sunken"))
        painter.drawRoundedRect(box, 4, 4)
        _paint_other(painter, box, other)
        return
    for i in range(2 * TILES):
        row, column = divmod(i, TILES)
        tile = QRectF(box.left() + column * (TILE + TILE_GAP), box.top() + row * (TILE + TILE_GAP), TILE, TILE)
        if i < len(samples.pictures):
            paint_picture(painter, samples.pictures[i], tile, 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("track"))
            painter.drawRoundedRect(tile, 3, 3)


def paint_small(painter: QPainter, box: QRectF, samples: CardSamples) -> None:
    """One sample in a square, for cards that are zoomed out."""
    other = samples.other
    if samples.pictures:
        paint_picture(painter, samples.pictures[0], box, 3)
    elif other.curves or other.points is not None:
        _paint_other(painter, box, other)


def _paint_other(painter: QPainter, box: QRectF, other: Preview) -> None:
    if other.points is not None:
        paint_points(painter, box.adjusted(4, 4, -4, -4), other.points, other.groups)
    elif other.curves:
        for curve in other.curves:
            paint_curve(painter, box.adjusted(4, 6, -4, -6), curve)
    else:
        _paint_texts(painter, box.adjusted(6, 1, -4, 0), other.texts)


def _paint_texts(painter: QPainter, box: QRectF, texts: tuple[str, ...]) -> None:
    painter.setFont(mono_font(10))
    painter.setPen(theme().color("text2"))
    for i, text in enumerate(texts):
        line = QRectF(box.left(), box.top() + LINE * i, box.width(), LINE)
        words = painter.fontMetrics().elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
