"""What a node means for exported files, in the inspector: targets that stand alike in one row, with words and a way out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from graph_compiler.analysis.diagnostics import Fix
from graph_compiler.specs.readiness import KEPT, NOTED, READY, Readiness, alike, names_of
from widgets.controls import FixButton
from widgets.inspector.sections import Section
from widgets.parts import Glyph, Words

MARKS = {READY: ("check", "ok"), NOTED: ("info", "text2"), KEPT: ("no-file", "warn")}
"""Icon and ink of a state."""


class FilesSection(Section):
    """`fix(Fix)` when a way out is chosen."""

    fix = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Export", parent)
        self.rows: list[tuple[str, str, str]] = []
        """(targets, state, words) as they are shown."""
        self._holder = QVBoxLayout()
        self._holder.setSpacing(8)
        self.box.addLayout(self._holder)
        self._shown: tuple[object, ...] = ()

    def show_ready(self, ready: Mapping[str, Readiness], fixes: Mapping[str, tuple[Fix, ...]]) -> None:
        """Fill in: every target's state, and edits by target. Hidden where files have no part of the node."""
        shown = (dict(ready), dict(fixes))
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._holder.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.rows = []
        offered: set[str] = set()
        for targets, one in alike(ready):
            ways = [way for way in fixes.get(targets[0], ()) if way.label not in offered]
            offered |= {way.label for way in ways}
            self._holder.addWidget(self._row(names_of(targets), one, ways))
        self.setVisible(bool(ready))

    def _row(self, names: str, one: Readiness, ways: list[Fix]) -> QWidget:
        self.rows.append((names, one.state, one.words))
        row = QWidget()
        row.setAccessibleName(f"{names}: {one.state}. {one.words}".strip())
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Glyph(*MARKS[one.state]), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(Words(names, 12, 500, "text", wrap=True))
        if one.words:
            words = f"Not possible. {one.words}" if one.state == KEPT else one.words
            texts.addWidget(Words(words, 12, 400, "text2", wrap=True))
        for way in ways:
            button = FixButton(way.label, "note")
            button.clicked.connect(lambda _=False, way=way: self.fix.emit(way))
            texts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        line.addLayout(texts, 1)
        return row
