"""The right dock: shows the document, one node or several, and follows every change without taking the cursor away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.values import ROOT
from graph_compiler.runs.watched import Watched
from widgets.document import GraphDocument
from widgets.field_undo import FieldUndo
from widgets.focusing import focus_into, stops
from widgets.inspector.block_page import BlockPage
from widgets.inspector.document_page import DocumentPage
from widgets.inspector.header import Header
from widgets.inspector.many_page import ManyPage
from widgets.inspector.node_page import NodePage, params_of
from widgets.parts import Pane

Page = DocumentPage | BlockPage | NodePage | ManyPage


class Inspector(Pane):
    """Give it the selection with `set_selection`; an empty one shows the document, or the block one is in."""

    wanted = Signal(str)
    """A verb of the canvas for the selected block."""
    jump = Signal(str)
    """The path of a node to show."""
    explain = Signal(str)
    """A type of node the guide should explain."""
    file_wanted = Signal(str)
    """The id of a source whose file should be asked for."""
    looked_at = Signal(str)
    """The path of the one node that is shown, empty for other pages."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.setMinimumWidth(279)
        self.setAccessibleName("Inspector")
        self.document = document
        self.ids: list[str] = []
        self.scope, self.outer = ROOT, ""
        self.page: Page | None = None
        self._kept: DocumentPage | None = None
        """The document's page, which comes back whenever nothing is selected: it has thirty fields, and is made once."""
        self._open_more: set[str] = set()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.area)
        self.field_undo = FieldUndo(self)
        self._refresh_soon = QTimer(self, singleShot=True, interval=0)
        self._refresh_soon.timeout.connect(self._refresh)
        document.changed.connect(self._changed)
        document.analysed.connect(self._analysed)

    def showEvent(self, event: QShowEvent) -> None:
        if self.page is None:
            self._build()

    def sizeHint(self) -> QSize:
        return QSize(311, 700)

    def set_selection(self, ids: list[str], scope: str = ROOT, outer: str = "") -> None:
        """Show these nodes of a scope; `outer` is the path of the block instance they are seen in."""
        if (list(ids), scope, outer) != (self.ids, self.scope, self.outer):
            self.document.end_gesture()
            self.ids, self.scope, self.outer = list(ids), scope, outer
            self._build()

    @property
    def path(self) -> str:
        """The path of the one node that is shown, empty for other pages."""
        return self.page.path if isinstance(self.page, NodePage) else ""

    def show_live(self, seen: Watched | None, words: str, running: bool) -> None:
        """What a run has seen inside the node that is shown."""
        if isinstance(self.page, NodePage):
            self.page.show_live(seen, words, running)

    def focus_first(self) -> None:
        """Put the cursor into the first field (Enter on a selected node)."""
        forms = [self.page.key_form] if isinstance(self.page, NodePage) else []
        for row in (row for form in forms for row in form.rows.values()):
            row.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        heads = self.findChildren(Header)
        first = next((stop for stop in stops(self) if not any(head.isAncestorOf(stop) for head in heads)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            focus_into(self)

    def show_training(self) -> None:
        """The training of the document at the top of the view, the cursor in its epochs. For an empty selection at the root."""
        page = self.page
        if not isinstance(page, DocumentPage):
            return
        page.basics.rows["epochs"].editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, page, lambda: self.area.verticalScrollBar().setValue(page.training.y()))

    def rename(self) -> None:
        """Edit the name of the one selected node (F2)."""
        if isinstance(self.page, NodePage):
            self.page.header.edit_name()

    def rebuild(self) -> None:
        """Make the page anew: its texts have another size."""
        self._forget()
        self._build()

    def _forget(self) -> None:
        """Make the document's page anew when it is next shown."""
        kept, self._kept = self._kept, None
        if kept is not None and kept is not self.page:
            kept.deleteLater()

    def _known(self) -> list[str]:
        try:
            nodes = self.document.document.scope(self.scope).nodes
        except KeyError:
            return []
        return [n for n in self.ids if n in nodes]

    def _build(self) -> None:
        self._remember_more()
        ids = self._known()
        page: Page
        if not ids:
            page = self._whole()
        elif len(ids) == 1:
            page = NodePage(self.document, ids[0], self.scope, self.outer)
            page.more.setChecked(page.node.type in self._open_more)
            page.buttons.wanted.connect(self.wanted)
            page.header.explain.connect(partial(self.explain.emit, page.node.type))
            page.file_wanted.connect(partial(self.file_wanted.emit, ids[0]))
        else:
            page = ManyPage(self.document, ids, self.scope, self.outer)
        field = self.page.field_in_use() if isinstance(self.page, NodePage) and ids == [self.page.node_id] else ""
        old = self.area.takeWidget()
        self.page = page
        self.area.setWidget(page)
        if old is not None and old is not page:
            if old is self._kept:
                old.hide()
                old.setParent(self)
            else:
                old.deleteLater()
        if field and isinstance(page, NodePage):
            page.use_field(field)
        self.looked_at.emit(self.path)

    def _whole(self) -> DocumentPage | BlockPage:
        """The page without a selection."""
        if self.scope == ROOT or self.scope not in self.document.document.blocks:
            if self._kept is None:
                self._kept = DocumentPage(self.document)
            else:
                self._kept.refresh()
            return self._kept
        page = BlockPage(self.document, self.scope, self.outer)
        page.jump.connect(self.jump)
        page.header.explain.connect(partial(self.explain.emit, "Block"))
        page.wanted.connect(self.wanted)
        return page

    def _remember_more(self) -> None:
        """Types whose More was open keep it open when another node of the type is shown."""
        if isinstance(self.page, NodePage) and self.page.spec is not None:
            (self._open_more.add if self.page.more.isChecked() else self._open_more.discard)(self.page.spec.name)

    def _changed(self, changes: ChangeSet) -> None:
        if changes.everything:
            self._forget()
            self._build()
        else:
            self._refresh_soon.start()

    def _analysed(self, _: object) -> None:
        self._refresh_soon.start()

    def _refresh(self) -> None:
        """Show what has changed; a page whose nodes or type are no longer there is made again."""
        ids = self._known()
        if self.page is None and not self.isVisible():
            return
        if isinstance(self.page, NodePage):
            fits = ids == [self.page.node_id] and self._fits(self.page)
        elif isinstance(self.page, ManyPage):
            fits = ids == self.page.ids
        elif isinstance(self.page, BlockPage):
            fits = not ids and self.scope in self.document.document.blocks
        else:
            fits = not ids and self.scope == ROOT
        if fits and self.page is not None:
            self.page.refresh()
        else:
            self._build()

    def _fits(self, page: NodePage) -> bool:
        """Whether a page still has the fields of its node: its type and the parameters of its block are the same."""
        node = page.node
        spec = self.document.registry.node(node.type)
        return page.spec is spec and page.params == params_of(self.document.document, spec, node)
