"""The right column of Evaluate: draw or drop something, and read what the network says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.controls import Button, IconButton
from widgets.fonts import text_width
from widgets.pages.answers import known_answer, made_picture, pixels_of
from widgets.pages.row_step import RowStep
from widgets.pages.value_form import ValueForm
from widgets.parts import Elided, Line, Words
from widgets.plots.bars import BarRow, Bars
from widgets.plots.pad import DrawingPad
from widgets.plots.pictures import Picture, to_image
from widgets.words import duration, number, percent, shape

WAIT = 120
"""Milliseconds after a stroke before the network is asked."""
SLOW = 600
"""Milliseconds without an answer after which the page says what it waits for."""
MOST_ROWS = 12
SIDE = 180
"""Height of a picture that is the answer."""
REST = 222
"""Pixels the column takes besides the pad and the bars."""


class AskColumn(QWidget):
    """`asked(inputs, ticket)` is the wish; `answer(ticket, answers)` the fulfilment. Older tickets are passed over."""

    asked = Signal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self._ticket = 0
        self._answers: tuple[dict[str, Any], ...] = ()
        """One a row of what was asked."""
        self._classes = 0
        self._room = (420, 800)
        self.title, self.hint = Words("Try it", 15, 600), Elided("or drop a file here", 12, 400, "text3")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.pad = DrawingPad()
        self.pad.setFixedHeight(310)
        self.pad.drawn.connect(self._drawn)
        self.form = ValueForm()
        self.form.hide()
        self.form.edited.connect(self._form_edited)
        self._evaluation: Evaluation | None = None
        self.seen = Picture("What the network sees")
        self.seen.setFixedSize(40, 40)
        self.seen_words = Elided("the network sees", 12, 400, "text3")
        self.seen_words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.best, self.sure, self.took = Elided("", 32, 600), Words("", 15, 500), Words("", 12, 400, "text3")
        self.bars = Bars("What the network says", 30)
        self.made = Picture("What the network makes of it")
        self.made.setFixedHeight(SIDE)
        self.made.hide()
        self.step = RowStep()
        self.step.moved.connect(self._show_row)
        self.note = Words("", 13, 400, "text2", wrap=True)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(SLOW)
        self._patience.timeout.connect(lambda: self.took.setText("loading the network…"))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT)
        self._wait.timeout.connect(self._ask_now)
        self._build()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.hint, 1)
        box.addLayout(head)
        box.addWidget(self.pad)
        box.addWidget(self.form)
        box.addLayout(self._make_tools())
        box.addWidget(Line())
        said = QHBoxLayout()
        said.setSpacing(12)
        said.addWidget(self.best, 1)
        said.addWidget(self.sure, 0, Qt.AlignmentFlag.AlignBottom)
        said.addStretch(0)
        said.addWidget(self.took, 0, Qt.AlignmentFlag.AlignBottom)
        box.addLayout(said)
        box.addWidget(self.note)
        box.addWidget(self.bars)
        box.addWidget(self.made)
        box.addStretch(1)

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.pen, self.eraser = IconButton("pen", "Draw"), IconButton("eraser", "Erase")
        self.back = IconButton("undo", "Take the last stroke back")
        for button in (self.pen, self.eraser):
            button.setCheckable(True)
        self.pen.setChecked(True)
        self.pen.clicked.connect(lambda: self._use(erasing=False))
        self.eraser.clicked.connect(lambda: self._use(erasing=True))
        self.back.clicked.connect(self.pad.undo)
        self.clear_button, self.open_button = Button("Clear"), IconButton("folder", "Open a file to predict")
        self.clear_button.clicked.connect(self.pad.clear)
        self.choose_button = Button("Choose a file…", icon="folder")
        self.open_button.clicked.connect(self._open)
        self.choose_button.clicked.connect(self._open)
        self.choose_button.hide()
        self._drawing_tools: tuple[QWidget, ...] = (self.pen, self.eraser, self.back, self.clear_button)
        for tool in (self.pen, self.eraser, self.back):
            row.addWidget(tool)
        row.addWidget(self.step)
        row.addStretch(0)
        row.addWidget(self.seen_words, 1)
        for part in (self.seen, self.clear_button, self.choose_button, self.open_button):
            row.addWidget(part)
        return row

    def _use(self, erasing: bool) -> None:
        self.pad.erasing = erasing
        self.pen.setChecked(not erasing)
        self.eraser.setChecked(erasing)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """A pad where the network reads small pictures, else only files."""
        pictures = evaluation.pictures
        drawable = pictures is not None and pictures.shape[-1] == 1 and pictures.shape[1] <= 64
        digits = evaluation.classes == tuple("0123456789")
        fillable = pictures is None and bool(evaluation.inputs)
        self.title.setText("Draw a digit" if drawable and digits else "Draw something" if drawable else
                           "Change a number" if fillable else "Try it")
        self.hint.set_full("or drop a picture here" if pictures is not None else "or drop a CSV file here" if fillable else
                          "drop a CSV file here")
        for widget in (self.pad, *self._drawing_tools):
            widget.setVisible(drawable)
        self.form.setVisible(fillable)
        bare = not drawable and not fillable
        self.choose_button.setText("Choose a picture…" if pictures is not None else "Choose a CSV file…")
        self.choose_button.setVisible(bare)
        self.open_button.setVisible(not bare)
        self._evaluation = evaluation
        self.made.setVisible(evaluation.pictured)
        self.bars.setVisible(not evaluation.pictured)
        for part in (self.seen, self.seen_words):
            part.setVisible(pictures is not None)
        self._classes = min(len(evaluation.classes), MOST_ROWS)
        self.fit(*self._room)
        self._wipe()

    def take_row(self, place: int) -> None:
        """Put the values of a test row into the fields, with what the network has said to it."""
        evaluation = self._evaluation
        if evaluation is None or self.form.isHidden() or not 0 <= place < len(evaluation.rows):
            return
        self._wait.stop()
        self._wipe()
        self.form.show_row(evaluation, place)
        self.note.setText(f"{evaluation.row_name(place)}.")
        self._show(known_answer(evaluation, place))

    def _form_edited(self) -> None:
        self.note.setText("")
        self._wait.start()

    def fit(self, width: int, height: int) -> None:
        """Share out the column of this size: the room for the answer stays the same whether there is one or not."""
        self._room = (width, height)
        row = min(max((height - REST - 260) // max(self._classes, 1), 18), 30)
        self.bars.reserve(self._classes, row)
        answer = row * self._classes + (0 if self.made.isHidden() else SIDE)
        self.pad.setFixedHeight(max(min(310, width - 48, height - REST - answer), 160))
        self.form.setFixedHeight(max(height - REST - answer - 40, 160))
        self.seen_words.set_full("the network sees" if width >= 440 else "")

    def _wipe(self) -> None:
        self._patience.stop()
        self._ticket += 1
        self._answers = ()
        self.step.show_place(0, 0)
        self._blank()

    def _blank(self) -> None:
        """No answer is shown."""
        for words in (self.sure, self.took, self.note):
            words.setText("")
        self._say_best("")
        self.made.set_image(None)
        named = self._evaluation.classes if self._evaluation is not None else ()
        self.bars.set_rows([BarRow(name, 0.0, "") for name in named] if len(named) <= MOST_ROWS else [])
        self.seen.set_image(None)

    def _drawn(self) -> None:
        if self.pad.empty:
            self._wipe()
        else:
            self._wait.start()

    def _ask_now(self) -> None:
        self._ask([self.pad.pixels()] if self.form.isHidden() else [self.form.values()])

    def _open(self) -> None:
        kinds = "Pictures and tables (*.png *.jpg *.jpeg *.bmp *.gif *.csv)"
        name, _ = QFileDialog.getOpenFileName(self, "Open a file to predict", "", kinds)
        if name:
            self.ask_file(Path(name))

    def ask_file(self, path: Path) -> None:
        """Predict a picture or a table. Pictures are read here, so that everything Qt reads can be dropped."""
        if path.suffix.lower() == ".csv":
            self._ask([str(path)])
            return
        image = QImage(str(path))
        if image.isNull():
            self.say(f"“{path.name}” is not a picture this program can read. Expected PNG, JPEG, BMP or GIF.")
            return
        self._wait.stop()
        self.pad.show_picture(image)
        self._ask([pixels_of(image)])

    def _ask(self, inputs: list[Any]) -> None:
        self._ticket += 1
        self._answers = ()
        self.step.show_place(0, 0)
        self.took.setText("…")
        self._patience.start()
        self.asked.emit(inputs, self._ticket)

    def say(self, sentence: str) -> None:
        """Words in place of an answer."""
        self._patience.stop()
        self._wipe()
        self.note.setText(sentence)

    def _say_best(self, words: str) -> None:
        """The answer itself, no wider than it is, so that how sure it is stands beside it, on the same base line."""
        deep = QFontMetrics(self.best.font()).descent()
        for small in (self.sure, self.took):
            small.setContentsMargins(0, 0, 0, deep - QFontMetrics(small.font()).descent())
        self.best.setMaximumWidth(round(text_width(words, 32, 600)) + 4)
        self.best.set_full(words)

    def answer(self, ticket: int, answers: tuple[dict[str, Any], ...]) -> None:
        """Show the newest answer."""
        if ticket != self._ticket or not answers:
            return
        self._patience.stop()
        self._answers = answers
        self._show_row(0)

    def _show_row(self, place: int) -> None:
        """The answer to one row of what was asked."""
        row = self._answers[place]
        self.step.show_place(place, len(self._answers))
        self._blank()
        if row.get("problem"):
            self.note.setText(str(row["problem"]))
            return
        if len(self._answers) > 1:
            fields = "" if self.form.isHidden() else ", not to the numbers in the fields"
            self.note.setText(f"These are answers to the rows of {Path(str(row['input'])).name}{fields}.")
        milliseconds = row.get("milliseconds")
        self.took.setText(duration(milliseconds / 1000) if milliseconds else "")
        if row.get("seen"):
            self.seen.set_image(to_image(np.load(row["seen"])))
        self._show(row)

    def _show_made(self, evaluation: Evaluation, first: Mapping[str, Any]) -> None:
        """The picture that the network makes of what it is given; large ones do not come back from the worker."""
        if "values" in first:
            self.made.set_image(to_image(made_picture(evaluation, first["values"])))
        else:
            self.note.setText(f"The answer is a picture of {shape(tuple(first['shape']))}, too large to be shown here.")

    def _show(self, first: Mapping[str, Any]) -> None:
        if self._evaluation is not None and self._evaluation.pictured:
            self._show_made(self._evaluation, first)
            return
        if "class" not in first:
            self._say_best(number(float(first["value"]), 4) if "value" in first else "")
            self.sure.setText(str(first.get("unit", "")))
            self.bars.set_rows([])
            return
        self._say_best(str(first["class"]))
        self.sure.setText(percent(float(first["probability"]), 1))
        scores, names = first["probabilities"], first["classes"]
        likely = sorted(range(len(names)), key=lambda i: -scores[i])[:MOST_ROWS]
        order = range(len(names)) if len(names) <= MOST_ROWS else likely
        best = int(first["index"])
        self.bars.set_rows([BarRow(str(names[i]), float(scores[i]), percent(float(scores[i]), 1),
                                   "accentfill" if i == best else "text3", i == best) for i in order])
