"""The path of a file or folder: a line of text that shows its end, and a button that asks for another one."""

from __future__ import annotations

from PySide6.QtCore import Signal

from graph_compiler.datasets.csv_layout import FileParam
from graph_compiler.graph.values import Json
from widgets.controls import IconButton
from widgets.inspector.editor import TextEditor


class FileEditor(TextEditor):
    """`wanted()` when a file should be asked for: whoever reads it sets the path, and what else the file says."""

    wanted = Signal()

    def __init__(self, param: FileParam) -> None:
        super().__init__(param)
        self.button = IconButton("folder", "Choose…", 28, self)
        self.button.clicked.connect(self.wanted)
        self.box.addWidget(self.button)

    def set_value(self, value: Json) -> None:
        before = self.field.text()
        super().set_value(value)
        if self.field.text() != before and not self.field.hasFocus():
            self.field.setCursorPosition(len(self.field.text()))  # the name of the file stands at the end
            self.field.setToolTip(self.field.text())
