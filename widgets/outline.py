"""The outline: the drawing as a tree of names, for those who hear it or like it better; in step with the canvas.

Nodes stand in the order of flow, the inside of a block below its instance. Each row says what a card says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QTreeView, QVBoxLayout, QWidget

from graph_compiler.analysis.order import topological
from graph_compiler.analysis.readiness import mark
from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.model import Graph
from graph_compiler.specs.readiness import KEPT, NOTED
from widgets.document import GraphDocument
from widgets.icons import icon, tile_family
from widgets.parts import Pane, Words
from widgets.tables import Index
from widgets.theme import theme
from widgets.words import shape

DEEPEST = 8
"""Blocks within blocks that are unfolded at most."""


_FILES = {NOTED: "files have it otherwise", KEPT: "some files cannot have it"}
"""What is said of a node with a mark for exports; Export in the inspector tells the rest."""


@dataclass(eq=False)
class _Row:
    path: str
    scope_graph: Graph
    node_id: str
    above: _Row | None
    place: int
    below: list[_Row] | None = field(default=None)


def neighbours(graph: Graph, node_id: str) -> tuple[list[str], list[str]]:
    """Names of what flows into a node and of what it flows into, each once."""
    into = dict.fromkeys(graph.nodes[e.source].name for e in graph.into(node_id))
    out = dict.fromkeys(graph.nodes[e.target].name for e in graph.out_of(node_id))
    return list(into), list(out)


class OutlineModel(QAbstractItemModel):
    """Nodes by place; what a row says is asked for when it is shown."""

    NO_PARENT = QModelIndex()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.document: GraphDocument | None = None
        self._top: list[_Row] = []
        self._rows: dict[str, _Row] = {}

    def rebuild(self) -> None:
        """Other nodes, or another order of them."""
        self.beginResetModel()
        self._rows.clear()
        self._top = self._below(self.document.document.graph, None) if self.document is not None else []
        self.endResetModel()

    def _below(self, graph: Graph, above: _Row | None) -> list[_Row]:
        order, _ = topological(graph)
        names = dict.fromkeys([*order, *graph.nodes])
        base = f"{above.path}." if above is not None else ""
        rows = [_Row(base + name, graph, name, above, place) for place, name in enumerate(n for n in names if n in graph.nodes)]
        self._rows.update({row.path: row for row in rows})
        return rows

    def _children(self, row: _Row) -> list[_Row]:
        if row.below is None:
            node = row.scope_graph.nodes.get(row.node_id)
            blocks = self.document.document.blocks if self.document is not None else {}
            block = blocks.get(node.block) if node is not None and row.path.count(".") < DEEPEST else None
            row.below = self._below(block.graph, row) if block is not None else []
        return row.below

    def index_of(self, path: str) -> QModelIndex:
        """The row of a node by its path; invalid when it has none."""
        names = path.split(".")
        for depth in range(1, len(names)):
            if (outer := self._rows.get(".".join(names[:depth]))) is not None:
                self._children(outer)
        row = self._rows.get(path)
        return self.createIndex(row.place, 0, row) if row is not None else QModelIndex()

    def path(self, index: Index) -> str:
        """The path of the node in a row."""
        row: _Row = index.internalPointer()
        return row.path

    def index(self, row: int, column: int, parent: Index = NO_PARENT) -> QModelIndex:
        rows = self._children(parent.internalPointer()) if parent.isValid() else self._top
        return self.createIndex(row, column, rows[row]) if 0 <= row < len(rows) and column == 0 else QModelIndex()

    def parent(self, index: Index = NO_PARENT) -> QModelIndex:  # type: ignore[override]
        above = index.internalPointer().above if index.isValid() else None
        return self.createIndex(above.place, 0, above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return len(self._children(parent.internalPointer())) if parent.isValid() else len(self._top)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row: _Row = index.internalPointer()
        node = row.scope_graph.nodes.get(row.node_id)
        if node is None or self.document is None:
            return None
        facts = self.document.analysis.facts(row.path)
        failed = facts is not None and facts.failed
        if role == Qt.ItemDataRole.DisplayRole:
            out = facts.output if facts is not None else None
            return f"{node.name}  {shape(out.shape)}" if out is not None else node.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.sentence(row.path)
        if role == Qt.ItemDataRole.ForegroundRole and failed:
            return theme().color("error")
        if role == Qt.ItemDataRole.DecorationRole:
            spec = facts.spec if facts is not None else None
            hue = theme().hue(spec.family) if spec is not None else None
            family = tile_family(spec.name, spec.family) if spec is not None else "operations"
            return icon("error" if failed else family, theme().error if failed else hue.ink if hue is not None else None)
        return None

    def sentence(self, path: str) -> str:
        """All that a card and its wires say, in words; empty for a node that is gone."""
        assert self.document is not None
        row, facts = self._rows[path], self.document.analysis.facts(path)
        node = row.scope_graph.nodes.get(row.node_id)
        if node is None:
            return ""
        into, out = neighbours(row.scope_graph, row.node_id)
        tensor = facts.output if facts is not None else None
        parts = [node.name, node.block or node.type, f"out {shape(tensor.shape)}" if tensor is not None else "",
                 f"from {', '.join(into)}" if into else "", f"to {', '.join(out)}" if out else "",
                 "muted" if node.muted else "", "frozen" if node.frozen else ""]
        parts += [f"{p.severity}: {p.title}" for p in self.document.analysis.problems_of(path)]
        parts.append(_FILES.get(mark(self.document.analysis, facts), "") if facts is not None else "")
        return ", ".join(filter(None, parts))

    def refresh(self) -> None:
        """The same nodes say something else."""
        if self._top:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._top) - 1, 0))


class OutlinePanel(Pane):
    """The tree. `chosen(path)` when a row is, `edit_wanted` for Enter."""

    chosen = Signal(str)
    edit_wanted = Signal()
    key_pressed = Signal(object)
    """A key that the tree does not take: a QKeyEvent for the canvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.model = OutlineModel(self)
        self.tree = _Tree(self)
        self.tree.setModel(self.model)
        self.tree.selectionModel().currentChanged.connect(self._moved)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._catch_up)
        self._other = True
        self._showing = False
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 4, 8, 8)
        title = Words("Outline", 12, 600, "text2")
        title.setContentsMargins(8, 0, 0, 0)
        box.addWidget(title)
        self.nothing = Words("Nothing is drawn yet. What you add stands here as a list.", 12, 400, "text2", wrap=True)
        self.nothing.setContentsMargins(8, 4, 8, 0)
        box.addWidget(self.nothing)
        box.addWidget(self.tree)

    def set_document(self, document: GraphDocument) -> None:
        """Show the tree of a document."""
        old = self.model.document
        if old is not None:
            old.changed.disconnect(self._changed)
            old.analysed.disconnect(self._analysed)
        self.model.document = document
        document.changed.connect(self._changed)
        document.analysed.connect(self._analysed)
        self._other = True
        self._soon.start()

    def _changed(self, changes: ChangeSet) -> None:
        if changes.everything or changes.nodes or changes.edges or changes.blocks:
            self._other = True
            self._soon.start()

    def _analysed(self, _: object) -> None:
        self._soon.start()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._soon.start()

    def _catch_up(self) -> None:
        """In step with the document; a panel that is not seen waits."""
        if not self.isVisible():
            return
        if not self._other:
            self.model.refresh()
            return
        self._other, here = False, self.current
        unfolded = [path for path in self.model._rows if self.tree.isExpanded(self.model.index_of(path))]
        self._showing = True
        self.model.rebuild()
        self.nothing.setVisible(not self.model.rowCount())
        for path in unfolded:
            self.tree.setExpanded(self.model.index_of(path), True)
        self._showing = False
        self.show_node(here)

    @property
    def current(self) -> str:
        """The path of the chosen row, empty for none."""
        index = self.tree.currentIndex()
        return self.model.path(index) if index.isValid() else ""

    def show_node(self, path: str) -> None:
        """Choose the row of a node that was chosen elsewhere; none for an empty path."""
        if not self.isVisible() or path == self.current:
            return
        self._showing = True
        self.tree.setCurrentIndex(self.model.index_of(path) if path else QModelIndex())
        self._showing = False

    def _moved(self, index: QModelIndex) -> None:
        if not self._showing and index.isValid():
            self.chosen.emit(self.model.path(index))


class _Tree(QTreeView):
    """Arrows move, Enter edits; what else is pressed is for the canvas."""

    def __init__(self, panel: OutlinePanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setAccessibleName("Outline of the drawing")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setStyleSheet("QTreeView::item { border: 0; min-height: 26px; padding: 0 4px; }")

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:  # the tree's own way is to choose the first row, and Tab must not select a node
            QAbstractScrollArea.focusInEvent(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
                 Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._panel.edit_wanted.emit()
        elif event.key() in moves:
            super().keyPressEvent(event)
        else:
            self._panel.key_pressed.emit(event)
