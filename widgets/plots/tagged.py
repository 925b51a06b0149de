"""Texts with a class at each token: the upper bar below a token is the true class, the lower one what was said."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.fonts import mono_font, text_width, ui_font
from widgets.plots.masks import mask_color
from widgets.theme import theme, themes

HEAD, LINE, GAP, INSET = 20, 40, 8, 8
"""Heights of the title of a row and of a line of tokens, room between rows, room inside the outline."""
TEXT = 22
"""Height of the letters of a line; the bars are below."""
BAR = 4


@dataclass(frozen=True)
class Tagged:
    """One row: a token, the true and the said class (by number in `names`) at each place; `title` left, `note` right."""

    tokens: tuple[str, ...]
    true: tuple[int, ...]
    said: tuple[int, ...]
    title: str
    note: str
    index: int


class TaggedTexts(QWidget):
    """Rows below one another; one can be chosen."""

    access_role = QAccessible.Role.List
    focus_ring = True
    chosen = Signal(int)
    """The `index` of the chosen row."""
    scrolled = Signal()
    """Other rows are in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Tagged] = []
        self._names: tuple[str, ...] = ()
        self._current, self._first = -1, 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Texts with true and predicted classes")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_rows(self, rows: list[Tagged], names: tuple[str, ...]) -> None:
        """Show these; the first one is chosen."""
        self.rows, self._names = rows, names
        self._current, self._first = (0 if rows else -1), 0
        self.update()
        self.scrolled.emit()
        if rows:
            self.chosen.emit(rows[0].index)

    # Geometry.

    def places(self, row: Tagged) -> list[QRectF]:
        """Where each token of a row is, from the upper left corner of the row; lines are broken where they are full."""
        whole_words = any(len(token) > 1 for token in row.tokens)
        room, x, y, found = self.width() - 2 * INSET, 0.0, 0.0, []
        for token in row.tokens:
            wide = float(ceil(max(text_width(token, 15, mono=True), 9.0)) + (8 if whole_words else 0))
            if x and x + wide > room:
                x, y = 0.0, y + LINE
            found.append(QRectF(INSET + x, INSET + HEAD + y, wide, LINE))
            x += wide
        return found

    def _height(self, row: Tagged) -> float:
        places = self.places(row)
        return (places[-1].bottom() if places else INSET + HEAD) + INSET

    def boxes(self) -> list[tuple[int, QRectF]]:
        """(number of the row, where it is) of the rows in view, the last one perhaps in part."""
        found, y = [], 0.0
        for number in range(self._first, len(self.rows)):
            if y >= self.height():
                break
            height = self._height(self.rows[number])
            found.append((number, QRectF(1, y + 1, self.width() - 2, height - 2)))
            y += height + GAP
        return found

    @property
    def seen(self) -> range:
        """Rows that are in view as a whole."""
        whole = [number for number, box in self.boxes() if box.bottom() <= self.height()]
        return range(self._first, whole[-1] + 1 if whole else self._first)

    def scroll_to(self, first: int) -> None:
        """Bring a row to the top."""
        first = min(max(first, 0), max(len(self.rows) - 1, 0))
        if first != self._first:
            self._first = first
            self.update()
            self.scrolled.emit()

    def sizeHint(self) -> QSize:
        return QSize(420, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEAD + LINE + 2 * INSET)

    # Choosing.

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self.rows) and number != self._current:
            self._current = number
            if number not in self.seen:
                self.scroll_to(number if number < self._first else self._first + 1)
            self.chosen.emit(self.rows[number].index)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, box in self.boxes():
            if box.contains(event.position()):
                self._choose(number)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            self._choose(self._current + move)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.scroll_to(self._first - (1 if event.angleDelta().y() > 0 else -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scrolled.emit()
        super().resizeEvent(event)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def words_at(self, point: QPointF) -> str:
        """What is true and what was said of the token under a point."""
        for number, box in self.boxes():
            row = self.rows[number]
            for token, place, true, said in zip(row.tokens, self.places(row), row.true, row.said, strict=True):
                if place.translated(0, box.top() - 1).contains(point):
                    read = "" if true == said else f", read as {self._names[said]}"
                    return f"“{token}” {self._names[true]}{read}"
        return ""

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, box in self.boxes():
            self._paint(painter, self.rows[number], box, number == self._current)
        painter.end()

    def _paint(self, painter: QPainter, row: Tagged, box: QRectF, current: bool) -> None:
        t = theme()
        painter.setPen(QPen(t.color("accent"), 2) if current else QPen(t.color("line2"), 1))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(box, 6, 6)
        head = QRectF(box.left() + INSET, box.top() + 5, box.width() - 2 * INSET, HEAD)
        painter.setPen(t.color("text3"))
        painter.setFont(ui_font(11))
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, row.title)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, row.note)
        for token, place, true, said in zip(row.tokens, self.places(row), row.true, row.said, strict=True):
            self._paint_token(painter, place.translated(0, box.top() - 1), token, true, said)

    def _paint_token(self, painter: QPainter, place: QRectF, token: str, true: int, said: int) -> None:
        t, wrong = theme(), true != said
        painter.setFont(mono_font(15, 600 if wrong else 400))
        painter.setPen(t.color("error" if wrong else "text"))
        letters = QRectF(place.left(), place.top(), place.width(), TEXT)
        painter.drawText(letters, Qt.AlignmentFlag.AlignCenter, token)
        if wrong:
            painter.fillRect(QRectF(place.left(), letters.bottom() - 2, place.width(), 2), t.color("error"))
        for i, number in enumerate((true, said)):
            color = QColor(mask_color((), number))
            painter.fillRect(QRectF(place.left(), letters.bottom() + 2 + i * (BAR + 1), place.width(), BAR), color)


class ClassKey(QWidget):
    """Colours and names of classes, in as many lines as they need."""

    SIDE, ROW = 10, 20

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[tuple[QColor, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colours of the classes")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_classes(self, names: tuple[str, ...], titled: tuple[str, ...] = ()) -> None:
        """Colours go by the place in `titled` (the names themselves where it is empty)."""
        known = titled or ()
        self._items = [(mask_color(known, i), name) for i, name in enumerate(names)]
        self.setAccessibleDescription(", ".join(names))
        self._fit()

    def _spots(self) -> list[QPointF]:
        x, y, spots = 0.0, 0.0, []
        for _, name in self._items:
            wide = self.SIDE + 6 + text_width(name, 12) + 14
            if x and x + wide > self.width():
                x, y = 0.0, y + self.ROW
            spots.append(QPointF(x, y))
            x += wide
        return spots

    def _fit(self) -> None:
        spots = self._spots()
        self.setFixedHeight(int(spots[-1].y()) + self.ROW if spots else 0)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(12))
        for spot, (color, name) in zip(self._spots(), self._items, strict=True):
            painter.setBrush(color)
            painter.setPen(QPen(theme().color("line2"), 1))
            painter.drawRoundedRect(QRectF(spot.x() + 0.5, spot.y() + 5, self.SIDE, self.SIDE), 2, 2)
            painter.setPen(theme().color("text2"))
            painter.drawText(QRectF(spot.x() + self.SIDE + 6, spot.y(), self.width(), self.ROW),
                             Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()
