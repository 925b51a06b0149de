"""The search box at the pointer: find a node type by a few letters, with parameters behind (`conv 64 3`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.registry import Registry
from graph_compiler.specs.tensors import Tensor
from widgets import words
from widgets.fonts import mono_font, ui_font
from widgets.icons import paint_tile
from widgets.theme import theme

WIDTH, ROW, SHOWN, REFUSED = 420, 48, 6, 3
HIDDEN = frozenset({"Block", "BlockInput", "BlockOutput"})
_recent: list[str] = []


@dataclass(frozen=True)
class Found:
    """One line of the list: a type, how well it fits, where its name matches, what comes out or why not."""

    spec: NodeSpec
    score: float
    marks: tuple[int, ...] = ()
    shape: str = ""
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def match(query: str, name: str) -> tuple[float, tuple[int, ...]] | None:
    """How well letters fit a name (higher is better) and which of its letters they are; None when they do not.

    A run at the start beats a run inside, a run beats scattered letters, short names beat long ones.
    """
    if not query:
        return 0.0, ()
    low = name.lower()
    place = low.find(query)
    if place >= 0:
        at_word = place == 0 or name[place].isupper()
        return 100.0 - place + (20 if at_word else 0) - len(name) / 10, tuple(range(place, place + len(query)))
    starts = [i for i, letter in enumerate(name) if i == 0 or letter.isupper() or letter.isdigit()]
    if (heads := _in_order(query, low, starts)) is not None:
        return 60.0 - 2 * (starts.index(heads[-1]) + 1 - len(heads)) - len(name) / 10, tuple(heads)
    marks: list[int] = []
    at = 0
    for letter in query:
        at = low.find(letter, at)
        if at < 0:
            return None
        marks.append(at)
        at += 1
    gaps = marks[-1] - marks[0] + 1 - len(marks)
    capitals = sum(name[m].isupper() or m == 0 for m in marks)
    return 40.0 - 3 * gaps + 6 * capitals - len(name) / 10, tuple(marks)


def _in_order(query: str, low: str, places: list[int]) -> list[int] | None:
    """The first of these places, in order, that spell the query; None when they do not (`gap`: GlobalAveragePooling)."""
    found: list[int] = []
    left = iter(places)
    for letter in query:
        place = next((i for i in left if low[i] == letter), None)
        if place is None:
            return None
        found.append(place)
    return found


def typed_params(spec: NodeSpec, parts: list[str]) -> dict[str, Any]:
    """Words behind the name as parameters: numbers fill key parameters in order, other words the first choice with them."""
    out: dict[str, Any] = {}
    keys = [p for p in spec.params if p.key]
    choices = keys + [p for p in spec.params if not p.key and p.kind == "choice"]
    for part in parts:
        for param in choices:
            if param.name in out:
                continue
            value = _typed(part, param.kind)
            if value is None:
                continue
            try:
                param.check(value)
            except Refusal:
                continue
            out[param.name] = value
            break
    return out


def _typed(part: str, kind: str) -> Any:
    if kind in ("int", "ints"):
        return int(part) if part.isdigit() else None
    if kind == "float":
        try:
            return float(part)
        except ValueError:
            return None
    return part if kind == "choice" and not part.isdigit() else None


def find(registry: Registry, text: str, tensor: Tensor | None = None, recent: Iterable[str] = ()) -> list[Found]:
    """Types that fit the text, best first; with a tensor those that cannot take it stand last with their reason."""
    name, *rest = text.lower().split() or [""]
    order = list(recent)
    found: list[Found] = []
    for spec in registry.nodes.values():
        if spec.name in HIDDEN or (tensor is not None and not spec.input_ports(spec.defaults())):
            continue
        hit = match(name, spec.name) or _keyword(name, spec)
        if hit is None:
            continue
        bonus = 15 - order.index(spec.name) if spec.name in order[:15] else 0
        params = typed_params(spec, rest)
        shape, reason = _outcome(spec, tensor, params) if tensor is not None else ("", "")
        found.append(Found(spec, hit[0] + bonus, hit[1], shape, reason, params))
    found.sort(key=lambda f: (bool(f.reason), -f.score, f.spec.name))
    return found


def _keyword(name: str, spec: NodeSpec) -> tuple[float, tuple[int, ...]] | None:
    if any(word.startswith(name) for word in spec.keywords) or spec.family.startswith(name):
        return 30.0, ()
    return None


def _outcome(spec: NodeSpec, tensor: Tensor, params: dict[str, Any]) -> tuple[str, str]:
    """The shape that comes out, and why it cannot."""
    values = {**spec.defaults()}
    for param in spec.params:
        if param.name in params:
            values[param.name] = param.check(params[param.name])
    ports = spec.input_ports(values)
    if spec.kind not in ("layer", "operation") or len(ports) != 1 or ports[0].many:
        return "", ""
    try:
        out = spec.infer(values, {ports[0].name: (tensor,)}).outputs
    except Refusal as refusal:
        return "", (refusal.expected and f"Needs {refusal.expected}") or refusal.title
    if any(d is not None and d < 1 for t in out for d in t.shape):
        return "", "Leaves nothing over"
    return words.shape(out[0].shape) if out else "", ""


def remember(name: str) -> None:
    """The most recent choice comes first next time."""
    if name in _recent:
        _recent.remove(name)
    _recent.insert(0, name)
    del _recent[15:]


class SearchPopup(QFrame):
    """`chosen(type, params, stay)` for a choice; `closed` when it goes away without one."""

    chosen = Signal(str, object, bool)
    closed = Signal()

    def __init__(self, registry: Registry, tensor: Tensor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry, self._tensor = registry, tensor
        self.found: list[Found] = []
        self.current = 0
        self._place = QPoint()
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Add a node")
        self.field.setAccessibleName("Search for a node to add")
        self.field.setFont(ui_font(13))
        self.field.setFrame(False)
        self.field.setTextMargins(28, 0, 8, 0)
        self.field.setFixedHeight(36)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = _List(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 34)
        box.setSpacing(8)
        box.addWidget(self.field)
        box.addWidget(self.list)
        self.setFixedWidth(WIDTH)
        self._search("")

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the parent, moved so that it is seen whole."""
        self.adjustSize()
        self._place = place
        self._stand()
        self.show()
        self.raise_()
        self.field.setFocus()

    def _stand(self) -> None:
        """At its place, or as near to it as the parent's edges allow."""
        parent = self.parentWidget()
        if parent is not None:
            x = min(max(self._place.x(), 8), max(8, parent.width() - self.width() - 8))
            y = min(max(self._place.y(), 8), max(8, parent.height() - self.height() - 8))
            self.move(x, y)

    def _search(self, text: str) -> None:
        every = find(self._registry, text, self._tensor, _recent)
        fits = [f for f in every if not f.reason][:SHOWN]
        self.found = fits + [f for f in every if f.reason][:REFUSED]
        self.current = 0
        self.list.refresh(self.found, self.current)
        self.adjustSize()
        self._stand()

    def choose(self, place: int, stay: bool = False) -> None:
        """Take a line of the list."""
        if 0 <= place < len(self.found) and not self.found[place].reason:
            line = self.found[place]
            remember(line.spec.name)
            self.chosen.emit(line.spec.name, line.params, stay)

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._key(event)
        if isinstance(event, QFocusEvent) and event.lostFocus() and watched is self.field and self.isVisible():
            self._close()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), sum(not f.reason for f in self.found)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            self.current = (self.current + (1 if key == Qt.Key.Key_Down else -1)) % count
            self.list.refresh(self.found, self.current)
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
        painter.drawRoundedRect(field_box.adjusted(-1, -1, 1, 1), 6, 6)
        self._paint_foot(painter)
        painter.end()

    def _paint_foot(self, painter: QPainter) -> None:
        t = theme()
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text3"))
        foot = QRectF(16, self.height() - 28, self.width() - 32, 20)
        text = "↑ ↓ choose     Shift Enter add and stay     Esc let go"
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, text)
        if self._tensor is not None:
            painter.setFont(mono_font(11, 600))
            painter.setPen(t.color("accent"))
            painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                             f"takes {words.shape(self._tensor.shape)}")


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
        lines = len(self._found) * ROW + (28 if self._heading_at() >= 0 else 0)
        return QSize(WIDTH - 20, lines or ROW)

    def row_rect(self, place: int) -> QRectF:
        """Where a line is."""
        heading = self._heading_at()
        return QRectF(0, place * ROW + (28 if 0 <= heading <= place else 0), self.width(), ROW)

    def _at(self, y: float) -> int:
        return next((i for i in range(len(self._found)) if self.row_rect(i).top() <= y < self.row_rect(i).bottom()), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().y())
        if place >= 0 and not self._found[place].reason and place != self._current:
            self._popup.current = self._current = place
            self.update()

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
            painter.drawText(QRectF(8, 0, self.width(), ROW), middle, "No node has this name.")
        heading = self._heading_at()
        if heading >= 0:
            painter.setPen(t.color("text3"))
            painter.setFont(ui_font(12))
            painter.drawText(QRectF(8, heading * ROW + 4, self.width(), 24), middle, "Cannot take this wire")
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
        paint_tile(painter, line.spec.family, QRectF(10, box.top() + 12, 24, 24))
        painter.setOpacity(1.0)
        self._paint_name(painter, line, box)
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text3"))
        below = line.reason or line.spec.summary
        room = int(box.width() - 46 - (120 if line.shape else 60))
        painter.drawText(QRectF(46, box.top() + 25, room, 16), Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, room))
        if line.reason:
            return
        key = "Enter" if place == self._current else f"Alt {place + 1}"
        width = painter.fontMetrics().horizontalAdvance(key) + 12
        chip = QRectF(box.right() - width - 8, box.center().y() - 10, width, 20)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(t.color("text2"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, key)
        if line.shape:
            painter.setFont(mono_font(11))
            painter.drawText(QRectF(46, box.top(), chip.left() - 56, box.height()),
                             Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"→ {line.shape}")

    def _paint_name(self, painter: QPainter, line: Found, box: QRectF) -> None:
        t, x = theme(), 46.0
        extra = " ".join(f"{k}={words.value(v)}" for k, v in line.params.items())
        for i, letter in enumerate(line.spec.name):
            marked = i in line.marks
            painter.setFont(ui_font(13, 600 if marked else 500))
            painter.setPen(t.color("text3" if line.reason else "accent" if marked else "text"))
            painter.drawText(QRectF(x, box.top() + 7, 20, 18), Qt.AlignmentFlag.AlignVCenter, letter)
            x += painter.fontMetrics().horizontalAdvance(letter)
        if extra:
            painter.setFont(mono_font(11))
            painter.setPen(t.color("text2"))
            painter.drawText(QRectF(x + 8, box.top() + 7, 200, 18), Qt.AlignmentFlag.AlignVCenter, extra)

