"""One export format as a card: tick, file name, what it is, where it runs, its size, how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout

from graph_compiler.messages import Proof
from widgets.controls import Card, Pill
from widgets.fonts import dress
from widgets.parts import Facts, Glyph, Line, ProgressLine, Words
from widgets.words import size_words


@dataclass(frozen=True)
class FormatChoice:
    """One format as the page needs it."""

    name: str
    title: str
    suffix: str
    summary: str
    runs_on: str


STAGES = {"writing": "Writing", "reopening": "Reopening", "comparing": "Comparing", "timing": "Timing"}


class FormatCard(Card):
    """One format: tick, file name, what it is, where it runs, its size, how far it is."""

    toggled = Signal(bool)

    def __init__(self, choice: FormatChoice) -> None:
        super().__init__()
        self.choice = choice
        self.state = ""
        self.check = QCheckBox(choice.title)
        dress(self.check, 15, 600)
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
        self.file.setContentsMargins(22, 0, 0, 0)
        box.addWidget(self.file)
        box.addSpacing(2)
        box.addWidget(Words(choice.summary, 13, 400, "text2", wrap=True))
        box.addSpacing(6)
        box.addWidget(Line())
        rows = QVBoxLayout()
        rows.setSpacing(0)
        rows.addLayout(self._make_readiness())
        rows.addWidget(self.facts)
        box.addLayout(rows)
        box.addWidget(self.progress)
        self._nodes = 0

    def _make_readiness(self) -> QHBoxLayout:
        self.nodes = Words("", 13, 500, "ok")
        row = QHBoxLayout()
        row.setSpacing(6)
        name = Words("Readiness", 13, 400, "text2")
        name.setFixedHeight(24)
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(Glyph("check", "ok"))
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
