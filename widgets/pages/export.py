"""The Export tab: parts and formats to choose, the proof as a table and plots, what lies beside, and lines that run it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graph_compiler.messages import Proof
from widgets.fonts import scaled
from widgets.pages.beside import Beside
from widgets.pages.card_grid import CardGrid
from widgets.pages.export_bar import ExportBar
from widgets.pages.export_offer import WHOLE, ExportOffer, ExportWish, PartChoice
from widgets.pages.format_card import ENDED, STAGES, FormatCard, FormatChoice, OptionChoice
from widgets.pages.part_row import PartRow
from widgets.pages.proof_table import Name, ProofTable
from widgets.pages.variants import Variants
from widgets.pages.which_one import WhichOne
from widgets.parts import EmptyState, Line, Pane, scrolling
from widgets.words import plural, size_words

__all__ = ["ExportPage", "ExportWish", "FormatChoice", "OptionChoice", "PartChoice"]

BESIDE = 1000
"""Pixels of the page from which the examples stand beside the proofs; below them where there is less."""


class ExportPage(QWidget):
    """Signals are wishes: `export_wanted(ExportWish)` and `cancel_wanted`."""

    export_wanted = Signal(object)
    cancel_wanted = Signal()

    def __init__(self, formats: tuple[FormatChoice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._formats = formats
        self._offer = ExportOffer(formats)
        self._shown: tuple[str, str] | None = None
        self._asked: list[Name] = []
        """Files of the export that is going on."""
        self._before: dict[Name, dict[str, Any]] = {}
        """What lay in the folder of it when it began, where it is to be made anew."""
        self.cancelled = False
        """Whether the last export was given up."""
        self._scrolled_at = 0
        """Where the page stood when the export began."""
        self.bar = ExportBar()
        self.folder, self.cancel, self.start = self.bar.folder, self.bar.cancel, self.bar.start
        self.cancel.clicked.connect(self._cancel)
        self.start.clicked.connect(self._start)
        titles = {f.name: f.title for f in formats}
        self.parts = PartRow()
        self.cards = {f.name: FormatCard(f) for f in formats}
        self.table = ProofTable(titles)
        self.variants = Variants(titles)
        self.table.apart = self.variants.apart = frozenset(f.name for f in formats if f.only_whole)
        self.which = WhichOne(titles)
        self.beside = Beside(titles)
        self._grid = CardGrid(tuple(self.cards.values()))
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
        self.folder.textChanged.connect(self._refresh)

    def _make_content(self) -> QWidget:
        inside = Pane("chrome")
        box = QVBoxLayout(inside)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(20)
        box.addWidget(self.which)
        box.addWidget(self.parts)
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
        area = self._area = scrolling(inside)
        area.setAccessibleName("Formats, proof and what lies beside")
        inside.setAutoFillBackground(True)
        return area

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grid.fit(self.width() - 48)
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
        self._offer = ExportOffer(self._formats, stem, description, parts, whole)
        self.table.title = stem
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
        return self._offer.files(self.chosen, self.parts.chosen)

    def _parts_of(self, name: str) -> list[str]:
        return self._offer.parts_of(name, self.parts.chosen)

    def _expect(self) -> None:
        """What an export of the ticked parts and formats would give, before it is there."""
        if self.busy:
            return
        self._show_readiness()
        ticked, made = self.parts.chosen, {(row["part"], row["format"]): int(row["bytes"]) for row in self.table.lines}
        for name, card in self.cards.items():
            own = self._parts_of(name)
            there = [made[part, name] for part in own if (part, name) in made]
            card.set_files([self._offer.file_name(part, name) for part in own], self._offer.size(name, ticked),
                           sum(there) if len(there) == len(own) else 0)
        self.table.expect(self.files)
        self._compare()
        self._show_beside()

    def _show_readiness(self) -> None:
        """How ready the ticked parts are in each format."""
        for name, card in self.cards.items():
            card.set_ready(self._offer.ready(name, self.parts.chosen))

    def _compare(self) -> None:
        """Which file for which purpose: sizes as they are, or as they are to be expected, and what the proofs say."""
        made = {name: sum(int(row["bytes"]) for row in self.table.lines if row["format"] == name) for name in self.cards}
        sizes = {name: self._offer.size(name, self.parts.chosen) for name in self.cards}
        self.which.set_sizes({name: size_words(made[name]) if made[name] else sizes[name]
                              for name in self.cards if made[name] or sizes[name]})
        self.which.set_kept([name for name, card in self.cards.items() if card.kept and not made[name]])
        self.which.show_rows(self.table.lines)

    def _show_beside(self) -> None:
        from graph_compiler.exporters.beside import read

        folder = Path(self.folder.text().strip())
        if self.table.lines and (told := read(folder)):
            self.beside.set_told(told, folder)
        else:
            told = self._offer.told(self.chosen, self.parts.chosen)
            self.beside.set_told(told, None, follows=bool(told["parts"]))

    def show_past(self, rows: list[dict[str, Any]]) -> None:
        """Proofs of an earlier export of this run."""
        for row in rows:
            if (card := self.cards.get(str(row["format"]))) is not None:
                card.receive(Proof(format=str(row["format"]), part=str(row["part"]), state="proven", row=row))
        self._prove(rows)
        self._refresh()
        self._show_beside()

    def _prove(self, rows: Sequence[dict[str, Any]]) -> None:
        self.table.add(*rows)
        self.variants.show_rows(self.table.lines)
        self._compare()

    def _refresh(self, _: object = None) -> None:
        left = self.cancel.hasFocus() and not self.busy
        filled = self._stack.currentIndex() == 1 and not self.bar.before.full
        placed = bool(self.folder.text().strip())
        self.start.setEnabled(filled and placed and bool(self.files) and not self.busy)
        self.start.setToolTip(self.bar.before.full or ("" if placed else "Say which folder the files go to."))
        doing = "Cancelling" if self.cancelled else f"Exporting, {self._done} of {len(self._asked)} done"
        self.start.setText(doing if self.busy else "Export")
        for card in self.cards.values():
            card.setEnabled(True)
            for control in (card.check, *card.choices.values()):
                control.setEnabled(not self.busy)
        self.parts.setEnabled(not self.busy)
        self.bar.set_fixed(self.busy)
        if left:
            self.start.setFocus()
        self.cancel.setVisible(self.busy)

    # The export.

    def _start(self, _: object = None) -> None:
        """Files of this folder that are not made anew keep their lines."""
        again, folder = set(self.files), Path(self.folder.text().strip()).expanduser().absolute()
        there = {(row["part"], row["format"]): row for row in self.table.lines if Path(str(row["path"])).parent == folder}
        self.table.clear()
        self._before = {name: row for name, row in there.items() if name in again}
        self._prove([row for name, row in there.items() if name not in again])
        self._ask(self.files, ())

    def _accept(self, name: str) -> None:
        """Write the files of a format although they lose more than its limits."""
        if not self.busy:
            self._ask([(part, name) for part in self._parts_of(name)], (name,))

    def _ask(self, files: Sequence[Name], accepted: tuple[str, ...]) -> None:
        if self.bar.current is None or not self.folder.text().strip() or not files:
            return
        self._asked, self.cancelled = list(files), False
        self.cancel.show()
        self.cancel.setFocus()  # what was pressed goes or is disabled, which would hand the keyboard to Train
        self.folder.setText(str(Path(self.folder.text().strip()).expanduser().absolute()))
        formats = tuple(dict.fromkeys(name for _, name in files))
        there = {row["format"] for row in self.table.lines}
        for name, card in self.cards.items():
            if name in formats or name not in there:
                card.wait([part for part, own in files if own == name])
        self.which.fold()
        self._scrolled_at = self._area.verticalScrollBar().value()
        self.table.expect(self.files, going_on=True)
        self.set_busy(True)
        options = {name: self.cards[name].options for name in formats if self.cards[name].options}
        self.export_wanted.emit(ExportWish(self.bar.current.folder, formats, tuple(dict.fromkeys(part for part, _ in files)),
                                           self.folder.text(), options, accepted))

    def _cancel(self, _: object = None) -> None:
        self.cancelled = True
        self._refresh()
        self.cancel_wanted.emit()

    @property
    def _done(self) -> int:
        return sum(self.cards[name].states.get(part) in ENDED for part, name in self._asked)

    @property
    def doing(self) -> tuple[str, float | None]:
        """What is done at the moment, in words, and how far the whole export is."""
        for part, name in self._asked:
            card = self.cards[name]
            if (stage := card.states.get(part, "")) in STAGES:
                what = card.choice.title if part == WHOLE else f"{part} as {card.choice.title}"
                return f"{STAGES[stage]} {what}", (self._done + card.share) / len(self._asked)
        return "", self._done / max(len(self._asked), 1)

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
            self._prove([message.row])
            if self.busy:
                self._show_beside()
        elif message.state == "failed":
            self.table.add_failure(message.part, message.format, message.problem)
        self._refresh()

    def finish(self, sentence: str = "") -> None:
        """The export ended; a sentence when it did not end well."""
        proven = [row for row in self.table.lines if (row["part"], row["format"]) in self._asked]
        self.table.expect(self.files)
        left = f"; {len(self._asked) - len(proven)} not written" if len(self._asked) > len(proven) else ""
        where = proven and f"{plural(len(proven), 'file')} proven and written to {Path(str(proven[0]['path'])).parent}{left}"
        self.cancelled = self.cancelled and bool(left)  # an export can be done before it hears of it
        if self.cancelled:
            self.table.say(f"Cancelled: {where}." if where else "Cancelled before a file was written.", "text2")
        elif sentence or not where:
            self.table.say(sentence, "error")
        else:
            self.table.say(where, "ok")
        self._bring_back()
        for card in self.cards.values():
            card.settle()
        self.set_busy(False)
        self._show_beside()
        if self._area.verticalScrollBar().value() == self._scrolled_at:
            QTimer.singleShot(0, self, self._show_table)

    def _bring_back(self) -> None:
        """Files of an earlier export that were not made anew after all are still there."""
        rows = [row for (part, name), row in self._before.items()
                if self.cards[name].states.get(part) not in ENDED and Path(str(row["path"])).exists()]
        self._before = {}
        if rows:
            self.show_past(rows)

    def _show_table(self) -> None:
        """Scroll until the table is seen, its beginning where it is higher than the page."""
        page, bar = self._area.viewport(), self._area.verticalScrollBar()
        top = bar.value() + self.table.mapTo(page, QPoint()).y()
        bottom = top + self.table.height()
        if bottom > bar.value() + page.height():
            bar.setValue(min(bottom + 24 - page.height(), top - 24))
