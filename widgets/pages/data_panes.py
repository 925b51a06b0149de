"""The four columns of the Data tab: the source with its columns, samples, one column summed up, split and findings.

Each shows plain values it is given and says by signals what the person wants; the page decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.datasets.split import PARTS
from graph_compiler.datasets.tables import VECTOR
from graph_compiler.datasets.thumbnails import NumberSummary, SeriesSummary, with_class
from graph_compiler.specs.datasets import FOLDER
from graph_compiler.specs.tensors import Column
from widgets.controls import Button, ChoiceBox, Segmented
from widgets.fonts import scaled, text_scale
from widgets.pages.data_edits import Source, words_of
from widgets.pages.data_loading import Loaded
from widgets.pages.data_notes import Note, Notes
from widgets.pages.data_pictures import pictures_of
from widgets.pages.data_points import PointsView, is_plane
from widgets.pages.data_rows import RowTable
from widgets.pages.data_samples import SampleGrid
from widgets.pages.data_split import SplitPanel
from widgets.pages.data_summary import ColumnSummary
from widgets.pages.data_tables import ColumnLine, ColumnTable
from widgets.parts import Elided, Pane, ProgressLine, Words, scrolling
from widgets.words import plural

HEADING = 28
"""Height of the first line of a pane, so that all of them stand on one line."""

NARROW, SAMPLES = 1440, 400
"""Width of a page below which its panes are narrower, and what is left to the samples."""


class _Column(Pane):
    """A pane of fixed or free width with the page's margins."""

    def __init__(self, width: int = 0, narrow: int = 0) -> None:
        super().__init__()
        self._widths = (narrow, width)
        if width:
            self.setFixedWidth(width)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(24, 16, 24, 16)
        self.box.setSpacing(12)

    def least(self, narrow: bool) -> int:
        """The width at 100 % of the text size, 0 for what takes the room that is left."""
        return self._widths[not narrow]

    def set_narrow(self, narrow: bool, stretch: float = 1.0) -> None:
        """The smaller of the two widths and margins, or the larger; widths are stretched for larger texts."""
        side = 16 if narrow else 24
        self.box.setContentsMargins(side, 16, side, 16)
        if width := self.least(narrow):
            self.setFixedWidth(round(width * stretch))

    def heading(self, *widgets: QWidget, wide: int = 0) -> None:
        """A first line; widget number `wide` takes the room."""
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStrut(HEADING)
        for i, widget in enumerate(widgets):
            row.addWidget(widget, 1 if i == wide else 0)
        self.box.addLayout(row)


def fit(panes: Sequence[_Column], width: int) -> None:
    """Deal the width of a page among its panes: they grow with the text as far as the samples keep their room."""
    narrow = width < scaled(NARROW)
    stretch = (width - SAMPLES) / sum(pane.least(narrow) for pane in panes)
    for pane in panes:
        pane.set_narrow(narrow, max(1.0, min(text_scale(), stretch)))


class SourcePane(_Column):
    """Name, text and columns of the source in view."""

    source_picked = Signal(str)
    file_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(400, 336)
        self.picker = ChoiceBox()
        self.picker.setAccessibleName("Source")
        self.picker.activated.connect(lambda i: self.source_picked.emit(str(self.picker.itemData(i))))
        self.title, self.rows = Elided("", 15, 600), Words("", 12, 400, "text3")
        self.text = Words("", 12, 400, "text2", wrap=True)
        self.file_button = Button("Choose file…", icon="folder")
        self.file_button.clicked.connect(self.file_wanted)
        self.columns = ColumnTable()
        self.heading(self.title, self.picker, self.rows)
        self.box.addWidget(self.text)
        self.box.addWidget(self.file_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(self.columns, 1)

    def show_source(self, source: Source, sources: Sequence[Source], lines: Sequence[ColumnLine], rows: int | None) -> None:
        """Show a source among all there are."""
        self.picker.clear()
        for other in sources:
            self.picker.addItem(f"{other.name} ({other.id})", other.id)
        self.picker.setCurrentIndex([s.id for s in sources].index(source.id))
        self.picker.setVisible(len(sources) > 1)
        dataset, path = source.spec.dataset, str(source.values.get("path", ""))
        self.title.set_full(Path(path).name if path else source.name)
        self.title.setToolTip(path or dataset.title)
        self.show_count(rows)
        self.text.setText(words_of(source))
        self.text.setToolTip(f"{dataset.origin}. Licence: {dataset.licence}." if dataset.licence else "")
        self.file_button.setVisible("path" in source.values)
        self.file_button.setText("Choose folder…" if dataset.files == FOLDER else "Choose file…")
        self.columns.columns.set_lines(lines)


    def show_count(self, rows: int | None) -> None:
        """How many rows there are, nothing while that is unknown."""
        self.rows.setText(plural(rows, "row") if rows else "")


class SamplesPane(_Column):
    """Pictures or rows of one part, or why there are none."""

    part_changed = Signal(str)
    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.part = Segmented(PARTS)
        self.part.setAccessibleName("Part of the split")
        self.part.changed.connect(self.part_changed)
        self.note = Elided("", 12, 400, "text3")
        self.grid, self.table, self.points = SampleGrid(), RowTable(), PointsView()
        self.waiting, self.progress = Words("", 13, 400, "text2"), ProgressLine("Progress")
        self.trouble = Notes()
        self.trouble.pressed.connect(self.pressed)
        self.stuck = QWidget()
        middle = QVBoxLayout(self.stuck)
        middle.setContentsMargins(0, 0, 0, 0)
        for widget, width in ((self.waiting, 520), (self.progress, 320), (self.trouble, 520)):
            widget.setMaximumWidth(width)
            middle.addWidget(widget)
        middle.addStretch(1)
        self.stack = QStackedWidget()
        for page in (self.stuck, self.grid, self.table, self.points):
            self.stack.addWidget(page)
        self.heading(Words("Samples", 15, 600), self.note, self.part, wide=1)
        self.box.addWidget(self.stack, 1)

    def show_waiting(self, words: str, fraction: float | None = None) -> None:
        """Something is on its way."""
        self._show_stuck([])
        self.waiting.setText(words)
        self.waiting.show()
        self.progress.setVisible(fraction is not None)
        self.progress.set_share(fraction or 0.0)

    def show_trouble(self, notes: list[Note]) -> None:
        """Nothing can be shown, and why."""
        self._show_stuck(notes)
        self.waiting.hide()
        self.progress.hide()

    def _show_stuck(self, notes: list[Note]) -> None:
        self.trouble.set_notes(notes)
        self.note.set_full("")
        self.stack.setCurrentWidget(self.stuck)

    def show_rows(self, loaded: Loaded, column: Column | None, chosen: int) -> None:
        """Rows of the part that is switched on; only those of class `chosen` of `column` unless it is -1."""
        rows = loaded.rows[self.part.value]
        words = plural(len(rows), "row")
        if column is not None and 0 <= chosen < len(column.classes):
            rows = rows[with_class(loaded.table.arrays[column.name][rows], chosen)]
            words = f"{plural(len(rows), 'row')} with {column.name} {column.classes[chosen]}"
        self.note.set_full(words)
        pictures = pictures_of(loaded, column)
        if pictures is not None:
            self.grid.set_samples(pictures, rows)
            self.stack.setCurrentWidget(self.grid)
        elif is_plane(loaded.schema):
            self.points.set_points(loaded, rows)
            self.stack.setCurrentWidget(self.points)
        else:
            self._show_table(loaded, rows)

    def _show_table(self, loaded: Loaded, rows: np.ndarray) -> None:
        plain = [c for c in loaded.schema.every if c.kind not in ("image", "video", "mask") and c.name != VECTOR]
        features = {c.name for c in loaded.schema.features}
        self.table.set_rows(sorted(plain, key=lambda c: c.name in features), loaded.table.arrays, rows)
        self.stack.setCurrentWidget(self.table)


class ColumnPane(_Column):
    """What is in the chosen column."""

    def __init__(self) -> None:
        super().__init__(300, 244)
        self.title, self.kind = Elided("", 15, 600), Words("", 12, 400, "text3")
        self.text = Words("", 12, 400, "text2", wrap=True)
        self.summary = ColumnSummary()
        self.heading(self.title, self.kind)
        self.box.addWidget(self.text)
        self.box.addWidget(scrolling(self.summary), 1)

    def show_column(self, loaded: Loaded | None, column: Column | None, part: str) -> None:
        """Show a column as it is in one part; nothing while it is unknown."""
        known = loaded is not None and column is not None and column.name in loaded.summaries
        for widget in (self.title, self.kind, self.summary):
            widget.setVisible(known)
        self.text.setVisible(known and bool(column and column.summary))
        if loaded is None or column is None or not known:
            return
        about = part if column.kind == "category" else column.unit
        self.title.set_full(column.name)
        self.kind.setText(f"{column.kind}, {about}" if about else column.kind)
        vector = _ranges(loaded) if column.name == VECTOR else {}
        self.text.setText("Side by side, in this order." if column.name == VECTOR else column.summary)
        summary = loaded.summaries[column.name]
        if isinstance(summary, SeriesSummary):
            names = column.channels or tuple(map(str, range(len(summary.parts))))
            vector = dict(zip(names, summary.parts, strict=True))
        if vector:
            self.summary.show_vector(vector)
        else:
            self.summary.show_column(column, summary, loaded.schema.missing.get(column.name, 0),
                                     loaded.parts.get(column.name, {}), part)


def _ranges(loaded: Loaded) -> Mapping[str, NumberSummary]:
    found = {c.name: loaded.summaries[c.name] for c in loaded.schema.features}
    return {name: s for name, s in found.items() if isinstance(s, NumberSummary)}


class SplitPane(_Column):
    """Warnings, the split with its fields, then what is good to know."""

    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__(332, 284)
        self.split, self.warnings, self.notes = SplitPanel(), Notes(), Notes()
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 12, 0)
        inside.setSpacing(16)
        title = Words("Split", 15, 600)
        title.setFixedHeight(HEADING)
        for widget in (self.warnings, title, self.split, self.notes):
            inside.addWidget(widget)
        inside.addStretch(1)
        for notes in (self.warnings, self.notes):
            notes.hide()
            notes.pressed.connect(self.pressed)
        self.box.addWidget(scrolling(inner), 1)

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Warnings and errors above the split, the rest below."""
        self.warnings.set_notes([n for n in notes if n.severity != "note"])
        self.notes.set_notes([n for n in notes if n.severity == "note"])
