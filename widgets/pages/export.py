"""The Export tab: parts and formats to choose, the proof as a table and plots, what lies beside, and lines that run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graph_compiler.analysis.readiness import PartReady
from graph_compiler.messages import Proof
from widgets.fonts import scaled
from widgets.pages.beside import Beside
from widgets.pages.export_bar import ExportBar
from widgets.pages.format_card import ENDED, FormatCard, FormatChoice, OptionChoice
from widgets.pages.part_row import PartRow
from widgets.pages.proof_table import Name, ProofTable
from widgets.pages.variants import Variants
from widgets.pages.which_one import WhichOne
from widgets.parts import EmptyState, Line, Pane, scrolling
from widgets.words import plural, size_words

__all__ = ["ExportPage", "FormatChoice", "OptionChoice", "PartChoice"]

CARD = 252
"""Pixels a card needs at least."""
MOST = 5
"""Cards side by side."""
BESIDE = 1000
"""Pixels of the page from which the examples stand beside the proofs; below them where there is less."""


@dataclass(frozen=True)
class PartChoice:
    """A part that may leave: what a file name says of it, its weights, whether it is ticked at first, and how ready it is."""

    name: str
    suffix: str
    weights: int
    usual: bool = True
    ready: Mapping[str, PartReady] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ExportWish:
    """What is to be written: `options` by format, and formats whose loss is `accepted`."""

    run: str
    formats: tuple[str, ...]
    parts: tuple[str, ...]
    folder: str
    options: Mapping[str, Mapping[str, str]]
    accepted: tuple[str, ...] = ()


class ExportPage(QWidget):
    """Signals are wishes: `export_wanted(ExportWish)` and `cancel_wanted`."""

    export_wanted = Signal(object)
    cancel_wanted = Signal()

    def __init__(self, formats: tuple[FormatChoice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._stem = "model"
        self._description: dict[str, Any] = {}
        self._offered: dict[str, PartChoice] = {}
        self._scripted = False
        self._shown: tuple[str, str] | None = None
        self.bar = ExportBar()
        self.folder, self.cancel, self.start = self.bar.folder, self.bar.cancel, self.bar.start
        self.cancel.clicked.connect(self.cancel_wanted)
        self.start.clicked.connect(self._start)
        titles = {f.name: f.title for f in formats}
        self.parts = PartRow()
        self.cards = {f.name: FormatCard(f) for f in formats}
        self.table = ProofTable(titles)
        self.variants = Variants(titles)
        self.table.apart = self.variants.apart = frozenset(f.name for f in formats if f.only_whole)
        self.which = WhichOne(titles)
        self.beside = Beside(titles)
        self._grid = QGridLayout()
        self._across = 0
        self._build()
        self.set_nothing("Nothing to export yet", "Next: press Train. A finished run can be exported.")

    def _build(self) -> None:
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
        self.parts.changed.connect(self._expect)
        self.parts.changed.connect(self._refresh)
        self.table.accepted.connect(self._accept)

    def _make_content(self) -> QWidget:
        inside = Pane("chrome")
        box = QVBoxLayout(inside)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(20)
        box.addWidget(self.which)
        box.addWidget(self.parts)
        self._grid.setSpacing(8)
        box.addLayout(self._grid)
        below = self._below = QHBoxLayout()
        below.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(20)
        left.addWidget(self.table)
        left.addWidget(self.variants)
        left.addStretch(1)
        below.addLayout(left, 66)
        below.addWidget(self.beside, 34)
        box.addLayout(below)
        box.addStretch(1)
        self._lay_out(MOST)
        area = scrolling(inside)
        area.setAccessibleName("Formats, proof and what lies beside")
        inside.setAutoFillBackground(True)
        return area

    def _lay_out(self, across: int) -> None:
        """Cards in rows of so many; rows are as even as they can be."""
        rows = -(-len(self.cards) // across)
        across = -(-len(self.cards) // rows)
        if across == self._across:
            return
        for column in range(self._across):
            self._grid.setColumnStretch(column, 0)
        self._across = across
        for i, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, i // across, i % across)
        for column in range(max(across, 2)):  # a single card is not as wide as the page
            self._grid.setColumnStretch(column, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(max(1, min(MOST, (self.width() - 48 + 8) // (scaled(CARD) + 8))))
        wide = self.width() >= scaled(BESIDE)
        self._below.setDirection(QHBoxLayout.Direction.LeftToRight if wide else QHBoxLayout.Direction.TopToBottom)

    def set_nothing(self, title: str, text: str) -> None:
        """Why there is nothing that could be exported, and the next step."""
        self._empty.say(title, text)
        self.bar.wait("")
        self.bar.set_folder_shown(False)
        self._stack.setCurrentIndex(0)
        self._refresh()

    def set_ready(self, stem: str, folder: str, description: dict[str, Any], parts: Sequence[PartChoice],
                  whole: PartChoice | None = None, before: str = "") -> None:
        """A run can be exported: file names start with `stem`. `description` tells of the whole; empty where only the
        files will know. `whole` is what scripts are of where none of the parts is the whole. `before` says what comes
        first where there is no run yet: what its files will be is shown then. The same shown again keeps what is chosen.
        """
        again, self._shown = self._shown == (stem, folder), (stem, folder)
        self.bar.wait(before)
        self.bar.set_folder_shown(not before)
        self._stem, self._description = stem, description
        self.table.title = stem
        self._offered = {part.name: part for part in (*parts, *([whole] if whole is not None else []))}
        self._scripted = whole is not None
        if not again:
            self.folder.setText(folder)
        self.parts.set_parts([(part.name, part.usual) for part in parts])
        self._show_readiness()
        for card in self.cards.values():
            card.start_over(again)
        self.table.clear()
        self._stack.setCurrentIndex(1)
        self._expect()
        self._refresh()

    # What is chosen.

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the ticked formats."""
        return tuple(name for name, card in self.cards.items() if card.check.isChecked())

    @property
    def files(self) -> list[Name]:
        """(part, format) of every file that is to be written."""
        own = {name: self._parts_of(name) for name in self.chosen}
        parts = dict.fromkeys(part for found in (self.parts.chosen, *own.values()) for part in found)
        return [(part, name) for part in parts for name, found in own.items() if part in found]

    def _parts_of(self, name: str) -> list[str]:
        """The ticked parts that leave in a format. A script is of the whole drawing, also where that leaves in parts only."""
        if not self.cards[name].choice.only_whole:
            return list(self.parts.chosen)
        return ["whole"] if "whole" in self.parts.chosen or self._scripted else []

    def _file_name(self, part: str, name: str) -> str:
        return f"{self._stem}{self._offered[part].suffix}{self.cards[name].choice.suffix}"

    def _expect(self) -> None:
        """What an export of the ticked parts and formats would give, before it is there."""
        if self.busy:
            return
        self._show_readiness()
        for name, card in self.cards.items():
            own = self._parts_of(name)
            card.set_files([self._file_name(part, name) for part in own],
                           sum(self._offered[part].weights for part in own))
        self.table.expect(self.files)
        self._compare()
        self._show_beside()

    def _show_readiness(self) -> None:
        """How ready the ticked parts are in each format."""
        for name, card in self.cards.items():
            own = [self._offered[part] for part in self._parts_of(name)]
            card.set_ready([ready for part in own if (ready := part.ready.get(name)) is not None])

    def _compare(self) -> None:
        """Which file for which purpose: sizes as they are, or as they are to be expected, and what the proofs say."""
        sizes = {name: sum(self._offered[part].weights for part in self._parts_of(name)) * card.choice.bits // 8
                 for name, card in self.cards.items()}
        made = {name: sum(int(row["bytes"]) for row in self.table.lines if row["format"] == name) for name in self.cards}
        self.which.set_sizes({name: size_words(made[name]) if made[name] else f"about {size_words(sizes[name])}"
                              for name in self.cards if made[name] or sizes[name]})
        self.which.set_kept([name for name, card in self.cards.items() if card.kept and not made[name]])
        self.which.show_rows(self.table.lines)

    def _show_beside(self) -> None:
        from graph_compiler.exporters.beside import part_of, read, told_of

        folder = Path(self.folder.text().strip())
        if self.table.lines and (told := read(folder)):
            self.beside.set_told(told, folder)
            return
        parts = [part_of("whole", self._description, [self._foreseen(name) for part, name in self.files if part == "whole"])
                 ] if self._description and "whole" in self.parts.chosen else []
        parts += [{"name": part, "title": part, "inputs": [], "outputs": [], "files": []}
                  for part in self.parts.chosen if part != "whole" or not self._description]
        self.beside.set_told(told_of(self._stem, parts), None, follows=bool(parts))

    def _foreseen(self, name: str) -> dict[str, Any]:
        """A file as it will be, as far as the drawing says."""
        tensors = {key: [{"name": t["name"], "shape": t["shape"], "dtype": t["dtype"]} for t in self._description[key]]
                   for key in ("inputs", "outputs")}
        return {"file": self._file_name("whole", name), "format": name, "bytes": 0, **tensors}

    def show_past(self, rows: list[dict[str, Any]]) -> None:
        """Proofs of an earlier export of this run."""
        for row in rows:
            self.receive(Proof(format=str(row["format"]), part=str(row["part"]), state="proven", row=row))
        self._show_beside()

    def _refresh(self, _: object = None) -> None:
        self.cancel.setVisible(self.busy)
        filled = self._stack.currentIndex() == 1 and not self.bar.before.full
        self.start.setEnabled(filled and bool(self.files) and not self.busy)
        states = [state for card in self.cards.values() for state in card.states.values()]
        done = sum(state in ENDED for state in states)
        self.start.setText(f"Exporting, {done} of {len(states)} done" if self.busy else "Export")
        for card in self.cards.values():
            card.setEnabled(True)
            for control in (card.check, *card.choices.values()):
                control.setEnabled(not self.busy)
        self.parts.setEnabled(not self.busy)

    # The export.

    def _start(self, _: object = None) -> None:
        self.table.clear()
        self._ask(self.files, ())

    def _accept(self, name: str) -> None:
        """Write the files of a format although they lose more than its limits."""
        if not self.busy:
            self._ask([(part, name) for part in self._parts_of(name)], (name,))

    def _ask(self, files: Sequence[Name], accepted: tuple[str, ...]) -> None:
        if self.bar.current is None or not self.folder.text().strip() or not files:
            return
        self.set_busy(True)
        formats = tuple(dict.fromkeys(name for _, name in files))
        for name, card in self.cards.items():
            card.wait([part for part, own in files if own == name])
        self.table.expect(self.files, going_on=True)
        self._refresh()
        options = {name: self.cards[name].options for name in formats if self.cards[name].options}
        self.export_wanted.emit(ExportWish(self.bar.current.folder, formats, tuple(dict.fromkeys(part for part, _ in files)),
                                           self.folder.text().strip(), options, accepted))

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
            self.variants.show_rows(self.table.lines)
            self._compare()
            if self.busy:
                self._show_beside()
        elif message.state == "failed":
            self.table.add_failure(message.part, message.format, message.problem)
        self._refresh()

    def finish(self, sentence: str = "") -> None:
        """The export ended; a sentence when it did not end well."""
        proven = [row for row in self.table.lines if (row["part"], row["format"]) in self.files]
        self.table.expect(self.files)
        if sentence or not proven:
            self.table.say(sentence)
        else:
            self.table.say(f"{plural(len(proven), 'file')} proven and written to {Path(str(proven[0]['path'])).parent}",
                           "ok")
        for card in self.cards.values():
            card.settle()
        self.set_busy(False)
        self._show_beside()
