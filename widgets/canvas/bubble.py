"""The bubble: one problem in words beside its node, with the button that mends it. It covers no node while there is room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from graph_compiler.analysis.diagnostics import Diagnostic
from widgets.controls import FixButton
from widgets.fonts import dress, mono_font
from widgets.theme import theme, themes

WIDTH, WIDER = 208, 240
"""Of a card with few words, and of one with many; a button with a long name makes it wider, px."""
PAD, RADIUS = 12, 8
TIP, TIP_WIDTH, TIP_AT = 8, 16, 28
"""Height and width of the pointer, and how far from the corner it sits."""
GAP = 6
"""Between the tip and the node."""
AWAY = 24.0
"""A card further from its node than this points at nothing, px."""
MARGIN = TIP
"""Room around the card in which the pointer is drawn."""
_VALUE = re.compile(
    r"(?<!\w)(?:\d[\d,.]*(?:\s?×\s?[\d?][\d,.]*)*|u?int\d+|b?float\d+|bool|string|[a-z]+(?:_[a-z0-9]+)+)(?!\w)")

REACH, TRIED = 160.0, 16
"""How far from the node a card that finds no free side may stand, px, and how many places it tries along each axis."""
INSIDE = "block-inside"
"""The code of a problem that is inside a block: its bubble leads there."""
SIDES = ("below", "above", "right", "left")


def rich(text: str) -> str:
    """A sentence as rich text with its values in the fixed-width font."""
    from html import escape  # with a table of 2,000 names, which a drawing without problems does not need

    family = mono_font(11).families()[0]

    def mono(found: re.Match[str]) -> str:
        value = found.group(0)
        rest = "" if value[-1] not in ".," else value[-1]
        return f'<span style="font-family:\'{family}\'">{value.removesuffix(rest) if rest else value}</span>{rest}'

    return _VALUE.sub(mono, escape(text, quote=False))


def sentence(problem: Diagnostic) -> str:
    """What the bubble says: expected and received; the hint only where no button says it."""
    return replace(problem, hint="").sentence if problem.fixes and problem.expected else problem.sentence


def place_beside(node: QRectF, size: tuple[float, float], room: QRectF, others: Iterable[QRectF]) -> tuple[str, QRectF] | None:
    """Side and rectangle of a card of this size near a node: below, else above, else right, else left.

    All in viewport px. None when every place would cover a node or leave the room.
    """
    width, height = size
    near = TIP + GAP
    level = {"below": node.bottom() + near, "above": node.top() - near - height}
    upright = {"right": node.right() + near, "left": node.left() - near - width}
    slid = [min(max(x, room.left()), room.right() - width)
            for x in (node.left(), node.center().x() - width / 2, node.right() - width)]
    blocked = list(others)
    for side in SIDES:
        boxes = [QRectF(x, level[side], width, height) for x in slid] if side in level else [
            QRectF(upright[side], y, width, height) for y in (node.top(), node.bottom() - height)]
        for box in boxes:
            if room.contains(box) and not any(box.intersects(card) for card in blocked):
                return side, box
    return None


def place_anyhow(node: QRectF, size: tuple[float, float], room: QRectF, others: Iterable[QRectF]) -> tuple[str, QRectF]:
    """Side and rectangle near a node that cover as little of the cards as can be, its own least of all; inside the room."""
    width, height = size
    xs = _steps(max(node.left() - width - REACH, room.left()), min(node.right() + REACH, room.right() - width), room.left())
    ys = _steps(max(node.top() - height - REACH, room.top()), min(node.bottom() + REACH, room.bottom() - height), room.top())
    whole = QRectF(xs[0], ys[0], xs[-1] - xs[0] + width, ys[-1] - ys[0] + height)
    blocked = [(node, 8.0), *((card, 1.0) for card in others if card != node and card.intersects(whole))]

    def cost(box: QRectF) -> float:
        covered = sum(weight * _area(box.intersected(card)) for card, weight in blocked)
        return covered + (box.center() - node.center()).manhattanLength() / 4

    best = min((QRectF(x, y, width, height) for x in xs for y in ys), key=cost)
    if best.top() >= node.bottom():
        return "below", best
    if best.bottom() <= node.top():
        return "above", best
    return ("right" if best.center().x() > node.center().x() else "left"), best


def _steps(first: float, last: float, least: float) -> list[float]:
    """A few places from the first to the last one; only the least one when there is no way between them."""
    if last <= first:
        return [max(last, least)]
    return [first + (last - first) * i / (TRIED - 1) for i in range(TRIED)]


def _area(box: QRectF) -> float:
    return box.width() * box.height() if not box.isEmpty() else 0.0


class Bubble(QWidget):
    """One problem. `fix()` (the first right way out) and `explain()` say which button was pressed."""

    fix = Signal()
    explain = Signal()

    def __init__(self, problem: Diagnostic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.side, self.points = "below", True
        self.tip_at = float(TIP_AT)
        self._title, self._sentence = QLabel(problem.title, self), QLabel(rich(sentence(problem)), self)
        self._explain = QPushButton("Open block" if problem.code == INSIDE else "Explain")
        self._build()
        self._recolor(theme())
        themes.changed.connect(self._recolor)
        self.setAccessibleName(problem.title)
        self.setAccessibleDescription(problem.sentence)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN + PAD, MARGIN + PAD, MARGIN + PAD, MARGIN + PAD)
        box.setSpacing(6)
        dress(self._title, 13, 600)
        self._title.setWordWrap(True)
        dress(self._sentence, 12)
        self._sentence.setTextFormat(Qt.TextFormat.RichText)
        self._sentence.setWordWrap(True)
        self._sentence.setVisible(bool(sentence(self.problem)))
        box.addWidget(self._title)
        box.addWidget(self._sentence)
        box.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        need = 0
        for fix in self.problem.fixes[:1]:
            button = FixButton(fix.label, self.problem.severity, parent=self)
            button.clicked.connect(self.fix)
            row.addWidget(button)
            need += button.sizeHint().width() + 8
        self._explain.setFlat(True)
        dress(self._explain, 12, 500)
        self._explain.setCursor(Qt.CursorShape.PointingHandCursor)
        self._explain.setFixedSize(84 if self.problem.code == INSIDE else 64, 24)
        self._explain.clicked.connect(self.explain)
        row.addWidget(self._explain)
        row.addStretch(1)
        box.addLayout(row)
        width = max(WIDER if len(sentence(self.problem)) > 90 else WIDTH, need + self._explain.width() + 2 * PAD)
        self.setFixedWidth(width + 2 * MARGIN)
        self.setFixedHeight(box.heightForWidth(self.width()) if box.hasHeightForWidth() else self.sizeHint().height())

    @property
    def buttons(self) -> list[QPushButton]:
        """The fix where there is one, then Explain."""
        return [*self.findChildren(FixButton), self._explain]

    def card_size(self) -> tuple[float, float]:
        """Width and height without the room for the pointer."""
        return self.width() - 2 * MARGIN, self.height() - 2 * MARGIN

    def put(self, side: str, card: QRectF, target: float, node: QRectF) -> None:
        """Stand at a place; `target` is the abscissa or ordinate the pointer aims at, on `node`. From afar nothing points."""
        self.side = side
        self.points = card.adjusted(-AWAY, -AWAY, AWAY, AWAY).intersects(node)
        along, length = (card.left(), card.width()) if side in ("below", "above") else (card.top(), card.height())
        self.tip_at = min(max(target - along, RADIUS + TIP_WIDTH / 2), length - RADIUS - TIP_WIDTH / 2)
        self.move(round(card.left()) - MARGIN, round(card.top()) - MARGIN)
        self.update()

    def _recolor(self, _: object) -> None:
        t = theme()
        self._title.setStyleSheet(f"color: {t.text}; background: transparent")
        self._sentence.setStyleSheet(f"color: {t.text2}; background: transparent")
        self._explain.setStyleSheet(
            f"QPushButton {{ color: {t.text2}; background: transparent; border: none; border-radius: 6px; padding: 0 }}"
            f"QPushButton:hover, QPushButton:focus {{ background: {t.hover}; color: {t.text} }}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(MARGIN + 0.5, MARGIN + 0.5, -MARGIN - 0.5, -MARGIN - 0.5)
        token = {"error": "error", "warning": "warn"}.get(self.problem.severity, "line2")
        painter.setPen(QPen(t.color(token), 1))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        if self.points:
            self._paint_tip(painter, card, t.color(token))
        painter.end()

    def _paint_tip(self, painter: QPainter, card: QRectF, line: QColor) -> None:
        t, (base, tip) = theme(), self._tip(card)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([base[0], tip, base[1]]))
        painter.setPen(QPen(line, 1))
        painter.drawPolyline([base[0], tip, base[1]])
        painter.setPen(QPen(t.color("card"), 1.6))
        painter.drawLine(base[0] + (base[1] - base[0]) * 0.08, base[1] - (base[1] - base[0]) * 0.08)

    def _tip(self, card: QRectF) -> tuple[tuple[QPointF, QPointF], QPointF]:
        """Both ends of the pointer's base on the card's edge, and its tip."""
        half = TIP_WIDTH / 2
        if self.side in ("below", "above"):
            y, away = (card.top(), -TIP) if self.side == "below" else (card.bottom(), TIP)
            x = card.left() + self.tip_at
            return (QPointF(x - half, y), QPointF(x + half, y)), QPointF(x, y + away)
        x, away = (card.left(), -TIP) if self.side == "right" else (card.right(), TIP)
        y = card.top() + self.tip_at
        return (QPointF(x, y - half), QPointF(x, y + half)), QPointF(x + away, y)
