"""The command palette: every command by a few letters of its name, with its keys; Enter does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from widgets.fonts import scaled, ui_font
from widgets.keys import shown_keys
from widgets.motion import appear
from widgets.palette_rows import paint_lit
from widgets.search_field import SearchField, paint_key
from widgets.tables import Index
from widgets.theme import theme

WIDTH, ROW, SHOWN, TOP = 560, 36, 10, 56
SCATTERED = 10.0
"""The score of letters that only follow one another; they count where nothing fits better."""
HIT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """A line: what it does, where it stands in the menus, its keys, and whether it can be done now."""

    id: str
    text: str
    menu: str = ""
    keys: str = ""
    enabled: bool = True


@dataclass(frozen=True)
class Hit:
    """An entry that fits, with the letters of its name to light."""

    entry: Entry
    score: float
    lit: tuple[int, ...] = ()


def search(query: str, entries: Iterable[Entry], recent: Sequence[str] = ()) -> list[Hit]:
    """Entries that fit every word of a query, best first; without one recent ones first. What cannot be done stands last."""
    words = query.lower().split()
    found = [hit for entry in entries if (hit := _hit(words, entry)) is not None]
    if any(hit.score > SCATTERED for hit in found):
        found = [hit for hit in found if hit.score > SCATTERED or not words]
    late = {name: place for place, name in enumerate(recent)}
    return sorted(found, key=lambda h: (not h.entry.enabled, -h.score, late.get(h.entry.id, len(late))))


def _hit(words: list[str], entry: Entry) -> Hit | None:
    score, lit = 0.0, set[int]()
    for word in words:
        part = _word(word, entry)
        if part is None:
            return None
        score += part[0]
        lit.update(part[1])
    return Hit(entry, score - len(entry.text) / 200 if words else 0.0, tuple(sorted(lit)))


def _word(word: str, entry: Entry) -> tuple[float, tuple[int, ...]] | None:
    """A run at the start of a word, inside one, the first letters of words, the menu, letters in their order."""
    low = entry.text.lower()
    starts = [i for i, letter in enumerate(low) if letter.isalnum() and (i == 0 or not low[i - 1].isalnum())]
    place = next((i for i in starts if low.startswith(word, i)), low.find(word))
    if place >= 0:
        return (100.0 if place == 0 else 80.0 if place in starts else 50.0), tuple(range(place, place + len(word)))
    heads = "".join(low[i] for i in starts)
    if (at := heads.find(word)) >= 0:
        return 60.0, tuple(starts[at:at + len(word)])
    if entry.menu.lower().startswith(word) or word in entry.keys.lower().split("+"):
        return 30.0, ()
    marks: list[int] = []
    for letter in word:
        found = low.find(letter, marks[-1] + 1 if marks else 0)
        if found < 0:
            return None
        marks.append(found)
    return SCATTERED - (marks[-1] - marks[0] - len(marks)) / 10, tuple(marks)


class CommandPalette(QFrame):
    """`chosen(id)` for a choice, `closed` when it goes away without one. It stands at the top of its parent."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, entries: Sequence[Entry], recent: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._entries, self._recent = list(entries), list(recent)
        self.setAccessibleName("All commands")
        self.field = SearchField("Search commands", cross=False)
        self.model = _Model(self)
        self.list = _List(self)
        self.list.setModel(self.model)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.setSpacing(8)
        box.addWidget(self.field)
        box.addWidget(self.list)
        self.field.textChanged.connect(self._search)
        self.field.stepped.connect(self._step)
        self.field.confirmed.connect(lambda: self._choose(self.list.currentIndex()))
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._choose)
        self._search("")

    def open(self) -> None:
        """Show it at the top of the parent, ready to type."""
        parent = self.parentWidget()
        assert parent is not None
        self.setFixedWidth(min(WIDTH, parent.width() - 32))
        self._fit()
        self.move((parent.width() - self.width()) // 2, TOP)
        self.show()
        self.raise_()
        self.field.setFocus()
        appear(self)

    def _fit(self) -> None:
        rows = max(1, min(len(self.model.hits), SHOWN))
        self.list.setFixedHeight(rows * max(ROW, scaled(ROW)))
        self.setFixedHeight(self.list.height() + self.field.height() + 28)

    def _search(self, text: str) -> None:
        self.model.show_hits(search(text, self._entries, self._recent))
        self.list.setCurrentIndex(self.model.index(0))
        self.list.scrollToTop()
        self._fit()

    def _step(self, by: int) -> None:
        usable = [i for i, hit in enumerate(self.model.hits) if hit.entry.enabled]
        if usable:
            here = self.list.currentIndex().row()
            place = usable.index(here) if here in usable else -1
            self.list.setCurrentIndex(self.model.index(usable[(place + by) % len(usable)]))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and (entry := self.model.hits[index.row()].entry).enabled:
            self.chosen.emit(entry.id)

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.closed.emit()
            event.accept()
            return True
        if isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible() and not self.isAncestorOf(
                self.window().focusWidget() or self):
            self.closed.emit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()


class _Model(QAbstractListModel):
    NO_PARENT = QModelIndex()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def show_hits(self, hits: list[Hit]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def flags(self, index: Index) -> Qt.ItemFlag:
        enabled = self.hits[index.row()].entry.enabled if index.isValid() else False
        return super().flags(index) if enabled else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        hit = self.hits[index.row()]
        if role == HIT:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (hit.entry.text, shown_keys(hit.entry.keys), hit.entry.menu)))
        return None


class _List(QListView):
    """The lines; the field above keeps the keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Commands")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Painter(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setFont(ui_font(13))
            painter.setPen(theme().color("text3"))
            painter.drawText(self.viewport().rect().adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter,
                             "No command has this name.")
            painter.end()


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, max(ROW, scaled(ROW)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, rect, hit = theme(), QRect(option.rect), index.data(HIT)
        entry = hit.entry
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if entry.enabled and (chosen or over):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("accenttint" if chosen else "hover"))
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, 0, -1), 6, 6)
        painter.setOpacity(1.0 if entry.enabled else 0.5)
        right = rect.right() - 8.0
        if entry.keys:
            right = paint_key(painter, right, rect.center().y() + 0.5, shown_keys(entry.keys)) - 10
        font = ui_font(11)
        menu = QFontMetrics(font).horizontalAdvance(entry.menu)
        painter.setFont(font)
        painter.setPen(t.color("text3"))
        painter.drawText(QRectF(right - menu, rect.top(), menu + 1, rect.height()), Qt.AlignmentFlag.AlignVCenter, entry.menu)
        room = QRect(rect.left() + 10, rect.top(), int(right) - menu - rect.left() - 20, rect.height())
        paint_lit(painter, room, entry.text, hit.lit, "text" if entry.enabled else "text3")
        painter.restore()
