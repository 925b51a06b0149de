"""The search box at the pointer: find a node type by a few letters, with parameters behind (`conv 64 3`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.tensors import Tensor
from widgets import words
from widgets.finding import FREE, Backwards, Forwards, Found, find, recent, remember
from widgets.fonts import dress, mono_font, scaled, text_width, ui_font
from widgets.icons import paint_icon, paint_tile, tile_family
from widgets.motion import appear
from widgets.offer import key_of
from widgets.parts import Words
from widgets.search_field import paint_key
from widgets.theme import theme, themes
from widgets.typed import NOTHING, Names

WIDTH, ROW, SHOWN, REFUSED = 420, 48, 5, 2
EDGE = 8
"""Least distance from the parent's edges."""
AROUND = 102
"""Height of the field, the foot and what is between them and the list."""
RULE = 36
"""Height of the heading above what cannot be."""
FOOT = ((("↑", "↓"), "choose"), (("Shift Enter",), "add and stay"), (("Esc",), "let go"))


class SearchPopup(QFrame):
    """`chosen(key, params, stay)` for a choice; `closed` when it goes away without one.

    `first` are the types that stand in place of the recent ones while nothing is typed. A wire that waits says what flows in
    it, `tensor`, or where it goes, `backwards`. `names` are the parameters of the block one is in. `via` is the type that must
    stand in front of the line chosen last.
    """

    chosen = Signal(str, object, bool)
    closed = Signal()

    def __init__(self, specs: Iterable[NodeSpec], tensor: Tensor | None = None, parent: QWidget | None = None,
                 first: Sequence[str] = (), backwards: Backwards | None = None, names: Names = NOTHING,
                 forwards: Forwards = FREE) -> None:
        super().__init__(parent)
        self._names, self._forwards = names, forwards
        self.via = ""
        self.takes = words.shape(tensor.shape) if tensor is not None else ""
        self.nothing = "No node has this name."
        self._specs, self._tensor, self._first, self._backwards = list(specs), tensor, first, backwards
        self.found: list[Found] = []
        self.current = 0
        self._place = QPoint()
        self._upwards = False
        """It stands above its place, because there was no room below."""
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Add a node, such as conv 64 3")
        self.field.setAccessibleName("Search for a node to add")
        dress(self.field, 13)
        self.field.setFrame(False)
        self.field.setTextMargins(28, 0, 120 if tensor is not None or backwards is not None else 8, 0)
        self._recolor(theme())
        themes.changed.connect(self._recolor)
        self.field.setFixedHeight(36)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = _List(self)
        self.whole = Words("", 11, 400, "text2", wrap=True)
        """What the current line has no room for."""
        self.whole.setContentsMargins(46, 0, 8, 0)
        self.whole.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 46)
        box.setSpacing(8)
        box.addWidget(self.field)
        box.addWidget(self.list)
        box.addWidget(self.whole)
        self.setFixedWidth(scaled(WIDTH))
        self._search("")

    def _recolor(self, _: object) -> None:
        t = theme()
        self.field.setStyleSheet(
            f"QLineEdit {{ background: transparent; border: none; color: {t.text}; min-height: 36px; max-height: 36px;"
            f" placeholder-text-color: {t.text3}; selection-background-color: {t.accentfill} }}")

    def ask_for(self, words: str, takes: str = "", nothing: str = "") -> None:
        """Other words in the empty field, and for screen readers; what it must take, and what is said where nothing does."""
        self.takes, self.nothing = takes or self.takes, nothing or self.nothing
        self.field.setPlaceholderText(words)
        self.field.setAccessibleName(words)

    @property
    def refused_words(self) -> str:
        """The heading above what cannot be."""
        if self._backwards is not None:
            return "Give nothing that fits"
        return "Cannot take all of these wires" if self._forwards.each else "Cannot take this wire"

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the parent, moved so that it is seen whole."""
        self.adjustSize()
        self._place = place
        parent = self.parentWidget()
        self._upwards = parent is not None and place.y() + self.height() > parent.height() - EDGE
        self._stand()
        self.show()
        self.raise_()
        self.field.setFocus()
        appear(self)

    def _stand(self) -> None:
        """At its place, or as near to it as the parent's edges allow."""
        parent = self.parentWidget()
        if parent is not None:
            x = min(max(self._place.x(), EDGE), max(EDGE, parent.width() - self.width() - EDGE))
            top = self._place.y() - (self.height() if self._upwards else 0)
            y = min(max(top, EDGE), max(EDGE, parent.height() - self.height() - EDGE))
            self.move(x, y)

    def _search(self, text: str) -> None:
        every = find(self._specs, text, self._tensor, recent if text or not self._first else self._first, self._backwards,
                     self._names, self._forwards)
        parent = self.parentWidget()
        rows = max(1, (parent.height() - 2 * EDGE - AROUND) // ROW) if parent is not None else SHOWN + REFUSED + 1
        fits = [f for f in every if not f.reason][:min(SHOWN, rows)]
        self.found = fits + [f for f in every if f.reason][:max(0, min(REFUSED, rows - len(fits) - 1))]
        self.point(0)

    def point(self, place: int, by_mouse: bool = False) -> None:
        """Another line is the current one; what is cut in it stands below the list, which never moves under the mouse."""
        self.current = place
        self.list.refresh(self.found, place)
        if by_mouse and self._upwards:
            return
        cut = self.list.cut(place)
        self.whole.setText("\n".join(cut))
        self.whole.setVisible(bool(cut))
        self.adjustSize()
        self._stand()

    def choose(self, place: int, stay: bool = False) -> None:
        """Take a line of the list."""
        if 0 <= place < len(self.found) and not self.found[place].reason:
            line = self.found[place]
            remember(key_of(line.spec))
            self.via = line.via
            self.chosen.emit(key_of(line.spec), line.params, stay)

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._key(event)
        if isinstance(event, QFocusEvent) and event.lostFocus() and watched is self.field and self.isVisible():
            self._close()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), sum(not f.reason for f in self.found)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            self.point((self.current + (1 if key == Qt.Key.Key_Down else -1)) % count)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.current, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Escape:
            self._close()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.choose(key - Qt.Key.Key_1)
        else:
            return False
        return True

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        field_box = QRectF(self.field.geometry())
        painter.setPen(QPen(t.color("accent"), 1.5))
        painter.setBrush(t.color("field"))
        painter.drawRoundedRect(field_box.adjusted(0, 0, -0.5, -0.5), 6, 6)
        paint_icon(painter, "search", QRectF(field_box.left() + 11, field_box.center().y() - 7, 14, 14), t.color("text3"))
        if self._tensor is not None:
            self._paint_wire(painter, field_box.adjusted(0, 0, -12, 0), "takes", self.takes)
        elif self._backwards is not None:
            self._paint_wire(painter, field_box.adjusted(0, 0, -12, 0), "gives to", self._backwards.end)
        self._paint_foot(painter)
        painter.end()

    def _paint_wire(self, painter: QPainter, box: QRectF, verb: str, end: str) -> None:
        """`takes 11×11×64` or `gives to dense_1` at the right of the field."""
        t, right = theme(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setFont(mono_font(11, 600))
        painter.setPen(t.color("accent"))
        end = painter.fontMetrics().elidedText(end, Qt.TextElideMode.ElideMiddle, 140)
        painter.drawText(box, right, end)
        used = painter.fontMetrics().horizontalAdvance(end) + 6
        painter.setFont(ui_font(12))
        painter.setPen(t.color("text2"))
        painter.drawText(box.adjusted(0, 0, -used, 0), right, verb)

    def _paint_foot(self, painter: QPainter) -> None:
        """Keys as chips, what they do behind them."""
        t, x, top = theme(), 18.0, self.height() - 38.0
        painter.setPen(QPen(t.color("line"), 1))
        painter.drawLine(QPointF(1, top - 0.5), QPointF(self.width() - 1, top - 0.5))
        for keys, meaning in FOOT:
            for key in keys:
                right = x + text_width(key, 11) + 12
                paint_key(painter, right, top + 19, key)
                x = right + 6
            painter.setFont(ui_font(12))
            painter.setPen(t.color("text2"))
            painter.drawText(QRectF(x, top, 160, 38), Qt.AlignmentFlag.AlignVCenter, meaning)
            x += painter.fontMetrics().horizontalAdvance(meaning) + 18


class _List(QWidget):
    """The lines, painted in one go."""

    def __init__(self, popup: SearchPopup) -> None:
        super().__init__(popup)
        self._popup = popup
        self._found: list[Found] = []
        self._current = 0
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Node types")

    def refresh(self, found: list[Found], current: int) -> None:
        """Show these lines."""
        self._found, self._current = found, current
        if found:
            self.setAccessibleDescription(found[current].spec.name)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def _heading_at(self) -> int:
        return next((i for i, f in enumerate(self._found) if f.reason), -1)

    def sizeHint(self) -> QSize:
        lines = len(self._found) * ROW + (RULE if self._heading_at() >= 0 else 0)
        return QSize(scaled(WIDTH) - 20, lines or ROW)

    def row_rect(self, place: int) -> QRectF:
        """Where a line is."""
        heading = self._heading_at()
        return QRectF(0, place * ROW + (RULE if 0 <= heading <= place else 0), self.width(), ROW)

    def _at(self, y: float) -> int:
        return next((i for i in range(len(self._found)) if self.row_rect(i).top() <= y < self.row_rect(i).bottom()), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().y())
        self.setToolTip("\n".join(self.cut(place)))
        if place >= 0 and not self._found[place].reason and place != self._current:
            self._popup.point(place, by_mouse=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        stay = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._popup.choose(self._at(event.position().y()), stay)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = Qt.AlignmentFlag.AlignVCenter
        if not self._found:
            painter.setPen(t.color("text3"))
            painter.setFont(ui_font(13))
            painter.drawText(QRectF(8, 0, self.width(), ROW), middle, self._popup.nothing)
        heading = self._heading_at()
        if heading >= 0:
            y = heading * ROW + 5.5
            painter.setPen(QPen(t.color("line"), 1))
            painter.drawLine(QPointF(-10, y), QPointF(self.width() + 10, y))
            painter.setPen(t.color("text2"))
            painter.setFont(ui_font(12))
            painter.drawText(QRectF(8, y, self.width(), RULE - 6), middle, self._popup.refused_words)
        for i, line in enumerate(self._found):
            self._paint_line(painter, line, self.row_rect(i), i)
        painter.end()

    def _paint_line(self, painter: QPainter, line: Found, box: QRectF, place: int) -> None:
        t = theme()
        painter.setOpacity(0.5 if line.reason else 1.0)
        if place == self._current and not line.reason:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("accenttint"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        paint_tile(painter, tile_family(line.spec.name, line.spec.family), QRectF(10, box.top() + 12, 24, 24))
        painter.setOpacity(1.0)
        self._paint_name(painter, line, box, place)
        painter.setFont(ui_font(11))
        below, warns = _below(line)
        painter.setPen(t.color("warn" if warns else "text3"))
        room = int(box.width() - 46 - self._taken(line, place))
        painter.drawText(QRectF(46, box.top() + 25, room, 16), Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, room))
        if line.reason:
            return
        key = "Enter" if place == self._current else f"Alt {place + 1}"
        left = paint_key(painter, box.right() - 8, box.center().y(), key)
        if line.shape:
            painter.setPen(t.color("text3"))
            painter.setFont(mono_font(11))
            painter.drawText(QRectF(46, box.top(), left - 56, box.height()),
                             Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"→ {line.shape}")

    def cut(self, place: int) -> list[str]:
        """What of a line has no room in it: its parameters, what stands below."""
        if not 0 <= place < len(self._found):
            return []
        line = self._found[place]
        room = self.row_rect(place).right() - self._taken(line, place) - 46
        beside = room - text_width(line.spec.name, 13, 600) - 8
        typed, (below, _) = _typed(line), _below(line)
        parts = ((typed, text_width(typed, 11, mono=True), beside), (below, text_width(below, 11), room))
        return [text for text, width, free in parts if text and width > free]

    def _taken(self, line: Found, place: int) -> float:
        """Width at the right of a line that its shape and its key take."""
        if line.reason:
            return 8
        key = text_width("Enter" if place == self._current else f"Alt {place + 1}", 11) + 12
        return 8 + key + (text_width(f"→ {line.shape}", 11, mono=True) + 18 if line.shape else 12)

    def _paint_name(self, painter: QPainter, line: Found, box: QRectF, place: int) -> None:
        t, x = theme(), 46.0
        end = box.right() - self._taken(line, place)
        extra = _typed(line)
        for i, letter in enumerate(line.spec.name):
            marked = i in line.marks
            if x > end - 22:
                painter.drawText(QRectF(x, box.top() + 7, 20, 18), Qt.AlignmentFlag.AlignVCenter, "…")
                return
            painter.setFont(ui_font(13, 600 if marked else 500))
            painter.setPen(t.color("text3" if line.reason else "accent" if marked else "text"))
            painter.drawText(QRectF(x, box.top() + 7, 20, 18), Qt.AlignmentFlag.AlignVCenter, letter)
            x += painter.fontMetrics().horizontalAdvance(letter)
        if extra:
            painter.setFont(mono_font(11))
            painter.setPen(t.color("text2"))
            room = max(int(end - x - 8), 0)
            painter.drawText(QRectF(x + 8, box.top() + 7, room, 18), Qt.AlignmentFlag.AlignVCenter,
                             painter.fontMetrics().elidedText(extra, Qt.TextElideMode.ElideRight, room))


def _typed(line: Found) -> str:
    """The parameters that were typed."""
    return " ".join(f"{k}={words.value(v)}" for k, v in line.params.items())


def _below(line: Found) -> tuple[str, bool]:
    """What stands below the name, and whether it warns."""
    unread = f"Not understood: {' '.join(line.unread)}" if line.unread and not line.reason else ""
    unread = unread or (f"Not wired: {line.apart[:1].lower()}{line.apart[1:]}" if line.apart else "")
    return line.reason or unread or (f"With {line.via} in front of it" if line.via else line.spec.summary), bool(unread)
