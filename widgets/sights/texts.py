"""Texts that were written: what was given, what was wanted, what came, with the characters that are wrong in red."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from graph_compiler.runs.sights import Look
from widgets.fonts import mono_font, text_width, ui_font
from widgets.plots.pictures import paint_picture, to_image
from widgets.theme import theme, themes

ROW, HEAD = 36, 28
MOST_LINES = 3
"""Of a text that has nothing to be compared with; empty ones are left out."""
FREE = 20
"""Height of a line of text that has nothing to be compared with."""
PAD = 8


class TextLines(QWidget):
    """Rows of a look of kind `texts`. `chosen(row)` when one is clicked or reached by the arrow keys."""

    access_role = QAccessible.Role.List
    focus_ring = True
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: Look | None = None
        self.current = 0
        self._pictures: list[QImage] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Texts the network writes")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Tokens `given`, `wanted` and `made` of each row, and `words` about it."""
        return list(self.look.facts.get("lines", [])) if self.look is not None else []

    @property
    def compared(self) -> bool:
        """Whether there are texts that were wanted."""
        return any(line["wanted"] for line in self.lines)

    def text(self, row: int, part: str) -> str:
        """A text of a row as it reads."""
        joint = str(self.look.facts.get("joint", "")) if self.look is not None else ""
        return joint.join(self.lines[row][part])

    def set_look(self, look: Look) -> None:
        """Show another look."""
        self.look = look
        self._pictures = [to_image(picture) for picture in look.arrays.get("pictures", ())]
        self.current = min(self.current, max(len(self.lines) - 1, 0))
        self.setAccessibleDescription("; ".join(f"{self.text(i, 'given')}: {self.text(i, 'made')}"
                                                for i in range(len(self.lines))))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self.compared:
            return QSize(400, sum(len(self._wrapped(i)) for i in range(len(self.lines))) * FREE + len(self.lines) * (FREE + 12))
        return QSize(400, HEAD + ROW * len(self.lines))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return not self.compared

    def heightForWidth(self, width: int) -> int:
        return self.sizeHint().height()

    # Choosing.

    def choose(self, row: int) -> None:
        """Make a row the current one."""
        if 0 <= row < len(self.lines) and row != self.current:
            self.current = row
            self.chosen.emit(row)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.compared:
            self.choose(int(event.position().y() - HEAD) // ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.choose(self.current + step)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.compared:
            self._paint_table(painter)
        else:
            self._paint_free(painter)
        painter.end()

    def _columns(self) -> list[tuple[str, float, float]]:
        """(part, left, width): what was given takes half of the room at most."""
        parts = ["given", "wanted", "made"]
        need = [max((text_width(self.text(i, part), 12, mono=True) for i in range(len(self.lines))), default=0.0) + 2 * PAD
                for part in parts]
        free = self.width() - sum(need)
        widths = [n + free / 3 for n in need] if free >= 0 else [self.width() / 2, *([self.width() / 4] * 2)]
        return [(part, sum(widths[:i]), widths[i]) for i, part in enumerate(parts)]

    def _paint_table(self, painter: QPainter) -> None:
        t, columns = theme(), self._columns()
        painter.setFont(ui_font(12, 500))
        painter.setPen(t.color("text3"))
        for (_, left, width), name in zip(columns, ("Given", "Wanted", "Written"), strict=True):
            painter.drawText(QRectF(left + PAD, 0, width, HEAD), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(t.color("line2"))
        painter.drawLine(0, HEAD - 1, self.width(), HEAD - 1)
        for row in range(len(self.lines)):
            box = QRectF(0, HEAD + row * ROW, self.width(), ROW)
            if row == self.current and self.look is not None and "attention_0" in self.look.arrays:
                painter.fillRect(box, t.color("accenttint"))
            painter.setPen(t.color("line"))
            painter.drawLine(0, int(box.bottom()) - 1, self.width(), int(box.bottom()) - 1)
            for part, left, width in columns:
                room = QRectF(left + PAD, box.top(), width - 2 * PAD, ROW)
                self._paint_made(painter, row, room) if part == "made" else self._paint_text(painter, row, part, room)

    def _paint_text(self, painter: QPainter, row: int, part: str, room: QRectF) -> None:
        if part == "given" and row < len(self._pictures):
            paint_picture(painter, self._pictures[row], QRectF(room.left(), room.top() + 4, ROW - 8, ROW - 8), 3)
            return
        painter.setFont(mono_font(12))
        painter.setPen(theme().color("text" if part == "given" else "text2"))
        words = painter.fontMetrics().elidedText(self.text(row, part), Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_made(self, painter: QPainter, row: int, room: QRectF) -> None:
        """Token by token: right ones plain, wrong ones red and underlined."""
        t, line, x = theme(), self.lines[row], room.left()
        joint = str(self.look.facts.get("joint", "")) if self.look is not None else ""
        for place, token in enumerate(line["made"]):
            right = place < len(line["wanted"]) and line["wanted"][place] == token
            font = mono_font(12, 400 if right else 600)
            font.setUnderline(not right)
            painter.setFont(font)
            painter.setPen(t.color("text" if right else "error"))
            words, width = token + joint, text_width(token + joint, 12, 400 if right else 600, mono=True)
            if x + width > room.right() + 1:
                painter.drawText(QRectF(x, room.top(), 16, room.height()), Qt.AlignmentFlag.AlignVCenter, "…")
                return
            painter.drawText(QRectF(x, room.top(), width + 2, room.height()), Qt.AlignmentFlag.AlignVCenter, words)
            x += width

    def _wrapped(self, row: int) -> list[tuple[str, int]]:
        """Lines of a text that goes on from what was given: (words, how many of its characters were given)."""
        given, made = self.text(row, "given"), self.text(row, "made")
        per_line = max(int((max(self.width(), 200) - 2 * PAD) / max(text_width("m", 12, mono=True), 1)), 10)
        lines: list[tuple[str, int]] = []
        left = len(given)
        for paragraph in (given + made).split("\n"):
            for start in range(0, len(paragraph), per_line):
                piece = paragraph[start:start + per_line]
                if piece.strip():
                    lines.append((piece, min(max(left, 0), len(piece))))
                left -= len(piece)
            left -= 1
        return lines[:MOST_LINES]

    def _paint_free(self, painter: QPainter) -> None:
        t, y = theme(), 0.0
        font = mono_font(12)
        for row, told in enumerate(self.lines):
            painter.setFont(ui_font(12))
            painter.setPen(t.color("text3"))
            painter.drawText(QRectF(PAD, y, self.width(), FREE), Qt.AlignmentFlag.AlignVCenter, str(told.get("words", "")))
            painter.setFont(font)
            y += FREE
            for words, given in self._wrapped(row):
                line = QRectF(PAD, y, self.width() - PAD, FREE)
                painter.setPen(t.color("text3"))
                painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words[:given])
                painter.setPen(t.color("text"))
                ahead = text_width(words[:given], 12, mono=True)
                painter.drawText(line.adjusted(ahead, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words[given:])
                y += FREE
            y += 12
            painter.setPen(t.color("line"))
            painter.drawLine(0, int(y - 6), self.width(), int(y - 6))
