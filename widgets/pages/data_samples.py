"""Samples as pictures: a scrolling grid that draws only what is in view, each picture above its class or its words."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from widgets.fonts import ui_font
from widgets.pages.data_pictures import Pictures
from widgets.plots.pictures import paint_picture, to_image
from widgets.theme import theme, themes
from widgets.words import count

TILE, LARGE, GAP, CAPTION, RADIUS = 64, 96, 12, 22, 3
LARGE_FROM = 48
"""Pictures of so many pixels get the larger tile."""

NOTHING = Pictures(lambda _: np.zeros((1, 1, 1), np.uint8), (1, 1))


class SampleGrid(QAbstractScrollArea):
    """Rows of one part as pictures. Thousands cost no more than those in view."""

    access_role = QAccessible.Role.List

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = NOTHING
        self._rows = np.zeros(0, np.intp)
        self._tile = QSize(TILE, TILE)
        self._picture = lru_cache(maxsize=1024)(self._make)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Samples")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.viewport().update()

    def set_samples(self, pictures: Pictures, rows: np.ndarray) -> None:
        """Show `rows` as these pictures."""
        if pictures.key != self._pictures.key:
            self._picture.cache_clear()
        self._pictures, self._rows = pictures, rows
        high = LARGE if pictures.size[0] >= LARGE_FROM else TILE
        self._tile = QSize(max(high, round(high * pictures.size[1] / pictures.size[0])), high)
        self.setAccessibleDescription(f"{count(len(rows))} pictures")
        self.verticalScrollBar().setValue(0)
        self._set_range()
        self.viewport().update()

    @property
    def columns(self) -> int:
        """How many pictures stand side by side."""
        return max(1, (self.viewport().width() + GAP) // (self._tile.width() + GAP))

    def _make(self, row: int) -> QImage:
        return to_image(self._pictures.draw(row))

    def _step(self) -> float:
        """From one picture to the next: spare width is shared out."""
        width = self._tile.width()
        spare = self.viewport().width() - self.columns * width
        return width + (min(spare / (self.columns - 1), 2 * GAP) if self.columns > 1 else 0)

    def _line_height(self) -> int:
        return self._tile.height() + (CAPTION if self._pictures.caption is not None else 0) + GAP

    def _set_range(self) -> None:
        lines = -(-len(self._rows) // self.columns)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, lines * self._line_height() - GAP - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._line_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_range()

    def sizeHint(self) -> QSize:
        return QSize(8 * (TILE + GAP), 4 * (TILE + CAPTION + GAP))

    def place_at(self, point: QPoint) -> int | None:
        """Which sample is at a point of the viewport, as its place in the part."""
        line, low = divmod(point.y() + self.verticalScrollBar().value(), self._line_height())
        column, left = divmod(point.x(), self._step())
        place = line * self.columns + int(column)
        inside = low < self._line_height() - GAP and left < self._tile.width() and 0 <= column < self.columns
        return place if inside and 0 <= place < len(self._rows) else None

    def caption(self, place: int) -> str:
        """What stands below a sample, empty where nothing does."""
        caption = self._pictures.caption
        return caption(int(self._rows[place])) if caption is not None else ""

    def viewportEvent(self, event: object) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            place = self.place_at(event.pos())
            if place is not None:
                words = f"Row {count(int(self._rows[place]))} of the table"
                QToolTip.showText(event.globalPos(), f"{words}: {self.caption(place)}" if self._pictures.caption else words)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        t, height, columns, step = theme(), self._line_height(), self.columns, self._step()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text2"))
        top = self.verticalScrollBar().value()
        first = top // height * columns
        last = min(len(self._rows), (-(-(top + self.viewport().height()) // height)) * columns)
        for place in range(first, last):
            line, column = divmod(place, columns)
            box = QRectF(round(column * step), line * height - top, self._tile.width(), self._tile.height())
            paint_picture(painter, self._picture(int(self._rows[place])), box, RADIUS)
            if self._pictures.caption is not None:
                below = QRectF(box.left() - GAP / 2 + 1, box.bottom() + 3, box.width() + GAP - 2, 16)
                words = painter.fontMetrics().elidedText(self.caption(place), Qt.TextElideMode.ElideRight, int(below.width()))
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
