"""The scene of one graph: follows the document. The same slots build it, follow edits and rebuild it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.changes import EVERYTHING, ChangeSet
from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import ROOT, EdgeKey, Node
from widgets.canvas.far import FarItem
from widgets.canvas.geometry import layout, tensor_words
from widgets.canvas.items import FAR, NEAR, FrameItem, LabelItem, NodeItem, NoteItem, WireItem
from widgets.canvas.painting import Look
from widgets.canvas.wiring import Router
from widgets.document import GraphDocument
from widgets.theme import themes

Box = NodeItem | NoteItem | FrameItem
Thumbnails = Callable[[str], list[QImage] | None]


class CanvasScene(QGraphicsScene):
    """Items of one graph by id and key. Selection is kept as ids, so that it survives rebuilding."""

    selection_changed = Signal(list)

    def __init__(self, document: GraphDocument, scope: str = ROOT, parent: object = None) -> None:
        super().__init__()
        self.document, self.scope = document, scope
        self.boxes: dict[str, Box] = {}
        self.wires: dict[EdgeKey, WireItem] = {}
        self.labels: dict[EdgeKey, LabelItem] = {}
        self.selected: list[str] = []
        self.selected_wires: set[EdgeKey] = set()
        self.thumbnails: Thumbnails = lambda _: None
        self.level = 2
        self.router = Router(self)
        self._problems: dict[str, list[Diagnostic]] = {}
        self.far = FarItem(self)
        self.addItem(self.far)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        document.changed.connect(self.follow)
        document.analysed.connect(self.refresh)
        themes.changed.connect(self._retheme)
        self.follow(EVERYTHING)
        self.refresh(set(self.boxes))

    def detach(self) -> None:
        """Stop following (the view shows another scope or document)."""
        self.document.changed.disconnect(self.follow)
        self.document.analysed.disconnect(self.refresh)
        themes.changed.disconnect(self._retheme)

    @property
    def graph(self) -> Graph:
        """The graph that is shown."""
        return self.document.document.scope(self.scope)

    def facts(self, node_id: str) -> Facts | None:
        """What analysis knows of a node shown here."""
        return self.document.analysis.facts(node_id)

    # Following the document.

    def follow(self, changes: ChangeSet) -> None:
        """Add, remove and move items for what an edit touched."""
        graph = self.graph
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
            if (box := self.boxes.get(node_id)) is not None and node_id in graph.nodes:
                box.setPos(graph.nodes[node_id].x, graph.nodes[node_id].y)
        for key in edges:
            if key in graph.edges:
                self._put_wire(key)
        self._prune_selection()
        touched = moved | nodes | {end for key in edges for end in (key[0], key[2])}
        if not changes.meaning:
            self.router.route(touched)
        self.far.stale()

    def _follow_node(self, node_id: str, node: Node | None) -> None:
        box = self.boxes.get(node_id)
        if node is None:
            if box is not None:
                self.removeItem(self.boxes.pop(node_id))
            return
        wanted = {"Note": NoteItem, "Frame": FrameItem}.get(node.type, NodeItem)
        if box is not None and type(box) is not wanted:
            self.removeItem(self.boxes.pop(node_id))
            box = None
        if box is None:
            self._add_box(node)
        elif isinstance(box, (NoteItem, FrameItem)):
            box.set_node(node)

    def _add_box(self, node: Node) -> None:
        box: Box
        if node.type == "Note":
            box = NoteItem(node)
        elif node.type == "Frame":
            box = FrameItem(node)
        else:
            facts = self.facts(node.id) or Facts(node, node.id, self.scope, self.document.registry.node(node.type))
            box = NodeItem(node.id, layout(facts, self.document.analysis.totals))
        box.setPos(node.x, node.y)
        self.boxes[node.id] = box
        self.addItem(box)
        self._level_of(box)

    def _put_wire(self, key: EdgeKey) -> None:
        edge = self.graph.edges[key]
        if key in self.wires:
            self.wires[key].edge = edge
            return
        wire = WireItem(edge)
        self.wires[key] = wire
        self.labels[key] = LabelItem(wire)
        self.labels[key].setVisible(False)
        self.addItem(wire)
        self.addItem(self.labels[key])
        self._level_of(wire)

    def _drop_wire(self, key: EdgeKey) -> None:
        self.removeItem(self.wires.pop(key))
        self.removeItem(self.labels.pop(key))
        self.selected_wires.discard(key)

    def refresh(self, touched: Iterable[str]) -> None:
        """Bring cards and wires in line with what analysis now says."""
        analysis = self.document.analysis
        problems: dict[str, list[Diagnostic]] = {}
        for problem in analysis.problems:
            if problem.scope == self.scope and problem.node:
                problems.setdefault(problem.node, []).append(problem)
        stale = set(touched) | problems.keys() | self._problems.keys()
        self._problems = problems
        for node_id, box in self.boxes.items():
            if isinstance(box, NodeItem):
                self._refresh_card(node_id, box, node_id in stale)
        self.router.route(set(self.boxes) if len(stale) > 50 else stale)
        self.far.stale()

    def _refresh_card(self, node_id: str, box: NodeItem, changed: bool) -> None:
        facts = self.facts(node_id)
        if facts is None or (not changed and not (facts.weights or facts.macs)):
            return
        box.set_card(layout(facts, self.document.analysis.totals))
        if changed:
            self._relook(node_id, box, facts)

    def _relook(self, node_id: str, box: NodeItem, facts: Facts) -> None:
        found = self._problems.get(node_id, [])
        look, node = box.look, facts.node
        graph = self.graph
        look.muted, look.frozen, look.weights_name = node.muted, node.frozen, node.weights
        look.error = any(p.severity == "error" for p in found)
        look.warning = bool(found) and not look.error
        look.bad_ports = frozenset(p.port for p in found if p.severity == "error" and p.port)
        look.connected = frozenset({(e.target_port, False) for e in graph.into(node_id)}
                                   | {(e.source_port, True) for e in graph.out_of(node_id)})
        if facts.spec is not None and facts.spec.kind == "source":
            look.pictures = self.thumbnails(node_id) or []
        if facts.spec is not None and facts.spec.kind == "block":
            look.inside = self._inside(node)
        box.update()

    def _inside(self, node: Node) -> list[tuple[str, float]]:
        block = self.document.document.blocks.get(node.block)
        specs = [self.document.registry.node(n.type) for n in block.graph.nodes.values()] if block else []
        layers = [s for s in specs if s is not None and s.kind in ("layer", "operation", "block")]
        return [(s.family, 1.0 if s.family in ("convolution", "core", "recurrent") else 0.4) for s in layers[:8]]

    def problems_of(self, node_id: str) -> list[Diagnostic]:
        """Problems at a node, errors first."""
        return self._problems.get(node_id, [])

    def update_thumbnails(self, node_id: str) -> None:
        """The pictures of a source have arrived."""
        box, facts = self.boxes.get(node_id), self.facts(node_id)
        if isinstance(box, NodeItem) and facts is not None:
            self._relook(node_id, box, facts)

    # Selection.

    def select(self, ids: Iterable[str], wires: Iterable[EdgeKey] = ()) -> None:
        """Select exactly these nodes and wires."""
        wanted = [i for i in dict.fromkeys(ids) if i in self.boxes]
        self.selected_wires = {k for k in wires if k in self.wires}
        old, self.selected = set(self.selected), wanted
        for node_id in old ^ set(wanted):
            if (box := self.boxes.get(node_id)) is not None:
                box.look.selected = node_id in wanted
                box.update()
        self.restyle_wires()
        self.far.update()
        self.selection_changed.emit(list(wanted))

    def restyle_wires(self) -> None:
        """Wires of selected nodes and selected wires are drawn in the accent."""
        chosen = set(self.selected)
        for key, wire in self.wires.items():
            lit = key in self.selected_wires or key[0] in chosen or key[2] in chosen
            if lit != wire.selected:
                wire.selected = lit
                wire.restyle()
                self.labels[key].setVisible(self.level == 2 and bool(wire.label) and (wire.label_fits or lit))
                self.labels[key].update()

    def _prune_selection(self) -> None:
        left = [i for i in self.selected if i in self.graph.nodes]
        if left != self.selected:
            self.select(left, self.selected_wires)

    # Levels of detail.

    def set_zoom(self, zoom: float) -> None:
        """Choose what is drawn: everything, plain cards, or all cards in one go."""
        level = 2 if zoom >= NEAR else 1 if zoom >= FAR else 0
        if level == self.level:
            return
        self.level = level
        for item in (*self.boxes.values(), *self.wires.values()):
            self._level_of(item)
        for key, label in self.labels.items():
            wire = self.wires[key]
            label.setVisible(level == 2 and bool(wire.label) and (wire.label_fits or wire.selected))
        self.far.setVisible(level == 0)

    def _level_of(self, item: QGraphicsItem) -> None:
        if isinstance(item, NodeItem):
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, self.level == 0)
        elif isinstance(item, WireItem):
            item.setVisible(self.level > 0)

    def wire_words(self, wire: WireItem) -> str:
        """The shape on a wire."""
        facts = self.facts(wire.edge.source)
        tensor = facts.outputs.get(wire.edge.source_port) if facts else None
        if tensor is None:
            return ""
        if tensor.is_integer and not tensor.shape:
            return f"{wire.edge.source_port} · {tensor.dtype}"
        return tensor_words(tensor)

    def content_rect(self) -> QRectF:
        """Around everything that is drawn."""
        box = QRectF()
        for item in self.boxes.values():
            box = box.united(item.card_rect())
        return box

    def box_at(self, place: QPointF) -> Box | None:
        """The topmost node at a place: cards before notes before frames."""
        found = [i for i in self.items(place) if isinstance(i, (NodeItem, NoteItem, FrameItem))]
        return max(found, key=lambda i: i.zValue(), default=None)

    def wire_at(self, place: QPointF) -> WireItem | None:
        """The wire at a place."""
        return next((i for i in self.items(place) if isinstance(i, WireItem)), None)

    def _retheme(self, _: object) -> None:
        for box in self.boxes.values():
            box.update()
        for key, wire in self.wires.items():
            wire.restyle()
            self.labels[key].update()
        self.far.update()
        self.update()

    def clear_looks(self) -> None:
        """Forget fading and lighting of a gesture."""
        for box in self.boxes.values():
            if box.look.faded or box.look.target:
                box.look.faded = box.look.target = False
                box.update()

    def live(self, node_id: str, look: Callable[[Look], None]) -> None:
        """Change the running state of a card."""
        box = self.boxes.get(node_id)
        if isinstance(box, NodeItem):
            look(box.look)
            box.update()
