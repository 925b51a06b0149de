"""The proof table: one line a file, painted by Qt's own table in the program's look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from graph_compiler.specs.exporters import ACCEPT
from widgets.controls import Button, CopyButton
from widgets.figures import figure_title
from widgets.pages.metrics import difference_words, metric_words, notes_of, proof_markdown
from widgets.pages.proof_cells import After, Measure, NameCell
from widgets.parts import Glyph, Line, Words
from widgets.words import duration, plural, size_words

HEADINGS = ("File", "Difference", "Allowed", "{metric} before", "After", "Size", "Latency", "")
_MEASURES = (5, 6)
LINES = 3
"""Rows of the grid a file takes: its values, what one must know of it, the rule."""
WHOLE = "whole"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignVCenter
_FILL = Qt.AlignmentFlag(0)
Name = tuple[str, str]
"""(part, format)."""


@dataclass(frozen=True)
class _Cell:
    """A widget of a line and where it stands."""

    widget: QWidget
    column: int
    align: Qt.AlignmentFlag = _RIGHT
    across: int = 1
    below: int = 0
    """1 for what stands under the values."""


@dataclass(frozen=True)
class _Made:
    """The cells of a line, and what they were made from: a line that says the same keeps them."""

    state: object
    cells: Sequence[_Cell]

    def drop(self) -> None:
        """Take them away."""
        for cell in self.cells:
            cell.widget.hide()
            cell.widget.deleteLater()


class ProofTable(QWidget):
    """Lines come with `add` and `add_failure`; `clear` starts over. `accepted(format)`: keep a file that was refused."""

    accepted = Signal(str)

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self.title = "Model"
        self.apart: frozenset[str] = frozenset()
        """Formats that are no models but bring rows along: no bar is drawn for their size and time."""
        self._lines: dict[Name, dict[str, Any]] = {}
        self._failures: dict[Name, str] = {}
        self._expected: tuple[Name, ...] = ()
        self._going_on = False
        self._made: dict[Name, _Made] = {}
        self._headings = [self._make_heading(column) for column in range(len(HEADINGS))]
        self._rules: list[Line] = []
        self.hint = Words("", 12, 400, "text2", wrap=True)
        self.words = Words("", 13, 400, "error", wrap=True)
        self.foot = Words("Latency: median of up to 200 runs on this CPU, one sample, one thread. "
                          "A file that misses “allowed” is not left behind.", 12, 400, "text3", wrap=True)
        self.copy = CopyButton(lambda: self.report, "Copy report")
        self.copy.setToolTip("The table as Markdown")
        head = QHBoxLayout()
        title = Words("Proof", 15, 600)
        title.setFixedHeight(28)
        head.addWidget(title)
        head.addSpacing(8)
        head.addWidget(self.hint, 1)
        head.addWidget(self.copy)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(0)
        self.grid.setColumnStretch(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addLayout(head)
        box.addLayout(self.grid)
        box.addWidget(self.words)
        box.addWidget(self.foot)
        self.clear()

    def _make_heading(self, column: int) -> Words:
        words = Words("", 12, 500, "text3", parent=self)
        words.setFixedHeight(32)
        if column in _MEASURES:  # its end stands over the end of the values, not over that of the bars
            words.setFixedWidth(Measure.room())
            words.setAlignment(_RIGHT)
        return words

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The proofs shown, in their order."""
        return [self._lines[name] for name in self._ordered(self._lines)]

    @property
    def report(self) -> str:
        """The table as Markdown."""
        return proof_markdown(self.title, self.lines, [(self._called(name), text) for name, text in self._failures.items()],
                              self._titles)

    def _ordered(self, names: Mapping[Name, Any] | Sequence[Name]) -> list[Name]:
        """Parts as they came, the formats of each as the cards stand."""
        parts = list(dict.fromkeys([part for part, _ in self._expected] + [part for part, _ in names]))
        order = {name: place for place, name in enumerate(self._titles)}
        return sorted(names, key=lambda name: (parts.index(name[0]), order.get(name[1], len(order))))

    def _called(self, name: Name) -> str:
        title = self._titles.get(name[1], name[1])
        return title if name[0] == WHOLE else f"{name[0]} · {title}"

    def clear(self) -> None:
        """No lines."""
        self._lines, self._failures, self._expected = {}, {}, ()
        self.say("")
        self._rebuild()

    def expect(self, names: Sequence[Name], going_on: bool = False) -> None:
        """Files without a proof yet stand there with an empty line, or with dots while the export goes on."""
        self._expected, self._going_on = tuple(names), going_on
        self._rebuild()

    def say(self, sentence: str, token: str = "error") -> None:
        """A sentence under the table, in the colour of a token."""
        self.words.set_token(token)
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def add(self, *rows: dict[str, Any]) -> None:
        """Proven files (see `exporters.proof.Proof`)."""
        for row in rows:
            name = (str(row["part"]), str(row["format"]))
            self._failures.pop(name, None)
            self._lines[name] = row
        self._rebuild()

    def add_failure(self, part: str, name: str, problem: str) -> None:
        """A file that was refused, and why."""
        self._lines.pop((part, name), None)
        self._failures[part, name] = problem
        self._rebuild()

    # Filling.

    def _rebuild(self) -> None:
        while self.grid.takeAt(0) is not None:
            pass
        names = self._ordered({**dict.fromkeys(self._expected), **self._lines, **self._failures})
        self.foot.setVisible(bool(names))
        self.copy.setVisible(bool(self._lines))
        most = max((int(row["rows"]) for row in self._lines.values()), default=0)
        self.hint.setText("Each file is opened again in its own runtime and compared with the Keras model on "
                          f"{plural(most, 'test row') if most else 'test rows'}.")
        made, self._made = self._made, {}
        for name in names:
            state = self._state(name)
            self._made[name] = made.pop(name) if name in made and made[name].state == state else self._make(name, state)
        for old in made.values():
            old.drop()
        self._place(names)
        self._draw_shares()

    def _place(self, names: Sequence[Name]) -> None:
        while len(self._rules) < len(names) + 1:
            self._rules.append(Line(strong=not self._rules, parent=self))
        for place, rule in enumerate(self._rules):
            rule.setVisible(bool(names) and place <= len(names))
            if names and place <= len(names):
                self.grid.addWidget(rule, 1 + LINES * place, 0, 1, len(HEADINGS))
        for words in self._headings:
            words.setVisible(bool(names))
        if names:
            self._place_headings()
        for place, name in enumerate(names):
            self.grid.setRowMinimumHeight(2 + LINES * place, 48)
            for cell in self._made[name].cells:
                self.grid.addWidget(cell.widget, 2 + LINES * place + cell.below, cell.column, 1, cell.across, cell.align)
        for line in range(2 + LINES * len(names), self.grid.rowCount()):  # of a longer table before
            self.grid.setRowMinimumHeight(line, 0)

    def _place_headings(self) -> None:
        metric = next((row["metric"] for row in self._lines.values() if row["metric"]), "")
        for column, (words, heading) in enumerate(zip(self._headings, HEADINGS, strict=True)):
            said = heading.format(metric=figure_title(metric) if metric else "").strip()
            words.setText(said[:1].upper() + said[1:])
            self.grid.addWidget(words, 0, column, _RIGHT if 0 < column < 5 else _LEFT)

    def _state(self, name: Name) -> object:
        """What the cells of a line are made from."""
        if name in self._lines:
            return self._lines[name]
        return (self._failures.get(name), self._going_on)

    def _make(self, name: Name, state: object) -> _Made:
        row = self._lines.get(name)
        if row is not None:
            cells = self._proven(name, row)
        else:
            cells = self._failed(name) if name in self._failures else self._waiting(name)
        return _Made(state, cells)

    def _name(self, name: Name) -> _Cell:
        title = self._titles.get(name[1], name[1])
        return _Cell(NameCell(title, [] if name[0] == WHOLE else [f"Part: {name[0]}"]), 0, _FILL)

    def _notes(self, row: dict[str, Any]) -> list[_Cell]:
        if not (notes := notes_of(row)):
            return []
        words = Words("\n".join(notes), 12, 400, "text2", wrap=True)
        words.setContentsMargins(0, 0, 0, 8)
        return [_Cell(words, 0, _FILL, len(HEADINGS), below=1)]

    def _waiting(self, name: Name) -> list[_Cell]:
        mark = "…" if self._going_on else "–"
        return [self._name(name), *(_Cell(Words(mark, 13, 400, "text3"), column) for column in range(1, 5)),
                *(_Cell(Measure(mark, 0.0), column, _LEFT) for column in _MEASURES),
                _Cell(Glyph("clock", "accent" if self._going_on else "line2"), 7)]

    def _failed(self, name: Name) -> list[_Cell]:
        words = Words(self._failures[name], 12, 400, "error", wrap=True)
        words.setContentsMargins(0, 8, 0, 8)
        keep = ACCEPT in self._failures[name].lower() and not self._going_on
        cells = [self._name(name), _Cell(words, 1, _FILL, 5 if keep else 6), _Cell(Glyph("error", "error"), 7)]
        if keep:
            button = Button("Accept the loss", small=True)
            button.clicked.connect(lambda: self.accepted.emit(name[1]))
            cells.append(_Cell(button, 6))
        return cells

    def _proven(self, name: Name, row: dict[str, Any]) -> list[_Cell]:
        judged = str(row.get("judged") or "max_abs_diff")
        difference = Words(difference_words(row[judged]), 12, 400, mono=True)
        largest, mean = (difference_words(row[key]) for key in ("max_abs_diff", "mean_abs_diff"))
        difference.setToolTip(f"largest {largest}, mean {mean}; {row['agreement']:.2%} decide the same")
        time = Measure(duration(row["latency_ms"] / 1000), 0.0)
        time.setToolTip(f"95 % within {duration(row.get('latency_p95_ms', 0.0) / 1000)}" + (
            f"; on all threads {duration(row['latency_all_ms'] / 1000)}" if row.get("latency_all_ms") else "") + (
            f"; memory {size_words(row['memory'])}" if row.get("memory") else ""))
        over = bool(row.get("accepted"))
        return [self._name(name), *self._notes(row), _Cell(difference, 1),
                _Cell(Words(difference_words(row["allowed"], 1), 12, 400, "text2", mono=True), 2),
                _Cell(Words(metric_words(row["metric"], row["before"]), 13), 3), _Cell(After(row), 4),
                _Cell(Measure(size_words(row["bytes"]), 0.0), 5, _LEFT), _Cell(time, 6, _LEFT),
                _Cell(Glyph("warning" if over else "check", "warn" if over else "ok"), 7)]

    def _draw_shares(self) -> None:
        """Bars of sizes and times, beside those of files of the same kind."""
        for name, row in self._lines.items():
            alike = [r for r in self._lines.values() if (r["format"] in self.apart) == (row["format"] in self.apart)]
            for column, key in zip(_MEASURES, ("bytes", "latency_ms"), strict=True):
                most = max(float(r[key]) for r in alike) or 1.0
                cell = next(cell.widget for cell in self._made[name].cells if cell.column == column)
                if isinstance(cell, Measure):
                    cell.set_share(0.0 if row["format"] in self.apart else float(row[key]) / most)
