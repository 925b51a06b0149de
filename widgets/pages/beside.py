"""What lies beside exported files, and lines that run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.controls import Button, ChoiceBox, CopyButton, Segmented
from widgets.folders import show_folder
from widgets.fonts import dress
from widgets.parts import Glyph, Line, Words
from widgets.python_dialog import colored
from widgets.words import count, plural

FOLLOWS = "# The lines that run the files come with them:\n# they are made from what each file takes.\n"
LINES = 16
"""Lines of code in view."""


class Beside(QWidget):
    """`set_told` takes what `model.json` holds or will hold; `folder` is where the files are, None before the export."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self._told: Mapping[str, Any] = {}
        self.folder: Path | None = None
        self.when = Words("written with every file", 12, 400, "text3")
        self.rows = QGridLayout()
        self.rows.setColumnStretch(2, 1)
        self.rows.setHorizontalSpacing(12)
        self.rows.setVerticalSpacing(0)
        self.files = ChoiceBox()
        self.files.setAccessibleName("File that the lines run")
        self.files.currentIndexChanged.connect(self._show_languages)
        self.switch = Segmented(())
        self.switch.setAccessibleName("Language")
        self.switch.changed.connect(self._show_snippet)
        self.open = Button("Open folder", icon="folder", small=True)
        self.open.clicked.connect(self._open_folder)
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        dress(self.code, 12, mono=True)
        self.code.setFixedHeight(LINES * self.code.fontMetrics().lineSpacing() + 24)
        self.code.setAccessibleName("Lines that run the file")
        self._colors = colored(self.code.document())
        self.copy = CopyButton(self.code.toPlainText)
        self._build()
        self.set_told({}, None)

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        head = QHBoxLayout()
        title = Words("Beside the model", 15, 600)
        title.setFixedHeight(28)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.when)
        head.addWidget(self.open)
        box.addLayout(head)
        box.addWidget(Line(strong=True))
        box.addLayout(self.rows)
        box.addWidget(self.files)
        tools = QHBoxLayout()
        tools.addWidget(self.switch)
        tools.addStretch(1)
        tools.addWidget(self.copy)
        box.addLayout(tools)
        box.addWidget(self.code)
        box.addStretch(1)

    def set_told(self, told: Mapping[str, Any], folder: Path | None, follows: bool = False) -> None:
        """Show what lies there, or with `follows` that the lines come with the files."""
        self._told, self.folder = told, folder
        self.open.setVisible(folder is not None)
        self.when.setVisible(folder is None)
        self._list(told)
        chosen = self.files.currentData()
        self.files.blockSignals(True)
        self.files.clear()
        for part, kind in self._runnable():
            title = self._titles.get(kind, kind)
            self.files.addItem(title if part == "whole" else f"{part} · {title}", (part, kind))
        place = next((i for i in range(self.files.count()) if self.files.itemData(i) == chosen), 0)
        self.files.setCurrentIndex(place if self.files.count() else -1)
        self.files.blockSignals(False)
        self.files.setVisible(self.files.count() > 1)
        self._show_languages()
        if follows and not self.files.count():
            self.code.setPlainText(FOLLOWS)
            self.code.show()

    def _runnable(self) -> list[tuple[str, str]]:
        from graph_compiler.exporters.snippets import languages

        return [(part["name"], file["format"]) for part in self._told.get("parts", ()) for file in part["files"]
                if languages(self._told, part["name"], file["format"])]

    def _list(self, told: Mapping[str, Any]) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for i, (name, text) in enumerate(beside_lines(told)):
            self.rows.setRowMinimumHeight(2 * i, 36)
            self.rows.addWidget(Glyph("file", "text2"), 2 * i, 0)
            self.rows.addWidget(Words(name, 12, 400, "text", mono=True), 2 * i, 1)
            self.rows.addWidget(Words(text, 12, 400, "text2", wrap=True), 2 * i, 2)
            self.rows.addWidget(Line(), 2 * i + 1, 0, 1, 3)

    def _show_languages(self, _: int = 0) -> None:
        from graph_compiler.exporters.snippets import LANGUAGES, languages

        part, kind = self.files.currentData() or ("", "")
        titles = tuple(LANGUAGES[name][0] for name in languages(self._told, part, kind))
        self.switch.set_options(titles)
        for widget in (self.switch, self.copy, self.code):
            widget.setVisible(bool(titles))
        self._show_snippet(self.switch.value)

    def _show_snippet(self, title: str) -> None:
        from graph_compiler.exporters.snippets import LANGUAGES, snippet

        part, kind = self.files.currentData() or ("", "")
        name = next((name for name, row in LANGUAGES.items() if row[0] == title), "")
        self.code.setPlainText(snippet(self._told, part, kind, name) if name else "")

    def _open_folder(self) -> None:
        if self.folder is not None:
            show_folder(self.folder, self.window())


def beside_lines(told: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Names of what lies beside the files, with a few words each."""
    if not told.get("parts"):
        return ()
    labels = {out["labels"]: len(out["classes"]) for part in told["parts"] for out in part["outputs"] if out.get("labels")}
    several = len(told["parts"])
    parts = f" of {count(several)} parts" if several > 1 else ""
    return [*((name, f"{plural(n, 'class name')}, one a line") for name, n in labels.items()),
            ("model.json", f"What goes in and comes out{parts}"),
            ("model.schema.json", "Its JSON schema"),
            ("proof.json", "The table of proofs, for machines"),
            ("examples/", "Lines that run each file")]
