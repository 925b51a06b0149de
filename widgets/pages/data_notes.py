"""What a person should know or do about a source: cards of a mark, a title, one sentence and at most two buttons."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Button
from widgets.icons import paint_icon
from widgets.parts import Words
from widgets.theme import theme, themes

LOOKS = {"error": ("errortint", "error", "error"), "warning": ("warntint", "warn", "warning"),
         "note": ("sunken", "text3", "info")}
"""Fill, ink and icon by severity."""


@dataclass(frozen=True)
class Note:
    """`actions` are (key, words) of its buttons."""

    severity: str
    title: str
    text: str
    actions: tuple[tuple[str, str], ...] = ()


def ways_out(code: str, folder: bool) -> tuple[tuple[str, str], ...]:
    """Buttons by the code of what went wrong with the data; a source may be a `folder`."""
    choose = ("choose", "Choose folder…" if folder else "Choose file…")
    known = {"data-changed": (("again", "Read again"), choose), "data-missing": (choose,), "no-data": (choose,),
             "no-classes": (choose,), "not-downloaded": (("download", "Download"),), "offline": (("download", "Try again"),)}
    return known.get(code, ())


class NoteCard(QWidget):
    """One note."""

    pressed = Signal(str)
    """The key of a button."""

    def __init__(self, note: Note, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = note
        self.setAccessibleName(f"{note.severity}: {note.title}. {note.text}")
        box = QVBoxLayout(self)
        box.setContentsMargins(36, 10, 12, 12)
        box.setSpacing(2)
        box.addWidget(Words(note.title, 13, 600, wrap=True))
        if note.text:
            box.addWidget(Words(note.text, 12, 400, "text2", wrap=True))
        if note.actions:
            row = QHBoxLayout()
            row.setContentsMargins(0, 6, 0, 0)
            for key, words in note.actions:
                button = Button(words)
                button.clicked.connect(lambda _=False, key=key: self.pressed.emit(key))
                row.addWidget(button)
            row.addStretch(1)
            box.addLayout(row)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        fill, ink, mark = LOOKS[self.note.severity]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color(fill))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        paint_icon(painter, mark, QRectF(12, 12, 16, 16), t.color(ink))
        painter.end()


class Notes(QWidget):
    """A pile of notes, rebuilt when they change."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes: list[Note] | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)

    @property
    def notes(self) -> list[Note]:
        """What is shown."""
        return list(self._notes or ())

    def set_notes(self, notes: list[Note]) -> None:
        """Show these."""
        if notes == self._notes:
            return
        self._notes = list(notes)
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for note in notes:
            card = NoteCard(note)
            card.pressed.connect(self.pressed)
            self._box.addWidget(card)
        self.setVisible(bool(notes))
