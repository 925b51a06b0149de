"""A sequence made from something: test rows with what was wanted, and a text or picture of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit

from graph_compiler.messages import Asking
from widgets.controls import Button, Segmented
from widgets.pages.running.base import Answers, Runner, Running
from widgets.pages.running.parts import NOTHING, Beams, Column, State, setting, spin
from widgets.pages.running.rows import RowsTable, SpokenRow
from widgets.parts import Line, Words
from widgets.plots.pictures import Picture, to_image
from widgets.sights.attention import AttentionMap
from widgets.words import count, duration

ROWS = 50
"""Test rows of the table."""
TYPING = 250
"""Milliseconds after a key before the network is asked."""
PICTURE = 168
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
GREEDY, BEAM = "Greedy", "Beam"
HINTS = {"text": "type a text, or choose a row", "picture": "drop a picture, or choose a row", "": "choose a row"}


class SequenceRunner(Runner):
    """Table at the left, own questions at the right."""

    def __init__(self, running: Running) -> None:
        super().__init__(running)
        self._rows: list[SpokenRow] = []
        self._given = ""
        self._table_slot, self._own_slot = self.slot(), self.slot()
        self.table, self.filter = RowsTable(), Segmented(("All",))
        self.filter.setAccessibleName("Which rows")
        self.left, self.right = Column("Test rows", "panel"), Column("Try it", "chrome")
        self.field, self.picture = QLineEdit(), Picture("What is given")
        self.way, self.width_field = Segmented((GREEDY, BEAM)), spin("Beam width", 2, 20, 4)
        self.result, self.took = Words("", 20, 600, mono=True, wrap=True), Words("", 12, 400, "text3")
        self.beams = Beams()
        self.looked, self.map = Words("Where it looked while it wrote", 12, 400, "text3"), AttentionMap()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING)
        self._arrange()
        self._connect()

    # Layout.

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left, 105)
        row.addWidget(Line(vertical=True))
        row.addWidget(self.right, 55)
        self.left.head.addWidget(self.filter)
        self.filter.hide()
        self.left.box.addWidget(State(self._table_slot))
        self.left.box.addWidget(self.table, 1)
        self._arrange_own()

    def _arrange_own(self) -> None:
        box, reads = self.right.box, self.running.reads
        self.right.hint.set_full(HINTS[reads])
        self.field.setAccessibleName("Text to give")
        self.field.setPlaceholderText("A text to give")
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.open_button = Button("Open a picture", "folder")
        if reads == "text":
            box.addWidget(self.field)
        elif reads == "picture":
            line = QHBoxLayout()
            line.addWidget(self.picture)
            line.addWidget(self.open_button, 1, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight)
            box.addLayout(line)
        self.way.setAccessibleName("How tokens are chosen")
        self.width_setting = setting("Beam width", self.width_field)
        box.addWidget(setting("Decoding", self.way))
        box.addWidget(self.width_setting)
        self.width_setting.setEnabled(False)
        box.addWidget(Line())
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addWidget(State(self._own_slot))
        box.addWidget(self.result)
        box.addWidget(self.took)
        box.addWidget(self.beams)
        box.addWidget(self.looked)
        box.addWidget(self.map, 100)
        box.addStretch(1)
        self._wipe()

    def _connect(self) -> None:
        self._table_slot.answered.connect(self._show_rows)
        self._own_slot.answered.connect(self._show_own)
        self._own_slot.failed.connect(lambda _: self._wipe())
        self.filter.changed.connect(self._filter)
        self.table.chosen.connect(self._take_row)
        self.field.textEdited.connect(lambda _: self._typing.start())
        self.field.returnPressed.connect(self._ask_typed)
        self._typing.timeout.connect(self._ask_typed)
        self.way.changed.connect(self._way_changed)
        self.width_field.valueChanged.connect(lambda _: self._ask())
        self.open_button.clicked.connect(self._open)

    # Test rows.

    def start(self) -> None:
        self._table_slot.ask(tuple(f"test:{place}" for place in range(ROWS)), Asking())

    def _show_rows(self, answers: Answers) -> None:
        self._rows = [SpokenRow.of(answer) for answer in answers if "true" in answer]
        right = sum(row.right for row in self._rows)
        total, wrong = len(self._rows), len(self._rows) - right
        self.left.title.setText(f"The first {count(total)} test rows" if total == ROWS else "Test rows")
        self.left.hint.set_full(f"exact match {count(right)} of {count(total)}")
        self.filter.set_options((f"All {count(total)}", f"Only wrong {count(wrong)}"))
        self.filter.setVisible(wrong > 0)
        self._filter()

    def _filter(self, _: str = "") -> None:
        only = self.filter.value.startswith("Only")
        self.table.set_rows([row for row in self._rows if not (only and row.right)])
        if self.table.rows.rows and not self._given:
            self.table.selectRow(0)

    def _take_row(self, row: SpokenRow) -> None:
        """Give a test row to the network once more, with the way of decoding that is chosen."""
        self._typing.stop()
        if self.running.reads == "text":
            self.field.setText(row.given)
            self._given = f"text:{row.given}"
        else:
            self.picture.set_image(row.image)
            self._given = f"test:{row.place}"
        self._ask()

    # Own questions.

    def _ask_typed(self) -> None:
        self._typing.stop()
        text = self.field.text()
        self._given = f"text:{text}" if text else ""
        if text:
            self._ask()
        else:
            self._wipe()

    def _way_changed(self, way: str) -> None:
        self.width_setting.setEnabled(way == BEAM)
        self._ask()

    def _ask(self) -> None:
        if self._given:
            width = self.width_field.value() if self.way.value == BEAM else 1
            self._own_slot.ask((self._given,), Asking(beam=width))

    def _open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open a picture", "", "Pictures (*.png *.jpg *.jpeg *.bmp *.gif)")
        if name:
            self.drop_file(Path(name))

    def drop_file(self, path: Path) -> None:
        if self.running.reads == "picture" and path.suffix.lower() in PICTURES:
            self.picture.set_image(QImage(str(path)))
        self._given = str(path)
        self._ask()

    def _show_own(self, answers: Answers) -> None:
        first = answers[0]
        if not self._given:  # the field was emptied meanwhile
            return
        self.result.setText(str(first["text"]) or NOTHING)
        milliseconds = float(first.get("milliseconds", 0.0))
        self.took.setText(duration(milliseconds / 1000) if milliseconds else "")
        self._show_answer(True)
        self._show_map(first.get("attention"))
        self.beams.set_rows([(str(beam["text"]), float(beam["log_probability"])) for beam in first.get("beams", ())])
        if first.get("seen"):
            self.picture.set_image(to_image(np.load(first["seen"])))
        if self.running.reads == "text" and not self._given.startswith("text:"):
            self.field.setText(str(first.get("given", "")))

    def _show_map(self, attention: Mapping[str, Any] | None) -> None:
        for part in (self.looked, self.map):
            part.setVisible(attention is not None)
        if attention is not None:
            self.map.set_map(np.asarray(attention["weights"], np.float32), attention["given"], attention["made"])

    def _show_answer(self, shown: bool) -> None:
        for part in (self.result, self.took, self.beams):
            part.setVisible(shown)

    def _wipe(self) -> None:
        self._show_answer(False)
        self._show_map(None)
        self.result.setText("")
        self.took.setText("")
        self.beams.set_rows([])

