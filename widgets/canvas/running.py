"""A run on the canvas: bars that fill along the top edge of layers, and dots that travel along wires. One item, one timer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from widgets.canvas.items import NodeItem
from widgets.motion import motion
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

TICK = 160
"""Milliseconds between two places of a dot."""
STEP = 0.09
TRAIL = 0.04
"""How far the fainter dot is behind, as share of the wire."""
BAR = 2.0
DOT = 4.0
"""Radius on screen."""
MOST_DOTS = 60
LEAST = 0.01
"""The smallest step of the share that is painted."""
WORKING = frozenset({"layer", "block"})


class _Layer(QGraphicsItem):
    """One layer over the part in view. It takes no mouse."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self._box = QRectF()
        self.pixel = 1.0
        """Scene units of one pixel on screen; at least 1."""
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def cover(self, area: QRectF, zoom: float) -> None:
        """Draw inside this area, all of it anew."""
        self.pixel = max(1.0, 1.0 / zoom)
        if area != self._box:
            self.prepareGeometryChange()
            self._box = area
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box

    def shape(self) -> QPainterPath:
        return QPainterPath()


class BarsItem(_Layer):
    """Bars along the upper edges of cards, above them."""

    def __init__(self) -> None:
        super().__init__(3.0)
        self.share = 0.0
        self.cards: list[NodeItem] = []

    def bar(self, card: NodeItem) -> QRectF:
        """The bar of a card at the present share."""
        return QRectF(card.x() + 2, card.y(), (card.card.width - 4) * self.share, BAR * self.pixel)

    def update_bars(self) -> None:
        """Paint the upper edges of the cards again, nothing else."""
        for card in self.cards:
            self.update(QRectF(card.x(), card.y() - 1, card.card.width, BAR * self.pixel + 2))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        t, seen = theme(), option.exposedRect
        for card in self.cards:
            bar = self.bar(card)
            if seen.intersects(bar):
                painter.fillRect(bar, t.color("accent"))


class DotsItem(_Layer):
    """Dots on wires, below the cards."""

    def __init__(self) -> None:
        super().__init__(1.3)
        self.phase = 0.0
        self._paths: list[QPainterPath] = []
        self._places: list[tuple[QPointF, QPointF]] | None = None

    @property
    def paths(self) -> list[QPainterPath]:
        """The wires that have dots."""
        return self._paths

    @paths.setter
    def paths(self, paths: list[QPainterPath]) -> None:
        self._paths, self._places = paths, None

    def move_on(self) -> None:
        """One step along the wires."""
        self.update_dots()
        self.phase, self._places = (self.phase + STEP) % 1.0, None
        self.update_dots()

    @property
    def places(self) -> list[tuple[QPointF, QPointF]]:
        """The bright dot on each wire and the fainter one behind it."""
        if self._places is None:
            behind = max(self.phase - TRAIL, 0.0)
            self._places = [(path.pointAtPercent(self.phase), path.pointAtPercent(behind)) for path in self._paths]
        return self._places

    def update_dots(self) -> None:
        """Paint again around the dots as they stand now."""
        around = (DOT + 1) * self.pixel
        for bright, faint in self.places:
            self.update(QRectF(bright, faint).normalized().adjusted(-around, -around, around, around))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        t, radius = theme(), DOT * self.pixel
        seen = option.exposedRect.adjusted(-radius, -radius, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for column, brush in ((1, t.color("accent", 0.4)), (0, t.color("accent"))):
            painter.setBrush(brush)
            for places in self.places:
                if seen.contains(places[column]):
                    painter.drawEllipse(places[column], radius, radius)


class Running(QObject):
    """Shows a run in one view. `set_share(None)` ends it."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.share: float | None = None
        self.bars: BarsItem | None = None
        self.dots = DotsItem()
        self.moving = True
        """Whether dots travel along the wires."""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.tick)
        view.view_moved.connect(self.gather)

    def adopt(self) -> None:
        """The view shows another scene."""
        self.bars = None
        self._view.canvas.followed.connect(self.gather)
        self.set_share(self.share)

    def set_share(self, share: float | None) -> None:
        """How much of the step, epoch or run is done, 0 to 1; None when nothing runs."""
        self.share = None if share is None else min(max(share, 0.0), 1.0)
        if self.share is None:
            self._stop()
            return
        fresh = self.bars is None
        if self.bars is None:
            self.bars, self.dots = BarsItem(), DotsItem()
            self._view.canvas.addItem(self.bars)
            self._view.canvas.addItem(self.dots)
        if fresh or abs(self.share - self.bars.share) >= LEAST or self.share in (0.0, 1.0):
            self.bars.share = self.share
            self.bars.update_bars()
        if fresh:
            self.gather()

    def set_moving(self, moving: bool) -> None:
        """Let the dots travel, or take them away."""
        self.moving = moving
        self.gather()

    def _stop(self) -> None:
        self._timer.stop()
        if self.bars is not None:
            self._view.canvas.removeItem(self.bars)
            self._view.canvas.removeItem(self.dots)
            self.bars = None

    def gather(self) -> None:
        """Choose the cards and wires in view again: the drawing or the view has changed."""
        if self.bars is None:
            return
        canvas, area = self._view.canvas, self._view.visible_rect()
        self.bars.cards, self.dots.paths = [], []
        if canvas.level > 0:
            self.bars.cards = [b for b in canvas.boxes.values() if isinstance(b, NodeItem) and b.card.kind in WORKING
                               and not b.look.muted and area.intersects(b.card_rect())]
            if self.moving and _animated():
                lively = [w.path() for w in list(canvas.wires.values())[::2] if not w.dashed and not w.muted]
                seen = [p for p in lively if area.intersects(p.controlPointRect().adjusted(-1, -1, 1, 1))]
                self.dots.paths = seen[:MOST_DOTS]
        self.bars.cover(area, self._view.zoom)
        self.dots.cover(area, self._view.zoom)
        if self.dots.paths and not self._timer.isActive():
            self._timer.start()
        elif not self.dots.paths:
            self._timer.stop()

    def tick(self) -> None:
        """Move the dots one step."""
        if self._view.isVisible():
            self.dots.move_on()


def _animated() -> bool:
    """Whether the system and the user want motion."""
    return not motion.still
