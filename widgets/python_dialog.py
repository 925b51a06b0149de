"""The drawing as Python, to read and to copy."""

from __future__ import annotations

import keyword
import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.controls import Button, CopyButton
from widgets.fonts import dress
from widgets.parts import Words
from widgets.theme import theme, themes

_PATTERNS = ((re.compile(r"\b(" + "|".join(keyword.kwlist) + r")\b"), "accent"), (re.compile(r"\"[^\"]*\"|'[^']*'"), "ok"),
             (re.compile(r"\b\d+(\.\d+)?(e-?\d+)?\b"), "warn"), (re.compile(r"#.*"), "text3"))


class PythonColors(QSyntaxHighlighter):
    """Keywords, strings, numbers and comments in colours of the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        themes.changed.connect(self._recolour)

    def _recolour(self, _: object) -> None:
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for pattern, token in _PATTERNS:
            look = QTextCharFormat()
            look.setForeground(theme().color(token))
            for hit in pattern.finditer(text):
                self.setFormat(hit.start(), hit.end() - hit.start(), look)


def colored(document: QTextDocument) -> PythonColors:
    """Colour a text document as Python; keep what is returned."""
    return PythonColors(document)


class PythonDialog(QDialog):
    """Read-only; Copy takes all of it."""

    def __init__(self, source: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title} as Python")
        self.resize(880, 660)
        self.text = QPlainTextEdit(source)
        self.text.setReadOnly(True)
        dress(self.text, 12, mono=True)
        self.text.setAccessibleName("The drawing as Python")
        self._colors = colored(self.text.document())
        self.copy = CopyButton(lambda: source, primary=True, small=False)
        close = Button("Close")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(Words("Keras in functional style. It runs as it stands.", 12, 400, "text2"))
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self.copy)
        box = QVBoxLayout(self)
        box.addWidget(self.text)
        box.addLayout(row)
