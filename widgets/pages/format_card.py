"""One export format as a card: tick, files, what it is, where it runs, its choices, its size, how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout

from graph_compiler.analysis.readiness import PartReady, Said
from graph_compiler.messages import Proof
from widgets.controls import Card, ChoiceBox, Pill
from widgets.fonts import dress, scaled
from widgets.parts import Elided, Facts, Glyph, Line, ProgressLine, Words
from widgets.words import plural, size_words


@dataclass(frozen=True)
class OptionChoice:
    """A choice that a format offers."""

    name: str
    title: str
    values: tuple[str, ...]
    summary: str = ""


@dataclass(frozen=True)
class FormatChoice:
    """One format as the page needs it. `bits` a weight takes; `frame` bytes of a file and of each node beside them."""

    name: str
    title: str
    suffix: str
    summary: str
    runs_on: str
    options: tuple[OptionChoice, ...] = ()
    bits: int = 32
    usual: bool = True
    """Whether it is ticked at first."""
    only_whole: bool = False
    frame: tuple[int, int] = (0, 0)


STAGES = {"writing": "Writing", "reopening": "Reopening", "comparing": "Comparing", "explaining": "Explaining",
          "timing": "Timing"}
_ORDER = tuple(STAGES)
ENDED = ("proven", "failed")
LINE = 20
"""Height of a line of text, at 100 % of the text size."""


class FormatCard(Card):
    """One format, for all parts that leave in it."""

    toggled = Signal(bool)

    def __init__(self, choice: FormatChoice) -> None:
        super().__init__()
        self.choice = choice
        self.states: dict[str, str] = {}
        """The state of each part that leaves."""
        self.check = QCheckBox(choice.title)
        dress(self.check, 15, 600)
        self.check.setChecked(choice.usual)
        self.check.toggled.connect(self.toggled)
        self.pill = Pill("Ready", "ok")
        self.file = Elided("", 12, 400, "text2", mono=True, mode=Qt.TextElideMode.ElideMiddle)  # the ending tells
        self.more = Words("", 12, 400, "text2")
        self.facts = Facts(row_height=24)
        self.why = Words("", 12, 400, "text2", wrap=True)
        self.why.hide()
        self.progress = ProgressLine(f"Progress of {choice.title}")
        kept = self.progress.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # The card stays as high as it is when the bar comes.
        self.progress.setSizePolicy(kept)
        self.progress.hide()
        self.choices: dict[str, ChoiceBox] = {}
        self._nodes, self._left, self._bytes = 0, 0, 0
        self._expected = ""
        self._ticked = choice.usual
        self._kept: tuple[str, ...] = ()
        self._noted: tuple[str, ...] = ()
        self._all_said: tuple[str, ...] = ()
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)  # the longest title and its pill fit four across at 1280
        head.addWidget(self.check)
        head.addStretch(1)
        head.addWidget(self.pill)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 8)
        box.setSpacing(8)
        box.addLayout(head)
        under = QHBoxLayout()
        under.setContentsMargins(22, 0, 0, 0)
        under.addWidget(self.file, 1)
        under.addWidget(self.more)
        box.addLayout(under)
        box.addWidget(_Summary(self.choice.summary))
        box.addWidget(Line())
        rows = QVBoxLayout()
        rows.setSpacing(0)
        rows.addLayout(self._make_readiness())
        rows.addWidget(self.why)
        rows.addWidget(self.facts)
        box.addLayout(rows)
        for option in self.choice.options:
            box.addLayout(self._make_choice(option))
        box.addStretch(1)
        box.addWidget(self.progress)

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

    def _make_choice(self, option: OptionChoice) -> QHBoxLayout:
        combo = ChoiceBox()
        combo.addItems(option.values)
        combo.setToolTip(option.summary)
        combo.setAccessibleName(f"{option.title} of {self.choice.title}")
        self.choices[option.name] = combo
        row = QHBoxLayout()
        row.addWidget(Words(option.title, 13, 400, "text2"))
        row.addStretch(1)
        row.addWidget(combo)
        return row

    @property
    def options(self) -> dict[str, str]:
        """The choices that differ from what holds without one."""
        return {name: combo.currentText() for name, combo in self.choices.items() if combo.currentIndex() > 0}

    @property
    def state(self) -> str:
        """Where all its files together are: empty at rest, waiting, a stage, proven or failed."""
        found = list(self.states.values())
        running = next((state for state in found if state in STAGES), "")
        if running or not found:
            return running
        if any(state not in ENDED for state in found):
            return "waiting"
        return "proven" if all(state == "proven" for state in found) else "failed"

    @property
    def share(self) -> float:
        """How far the present file is: it grows from stage to stage."""
        return (_ORDER.index(self.state) + self.progress.share) / len(_ORDER) if self.state in _ORDER else 0.0

    @property
    def kept(self) -> bool:
        """Whether something of what would leave cannot leave so."""
        return bool(self._kept)

    def set_ready(self, parts: Sequence[PartReady]) -> None:
        """What is known before the export of each part that would leave."""
        self._nodes, self._left = sum(part.nodes for part in parts), sum(part.left for part in parts)
        self._kept = _sentences(said for part in parts for said in part.kept)
        self._noted = _sentences(said for part in parts for said in part.noted if said.worth)
        self._all_said = _sentences(said for part in parts for said in (*part.kept, *part.noted))
        if not self.states:
            self._rest()
        self._show()

    def start_over(self, again: bool = False) -> None:
        """Nothing is under way, and what is usual and possible is ticked; shown again, a tick stays while that stays."""
        self.states.clear()
        before, self._ticked = self._ticked, self.choice.usual and not self._kept
        if not again or self._ticked != before:
            self.check.setChecked(self._ticked)
        self._rest()
        self._show()

    def set_files(self, names: Sequence[str], expected: str, made: int = 0) -> None:
        """The files it will be written as, what is expected of their size in words, and their bytes where they are there."""
        self.file.set_full(names[0] if names else "none of these parts leaves so")
        self.file.setToolTip("\n".join(names))
        self.more.setText(f"and {len(names) - 1} more")
        self.more.setToolTip("\n".join(names))
        self.more.setVisible(len(names) > 1)
        self._expected, self._bytes = expected, made
        self._show()

    def _rest(self) -> None:
        """Ready, or what stands in the way."""
        self.pill.set_text(*(("Not ready", "warn") if self._kept else ("Ready", "ok")))
        self.pill.setToolTip("\n".join(self._all_said))
        self.why.setText("\n".join(self._kept or self._noted))
        self.why.setVisible(bool(self._kept or self._noted))

    def _show(self) -> None:
        token = "warn" if self._kept else "ok"
        self.nodes.setText(f"{self._left} of {plural(self._nodes, 'node')}" if self._nodes else "–")
        self.nodes.set_token(token)
        self.mark.show_icon("warning" if self._kept else "check", token)
        size = size_words(self._bytes) if self._bytes else self._expected or "–"
        self.facts.set_rows([("Runs on", self.choice.runs_on), ("Size", size)])

    def wait(self, parts: Sequence[str]) -> None:
        """The export of these parts has started."""
        self.states = dict.fromkeys(parts, "waiting")
        self._bytes = 0
        if parts:
            self.pill.set_text("Waiting", "text3")
        else:
            self._rest()
        self._show()

    def receive(self, message: Proof) -> None:
        """A stage, the proof, or a failure of one part."""
        self.states[message.part] = message.state
        running = message.state in STAGES
        self.progress.setVisible(running)
        self.set_lit(running)
        if running:
            several = len(self.states) > 1
            self.pill.set_text(STAGES[message.state] + (f" {message.part}" if several else ""), "accent")
            self.progress.set_share(message.fraction or 0.0)
        elif message.state == "proven":
            self._bytes += int(message.row["bytes"])
            self._show()
        if self.state == "proven":
            self.pill.set_text("Proven", "ok")
        elif self.state == "failed":
            self.pill.set_text("Not possible", "error")
            self.pill.setToolTip(message.problem)
        elif self.state == "waiting":
            self.pill.set_text("Waiting", "text3")

    def settle(self) -> None:
        """The export ended while this one was under way."""
        if self.state not in ("", *ENDED):
            self.states.clear()
            self.pill.set_text("Not written", "warn")
        self.progress.hide()
        self.set_lit(False)


class _Summary(Words):
    """As high as two lines at least, so that the lines below stand level from card to card."""

    def __init__(self, text: str) -> None:
        super().__init__(text, 13, 400, "text2", wrap=True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width(), max(least.height(), scaled(2 * LINE)))

    def heightForWidth(self, width: int) -> int:
        return max(super().heightForWidth(width), scaled(2 * LINE))


def _sentences(said: Iterable[Said]) -> tuple[str, ...]:
    """Each once, with the nodes of all parts."""
    paths: dict[str, dict[str, None]] = {}
    for one in said:
        paths.setdefault(one.words, {}).update(dict.fromkeys(one.paths))
    return tuple(Said(words, tuple(found)).sentence for words, found in paths.items())
