"""The Export tab: formats as cards, the proof as a table, what lies beside the model, and lines that run it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graph_compiler.messages import Proof
from widgets.controls import Button, Card, Pill, Segmented
from widgets.fonts import dress
from widgets.pages.proof_table import ProofTable
from widgets.pages.run_bar import RunBar
from widgets.parts import EmptyState, Facts, Line, Pane, ProgressLine, Words
from widgets.python_dialog import colored
from widgets.words import plural, size_words


@dataclass(frozen=True)
class FormatChoice:
    """One format as the page needs it."""

    name: str
    title: str
    suffix: str
    summary: str
    runs_on: str


STAGES = {"writing": "Writing", "reopening": "Reopening", "comparing": "Comparing", "timing": "Timing"}


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
        self.beside = _Beside()
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
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        return area

    def set_nothing(self, title: str, text: str) -> None:
        """Why nothing can be exported, and the next step."""
        self._empty.say(title, text)
        self._stack.setCurrentIndex(0)
        self._refresh()

    def set_ready(self, stem: str, folder: str, nodes: int, description: dict[str, Any]) -> None:
        """A run can be exported: file names start with `stem`, `nodes` are ready, `description` lies beside the files."""
        self._stem = stem
        self.folder.setText(folder)
        for card in self.cards.values():
            card.set_ready(stem, nodes)
        self.beside.set_description(stem, description)
        self.table.clear()
        self._stack.setCurrentIndex(1)
        self._refresh()

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
        if sentence or not proven:
            self.table.say(sentence)
        else:
            self.table.say(f"{plural(len(proven), 'file')} proven and written to {Path(str(proven[0]['path'])).parent}",
                           "ok")
        for card in self.cards.values():
            card.settle()
        self.set_busy(False)


class FormatCard(Card):
    """One format: tick, file name, what it is, where it runs, its size, how far it is."""

    toggled = Signal(bool)

    def __init__(self, choice: FormatChoice) -> None:
        super().__init__()
        self.choice = choice
        self.state = ""
        self.check = QCheckBox(choice.title)
        dress(self.check, 13, 600)
        self.check.setChecked(True)
        self.check.toggled.connect(self.toggled)
        self.pill = Pill("Ready", "ok")
        self.file = Words("", 12, 400, "text2", mono=True)
        self.facts = Facts(row_height=24)
        self.progress = ProgressLine(f"Progress of {choice.title}")
        kept = self.progress.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # The card stays as high as it is when the bar comes.
        self.progress.setSizePolicy(kept)
        self.progress.hide()
        head = QHBoxLayout()
        head.addWidget(self.check)
        head.addStretch(1)
        head.addWidget(self.pill)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 8)
        box.setSpacing(8)
        box.addLayout(head)
        for widget in (self.file, Words(choice.summary, 13, 400, "text2"), Line()):
            box.addWidget(widget)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        rows.addLayout(self._make_readiness())
        rows.addWidget(self.facts)
        box.addLayout(rows)
        box.addWidget(self.progress)
        self._nodes = 0

    def _make_readiness(self) -> QHBoxLayout:
        self.nodes = Words("", 13, 500)
        row = QHBoxLayout()
        row.setSpacing(6)
        name = Words("Readiness", 13, 400, "text2")
        name.setFixedHeight(24)
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(Words("✓", 13, 600, "ok"))
        row.addWidget(self.nodes)
        return row

    def set_ready(self, stem: str, nodes: int) -> None:
        """Before the export."""
        self.file.setText(f"{stem}{self.choice.suffix}")
        self._nodes = nodes
        self._show("")

    def _show(self, size: str) -> None:
        self.nodes.setText(f"{self._nodes} of {self._nodes} nodes")
        self.facts.set_rows([("Runs on", self.choice.runs_on), ("Size", size or "–")])

    def wait(self, chosen: bool) -> None:
        """The export has started."""
        self.state = "waiting" if chosen else ""
        self.pill.set_text("Waiting" if chosen else "Ready", "text3" if chosen else "ok")
        self._show("")

    def receive(self, message: Proof) -> None:
        """A stage, the proof, or a failure."""
        self.state = message.state
        running = message.state in STAGES
        self.progress.setVisible(running)
        self.set_lit(running)
        if running:
            self.pill.set_text(STAGES[message.state], "accent")
            self.progress.set_share(message.fraction or 0.0)
        elif message.state == "proven":
            self.pill.set_text("Proven", "ok")
            self._show(size_words(int(message.row["bytes"])))
        else:
            self.pill.set_text("Not possible", "error")
            self.pill.setToolTip(message.problem)

    def settle(self) -> None:
        """The export ended while this one was under way."""
        if self.state in (*STAGES, "waiting"):
            self.state = ""
            self.pill.set_text("Not written", "warn")
        self.progress.hide()
        self.set_lit(False)


class _Beside(QWidget):
    """What is written with every file, and lines that run it."""

    def __init__(self) -> None:
        super().__init__()
        self._description: dict[str, Any] = {}
        self._files: list[Path] = []
        self.rows = QGridLayout()
        self.rows.setColumnStretch(1, 1)
        self.rows.setHorizontalSpacing(16)
        self.switch = Segmented(())
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
        for widget in (Words("Beside the model", 15, 600),):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(Words("written with every file", 12, 400, "text3"))
        box.addLayout(head)
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
        for widget in (self.switch, self.copy, self.open, self.code):
            widget.setVisible(on)

    def set_description(self, stem: str, description: dict[str, Any]) -> None:
        """Before the export: the names of what will lie there."""
        self._description, self._files = description, []
        while (item := self.rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        labels = next((out["classes"] for out in description.get("outputs", ()) if out.get("classes")), ())
        lines = [("labels.txt", f"{len(labels)} class names, one a line")] if labels else []
        lines += [(f"{stem}.json", "Inputs, outputs, shapes, ranges, decoding"),
                  ("proof.json", "The table on the left, for your build server")]
        for i, (name, text) in enumerate(lines):
            self.rows.addWidget(Words(name, 12, 400, "text", mono=True), i, 0)
            self.rows.addWidget(Words(text, 12, 400, "text2", wrap=True), i, 1)
        self._set_tools(False)

    def add_file(self, path: Path) -> None:
        """A proven file: offer its snippet."""
        self._files = [p for p in self._files if p != path] + [path]
        runnable = [p for p in self._files if p.suffix in (".tflite", ".onnx")]
        if runnable:
            self.switch.set_options(tuple(p.suffix.lstrip(".") for p in runnable))
            self.switch.set_value(runnable[0].suffix.lstrip("."))
            self._show_snippet(runnable[0].suffix.lstrip("."))
            self._set_tools(True)

    def _show_snippet(self, kind: str) -> None:
        from graph_compiler.exporters.description import python_snippet

        path = next((p for p in self._files if p.suffix == f".{kind}"), None)
        if path is not None:
            self.code.setPlainText(python_snippet(path.name, self._description))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())

    def _open_folder(self) -> None:
        if self._files:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._files[0].parent)))
