"""The measure of the canvas: a bare QGraphicsScene that draws the same cards, words and curves with Qt's own items."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene, QGraphicsSimpleTextItem, QGraphicsView

from graph_compiler.graph.values import EdgeKey
from widgets import words
from widgets.canvas.geometry import HEADER, NAME_X, OUT_ROW, PAD, PARAM_ROW, Card
from widgets.canvas.items import NodeItem
from widgets.canvas.routing import cubic
from widgets.canvas.scene import CanvasScene
from widgets.fonts import mono_font, ui_font
from widgets.theme import theme


class BareScene(QGraphicsScene):
    """Plain cards (a rounded rectangle and its texts) and plain curves at the places of a canvas scene."""

    def __init__(self, canvas: CanvasScene) -> None:
        super().__init__()
        self._fonts = {"name": ui_font(13, 600), "key": ui_font(12), "value": mono_font(11), "cost": ui_font(11)}
        t = theme()
        self._pens = {"line": QPen(t.color("line2"), 1), "wire": QPen(t.color("wire"), 2)}
        self._brush, self._text = QBrush(t.color("card")), QBrush(t.color("text"))
        self.cards: dict[str, QGraphicsPathItem] = {}
        self.curves: dict[EdgeKey, QGraphicsPathItem] = {}
        self._ports: dict[EdgeKey, tuple[QPointF, QPointF]] = {}
        for node_id, box in canvas.boxes.items():
            if isinstance(box, NodeItem):
                self._add_card(node_id, box.card, box.pos())
        for key in canvas.wires:
            self._add_curve(key, canvas)

    def _add_card(self, node_id: str, card: Card, place: QPointF) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(0, 0, card.width, card.height), 8, 8)
        item = QGraphicsPathItem(path)
        item.setPen(self._pens["line"])
        item.setBrush(self._brush)
        item.setPos(place)
        item.setZValue(2)
        for text, font, x, y in card_texts(card):
            line = QGraphicsSimpleTextItem(text, item)
            line.setFont(self._fonts[font])
            line.setBrush(self._text)
            line.setPos(x, y)
        self.addItem(item)
        self.cards[node_id] = item

    def _add_curve(self, key: EdgeKey, canvas: CanvasScene) -> None:
        source, target = canvas.boxes[key[0]], canvas.boxes[key[2]]
        assert isinstance(source, NodeItem)
        assert isinstance(target, NodeItem)
        self._ports[key] = (source.port_place(key[1], True) - source.pos(), target.port_place(key[3], False) - target.pos())
        item = QGraphicsPathItem(self._curve(key))
        item.setPen(self._pens["wire"])
        item.setZValue(1)
        self.addItem(item)
        self.curves[key] = item

    def _curve(self, key: EdgeKey) -> QPainterPath:
        start, end = self._ports[key]
        return cubic(self.cards[key[0]].pos() + start, self.cards[key[2]].pos() + end)

    def move(self, node_id: str, place: QPointF, keys: list[EdgeKey]) -> None:
        """Move one card and lay its curves again."""
        self.cards[node_id].setPos(place)
        for key in keys:
            self.curves[key].setPath(self._curve(key))


def card_texts(card: Card) -> list[tuple[str, str, float, float]]:
    """The words of a card with font, x and y."""
    found = [(card.name, "name", float(NAME_X), 10.0)]
    for i, (key, value) in enumerate(card.rows):
        y = card.rows_top + PARAM_ROW * i + 3.0
        found += [(key, "key", float(PAD), y), (value, "value", card.width - 70.0, y)]
    if card.out:
        found += [("out", "key", float(PAD), card.out_top + 6.0), (card.out, "value", card.width - 70.0, card.out_top + 6.0)]
    if card.cost_top:
        y = card.out_top + float(OUT_ROW)
        found += [("params", "cost", float(PAD), y), (words.short_count(card.weights), "cost", card.width - 60.0, y),
                  ("MACs", "cost", float(PAD), y + 16), (words.short_count(card.macs or 0), "cost", card.width - 60.0, y + 16)]
    found += [(spot.caption, "key", float(PAD), spot.place.y() - 8) for spot in card.ports if spot.caption]
    return [row for row in found if row[0] and row[3] >= HEADER / 4]


def bare_view(scene: QGraphicsScene) -> QGraphicsView:
    """A plain view with the settings of the canvas view."""
    view = QGraphicsView(scene)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.setFrameShape(QGraphicsView.Shape.NoFrame)
    view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
    view.setBackgroundBrush(theme().color("canvas"))
    scene.setSceneRect(QRectF(-50_000, -50_000, 100_000, 100_000))
    return view
