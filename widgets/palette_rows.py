"""How rows of the palette are painted: families 32 high, entries 44 high with tile, name, description and grip."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets.controls.focus import shows_focus
from widgets.fonts import fitting_size, scaled, ui_font, wrapped
from widgets.fuzzy import Match
from widgets.icons import paint_icon, paint_tile, tile_family
from widgets.theme import theme

FAMILY_HEIGHT, ENTRY_HEIGHT = 32, 44
TEXT_AT, GRIP_ROOM = 50, 22
"""Where the texts of an entry begin, and what the grip takes at the right."""
EDGE = 14
"""What counts and grips keep from the right edge."""
BAR = 8
"""Width of the scroll bar, whose room is kept free: texts break the same with and without it."""
LINE = 15
"""Height of a further line of a description."""
Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
"""The role under which a model gives its `Row`."""


@dataclass(frozen=True)
class Family:
    """A heading row."""

    name: str
    count: int
    open: bool


Row = Family | Match


class RowPainter(QStyledItemDelegate):
    """Family rows 32 high, entries 44 high with tile, name, description and grip, higher where a text needs more lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW)
        if isinstance(row, Family):
            return QSize(120, max(FAMILY_HEIGHT, scaled(FAMILY_HEIGHT)))
        return QSize(120, entry_height(row, _edge(option) + EDGE - BAR))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = theme()
        rect = QRect(option.rect)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        current = bool(option.state & QStyle.StateFlag.State_Selected) and bool(option.state & QStyle.StateFlag.State_Active)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = index.data(ROW)
        if hovered or (current and isinstance(row, Match)):
            painter.fillRect(rect, t.color("hover"))
        if option.state & QStyle.StateFlag.State_HasFocus and (option.widget is None or shows_focus(option.widget)):
            painter.setPen(QPen(t.color("accent"), 1))
            painter.drawRoundedRect(QRectF(rect).adjusted(4.5, 1.5, -4.5, -1.5), 6, 6)
        if isinstance(row, Family):
            _paint_family(painter, rect, row, _edge(option))
        else:
            _paint_entry(painter, rect, row, hovered or current, _edge(option))
        painter.restore()


def _edge(option: QStyleOptionViewItem) -> int:
    """Where counts and grips end, the same with and without a scroll bar."""
    view = option.widget
    return (view.width() if isinstance(view, QAbstractItemView) else option.rect.right()) - EDGE


def _paint_family(painter: QPainter, rect: QRect, row: Family, edge: int) -> None:
    t = theme()
    middle = rect.center().y() + 0.5
    chevron = "chevron-down" if row.open else "chevron-right"
    paint_icon(painter, chevron, QRectF(rect.left() + 12, middle - 6, 12, 12), t.color("text2"))
    left = rect.left() + 30
    if not row.open:
        paint_tile(painter, row.name, QRectF(left, middle - 12, 24, 24))
        left += 30
    painter.setFont(ui_font(12, 600))
    painter.setPen(t.color("text2"))
    painter.drawText(QRect(left, rect.top(), rect.right() - left - 48, rect.height()), Qt.AlignmentFlag.AlignVCenter,
                     row.name.capitalize())
    painter.setFont(ui_font(11))
    painter.setPen(t.color("text3"))
    room = QRect(rect.left(), rect.top(), edge - 2 - rect.left(), rect.height())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(row.count))


def entry_lines(row: Match, width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name and description of an entry in a list of this width, in lines."""
    room = width - TEXT_AT - GRIP_ROOM
    return wrapped(row.spec.name, room, fitting_size(row.spec.name, room, 13, 500), 500), wrapped(
        row.spec.summary, room, 11)


def entry_height(row: Match, width: int) -> int:
    """44 with a name and a description of one line each."""
    name, summary = entry_lines(row, width)
    return max(ENTRY_HEIGHT, scaled(ENTRY_HEIGHT)) + _line() * (len(name) + len(summary) - 2)


def _line() -> int:
    return max(LINE, scaled(LINE))


def _paint_entry(painter: QPainter, rect: QRect, row: Match, bright: bool, edge: int) -> None:
    t = theme()
    paint_tile(painter, tile_family(row.spec.name, row.spec.family), QRectF(rect.left() + 15, rect.top() + 10, 24, 24))
    left, width = rect.left() + TEXT_AT, edge + EDGE - BAR - TEXT_AT - GRIP_ROOM
    name, summary = entry_lines(row, edge + EDGE - BAR)
    top, done = rect.top() + 4, 0
    size = fitting_size(row.spec.name, width, 13, 500)
    for line in name:
        lit = tuple(place - done for place in row.lit if done <= place < done + len(line))
        paint_lit(painter, QRect(left, top, width, max(20, scaled(20))), line, lit, px=size)
        top, done = top + _line(), done + len(line)
    painter.setFont(ui_font(11))
    painter.setPen(t.color("text3"))
    for place, line in enumerate(summary):
        below = QRect(left, top + 3 + _line() * place, width + 4, max(16, scaled(16)))
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, line)
    grip = QRectF(edge - 10, rect.center().y() - 6, 12, 12)
    paint_icon(painter, "grip", grip, t.color("text2" if bright else "line2"))


def paint_lit(painter: QPainter, rect: QRect, name: str, lit: tuple[int, ...], token: str = "text", px: int = 13) -> None:
    """A name, the letters at `lit` in the accent and bolder."""
    t, x = theme(), float(rect.left())
    for is_lit, text in _runs(name, set(lit)):
        font = ui_font(px, 600 if is_lit else 500)
        painter.setFont(font)
        painter.setPen(t.color("accent" if is_lit else token))
        room = QRectF(x, rect.top(), rect.right() - x, rect.height())
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(int(room.width()) + 1, 0))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        x += QFontMetrics(font).horizontalAdvance(text)


def _runs(name: str, lit: set[int]) -> list[tuple[bool, str]]:
    runs: list[tuple[bool, str]] = []
    for place, letter in enumerate(name):
        if runs and runs[-1][0] == (place in lit):
            runs[-1] = (runs[-1][0], runs[-1][1] + letter)
        else:
            runs.append((place in lit, letter))
    return runs
