"""One export format as a card: tick, file name, what it is, where it runs, its size, how far it is."""

from __future__ import annotations

from collections.abc import Sequence
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
        self.why = Words("", 12, 400, "text2", wrap=True)
        self.why.hide()
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
        rows.addWidget(self.why)
        rows.addWidget(self.facts)
        box.addLayout(rows)
        box.addWidget(self.progress)
        self._nodes = 0
        self._kept: tuple[str, ...] = ()

    def _make_readiness(self) -> QHBoxLayout:
        self.nodes = Words("", 13, 500, "ok")
        row = QHBoxLayout()
        row.setSpacing(6)
        name = Words("Readiness", 13, 400, "text2")
        name.setFixedHeight(24)
        row.addWidget(name)
        row.addStretch(1)
        self.mark = Glyph("check", "ok")
        row.addWidget(self.mark)
        row.addWidget(self.nodes)
        return row

    def set_ready(self, stem: str, nodes: int, kept: Sequence[str] = ()) -> None:
        """Before the export. `kept` says of each node that cannot leave why, and what to do."""
        self.file.setText(f"{stem}{self.choice.suffix}")
        self._nodes, self._kept = nodes, tuple(kept)
        self.check.setChecked(not kept)
        self._rest()
        self._show("")

    def _rest(self) -> None:
        """Ready, or what stands in the way."""
        self.pill.set_text(*(("Not ready", "warn") if self._kept else ("Ready", "ok")))
        self.why.setText(" ".join(self._kept))
        self.why.setVisible(bool(self._kept))

    def _show(self, size: str) -> None:
        ready, token = self._nodes - len(self._kept), "warn" if self._kept else "ok"
        self.nodes.setText(f"{ready} of {self._nodes} nodes")
        self.nodes.set_token(token)
        self.mark.show_icon("warning" if self._kept else "check", token)
        self.facts.set_rows([("Runs on", self.choice.runs_on), ("Size", size or "–")])

    def wait(self, chosen: bool) -> None:
        """The export has started."""
        self.state = "waiting" if chosen else ""
        if chosen:
            self.pill.set_text("Waiting", "text3")
        else:
            self._rest()
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
