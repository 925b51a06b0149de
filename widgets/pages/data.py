"""The Data tab: the drawing's sources and their columns, samples as pictures or rows, what is in a column, the split.

Reads off the GUI thread (`data_loading`); whatever is changed goes through the document's edits (`data_edits`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.datasets.csv_file import FILES, file_of
from graph_compiler.datasets.csv_file import scan as scan_table
from graph_compiler.datasets.image_folder import scan as scan_pictures
from graph_compiler.datasets.split import split_counts
from graph_compiler.graph.changes import ChangeSet
from graph_compiler.specs.datasets import FOLDER, DataProblem
from graph_compiler.specs.tensors import Column
from widgets.background import Background
from widgets.controls import Button
from widgets.document import GraphDocument
from widgets.dropping import FileDrops
from widgets.pages.data_edits import (
    Source,
    drop_words,
    file_edits,
    folder_of,
    lines_of,
    new_source_node,
    set_param,
    sources_of,
    stored,
    takes,
    targets_of,
    with_column,
)
from widgets.pages.data_loading import Loaded, as_problem, load_source
from widgets.pages.data_notes import Note, Notes, ways_out
from widgets.pages.data_panes import ColumnPane, SamplesPane, SourcePane, SplitPane, fit
from widgets.parts import Line, Pane, Words

CALM = 120
"""Milliseconds without a change before a source is read again."""


class DataPage(QWidget):
    """One page for one document. It reads only while it is visible."""

    download_requested = Signal(str)
    """The id of a source whose data a worker has to fetch; then call `show_progress`, and `reload` or `show_problem`."""
    source_shown = Signal(str)
    """The id of the source the page shows now."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._source: Source | None = None
        self._key: tuple[Any, ...] = ()
        self._fresh = False
        self._loaded: Loaded | None = None
        self._problem: DataProblem | None = None
        self._column = ""
        self.reader, self.scanner = Background(self), Background(self)
        self.reader.done.connect(self._on_loaded)
        self.reader.failed.connect(self._on_failed)
        self.scanner.done.connect(_call)
        self.scanner.failed.connect(self._on_failed)
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._read)
        self.drops = FileDrops(self, self._drop_words, self.take_file)
        self.setAccessibleName("Data")
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self.source_pane, self.samples_pane = SourcePane(), SamplesPane()
        self.column_pane, self.split_pane = ColumnPane(), SplitPane()
        columns = QWidget()
        row = QHBoxLayout(columns)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for i, pane in enumerate((self.source_pane, self.samples_pane, self.column_pane, self.split_pane)):
            if i:
                row.addWidget(Line(vertical=True))
            row.addWidget(pane, 1 if pane is self.samples_pane else 0)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._build_empty())
        self.pages.addWidget(columns)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        fit((self.source_pane, self.samples_pane, self.column_pane, self.split_pane), self.width())
        super().resizeEvent(event)

    def _build_empty(self) -> QWidget:
        page = Pane()
        box = QVBoxLayout(page)
        box.setSpacing(8)
        box.addStretch(1)
        next_step = "Next: drag a source from the palette to the canvas, or drop a CSV file here."
        for words in (Words("No data yet", 15, 600), Words(next_step, 13, 400, "text2")):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(words)
        self.open_button = Button("Choose file…", icon="folder")
        self.open_button.clicked.connect(self.choose_file)
        self.unread = Notes()
        """Why a file could not become the first source."""
        self.unread.setFixedWidth(520)
        self.unread.hide()
        box.addSpacing(8)
        box.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignCenter)
        box.addSpacing(8)
        box.addWidget(self.unread, 0, Qt.AlignmentFlag.AlignCenter)
        box.addStretch(1)
        return page

    def _connect(self) -> None:
        self.document.changed.connect(self._on_changed)
        self.source_pane.source_picked.connect(self.show_source)
        self.source_pane.file_wanted.connect(self.choose_file)
        self.source_pane.columns.chosen.connect(self._on_column)
        self.source_pane.columns.changed.connect(self._on_column_changed)
        self.samples_pane.part_changed.connect(lambda _: self._show_rows())
        self.samples_pane.pressed.connect(self._on_note)
        self.column_pane.summary.class_chosen.connect(lambda _: self._show_rows())
        self.split_pane.split.changed.connect(self._on_param)
        self.split_pane.split.finished.connect(self.document.end_gesture)
        self.split_pane.pressed.connect(self._on_note)

    # What the document says.

    @property
    def source(self) -> Source | None:
        """The source in view."""
        return self._source

    @property
    def loaded(self) -> Loaded | None:
        """What is read of it, None while it is on its way or cannot be had."""
        return self._loaded if self._fresh else None

    @property
    def problem(self) -> DataProblem | None:
        """Why it cannot be had."""
        return self._problem

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._calm.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._calm.stop()

    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.meaning:
            self.refresh()

    def refresh(self) -> None:
        """Look at the document again; the source in view stays if it is still there."""
        sources = sources_of(self.document)
        self.pages.setCurrentIndex(1 if sources else 0)
        shown = self._source.id if self._source else ""
        self._source = next((s for s in sources if s.id == shown), sources[0] if sources else None)
        if self._source is None:
            self._forget()
            self.unread.set_notes([])
            return
        self._show_source(self._source, sources)

    def show_source(self, node_id: str) -> None:
        """Bring a source into view."""
        found = next((s for s in sources_of(self.document) if s.id == node_id), None)
        if found is not None and (self._source is None or found.id != self._source.id):
            self._source = found
            self.refresh()
            self.source_shown.emit(node_id)

    def reload(self) -> None:
        """Read again, for instance after a download."""
        self._forget()
        self.refresh()

    def show_progress(self, words: str, fraction: float | None) -> None:
        """A download goes on; `fraction` in 0..1, None when unknown."""
        self._loaded, self._problem = None, None
        self._show_loaded()
        self.samples_pane.show_waiting(words, fraction)

    def show_problem(self, title: str, hint: str = "", code: str = "offline") -> None:
        """A download failed."""
        self._on_failed(DataProblem(title, hint=hint, code=code))

    def _show_source(self, source: Source, sources: list[Source]) -> None:
        schema = source.spec.dataset.schema(source.values) if source.sound else None
        lines = lines_of(source, targets_of(self.document, source)) if source.sound else []
        self.source_pane.show_source(source, sources, lines, schema.rows if schema else None)
        self.split_pane.split.show_source(source, split_counts(schema, source.values) if schema else None)
        key = (source.id, source.spec.name, repr(sorted(source.values.items())), folder_of(self.document))
        if key == self._key:
            return
        if key[:2] != self._key[:2]:
            self._column = ""
        self._key, self._fresh, self._problem = key, False, None
        self.reader.forget()
        if self._loaded is not None and (schema is None or schema.every != self._loaded.schema.every):
            self._loaded = None  # the same columns stay in view until the new rows are there
        if self.isVisible():
            self._calm.start()
        self._show_loaded()

    # Reading.

    @property
    def settled(self) -> bool:
        """Whether nothing is being read or about to be."""
        return not (self.reader.busy or self.scanner.busy or self._calm.isActive())

    def _forget(self) -> None:
        self.reader.forget()
        self._loaded, self._problem, self._key, self._fresh = None, None, (), False

    def _read(self) -> None:
        source = self._source
        if source is None or self._fresh or self._problem is not None or self.reader.busy or not self.isVisible():
            return
        if source.wrong is not None:
            self._on_failed(DataProblem(source.wrong.title, code=source.wrong.code, hint=source.wrong.sentence))
            return
        dataset, values, folder = source.spec.dataset, dict(source.values), folder_of(self.document)
        self.reader.run(lambda: load_source(dataset, values, folder))

    def _on_loaded(self, loaded: Loaded) -> None:
        self._loaded, self._problem, self._fresh = loaded, None, True
        self._show_loaded()

    def _on_failed(self, error: Exception) -> None:
        self._problem = as_problem(error)
        if self._source is None:
            self.unread.set_notes([Note("error", self._problem.title, self._problem.hint)])
            return
        if not self._fresh:
            self._loaded = None
        self._show_loaded()

    # What is in view.

    def _show_loaded(self) -> None:
        loaded, trouble = self._loaded, self._trouble()
        self.split_pane.show_notes([*(trouble if loaded else ()), *self._findings()])
        if loaded is None:
            self.column_pane.show_column(None, None, "")
            if trouble:
                self.samples_pane.show_trouble(trouble)
            else:
                self.samples_pane.show_waiting("Reading …")
            return
        if self._column not in loaded.summaries and self._source is not None:
            names = [c.name for c in loaded.schema.every]
            targets = targets_of(self.document, self._source)
            self._column = next((n for n in names if n in targets), names[0] if names else "")
        self.source_pane.columns.choose(self._column)
        if loaded.schema.rows is None:  # known only now
            self.source_pane.show_count(loaded.table.rows)
            self.split_pane.split.bar.set_rows({part: len(rows) for part, rows in loaded.rows.items()})
        self._show_rows()

    def _trouble(self) -> list[Note]:
        """Why there is nothing to see."""
        problem = self._problem
        if problem is None:
            return []
        severity = "note" if problem.code in ("no-data", "not-downloaded") else "error"
        folder = self._source is not None and self._source.spec.dataset.files == FOLDER
        return [Note(severity, problem.title, problem.hint, ways_out(problem.code, folder))]

    def _findings(self) -> list[Note]:
        """What is worth knowing about the rows."""
        notes = []
        for found in self._loaded.findings if self._loaded else ():
            actions = ((f"stratify {found.column}", f"Stratify by {found.column}"),) if found.param == "stratify" else ()
            notes.append(Note(found.severity, found.title, found.hint, actions))
        return notes

    def _current_column(self) -> Column | None:
        every = self._loaded.schema.every if self._loaded else ()
        return next((c for c in every if c.name == self._column), None)

    def _show_rows(self) -> None:
        """The chosen column, and the rows of the part and class that are switched on."""
        if self._loaded is None:
            return
        column = self._current_column()
        self.column_pane.show_column(self._loaded, column, self.samples_pane.part.value)
        chosen = self.column_pane.summary.bars.current if column is not None and column.classes else -1
        self.samples_pane.show_rows(self._loaded, column, chosen)

    # What the person does.

    def _on_column(self, name: str) -> None:
        if self._loaded is not None and name != self._column:
            self._column = name
            self._show_rows()

    def _on_param(self, name: str, value: Any) -> None:
        if self._source is not None:
            self.document.do(set_param(self._source, name, value))

    def _on_note(self, key: str) -> None:
        if key == "choose":
            self.choose_file()
        elif key == "again":
            self.read_again()
        elif key == "download" and self._source is not None:
            self.download_requested.emit(self._source.id)
        elif key.startswith("stratify "):
            self._on_param("stratify", key.removeprefix("stratify "))

    def _on_column_changed(self, name: str, what: str, value: str) -> None:
        if self._source is not None:
            columns = with_column(self._source.values["columns"], name, what, value, single=self._source.spec.name != "CSV")
            self._read_file({**self._source.values, "columns": columns}, f"set {what} of column {name}")

    def choose_file(self) -> None:
        """Ask for a file and read it."""
        files = self._source.spec.dataset.files if self._source is not None else ""
        start = str(folder_of(self.document))
        if files == FOLDER:
            name = QFileDialog.getExistingDirectory(self, "Choose a folder", start)
        else:
            name, _ = QFileDialog.getOpenFileName(self, "Choose a file", start, files or FILES)
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Look through a file off the GUI thread; it becomes that of the source in view, or a source of its own.

        A folder then holds pictures, a file a table.
        """
        source = self._source if takes(self._source, path) else None
        scan = source.spec.dataset.scan if source is not None else scan_pictures if path.is_dir() else scan_table

        def work() -> Callable[[], None]:
            assert scan is not None
            found = scan(path, None)
            return lambda: self._take(source, found, path)

        self.scanner.run(work)

    def _take(self, source: Source | None, found: Mapping[str, Any], path: Path) -> None:
        words, name = f"choose {path.name}", stored(self.document, path)
        if source is not None:
            self._forget()
            self.document.do_all(file_edits(source, found, name), words)
            self.refresh()
            return
        edit = new_source_node(self.document, {"path": name, **found}, "ImageFolder" if path.is_dir() else "CSV")
        if self.document.do_all([edit], words):
            self.show_source(edit.node.id)

    def read_again(self) -> None:
        """Take the file as it is now; what a person chose stays as far as the file allows."""
        if self._source is not None:
            self._read_file(self._source.values, "read the file again")

    def _read_file(self, values: Mapping[str, Any], words: str) -> None:
        """Look through the file of the source in view again, with these values."""
        source, folder = self._source, folder_of(self.document)
        assert source is not None

        def work() -> Callable[[], object]:
            scan = source.spec.dataset.scan
            found = scan(file_of(values, folder), values) if scan is not None else {}
            return lambda: self.document.do_all(file_edits(source, found, str(source.values["path"])), words)

        self.scanner.run(work)

    def _drop_words(self, path: Path) -> str:
        return drop_words(path, self._source)

    def shut_down(self) -> None:
        """Wait for the threads; call it before the page goes away."""
        self._calm.stop()
        self.reader.wait()
        self.scanner.wait()


def _call(work: Callable[[], object]) -> None:
    work()
