"""The state of a node in the inspector: frozen and muted, each a switch with its key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from graph_compiler.graph.values import Node
from widgets.controls import Switch
from widgets.fonts import ui_font
from widgets.icons import paint_icon
from widgets.inspector.sections import Section
from widgets.parts import Elided, Words
from widgets.search_field import paint_key
from widgets.theme import theme, themes


class _Key(QWidget):
    """A chip with the key of a switch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setFixedSize(QSize(QFontMetrics(ui_font(11)).horizontalAdvance(text) + 14, 20))
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_key(painter, self.width() - 0.5, self.height() / 2, self._text)
        painter.end()


class _Glyph(QWidget):
    """An icon of 16 px in text2."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(16, 16)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, QRectF(1, 1, 14, 14), theme().color("text2"))
        painter.end()


class StateSection(Section):
    """Frozen and muted, each with its key. `changed(field, value)` when a switch is turned."""

    changed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("State", parent)
        self.box.setSpacing(12)
        self.frozen = self._row("snowflake", "Frozen", "not trained", "Shift F", "frozen")
        self.muted = self._row("mute", "Muted", "passes through", "M", "muted")

    def _row(self, icon: str, name: str, caption: str, key: str, field: str) -> Switch:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        switch = Switch(name)
        switch.clicked.connect(lambda on: self.changed.emit(field, on))
        for part, stretch in ((_Glyph(icon), 0), (Words(name), 0), (Elided(caption, 12, 400, "text3"), 1), (_Key(key), 0)):
            line.addWidget(part, stretch)
        line.addWidget(switch)
        self.box.addWidget(row)
        return switch

    def show_node(self, node: Node, freezes: bool, mutes: bool) -> None:
        """Show the switches that make sense for the node."""
        self.frozen.setChecked(node.frozen)
        self.muted.setChecked(node.muted)
        for switch, shown in ((self.frozen, freezes), (self.muted, mutes)):
            row = switch.parentWidget()
            if row is not None:
                row.setVisible(shown)
        self.setVisible(freezes or mutes)
