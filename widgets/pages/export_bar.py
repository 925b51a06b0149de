"""The bar above Export: the run, the folder its files go to, and the button; without a run, what comes before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from widgets.controls import Button, PathField
from widgets.fonts import dress
from widgets.pages.run_bar import RunBar
from widgets.parts import Elided, Words


class ExportBar(RunBar):
    """`wait` says what comes before an export; with nothing to wait for, a folder is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = PathField()
        self.folder.setAccessibleName("Folder to export to")
        self.folder.setMinimumWidth(200)
        self.folder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        dress(self.folder, 12, mono=True)
        self.choose = Button("Choose…", icon="folder")
        self.choose.clicked.connect(self._choose_folder)
        self.before = Elided("", 13, 400, "text2")
        self.before.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.cancel = Button("Cancel")
        self.start = Button("Export", icon="download", primary=True)
        self._to = Words("To", 13, 400, "text2")
        place = self.row.count() - 1
        for offset, widget in enumerate((self._to, self.folder, self.choose)):
            self.row.insertWidget(place + offset, widget, 1 if widget is self.folder else 0)
        self.row.addWidget(self.before, 1)
        self.row.addWidget(self.cancel)
        self.row.addWidget(self.start)
        self.wait("")

    def wait(self, words: str) -> None:
        """What comes before an export, beside the button; empty where there is a run to export."""
        self.before.set_full(words)
        self.before.setVisible(bool(words))
        self.start.setToolTip(words)

    def set_folder_shown(self, shown: bool) -> None:
        """Whether there is something that goes to a folder."""
        for widget in (self._to, self.folder, self.choose):
            widget.setVisible(shown)

    def set_fixed(self, fixed: bool) -> None:
        """Whether run and folder are those of an export that goes on."""
        for widget in (self.combo, self.folder, self.choose):
            widget.setEnabled(not fixed)

    def _choose_folder(self) -> None:
        there = Path(self.folder.text().strip()).expanduser()
        name = QFileDialog.getExistingDirectory(self, "Folder to export to", str(there if there.is_dir() else Path.home()))
        if name:
            self.folder.setText(name)
