"""The middle column of Evaluate where a row is a picture or a text: the worst rows first, and one of them in detail.

Masks are laid over their pictures, tags stand below their letters, a reconstruction stands beside its target.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.controls import Segmented
from widgets.parts import Elided, Facts, Line, Words
from widgets.plots.pictures import PictureGrid, Sample, to_image
from widgets.plots.strips import Pane, Panes, beside, bounds_of, mask_panes, reconstruction_panes
from widgets.plots.tagged import ClassKey, Tagged, TaggedTexts
from widgets.theme import themes
from widgets.words import count, number, percent, plural

SHOWN = 60
MOST_PARTS = 6
"""Wrong stretches of a text that are told."""
MOST_NAMES = 24
"""Classes whose colours are explained."""
EVERY = -1
"""In place of a predicted class: whatever it was, as long as it was wrong."""
HINTS = {"text": "Upper bars are true, lower bars predicted. What is wrong is red and underlined.",
         "mask": "Red places are wrong.",
         "picture": "Errors: orange is too bright, blue too dark. Half of the range of values has the full colour."}


class WorstRows(QWidget):
    """Shows rows of one evaluation; a row is a place in its arrays."""

    shown = Signal(int)
    """The row that is shown in detail."""

    def __init__(self) -> None:
        super().__init__()
        self._evaluation: Evaluation | None = None
        self._panes: Callable[[int], list[Pane]] = lambda place: []
        self._cell = (-1, -1)
        self._listed = 0
        self.title, self.more = Words("Worst rows first", 15, 600), Words("", 12, 400, "text3")
        self.switch = Segmented(("All", "Cell"))
        self.switch.setAccessibleName("Which rows")
        self.switch.changed.connect(lambda word: self._list(cell_only=not word.startswith("All")))
        self.grid, self.texts = PictureGrid(), TaggedTexts()
        self._lists = QStackedWidget()
        for part in (self.grid, self.texts):
            self._lists.addWidget(part)
            part.chosen.connect(self.show_row)
            part.scrolled.connect(self._count_more)
        self.row_title, self.verdict = Words("", 13, 600), Elided("", 12, 400, "text3")
        self.hint = Elided("", 12, 400, "text3")
        self.panes, self.parts, self.key = Panes("The chosen row"), Facts(row_height=22), ClassKey()
        self._build()
        themes.changed.connect(self._retheme)

    def _build(self) -> None:
        head, said = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.more)
        head.addSpacing(8)
        head.addWidget(self.switch)
        said.setSpacing(12)
        said.addWidget(self.row_title)
        said.addWidget(self.verdict, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addLayout(head)
        box.addWidget(self._lists, 1)
        box.addWidget(Line())
        box.addLayout(said)
        for part in (self.panes, self.parts, self.hint, self.key):
            box.addWidget(part)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Start with all rows."""
        self._evaluation, self._cell = evaluation, (-1, -1)
        texts = evaluation.placed and evaluation.places.axes == 1
        self._lists.setCurrentWidget(self.texts if texts else self.grid)
        self.panes.setVisible(not texts)
        self.parts.setVisible(texts)
        self.key.setVisible(evaluation.placed)
        if evaluation.placed:
            self._panes = lambda place: mask_panes(evaluation, place)
            names = evaluation.named if texts else evaluation.places.every
            self.key.set_classes(names[:MOST_NAMES], () if texts else names)
        else:
            bounds = bounds_of(np.asarray(evaluation.target))
            self._panes = lambda place: reconstruction_panes(evaluation, place, bounds)
        self.hint.set_full(HINTS["text" if texts else "mask" if evaluation.placed else "picture"])
        self._errors = evaluation.errors()
        self._list(cell_only=False)

    def _retheme(self, _: object) -> None:
        """Grounds between pictures and colours of errors are the theme's."""
        if self._evaluation is not None:
            self._list(cell_only=not self.switch.value.startswith("All"))

    def show_cell(self, true: int, predicted: int) -> None:
        """The rows with the most places of one cell of the confusion; (-1, -1) for all rows."""
        self._cell = (true, predicted)
        self._list(cell_only=true >= 0)

    def show_class(self, true: int) -> None:
        """The rows with the most mistakes on one class."""
        self._cell = (true, EVERY)
        self._list(cell_only=True)

    @property
    def _textual(self) -> bool:
        return self._lists.currentWidget() is self.texts

    # The list.

    def _list(self, cell_only: bool) -> None:
        evaluation = self._evaluation
        if evaluation is None:
            return
        rows = evaluation.worst(len(evaluation.rows))
        options = [f"All {count(len(rows))}"]
        if self._cell[0] >= 0 and evaluation.placed:
            members = self._members(evaluation)
            options.append(f"{self._cell_words(evaluation)}: {count(len(members))}")
            rows = members if cell_only else rows
        self.switch.set_options(tuple(options))
        self.switch.set_value(options[-1] if cell_only else options[0])
        self.title.setText(self._title(evaluation) if len(rows) else "No such rows")
        self._listed, shown = len(rows), [int(place) for place in rows[:SHOWN]]
        if self._textual:
            self.texts.set_rows([self._tagged(evaluation, place) for place in shown], self._names(evaluation))
        else:
            samples = [self._sample(evaluation, place) for place in shown]
            image = samples[0].image if samples else None
            if image is not None:
                self.grid.set_strips(image.width() / image.height())
            self.grid.set_samples(samples)

    def _title(self, evaluation: Evaluation) -> str:
        if not evaluation.placed:
            return "Worst reconstructions first"
        return "Worst rows first" if self._errors.any() else "No mistakes on the test rows"

    def _members(self, evaluation: Evaluation) -> np.ndarray:
        places, (true, said) = evaluation.places, self._cell
        found = places.wrong_in(true) if said == EVERY else places.in_cell(true, said)
        order = np.argsort(-found, kind="stable")
        return np.asarray(order[:np.count_nonzero(found)])

    def _cell_words(self, evaluation: Evaluation) -> str:
        names, (true, said) = evaluation.named, self._cell
        return f"{names[true]} misread" if said == EVERY else f"{names[true]} › {names[said]}"

    def _sample(self, evaluation: Evaluation, place: int) -> Sample:
        panes = [pixels for _, pixels in self._panes(place)[-3:]]
        strip = to_image(beside(panes, max(1, panes[0].shape[0] // 20)))
        return Sample(strip, evaluation.row_name(place), "", self._note(evaluation, place), place)

    def _note(self, evaluation: Evaluation, place: int) -> str:
        error = float(self._errors[place])
        return f"{percent(error, 1)} wrong" if evaluation.placed else f"off by {number(error, 3)}"

    @staticmethod
    def _names(evaluation: Evaluation) -> tuple[str, ...]:
        """Names by colour: those of the key, then whatever stands at places that do not count."""
        return (*evaluation.named, "left out")

    def _tagged(self, evaluation: Evaluation, place: int) -> Tagged:
        places = evaluation.places
        kept = np.flatnonzero(places.counted[place])
        color = {number: i for i, number in enumerate(places.shown)}
        true, said = (tuple(color.get(int(i), len(color)) for i in part[place][kept]) for part in (places.true, places.said))
        return Tagged(self._tokens(evaluation, place, kept), true, said, evaluation.row_name(place),
                      self._note(evaluation, place), place)

    @staticmethod
    def _tokens(evaluation: Evaluation, place: int, kept: np.ndarray) -> tuple[str, ...]:
        """What stands at each place: the letters or words that are read; nothing where no text is read."""
        if evaluation.tokens is None:
            return ("",) * len(kept)
        return tuple(evaluation.vocabulary[int(i)] for i in evaluation.tokens[place][kept])

    def _count_more(self) -> None:
        seen = self.texts.seen if self._textual else self.grid.seen
        below = self._listed - seen.stop
        self.more.setText(f"{count(below)} more" if below > 0 else "")
        self.more.setToolTip(f"The wheel and the arrow keys show more, the first {SHOWN} in all." if below > 0 else "")

    # One row.

    def show_row(self, place: int) -> None:
        """One test row in detail."""
        evaluation = self._evaluation
        if evaluation is None or not 0 <= place < len(evaluation.rows):
            return
        self.shown.emit(place)
        self.row_title.setText(evaluation.row_name(place))
        self.row_title.setToolTip(evaluation.row_places(place))
        if self._textual:
            self._show_text(evaluation, place)
        else:
            self.panes.set_panes(self._panes(place))
        if evaluation.placed:
            places = evaluation.places
            self.verdict.set_full(f"{count(int(places.wrong[place].sum()))} of "
                                  f"{plural(int(places.counted[place].sum()), 'place')} wrong")
        else:
            gap = np.abs(np.asarray(evaluation.residuals()[place]))
            self.verdict.set_full(f"mean error of a pixel {number(float(gap.mean()), 3)}, root mean square "
                                  f"{number(float(self._errors[place]), 3)}, largest {number(float(gap.max()), 3)}")

    def _show_text(self, evaluation: Evaluation, place: int) -> None:
        row, names = self._tagged(evaluation, place), self._names(evaluation)
        told = [(f"{i + 1}. “{words}”", f"{names[true]}, read as {names[said]}")
                for i, (words, true, said) in enumerate(stretches(row)[:MOST_PARTS])]
        self.parts.set_rows(told)

    def summary(self) -> str:
        """What is listed, in words."""
        return plural(self._listed, "row")


def stretches(row: Tagged) -> list[tuple[str, int, int]]:
    """Neighbouring tokens that are wrong in the same way: (their text, true class, said class)."""
    joint = " " if any(len(token) > 1 for token in row.tokens) else ""
    found: list[tuple[list[str], int, int, int]] = []
    for i, (token, true, said) in enumerate(zip(row.tokens, row.true, row.said, strict=True)):
        if true == said:
            continue
        if found and found[-1][1:] == (true, said, i):
            found[-1] = ([*found[-1][0], token], true, said, i + 1)
        else:
            found.append(([token], true, said, i + 1))
    return [(joint.join(tokens), true, said) for tokens, true, said, _ in found]
