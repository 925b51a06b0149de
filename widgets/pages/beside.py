"""What is written with every exported file, and lines that run it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from widgets.controls import Button, Segmented
from widgets.fonts import dress
from widgets.parts import Glyph, Line, Words
from widgets.python_dialog import colored

RUNNABLE = (".tflite", ".onnx")
"""Files that a few lines of Python run, the ones to show first."""


class Beside(QWidget):
    """What is written with every file, and lines that run it."""

    def __init__(self) -> None:
        super().__init__()
        self._description: dict[str, Any] = {}
        self._files: list[Path] = []
        self._expected: list[Path] = []
        self.rows = QGridLayout()
        self.rows.setColumnStretch(2, 1)
        self.rows.setHorizontalSpacing(12)
        self.rows.setVerticalSpacing(0)
        self.switch = Segmented(())
        self.switch.setAccessibleName("Beside the model")
        self.switch.changed.connect(self._show_snippet)
        self.copy = Button("Copy", icon="copy", small=True)
        self.copy.clicked.connect(self._copy)
        self.open = Button("Open folder", icon="folder", small=True)
        self.open.clicked.connect(self._open_folder)
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        dress(self.code, 12, mono=True)
        self.code.setFixedHeight(196)
        self.code.setAccessibleName("Lines of Python that run the file")
        self._colors = colored(self.code.document())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Words("Beside the model", 15, 600))
        head.addStretch(1)
        head.addWidget(Words("written with every file", 12, 400, "text3"))
        box.addLayout(head)
        box.addWidget(Line(strong=True))
        box.addLayout(self.rows)
        tools = QHBoxLayout()
        tools.addWidget(self.switch)
        tools.addStretch(1)
        tools.addWidget(self.open)
        tools.addWidget(self.copy)
        box.addLayout(tools)
        box.addWidget(self.code)
        box.addStretch(1)
        self._set_tools(False)

    def _set_tools(self, on: bool) -> None:
        self.open.setVisible(on and bool(self._files))
        for widget in (self.switch, self.copy, self.code):
            widget.setVisible(on)

    def set_description(self, stem: str, description: dict[str, Any]) -> None:
        """Before the export: the names of what will lie there."""
        self._description, self._files, self._expected = description, [], []
        while (item := self.rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        labels = next((out["classes"] for out in description.get("outputs", ()) if out.get("classes")), ())
        lines = [("labels.txt", f"{len(labels)} class names, one a line")] if labels else []
        lines += [(f"{stem}.json", "Inputs, outputs, shapes, ranges, decoding"),
                  ("proof.json", "The table on the left, for your build server")]
        for i, (name, text) in enumerate(lines):
            self.rows.setRowMinimumHeight(2 * i, 40)
            self.rows.addWidget(Glyph("file", "text2"), 2 * i, 0)
            self.rows.addWidget(Words(name, 12, 400, "text", mono=True), 2 * i, 1)
            self.rows.addWidget(Words(text, 12, 400, "text2", wrap=True), 2 * i, 2)
            self.rows.addWidget(Line(), 2 * i + 1, 0, 1, 3)
        self._set_tools(False)

    def expect(self, paths: Sequence[Path]) -> None:
        """Files that an export would write: the lines that run them are shown at once."""
        self._expected = [p for p in paths if p.suffix in RUNNABLE]
        self._offer()

    def add_file(self, path: Path) -> None:
        """A proven file: offer its snippet."""
        self._files = [p for p in self._files if p != path] + [path]
        self._offer()

    def _offer(self) -> None:
        kinds = dict.fromkeys(p.suffix.lstrip(".") for p in (*self._files, *self._expected) if p.suffix in RUNNABLE)
        self._set_tools(bool(kinds))
        if kinds:
            self.switch.set_options(tuple(sorted(kinds, key=lambda kind: RUNNABLE.index(f".{kind}"))))
            self._show_snippet(self.switch.value)

    def _show_snippet(self, kind: str) -> None:
        from graph_compiler.exporters.description import python_snippet

        path = next((p for p in (*self._files, *self._expected) if p.suffix == f".{kind}"), None)
        if path is not None:
            self.code.setPlainText(python_snippet(path.name, self._description))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())

    def _open_folder(self) -> None:
        if self._files:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._files[0].parent)))
