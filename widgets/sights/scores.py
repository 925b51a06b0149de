"""How a discriminator judges: the scores of real samples filled, those of generated ones hatched, over the same bins."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from graph_compiler.runs.sights import Look
from widgets.fonts import ui_font
from widgets.plots.axes import nice_step
from widgets.plots.readout import ReadOut
from widgets.sights.heading import paint_bar
from widgets.theme import theme, themes
from widgets.words import MINUS, number, percent

FOOT = 24
TICKS = 6


class ScorePlot(QWidget):
    """Two histograms; hovering reads out a bin."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: Look | None = None
        self._card = ReadOut(self)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Scores of real and generated samples")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_look(self, look: Look) -> None:
        """Show another look."""
        self.look = look
        self.setAccessibleDescription(caption(look))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 90)

    def bar(self, side: str, place: int) -> QRectF:
        """The bar of a bin of `real` or `fake`."""
        assert self.look is not None
        edges, shares = self.look.arrays["edges"], self.look.arrays[side]
        top = max(float(self.look.arrays["real"].max()), float(self.look.arrays["fake"].max())) or 1.0
        left, right = self._x(float(edges[place])), self._x(float(edges[place + 1]))
        high = (self.height() - FOOT - 4) * float(shares[place]) / top
        return QRectF(left + 1, self.height() - FOOT - high, max(right - left - 2, 1.0), high)

    def _x(self, value: float) -> float:
        assert self.look is not None
        edges = self.look.arrays["edges"]
        return 8 + (value - float(edges[0])) / (float(edges[-1] - edges[0]) or 1.0) * (self.width() - 16)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.look is None:
            return
        edges = self.look.arrays["edges"]
        value = float(edges[0]) + (event.position().x() - 8) / max(self.width() - 16, 1) * float(edges[-1] - edges[0])
        place = int(np.searchsorted(edges, value, "right")) - 1
        inside = 0 <= place < len(edges) - 1
        self._card.setVisible(inside)
        if inside:
            lines = [(name, theme().color(token), "square", percent(float(self.look.arrays[side][place]), 1))
                     for side, name, token in (("real", "real", "train"), ("fake", "fake", "val"))]
            middle = number(float(edges[place] + edges[place + 1]) / 2, 2)
            self._card.show_lines(f"Score {middle}", lines, int(event.position().x()))

    def leaveEvent(self, event: object) -> None:
        self._card.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        ground = self.height() - FOOT
        painter.setPen(t.color("line2"))
        painter.drawLine(QPointF(8, ground), QPointF(self.width() - 8, ground))
        if self.look is not None:
            for side, token, hatched in (("real", "train", False), ("fake", "val", True)):
                for place in np.flatnonzero(self.look.arrays[side]).tolist():
                    paint_bar(painter, self.bar(side, place), token, hatched)
            self._paint_ticks(painter)
        painter.end()

    def _paint_ticks(self, painter: QPainter) -> None:
        assert self.look is not None
        edges = self.look.arrays["edges"]
        low, high = float(edges[0]), float(edges[-1])
        step = nice_step(high - low, TICKS)
        painter.setPen(theme().color("text3"))
        painter.setFont(ui_font(11))
        for tick in np.arange(np.ceil(low / step), np.floor(high / step) + 1).tolist():
            value = tick * step + 0.0  # no negative zero
            words, x = f"{value:.6g}".replace("-", MINUS), self._x(value)
            painter.drawText(QRectF(x - 30, self.height() - FOOT + 6, 60, 16), Qt.AlignmentFlag.AlignCenter, words)


def caption(look: Look) -> str:
    """The overlap and what it says; who is ahead means nothing at the start."""
    overlap = f"Overlap {percent(float(look.facts.get('overlap', 0.0)), 0)}"
    return f"{overlap}. {look.facts.get('sentence', '')}" if look.epoch else f"{overlap} at the start."
