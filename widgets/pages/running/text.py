"""A text that a network goes on with: beginning, temperature, length and seed at the right, what it wrote at the left."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTextEdit

from graph_compiler.messages import Asking
from widgets.controls import Button, CopyButton
from widgets.fonts import dress
from widgets.pages.running.base import Answers, Runner, Running
from widgets.pages.running.parts import Column, State, Temperature, setting, spin
from widgets.parts import Line, Words
from widgets.theme import theme, themes
from widgets.words import count, duration, plural

SETTLE = 250
"""Milliseconds after a change before the network is asked."""
USUAL, MOST_TEXTS, MOST_SEED = 400, 9, 999_999
LINE = 140.0
"""Height of a line in percent."""
LONGEST_FILE = 2000
"""Characters that are taken of a dropped file."""


class TextRunner(Runner):
    """Writes as soon as something is changed."""

    def __init__(self, running: Running) -> None:
        super().__init__(running)
        self.texts: list[str] = []
        self._begun = ""
        self._slot = self.slot()
        self.left, self.right = Column("Text", "panel"), Column("How it is written", "chrome")
        self.view, self.copy = QTextEdit(), CopyButton(lambda: "\n\n".join(self.texts))
        self.beginning, self.temperature = QPlainTextEdit(), Temperature(0.8)
        self.length = spin("Length", 1, max(running.longest, 1), min(USUAL, max(running.longest, 1)))
        self.texts_field, self.seed = spin("Texts", 1, MOST_TEXTS, 1), spin("Seed", 0, MOST_SEED, 0)
        self.again, self.took = Button("Again"), Words("", 12, 400, "text3")
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left, 105)
        row.addWidget(Line(vertical=True))
        row.addWidget(self.right, 55)
        self.left.head.addWidget(self.copy)
        self.copy.setEnabled(False)
        self.view.setReadOnly(True)
        self.view.setAccessibleName("What the network wrote")
        self.view.document().setDocumentMargin(10)
        dress(self.view, 14, mono=True)
        self.left.box.addWidget(State(self._slot))
        self.left.box.addWidget(self.view, 1)
        self._arrange_settings()

    def _arrange_settings(self) -> None:
        box, token = self.right.box, self.running.token
        self.beginning.setAccessibleName("Beginning")
        self.beginning.setPlaceholderText("A beginning to go on from; empty: the network begins by itself")
        self.beginning.setFixedHeight(84)
        self.beginning.setTabChangesFocus(True)
        dress(self.beginning, 13, mono=True)
        box.addWidget(Words("Beginning", 13, 400, "text2"))
        box.addWidget(self.beginning)
        box.addWidget(setting("Temperature", self.temperature, wide=True))
        box.addWidget(Words(f"0 takes the likeliest {token}, 1 draws as the network expects.", 12, 400, "text3", wrap=True))
        box.addWidget(setting("Length", self.length, Words(f"{token}s", 12, 400, "text3")))
        box.addWidget(setting("Texts", self.texts_field))
        box.addWidget(setting("Seed", self.seed, self.again))
        self.again.setToolTip("Write with the next seed")
        box.addWidget(Line())
        box.addWidget(self.took)
        box.addStretch(1)

    def _connect(self) -> None:
        self._slot.answered.connect(self._show)
        self._slot.failed.connect(lambda _: self._wipe())
        self.beginning.textChanged.connect(self._settle.start)
        self.temperature.changed.connect(self._settle.start)
        for field in (self.length, self.texts_field, self.seed):
            field.valueChanged.connect(lambda _: self._settle.start())
        self.again.clicked.connect(lambda: self.seed.setValue((self.seed.value() + 1) % (MOST_SEED + 1)))
        self._settle.timeout.connect(self.start)
        themes.changed.connect(self._write)

    def start(self) -> None:
        self._begun = self.beginning.toPlainText()
        self._slot.ask((f"text:{self._begun}",), Asking(
            temperature=self.temperature.value, count=self.texts_field.value(), length=self.length.value(),
            seed=self.seed.value()))

    def drop_file(self, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self._slot.failed.emit(f"“{path.name}” is not a text this program can read. Expected UTF-8.")
            return
        self.beginning.setPlainText(text[:LONGEST_FILE])

    def _show(self, answers: Answers) -> None:
        first = answers[0]
        self._begun = str(first.get("given", ""))
        self.texts = [str(text) for text in first.get("texts") or (first["text"],)]
        self.copy.setEnabled(True)
        seconds = float(first.get("milliseconds", 0.0)) / 1000
        characters = sum(map(len, self.texts))
        rate = f", {count(round(characters / seconds))} characters a second" if seconds else ""
        self.took.setText(f"{plural(characters, 'character')} in {duration(seconds)}{rate}")
        self._write(None)

    def _wipe(self) -> None:
        self.texts = []
        self.copy.setEnabled(False)
        self.took.setText("")
        self._write(None)

    def _write(self, _: object) -> None:
        """The texts one below the other; what was given stands in the colour of captions."""
        self.view.clear()
        cursor = QTextCursor(self.view.document())
        cursor.setBlockFormat(_roomy())
        for place, text in enumerate(self.texts):
            if place:
                cursor.insertText(f"\n\n{'─' * 24}\n\n", _ink("line2"))
            given = self._begun if text.startswith(self._begun) else ""
            cursor.insertText(given, _ink("accent"))
            cursor.insertText(text[len(given):], _ink("text"))


def _roomy() -> QTextBlockFormat:
    form = QTextBlockFormat()
    form.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return form


def _ink(token: str) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(theme().color(token))
    return form
