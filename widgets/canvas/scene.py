"""The scene of one graph: follows the document. The same slots build it, follow edits and rebuild it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.changes import EVERYTHING, ChangeSet
from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import ROOT, EdgeKey, Node
from widgets.canvas.appearance import Appearance
from widgets.canvas.chains import ChainItem
from widgets.canvas.current import Current
from widgets.canvas.far import FarItem
from widgets.canvas.flow import Flow
from widgets.canvas.geometry import layout
from widgets.canvas.items import FAR, NEAR, LabelItem, NodeItem, WireItem
from widgets.canvas.labelling import Labelling
from widgets.canvas.looks import Looks
from widgets.canvas.notes import FrameItem, NoteItem
from widgets.canvas.places import Places
from widgets.canvas.samples import CardSamples
from widgets.canvas.scopes import scope_at
from widgets.canvas.wiring import Router
from widgets.document import GraphDocument
from widgets.theme import themes

Box = NodeItem | NoteItem | FrameItem
Thumbnails = Callable[[str], CardSamples | None]
REACH = 6.0
"""Half the width of the strip in which a wire can be hit, px on screen."""
_KINDS: dict[str, type[NoteItem] | type[FrameItem]] = {"Note": NoteItem, "Frame": FrameItem}


def _level(zoom: float) -> int:
    """2 for everything, 1 for plain cards, 0 for all cards in one go."""
    return 2 if zoom >= NEAR else 1 if zoom >= FAR else 0


def _no_thumbnails(_: str) -> CardSamples | None:
    return None


AS_EVER = Appearance()


class CanvasScene(QGraphicsScene):
    """Items of one graph by id and key. Selection is kept as ids, so that it survives rebuilding."""

    selection_changed = Signal(list)
    followed = Signal()
    """Items are in line with the document again."""
    lost = Signal()
    """The instance whose inside is shown is no longer in the document."""

    def __init__(self, document: GraphDocument, outer: str = "", parent: QObject | None = None,
                 thumbnails: Thumbnails = _no_thumbnails, appearance: Appearance = AS_EVER, zoom: float = 1.0) -> None:
        super().__init__(parent)  # with a parent Qt deletes scene and items in order, not the garbage collector
        self.document = document
        self.outer = outer
        """Path of the instance whose inside is shown, `outer.inner`; empty for the drawing itself."""
        self.scope = scope_at(document.document, outer) or ROOT
        self.boxes: dict[str, Box] = {}
        self.wires: dict[EdgeKey, WireItem] = {}
        self.labels: dict[EdgeKey, LabelItem] = {}
        self.selected: list[str] = []
        self.last_place: QPointF | None = None
        """Where the last selected node is or was."""
        self.selected_wires: set[EdgeKey] = set()
        self.thumbnails = thumbnails
        self.appearance = appearance
        self.flow = Flow(appearance.down)
        self.level = _level(zoom)
        self.places = Places()
        self.router = Router(self)
        self.looks = Looks(self)
        self.labelling = Labelling(self)
        self.chains = ChainItem(self)
        self._pending: set[str] = set()
        self._pending_wires: set[EdgeKey] = set()
        self._nothing = Graph()
        self._content: QRectF | None = None
        self.far = FarItem(self)
        self.addItem(self.far)
        self.addItem(self.chains)
        self.current = Current(self)
        document.changed.connect(self.follow)
        document.analysed.connect(self.refresh)
        themes.changed.connect(self._retheme)
        self._build()
        self.far.setVisible(self.level == 0)

    def _build(self) -> None:
        """The same slots as ever, with the search tree off until all items are there."""
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.follow(EVERYTHING)
        self.refresh(set(self.boxes))
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)

    def detach(self) -> None:
        """Stop following and go (the view shows another scope or document)."""
        self.document.changed.disconnect(self.follow)
        self.document.analysed.disconnect(self.refresh)
        themes.changed.disconnect(self._retheme)
        self.deleteLater()  # PySide counts the scene among the view's children for as long as both live

    @property
    def graph(self) -> Graph:
        """The graph that is shown; an empty one once its block is gone."""
        document = self.document.document
        return document.graph if self.scope == ROOT else getattr(document.blocks.get(self.scope), "graph", self._nothing)

    def facts(self, node_id: str) -> Facts | None:
        """What analysis knows of a node shown here, inside a block as the instance one came through sees it."""
        return self.document.analysis.facts(self.path_of(node_id))

    def path_of(self, node_id: str) -> str:
        """The path of a node shown here from the root."""
        return f"{self.outer}.{node_id}" if self.outer else node_id

    def training_only(self) -> frozenset[EdgeKey]:
        """Wires that are there for training alone: to targets, and from noise."""
        plan = self.document.analysis.plan
        return plan.training_only | plan.noisy if self.scope == ROOT else frozenset()

    # Following the document.

    def follow(self, changes: ChangeSet) -> None:
        """Add, remove and move items for what an edit touched. Looks and paths follow in `refresh`."""
        graph, self._content = self.graph, None
        if scope_at(self.document.document, self.outer) != self.scope:
            self.lost.emit()
            return
        if changes.everything:
            nodes, edges, moved = set(self.boxes) | set(graph.nodes), set(self.wires) | set(graph.edges), set(graph.nodes)
        else:
            nodes = {n for scope, n in changes.nodes if scope == self.scope}
            edges = {key for scope, key in changes.edges if scope == self.scope}
            moved = {n for scope, n in changes.moved if scope == self.scope}
        for key in edges:
            if key in self.wires and key not in graph.edges:
                self._drop_wire(key)
        for node_id in nodes:
            self._follow_node(node_id, graph.nodes.get(node_id))
        for node_id in moved | nodes:
            if node_id in graph.nodes:
                self._place(node_id, graph.nodes[node_id])
        for key in edges:
            if key in graph.edges:
                self._put_wire(key)
        self._prune_selection()
        if changes.blocks or any(scope != self.scope for scope, _ in changes.nodes | changes.edges):
            self._pending |= {n for n, node in graph.nodes.items() if node.block}
        self._pending |= nodes | moved | {end for key in edges for end in (key[0], key[2])}
        self._pending_wires |= edges
        if not changes.meaning:
            self.router.route(moved)
            self.chains.gather()
            self._content = None
            self._pending -= moved
            self.far.stale()
            self.followed.emit()

    def _follow_node(self, node_id: str, node: Node | None) -> None:
        box = self.boxes.get(node_id)
        if box is not None and (node is None or type(box) is not _KINDS.get(node.type, NodeItem)):
            self.removeItem(self.boxes.pop(node_id))
            self.places.drop(node_id)
            box = None
        if node is None:
            return
        if box is None:
            self._add_box(node)
        elif isinstance(box, (NoteItem, FrameItem)):
            box.set_node(node)

    def _add_box(self, node: Node) -> None:
        kind = _KINDS.get(node.type)
        box: Box
        if kind is not None:
            box = kind(node, self.flow)
        else:
            facts = self.facts(node.id) or Facts(node, self.path_of(node.id), self.scope,
                                                 self.document.registry.node(node.type))
            box = NodeItem(node.id, layout(facts, self.looks.settled.get(node.id), self.flow.down))
            box.facts = facts
        self.boxes[node.id] = box
        self._level_of(box)
        box.look.selected = node.id in self.selected
        box.setPos(self.flow.place(node.x, node.y))
        self.addItem(box)

    def _place(self, node_id: str, node: Node) -> None:
        box, place = self.boxes[node_id], self.flow.place(node.x, node.y)
        if box.pos() != place:
            box.setPos(place)
        if isinstance(box, NodeItem):
            along, across = (box.card.height, box.card.width) if self.flow.down else (box.card.width, box.card.height)
            first = place.x() if self.flow.down else node.y
            self.places.put(node_id, (node.x, first, node.x + along, first + across))

    def _put_wire(self, key: EdgeKey) -> None:
        edge = self.graph.edges[key]
        if key in self.wires:
            self.wires[key].edge = edge
            return
        wire = WireItem(edge, key)
        wire.selected = key[0] in self.selected or key[2] in self.selected
        self.wires[key] = wire
        self._level_of(wire)
        self.addItem(wire)

    def _drop_wire(self, key: EdgeKey) -> None:
        self.removeItem(self.wires.pop(key))
        self.router.forget(key)
        self.labelling.forget(key)
        self.selected_wires.discard(key)

    def refresh(self, touched: Iterable[str]) -> None:
        """Bring cards and wires in line with what analysis now says."""
        resettled = self.looks.changed_objectives()
        stale = (set(touched) if self.scope == ROOT else set(self.boxes)) | self._pending
        stale |= self.looks.changed_problems() | self.looks.changed_sharing() | self.looks.changed_files()
        wires, self._pending, self._pending_wires = self._pending_wires, set(), set()
        for node_id in stale | resettled:
            if isinstance(box := self.boxes.get(node_id), NodeItem):
                self._refresh_card(node_id, box, node_id in resettled)
        self.looks.share()
        self.chains.gather()
        self.router.route(stale | resettled, wires)
        self._content = None
        self.far.stale()
        self.followed.emit()

    def _refresh_card(self, node_id: str, box: NodeItem, resettled: bool) -> None:
        facts = self.facts(node_id)
        if facts is None:
            return
        if box.facts is not facts or resettled:
            box.facts, self._content = facts, None
            box.set_card(layout(facts, self.looks.settled.get(node_id), self.flow.down))
            self._place(node_id, self.graph.nodes[node_id])
        self.looks.apply(box, facts)

    def problems_of(self, node_id: str) -> list[Diagnostic]:
        """Problems at a node, errors first."""
        return self.looks.problems.get(node_id, [])

    # Selection.

    def select(self, ids: Iterable[str], wires: Iterable[EdgeKey] = ()) -> None:
        """Select exactly these nodes and wires."""
        self.current.move("")
        wanted = [i for i in dict.fromkeys(ids) if i in self.boxes]
        chosen_wires = {k for k in wires if k in self.wires}
        if wanted == self.selected and chosen_wires == self.selected_wires:
            return
        turned = (self.selected_wires ^ chosen_wires) & self.wires.keys()
        old, self.selected, self.selected_wires = set(self.selected), wanted, chosen_wires
        if wanted:
            self.last_place = self.boxes[wanted[-1]].pos()
        chosen = set(wanted)
        for node_id in old ^ chosen:
            if (box := self.boxes.get(node_id)) is not None:
                box.look.selected = node_id in chosen
                box.update()
        self._light_wires(chosen)
        for key in turned:
            self.show_label(key)
        if self.appearance.only_selected:
            self._show_wires()
        self.chains.gather()
        self.far.update()
        self.selection_changed.emit(list(wanted))

    def _light_wires(self, chosen: set[str]) -> None:
        """Wires of selected nodes and selected wires are drawn in the accent."""
        for key, wire in self.wires.items():
            lit = key in self.selected_wires or key[0] in chosen or key[2] in chosen
            if lit != wire.selected:
                wire.selected = lit
                wire.restyle()
                self.show_label(key)

    def _prune_selection(self) -> None:
        left = [i for i in self.selected if i in self.graph.nodes]
        if left != self.selected:
            self.select(left, self.selected_wires)

    def show_label(self, key: EdgeKey) -> None:
        """The label of a wire, where it is to be seen."""
        self.labelling.show(key)

    # Which wires are drawn.

    def set_appearance(self, appearance: Appearance) -> None:
        """Draw it in another way."""
        before, self.appearance = self.appearance, appearance
        if before.wires != appearance.wires:
            self.router.route(set(self.boxes))
            self._content = None
        self._show_wires()

    def shows(self, wire: WireItem) -> bool:
        """Whether a wire is drawn at all."""
        return not self.appearance.only_selected or wire.selected or not (self.selected or self.selected_wires)

    def _show_wires(self) -> None:
        for wire in self.wires.values():
            self._level_of(wire)
            self.show_label(wire.key)
        self.far.stale()

    # Levels of detail.

    def set_zoom(self, zoom: float) -> None:
        """Choose what is drawn: everything, plain cards, or all cards in one go."""
        if (level := _level(zoom)) == self.level:
            return
        self.level = level
        for item in (*self.boxes.values(), *self.wires.values()):
            self._level_of(item)
        for key in self.wires:
            self.show_label(key)
        self.far.setVisible(level == 0)

    def _level_of(self, item: QGraphicsItem) -> None:
        if isinstance(item, NodeItem):
            item.show_near(self.level > 0)
        elif isinstance(item, WireItem):
            item.setVisible(self.level > 0 and self.shows(item))
            item.cosmetic = self.level < 2
            if self.level > 0:
                item.restyle()

    def settle(self, ids: set[str], arrived: bool) -> None:
        """Cards on their way to where the document has them are elsewhere now: wires follow, and at the end all the rest."""
        self.router.route(ids)
        self.current.refit()
        self._content = None
        self.far.stale()
        if arrived:
            self.followed.emit()

    # Finding.

    def content_rect(self) -> QRectF:
        """Around everything that is drawn; cards on their way count where the document has them."""
        if self._content is None:
            self._content, nodes, moving = QRectF(), self.graph.nodes, False
            for node_id, item in self.boxes.items():
                node = nodes.get(node_id)
                away = self.flow.place(node.x, node.y) - item.pos() if node is not None else QPointF()
                self._content, moving = self._content.united(item.card_rect().translated(away)), moving or not away.isNull()
            for key in () if moving else self.router.bent():
                self._content = self._content.united(self.wires[key].path().controlPointRect())
        return QRectF(self._content)

    def box_at(self, place: QPointF) -> Box | None:
        """The topmost node at a place: cards before notes before frames."""
        found = [i for i in self.items(place) if isinstance(i, (NodeItem, NoteItem, FrameItem))]
        return max(found, key=lambda i: i.zValue(), default=None)

    def wire_at(self, place: QPointF, zoom: float = 1.0) -> WireItem | None:
        """The wire at a place, or a few pixels away from it."""
        reach = REACH / max(zoom, 0.1)
        near = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        return next((i for i in self.items(near) if isinstance(i, WireItem) and i.is_near(place, reach)), None)

    def bent_wires(self) -> Iterable[WireItem]:
        """Wires that are led through points."""
        return (wire for wire in self.wires.values() if wire.edge.points)

    def _retheme(self, _: object) -> None:
        for box in self.boxes.values():
            box.update()
        for wire in self.wires.values():
            wire.restyle()
        for label in self.labels.values():
            label.update()
        self.chains.update()
        self.far.update()
        self.update()
