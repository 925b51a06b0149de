"""Sections of the inspector: titled boxes with a line above, the shape with its sum, the costs with share bars."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.analysis.facts import Facts, Totals
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from widgets.fonts import mono_font, scaled, text_width, ui_font
from widgets.icons import paint_icon
from widgets.parts import Elided, Line, Words
from widgets.parts import Facts as FactRows
from widgets.theme import theme, themes
from widgets.words import count, percent, shape, size_words

BYTES = {"float64": 8, "int64": 8, "uint64": 8, "uint8": 1, "int8": 1, "bool": 1, "float16": 2, "bfloat16": 2, "int16": 2}
"""Width of a number by dtype; 4 for all others."""


class Section(QWidget):
    """A 1 px line, a title, and rows below it."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Line())
        self.box = QVBoxLayout()
        self.box.setContentsMargins(16, 14, 16, 14)
        self.box.setSpacing(8)
        outer.addLayout(self.box)
        if title:
            self.box.addWidget(Words(title, 12, 600, "text2"))
            self.box.addSpacing(4)


class _Flow(QWidget):
    """`13×13×32 > 11×11×64`: what comes in and, bold, what goes out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = self._after = ""
        self._known = False
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_shapes(self, before: str, after: str, gives: bool = True) -> None:
        """The two sides in words; `gives` is False for nodes that only take."""
        self._before, self._known = before, bool(after)
        self._after = after or ("not known yet" if gives else "")
        self.setAccessibleName(f"{before} becomes {self._after}" if before and gives else before or self._after)
        self.setToolTip(self.accessibleName())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, x = theme(), QPainter(self), 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font, bold = mono_font(12), mono_font(12, 600)
        if self._before:
            room = self.width() - 32 - _airy_width(bold, self._after)
            fits = _airy_width(font, self._before) <= room
            words = self._before if fits else QFontMetrics(font).elidedText(
                self._before, Qt.TextElideMode.ElideMiddle, int(max(room - 16, 40)))
            x = _paint_airy(painter, x, font, t.color("text2"), words) + 10
            if self._after:
                paint_icon(painter, "chevron-right", QRectF(x - 1, 4, 12, 12), t.color("text2"))
            x += 20
        _paint_airy(painter, x, bold, t.color("text" if self._known else "text3"), self._after)
        painter.end()


AIR = 2.0
"""Px on both sides of a ×."""


def _airy_width(font: QFont, words: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(words) + 2 * AIR * words.count("×")


def _paint_airy(painter: QPainter, x: float, font: QFont, ink: QColor, words: str) -> float:
    """Words with a little air around each ×, 20 high; gives where they end."""
    painter.setFont(font)
    painter.setPen(ink)
    for part in re.split("(×)", words):
        x += AIR if part == "×" else 0
        painter.drawText(QRectF(x, 0, 1000, 20), Qt.AlignmentFlag.AlignVCenter, part)
        x += QFontMetricsF(font).horizontalAdvance(part) + (AIR if part == "×" else 0)
    return x


def tensor_words(tensors: tuple[Tensor, ...]) -> str:
    """Shapes with commas between; an equal one is said once: `2 × 64`."""
    return ", ".join(dict.fromkeys(shape(t.shape) for t in tensors))


class ShapeSection(Section):
    """What comes in, what goes out, and the sum between the two in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Shape", parent)
        self.flow = _Flow()
        self.sum = Words("", 12, 400, "text3", wrap=True)
        self.ports = FactRows(row_height=22)
        for part in (self.flow, self.ports, self.sum):
            self.box.addWidget(part)

    def show_facts(self, facts: Facts, wired: bool) -> None:
        """Fill in from what analysis knows; `wired` says whether anything is connected to its inputs."""
        given = tuple(tensor for tensors in facts.inputs.values() for tensor in tensors)
        named = len(facts.ports_out) > 1
        takes = not facts.ports_out and len(facts.ports_in) > 1
        self.flow.set_shapes(tensor_words(given), tensor_words(tuple(facts.outputs.values())), bool(facts.ports_out))
        self.flow.setVisible(not takes and (not named or bool(given)))
        rows = facts.outputs.items() if named else [(n, x[0]) for n, x in facts.inputs.items() if x] if takes else ()
        self.ports.set_rows([(name, f"{shape(x.shape)}  {x.dtype}") for name, x in rows])
        self.ports.setVisible(bool(rows))
        words = explanation(facts, wired)
        self.sum.setText(words)
        self.sum.setVisible(bool(words))
        self.setVisible(bool(facts.ports_in or facts.ports_out))


def explanation(facts: Facts, wired: bool) -> str:
    """The sum of the shape in words; what is missing where nothing is known; empty where there is nothing to say."""
    if facts.outputs and isinstance(facts.spec, LayerSpec) and not facts.node.muted:
        try:
            return facts.spec.explained(facts.values, facts.inputs)
        except Refusal:
            return ""
    if facts.ports_in and not facts.inputs:
        return "Waits for what comes before it." if wired else "Next: connect something to its input."
    return ""


def _share_room() -> int:
    """What the column of shares takes at the right of the costs."""
    return max(56, round(text_width("100.0 %", 12)) + 8)


class Share(QWidget):
    """A name, a number, its share of the whole net, and the share as a bar below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._value, self._share, self._color = name, "", 0.0, "wire"
        self.setFixedHeight(scaled(20) + 8)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_value(self, value: int, whole: int, color: str) -> None:
        """The number, the sum it is part of, and the colour of the bar (hex or token)."""
        self._value, self._color = count(value), color
        self._share = value / whole if whole else 0.0
        self.setAccessibleName(f"{self._name} {self._value}, {percent(self._share, 1)} of the net")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, right = theme(), QPainter(self), float(self.width())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(0, 0, right, scaled(20))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setFont(ui_font(12))
        painter.setPen(t.color("text2"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self._name)
        painter.setPen(t.color("text3"))
        painter.drawText(line, align, percent(self._share, 1))
        painter.setFont(ui_font(12, 500))
        painter.setPen(t.color("text"))
        painter.drawText(line.adjusted(0, 0, -_share_room(), 0), align, self._value)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("track"))
        painter.drawRoundedRect(QRectF(0, self.height() - 5, right, 4), 2, 2)
        if self._share > 0:
            painter.setBrush(t.color(self._color) if hasattr(t, self._color) else t.hue(self._color).strip)
            painter.drawRoundedRect(QRectF(0, self.height() - 5, max(right * min(self._share, 1), 3), 4), 2, 2)
        painter.end()


class CostSection(Section):
    """Parameters and MACs as shares of the whole net, and the memory of one output."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cost", parent)
        self.params, self.macs = Share("Parameters"), Share("MACs a sample")
        self.memory = Words("", 12, 500)
        self.dtype = Words("", 12, 400, "text3")
        self.dtype.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.dtype.setMinimumWidth(_share_room() - 10)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(Elided("Output memory", 12, 400, "text2"), 1)
        line.addWidget(self.memory)
        line.addWidget(self.dtype)
        for share in (self.params, self.macs):
            self.box.addWidget(share)
        self.box.addLayout(line)

    def show_facts(self, facts: Facts, totals: Totals) -> None:
        """Fill in; hidden for nodes that neither weigh nor give anything."""
        self.setVisible(bool(facts.outputs))
        computes = facts.spec is None or facts.spec.kind in ("layer", "operation", "block")
        self.params.setVisible(computes)
        self.macs.setVisible(computes)
        self.params.set_value(facts.weights, totals.weights, facts.spec.family if facts.spec else "operations")
        self.macs.set_value(facts.macs or 0, totals.macs, "wire")
        sizes = [(t.size or 0) * BYTES.get(t.dtype, 4) for t in facts.outputs.values()]
        self.memory.setText(size_words(sum(sizes)) if facts.outputs else "–")
        self.dtype.setText(", ".join(dict.fromkeys(t.dtype for t in facts.outputs.values())))
