"""The Log tab: what the program and its workers say, with time and level; bounded, copied and cleared with a button."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QSize, Signal
from PySide6.QtGui import QColor, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.controls import Button, Segmented
from widgets.fonts import dress
from widgets.parts import Pane, Words
from widgets.theme import theme, themes
from widgets.words import plural

MOST_LINES = 5000
LONGEST = 4000
EMPTY = "What training and export say is written here."
LEVELS = ("debug", "info", "warning", "error")
TOKENS = {"debug": "text3", "info": "text2", "warning": "warn", "error": "error"}
SHOWN = {"All": 0, "Info": 1, "Problems": 2}
"""Word of the switch -> lowest level that is shown."""


class LogPage(Pane):
    """Call `append(text, level)`; levels are debug, info, warning and error."""

    noticed = Signal(str)
    """A warning or error came: its level."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent)
        self._lines: list[tuple[str, str, str]] = []
        self._lowest = 1
        self.heading, self.hint = Words("Log", 15, 600), Words(EMPTY, 12, 400, "text2")
        self.levels = Segmented(tuple(SHOWN))
        self.levels.set_value("Info")
        self.levels.setAccessibleName("Which lines")
        self.copy, self.clear = Button("Copy", "copy", small=True), Button("Clear", small=True)
        self.view = QPlainTextEdit()
        self._arrange()
        self.levels.changed.connect(self._choose)
        self.copy.clicked.connect(self._copy)
        self.clear.clicked.connect(self.forget)
        themes.changed.connect(self._rewrite)

    def _arrange(self) -> None:
        self.view.setReadOnly(True)
        self.view.setAccessibleName("Log")
        self.view.setMaximumBlockCount(MOST_LINES)
        dress(self.view, 11, mono=True)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.heading)
        head.addWidget(self.hint, 1)
        for part in (self.levels, self.copy, self.clear):
            head.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 16)
        box.setSpacing(10)
        box.addLayout(head)
        box.addWidget(self.view, 1)

    def sizeHint(self) -> QSize:
        return QSize(800, 300)

    @property
    def lines(self) -> list[str]:
        """Everything kept, oldest first, as it is copied."""
        return [f"{when} {level:<7} {text}" for when, level, text in self._lines]

    def append(self, text: str, level: str = "info") -> None:
        """Add lines. The view follows unless it has been scrolled up; the oldest lines go when there are too many."""
        level = level if level in LEVELS else "info"
        when = QDateTime.currentDateTime().toString("HH:mm:ss")
        for line in text.rstrip("\n").splitlines() or [""]:
            entry = (when, level, line if len(line) <= LONGEST else f"{line[:LONGEST]} …")
            self._lines.append(entry)
            if LEVELS.index(level) >= self._lowest:
                self._write(entry)
        del self._lines[: max(len(self._lines) - MOST_LINES, 0)]
        self._count()
        if level in ("warning", "error"):
            self.noticed.emit(level)

    def forget(self) -> None:
        """Empty the log."""
        self._lines.clear()
        self.view.clear()
        self._count()

    def _write(self, entry: tuple[str, str, str]) -> None:
        bar = self.view.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        cursor = QTextCursor(self.view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self.view.document().isEmpty():
            cursor.insertBlock()
        when, level, text = entry
        cursor.insertText(f"{when}  ", _ink(theme().color("text3")))
        cursor.insertText(text, _ink(theme().color(TOKENS[level])))
        if at_end:
            bar.setValue(bar.maximum())

    def _rewrite(self, _: object) -> None:
        self.view.clear()
        for entry in self._lines:
            if LEVELS.index(entry[1]) >= self._lowest:
                self._write(entry)

    def _choose(self, word: str) -> None:
        self._lowest = SHOWN[word]
        self._rewrite(None)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.lines))
        self.hint.setText(f"{plural(len(self._lines), 'line')} copied.")

    def _count(self) -> None:
        self.hint.setText(plural(len(self._lines), "line") if self._lines else EMPTY)


def _ink(color: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(color)
    made.setFontWeight(400)
    return made
