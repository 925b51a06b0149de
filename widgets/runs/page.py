"""The page of all runs: the table at the left; curves and differences of the chosen ones at the right.

Signals are wishes with run folders; whoever owns the runs carries them out and calls `set_rows` again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.runs.comparison import Difference
from widgets.controls import Button, IconButton, Segmented
from widgets.parts import EmptyState, Line, Pane, Words
from widgets.plots.overlay import OverlayPlot, RunCurve
from widgets.runs.difference_table import DifferenceTable
from widgets.runs.looks import MARKS, MOST, run_color
from widgets.runs.rows import RunRow
from widgets.runs.table import RunTable
from widgets.search_field import SearchField
from widgets.theme import themes
from widgets.words import plural

OWN, ALL = "This drawing", "All drawings"
NARROW = 1360


class RunsPage(Pane):
    """Chosen runs are overlaid and compared; a single one is held against the drawing as it is now."""

    back = Signal()
    show_run = Signal(str)
    evaluate = Signal(str)
    export = Signal(str)
    go_further = Signal(str)
    open_drawing = Signal(str)
    delete = Signal(object)
    """A list of folders."""
    renamed = Signal(str, str)
    noted = Signal(str, str)
    wants_details = Signal(object)
    """Folders whose curves and differences are wanted: answer with `show_details`."""
    wants_all = Signal(bool)
    """Whether runs of other drawings are wanted too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.order: list[str] = []
        """The chosen runs in the order they were chosen: the first one has the first colour."""
        self._rows: dict[str, RunRow] = {}
        self._histories: Mapping[str, Sequence[Mapping[str, float]]] = {}
        self.title, self.count = Words("Runs", 15, 600), Words("", 12, 400, "text3")
        self.back_button = IconButton("chevron-left", "Back to the run")
        self.filter = SearchField("Filter runs")
        self.filter.setMinimumWidth(120)
        self.filter.setMaximumWidth(208)
        self.scope = Segmented((OWN, ALL))
        self.scope.setAccessibleName("Which runs")
        self.scope.setFixedHeight(32)
        self.table, self.plot, self.differences = RunTable(), OverlayPlot(), DifferenceTable()
        self.heading, self.same = Words("", 13, 600), Words("", 12, 400, "text2", wrap=True)
        self._empty = EmptyState("panel")
        self._empty.say("No runs yet", "Next: press Train. Every training is kept here.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_body())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._make_head())
        box.addWidget(Line())
        box.addWidget(self._stack, 1)
        self._connect()
        self._chosen([])

    def _make_head(self) -> QHBoxLayout:
        self.buttons = {
            "evaluate": Button("Evaluate"), "export": Button("Export", icon="download"), "go_further": Button("Continue"),
            "open_drawing": Button("Open its drawing"), "delete": Button("Delete…", icon="trash")}
        self.buttons["open_drawing"].setToolTip("Bring back the drawing this run was made from. Undo takes it away again.")
        self.buttons["go_further"].setToolTip("Train this run for more epochs.")
        row = QHBoxLayout()
        row.setContentsMargins(16, 12, 24, 12)
        row.setSpacing(8)
        for part in (self.back_button, self.title, self.count):
            row.addWidget(part)
        row.addSpacing(8)
        row.addWidget(self.filter, 1)
        row.addWidget(self.scope)
        row.addStretch(1)
        for button in self.buttons.values():
            row.addWidget(button)
        return row

    def _make_body(self) -> QWidget:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addSpacing(16)
        row.addWidget(self.table, 11)
        row.addWidget(Line(vertical=True))
        side = self._side = QVBoxLayout()
        side.setContentsMargins(24, 12, 24, 12)
        side.setSpacing(8)
        side.addWidget(self.plot, 1)
        side.addWidget(self.heading)
        side.addWidget(self.same)
        side.addWidget(self.differences)
        row.addLayout(side, 9)
        return body

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back)
        self.filter.textChanged.connect(self.table.filtered.look_for)
        self.scope.changed.connect(lambda word: self.wants_all.emit(word == ALL))
        self.table.chosen.connect(self._chosen)
        self.table.shown.connect(self.show_run)
        self.table.delete.connect(self._delete)
        self.table.menu.connect(self._menu)
        self.table.model_.renamed.connect(self.renamed)
        self.table.model_.noted.connect(self.noted)
        for name in ("evaluate", "export", "go_further", "open_drawing"):
            self.buttons[name].clicked.connect(partial(self._wish, name))
        self.buttons["delete"].clicked.connect(self._delete)
        themes.changed.connect(self._draw)

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs, the newest first; what is chosen stays."""
        self._rows = {row.folder: row for row in rows}
        own = sum(row.own for row in rows)
        self.count.setText(str(own) if own == len(rows) else f"{own} of {len(rows)}")
        self._stack.setCurrentIndex(1 if rows else 0)
        self.table.set_rows(rows)
        if rows and not self.order:
            self.table.choose([rows[0].folder])

    def _chosen(self, folders: Sequence[str]) -> None:
        kept = [folder for folder in self.order if folder in folders]
        self.order = [*kept, *(folder for folder in folders if folder not in kept)]
        self.table.model_.set_slots({folder: i if i < MOST else -1 for i, folder in enumerate(self.order)})
        self._refresh_buttons()
        self.wants_details.emit(list(self.order[:MOST]))

    def _refresh_buttons(self) -> None:
        chosen = [self._rows[folder] for folder in self.order if folder in self._rows]
        one = len(chosen) == 1
        usable = one and chosen[0].usable and chosen[0].own
        for name, on in (("evaluate", usable), ("export", usable), ("go_further", usable), ("open_drawing", one),
                         ("delete", bool(chosen) and all(row.state != "running" for row in chosen))):
            self.buttons[name].setEnabled(on)

    def show_details(self, histories: Mapping[str, Sequence[Mapping[str, float]]], names: Sequence[str],
                     lines: Sequence[Difference]) -> None:
        """Curves of the chosen runs by folder, and what differs; `names` heads the columns of values."""
        self._histories = histories
        self.differences.show_lines(names, lines)
        several = len(self.order) > 1
        self.heading.setText("" if not self.order else "What differs" if several else "Since this run")
        words = "" if lines or not self.order else (
            "Their drawings and settings are the same." if several else "The drawing and its settings are unchanged.")
        if len(self.order) > MOST:
            words = f"The first {MOST} of {plural(len(self.order), 'run')} are compared. {words}".strip()
        self.same.setText(words)
        self.same.setVisible(bool(words))
        self.differences.setVisible(bool(lines))
        self._share_height()
        self._draw()

    def _share_height(self) -> None:
        """The differences get what they need, at most two fifths of the page."""
        self.differences.setFixedHeight(min(self.differences.need(), max(self.height() * 2 // 5, 108)))

    def _draw(self, _: object = None) -> None:
        """The curves in the colours of the theme."""
        found = [(i, folder) for i, folder in enumerate(self.order[:MOST]) if folder in self._histories]
        self.plot.show_curves([RunCurve(self._rows[folder].title.capitalize(), self._histories[folder], run_color(i), MARKS[i])
                               for i, folder in found if folder in self._rows])

    def _wish(self, name: str, _: bool = False) -> None:
        if self.order:
            getattr(self, name).emit(self.order[0])

    def _delete(self) -> None:
        if self.order and self.buttons["delete"].isEnabled():
            self.delete.emit(list(self.order))

    def menu(self) -> QMenu:
        """What can be done with the chosen runs."""
        menu = QMenu(self)
        words = {"evaluate": "Evaluate", "export": "Export…", "go_further": "Continue training",
                 "open_drawing": "Open its drawing"}
        menu.addAction("Show its curves\tEnter", lambda: self.show_run.emit(self.order[0])).setEnabled(len(self.order) == 1)
        for name, text in words.items():
            menu.addAction(text, partial(self._wish, name)).setEnabled(self.buttons[name].isEnabled())
        menu.addSeparator()
        many = "" if len(self.order) == 1 else f" {len(self.order)} runs"
        menu.addAction(f"Delete{many}…\tDel", self._delete).setEnabled(self.buttons["delete"].isEnabled())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _menu(self, place: QPoint) -> None:
        self.menu().popup(place)

    def look_again(self) -> None:
        """Ask again for curves and differences: the drawing or a run has changed."""
        if self.order and self.isVisible():
            self.wants_details.emit(list(self.order[:MOST]))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < NARROW
        self.buttons["open_drawing"].setText("Its drawing" if narrow else "Open its drawing")
        self._side.setContentsMargins(16 if narrow else 24, 12, 16 if narrow else 24, 12)
        self._share_height()
        super().resizeEvent(event)
