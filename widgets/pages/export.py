"""The Export tab: formats as cards, the proof as a table, what lies beside the model, and lines that run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graph_compiler.messages import Proof
from widgets.controls import Button
from widgets.fonts import dress
from widgets.pages.beside import Beside
from widgets.pages.format_card import FormatCard, FormatChoice
from widgets.pages.proof_table import ProofTable
from widgets.pages.run_bar import RunBar
from widgets.parts import EmptyState, Line, Pane, Words
from widgets.words import plural

__all__ = ["ExportPage", "FormatChoice"]


class ExportPage(QWidget):
    """Signals are wishes: `export_wanted(run folder, format names, target folder)` and `cancel_wanted`."""

    export_wanted = Signal(str, object, str)
    cancel_wanted = Signal()

    def __init__(self, formats: tuple[FormatChoice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._stem = "model"
        self.bar = RunBar()
        self.folder = QLineEdit()
        self.folder.setAccessibleName("Folder to export to")
        self.folder.setMinimumWidth(200)
        self.folder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        dress(self.folder, 12, mono=True)
        self.choose = Button("Choose…", icon="folder")
        self.choose.clicked.connect(self._choose_folder)
        self.cancel = Button("Cancel")
        self.cancel.clicked.connect(self.cancel_wanted)
        self.start = Button("Export", icon="download", primary=True)
        self.start.clicked.connect(self._start)
        self.cards = {f.name: FormatCard(f) for f in formats}
        self.table = ProofTable({f.name: f.title for f in formats})
        self.beside = Beside()
        self._build()
        self.set_nothing("Nothing to export yet", "Next: press Train. A finished run can be exported.")

    def _build(self) -> None:
        row = self.bar.row
        place = row.count() - 1
        for offset, widget in enumerate((Words("To", 13, 400, "text2"), self.folder, self.choose)):
            row.insertWidget(place + offset, widget, 1 if widget is self.folder else 0)
        row.addWidget(self.cancel)
        row.addWidget(self.start)
        self._stack = QStackedWidget()
        self._empty = EmptyState("chrome")
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_content())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget, stretch in ((self.bar, 0), (Line(), 0), (self._stack, 1)):
            box.addWidget(widget, stretch)
        for card in self.cards.values():
            card.toggled.connect(self._refresh)
            card.toggled.connect(lambda _: self._expect())

    def _make_content(self) -> QWidget:
        inside = Pane("chrome")
        box = QVBoxLayout(inside)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(20)
        cards = QHBoxLayout()
        cards.setSpacing(8)
        for card in self.cards.values():
            cards.addWidget(card, 1)
        box.addLayout(cards)
        below = QHBoxLayout()
        below.setSpacing(24)
        below.addWidget(self.table, 66)
        below.addWidget(self.beside, 34)
        box.addLayout(below)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        return area

    def set_nothing(self, title: str, text: str) -> None:
        """Why nothing can be exported, and the next step."""
        self._empty.say(title, text)
        self._stack.setCurrentIndex(0)
        self._refresh()

    def set_ready(self, stem: str, folder: str, nodes: int, description: dict[str, Any],
                  kept: Mapping[str, Sequence[str]] | None = None) -> None:
        """A run can be exported: file names start with `stem`, `description` lies beside the files.

        Of `nodes`, those that a format cannot have are in `kept`, a sentence each, by format.
        """
        self._stem = stem
        self.folder.setText(folder)
        self.beside.set_description(stem, description)
        for name, card in self.cards.items():
            card.set_ready(stem, nodes, (kept or {}).get(name, ()))
        self.table.clear()
        self._stack.setCurrentIndex(1)
        self._refresh()
        self._expect()

    def _expect(self) -> None:
        """What an export of the ticked formats would give, before it is there."""
        if not self.busy:
            self.table.expect(self.chosen)
            self.beside.expect([Path(f"{self._stem}{self.cards[name].choice.suffix}") for name in self.chosen])

    def show_past(self, rows: list[dict[str, Any]]) -> None:
        """Proofs of an earlier export of this run."""
        for row in rows:
            self.receive(Proof(format=str(row["format"]), part=str(row["part"]), state="proven", row=row))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the ticked formats."""
        return tuple(name for name, card in self.cards.items() if card.check.isChecked())

    def _refresh(self, _: object = None) -> None:
        self.cancel.setVisible(self.busy)
        ready = self._stack.currentIndex() == 1 and bool(self.chosen) and not self.busy
        self.start.setEnabled(ready)
        done = sum(card.state in ("proven", "failed") for card in self.cards.values() if card.check.isChecked())
        self.start.setText(f"Exporting, {done} of {len(self.chosen)} done" if self.busy else "Export")
        for card in self.cards.values():
            card.check.setEnabled(not self.busy)

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder to export to", self.folder.text())
        if name:
            self.folder.setText(name)

    def _start(self) -> None:
        if self.bar.current is not None and self.folder.text().strip():
            self.set_busy(True)
            self.table.clear()
            self.table.expect(self.chosen, going_on=True)
            for card in self.cards.values():
                card.wait(card.check.isChecked())
            self.export_wanted.emit(self.bar.current.folder, self.chosen, self.folder.text().strip())

    def set_busy(self, busy: bool) -> None:
        """Whether an export is going on."""
        self.busy = busy
        self._refresh()

    def receive(self, message: Proof) -> None:
        """One file went a stage further."""
        card = self.cards.get(message.format)
        if card is not None:
            card.receive(message)
        if message.state == "proven":
            self.table.add(message.row)
            self.beside.add_file(Path(str(message.row["path"])))
        elif message.state == "failed":
            self.table.add_failure(message.format, message.problem)
        self._refresh()

    def finish(self, sentence: str = "") -> None:
        """The export ended; a sentence when it did not end well."""
        proven = [row for row in self.table.lines if row["format"] in self.chosen]
        self.table.expect(self.chosen)
        if sentence or not proven:
            self.table.say(sentence)
        else:
            self.table.say(f"{plural(len(proven), 'file')} proven and written to {Path(str(proven[0]['path'])).parent}",
                           "ok")
        for card in self.cards.values():
            card.settle()
        self.set_busy(False)
