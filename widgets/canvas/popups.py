"""The search box of a view: adding a node, ending a pulled wire, replacing a node in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF
from shiboken6 import isValid

from graph_compiler.graph.blocks.inside import INSTANCE
from graph_compiler.graph.edits import Connect, Disconnect, Edit, ReplaceNode
from graph_compiler.graph.values import Edge, EdgeKey, Json, Node
from graph_compiler.specs.nodes import NodeSpec, Port
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from widgets.canvas.adding import Adding
from widgets.canvas.connecting import Pull, pulled_port, pulled_tensor, through
from widgets.canvas.giving import Givers
from widgets.canvas.renaming import Renaming
from widgets.finding import BRIDGE, FREE, Backwards, Forwards
from widgets.offer import BLOCK, Entry, key_of
from widgets.words import plural

if TYPE_CHECKING:
    from widgets.canvas.pulling import Pulling
    from widgets.canvas.view import CanvasView
    from widgets.find_bar import FindBar
    from widgets.search import SearchPopup

BESIDE = QPoint(16, 0)
_NOT_REPLACED = frozenset({"Note", "Frame", "TimeDistributedBlock", "BlockInput", "BlockOutput"})
SOURCES = ("MNIST", "Digits", "Iris", "CSV", "FashionMNIST", "CIFAR10")
"""What an empty drawing is offered first: data."""
Found = Callable[[str, dict[str, Any], str], object]
"""What is done with a choice: its key, its parameters, and the type that must stand in front of it."""


class Popups(Adding, Renaming):
    """Adding and replacing nodes by search."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self.search: SearchPopup | None = None
        self.held: Pulling | None = None
        """The wire that waits for the search to end."""
        self.finder: FindBar | None = None

    def open_search(self, place: QPointF | None = None, pulling: Pulling | None = None) -> None:
        """The search box at a place (the pointer without one); with a pulled wire it lists what can take it."""
        if place is None and not self._ids and (wires := self._wires()):
            self._search_for(wires)
            return
        at, pull = place if place is not None else self.pointer(), pulling.pull if pulling is not None else None
        behind = self._outlet() if place is None else None
        outputs = self._outputs(behind)
        tensor = pulled_tensor(self._view.canvas, pull) if pull is not None else next(iter(outputs), None)
        aimed = place is not None or self._view.pointer is not None

        def found(name: str, params: dict[str, Any], via: str) -> None:
            before = self._outlet() if place is None else None
            if before is not None:
                self.add_behind(before, name, params, via)
            elif via and pull is not None:
                self.add_through(via, pull, at, name, params)
            else:
                self._view.reveal(self.add(name, at, aimed, params, pull, free=True))

        specs = [spec for spec in self._view.offered() if pull is None or _has_end(spec, pull)]
        port = pulled_port(self._view.canvas, pull) if pull is not None and not pull.out else None
        data = not self._view.canvas.graph.nodes or (port is not None and port.role == "target")
        sources = data and any(spec.kind == "source" for spec in specs)
        self._open(at, specs, tensor, found, SOURCES if sources else (), self._backwards(pull),
                   Forwards(tuple(outputs[1:]), self._view.document.registry.node(BRIDGE), others=pull is None))
        self.held = pulling

    def _wires(self) -> list[EdgeKey]:
        """The selected wires that a node can stand in, as the data flows."""
        canvas, nodes = self._view.canvas, self._view.canvas.graph.nodes
        found = [key for key in canvas.selected_wires if canvas.facts(key[0]) and canvas.facts(key[2])]
        return sorted(found, key=lambda key: (nodes[key[0]].x, nodes[key[2]].x, nodes[key[2]].y, key))

    def _search_for(self, wires: list[EdgeKey]) -> None:
        """The search box for a node in each of the wires. A single one that lies under the pointer takes it there."""
        canvas, at = self._view.canvas, self.pointer()
        under = canvas.wire_at(at, self._view.zoom)
        here = len(wires) == 1 and under is not None and under.key == wires[0]
        tensors = [facts.outputs.get(key[1]) for key in wires if (facts := canvas.facts(key[0])) is not None]
        known = [tensor for tensor in tensors if tensor is not None]
        further = tuple(tensor for place, tensor in enumerate(known[1:], 1) if tensor not in known[:place])

        def found(name: str, params: dict[str, Any], via: str) -> None:
            nonlocal here
            if here and not via:
                made = self.add(name, at, params=params)
                self._view.reveal(made)
                wires[:] = [edge.key for edge in canvas.graph.out_of(made)] if made else []
            else:
                wires[:] = self.add_into(wires, name, params, via)
            here = False

        specs = [spec for spec in self._view.offered() if through(spec)]
        self._open(at, specs, known[0] if known else None, found,
                   forwards=Forwards(bridge=None if further else self._view.document.registry.node(BRIDGE), each=further))
        assert self.search is not None
        whole = plural(len(wires), "wire")
        self.search.ask_for(f"Insert into {'the wire' if len(wires) == 1 else whole}", whole if further else "",
                            "Nothing of this name can stand in a wire.")

    def _backwards(self, pull: Pull | None) -> Backwards | None:
        """What a wire pulled from an input needs."""
        if pull is None or pull.out:
            return None
        facts, port = self._view.canvas.facts(pull.node), pulled_port(self._view.canvas, pull)
        name = facts.node.name if facts is not None else pull.node
        lone = facts is not None and len(facts.ports_in) == 1
        return Backwards(name if lone else f"{name}.{pull.port}", Givers(facts, port))

    def find_node(self, text: str = "") -> None:
        """The bar that finds nodes; with a text at once."""
        from widgets.find_bar import FindBar

        if self.finder is None:
            self.finder = FindBar(self._view)
        self.finder.open_it(text)

    def replace(self) -> None:
        """Another type, or a block, for the selected nodes; parameters of the same name and all wires stay."""
        canvas = self._view.canvas
        ids = [n for n in self._ids if canvas.graph.nodes[n].type not in _NOT_REPLACED]
        if not ids:
            self._view.status.emit("Notes, frames and ports of a block are not replaced." if self._ids else
                                   "Select what should be replaced.")
            return
        into = canvas.graph.into(ids[0]) if len(ids) == 1 else []
        source = canvas.facts(into[0].source) if len(into) == 1 else None
        tensor = source.outputs.get(into[0].source_port) if source else None
        specs = [s for s in self._view.offered() if not isinstance(s, Entry) or s.key.startswith(BLOCK)]
        what = canvas.graph.nodes[ids[0]].name if len(ids) == 1 else f"{len(ids)} nodes"

        def swap(key: str, params: dict[str, Any], _: str) -> None:
            with self._one_step(f"replace {ids[0] if len(ids) == 1 else what}", ids):
                for node_id in ids:
                    self._swap(node_id, key, params)

        self._open(canvas.boxes[ids[0]].card_rect().topRight(), specs, tensor, swap)
        assert self.search is not None
        self.search.ask_for(f"Replace {what} with…")

    def _open(self, at: QPointF, specs: list[NodeSpec], tensor: Tensor | None, found: Found, first: Sequence[str] = (),
              backwards: Backwards | None = None, forwards: Forwards = FREE) -> None:
        from widgets.search import SearchPopup

        self.close_popups()
        self._view.bubbles.close()
        self.search = SearchPopup(specs, tensor, self._view, first, backwards, self._names(), forwards)
        self.search.chosen.connect(lambda name, params, stay: self._chosen(found, name, params, stay))
        self.search.closed.connect(self.close_popups)
        self.search.open_at(self._view.mapFromScene(at) + BESIDE)

    def _names(self) -> Mapping[str, Json]:
        """The parameters of the block in view, with the values in force."""
        outer = self._view.canvas.outer
        inside = self._view.document.analysis.inside(outer) if outer else None
        return inside.bindings if inside is not None else {}

    def _chosen(self, found: Found, name: str, params: dict[str, Any], stay: bool) -> None:
        via = self.search.via if self.search is not None else ""
        if not stay:
            self.close_popups()
        found(name, params, via)

    def close_popups(self) -> None:
        """Close the search, and whatever asks for a name."""
        self.close_asker()
        self._view.verbs.close_writing()
        if self.search is not None:
            search, self.search = self.search, None
            held, self.held = self.held, None
            if not isValid(self._view):  # the window is being taken down
                return
            if held is not None:
                held.end()
                self._view.viewport().update()
            search.blockSignals(True)
            search.hide()
            search.deleteLater()
            self._view.setFocus()
            self._view.bubbles.refresh()

    def _outlet(self) -> str | None:
        """The only selected node, when something can flow out of it."""
        ids = self._ids
        facts = self._view.canvas.facts(ids[0]) if len(ids) == 1 else None
        return ids[0] if facts is not None and facts.ports_out else None

    def _outputs(self, node_id: str | None) -> list[Tensor]:
        """All that comes out of a node; nothing where one of them is not known."""
        facts = self._view.canvas.facts(node_id) if node_id is not None else None
        found = [facts.outputs.get(port.name) for port in facts.ports_out] if facts is not None else []
        return [tensor for tensor in found if tensor is not None] if all(found) else []

    def _swap(self, node_id: str, key: str, params: dict[str, Any]) -> None:
        canvas = self._view.canvas
        spec = next((spec for spec in self._view.offered() if key_of(spec) == key), None)
        old = canvas.graph.nodes.get(node_id)
        if old is not None and spec is not None:
            block = key.removeprefix(BLOCK) if key.startswith(BLOCK) else ""
            kept = {name: value for name, value in old.params.items() if _fits(spec, name, value)}
            fresh = replace(old, type=INSTANCE if block else key, block=block, weights="", params={**kept, **params})
            self._do([ReplaceNode(fresh, canvas.scope), *self._replugged(old, spec, fresh.params)], f"replace {node_id}")

    def _replugged(self, old: Node, spec: NodeSpec, params: dict[str, Any]) -> list[Edit]:
        """Wires go to the port of the same name, else to the port at the same place; what has none stays and is diagnosed."""
        canvas = self._view.canvas
        facts, values = canvas.facts(old.id), {**spec.defaults(), **params}
        if facts is None:
            return []
        ins = _counterparts(facts.ports_in, spec.input_ports(values))
        outs = _counterparts(facts.ports_out, spec.output_ports(values))
        taken = {e.target_port for e in canvas.graph.into(old.id) if e.target_port not in ins}
        many = {p.name: canvas.graph.next_index(old.id, p.name) for p in spec.input_ports(values) if p.many}
        moved: list[tuple[EdgeKey, Edge]] = []
        for edge in canvas.graph.into(old.id):
            name = ins.get(edge.target_port, "")
            if name in many:
                moved.append((edge.key, replace(edge, target_port=name, index=many[name])))
                many[name] += 1
            elif name and name not in taken:
                moved.append((edge.key, replace(edge, target_port=name)))
        moved += [(edge.key, replace(edge, source_port=outs[edge.source_port])) for edge in canvas.graph.out_of(old.id)
                  if edge.source_port in outs]
        edits: list[Edit] = [Disconnect(key, canvas.scope) for key, _ in moved]
        return [*edits, *(Connect(edge, canvas.scope) for _, edge in moved)]


def _has_end(spec: NodeSpec, pull: Pull) -> bool:
    """Whether a type has a port that the other end of a pulled wire could be at; blocks always may."""
    if isinstance(spec, Entry):
        return True
    if spec.kind == "source":
        return not pull.out  # without a look at its columns, which may take a while
    values = spec.defaults()
    return bool(spec.input_ports(values) if pull.out else spec.output_ports(values))


def _counterparts(old: Sequence[Port], new: Sequence[Port]) -> dict[str, str]:
    """For each port that goes the one that takes its place: the first of those that come, in order."""
    before, after = {p.name for p in old}, {p.name for p in new}
    going = [p.name for p in old if p.name not in after]
    coming = [p.name for p in new if p.name not in before]
    many = next((p.name for p in new if p.many), "")
    found = dict(zip(going, coming, strict=False))
    return {**dict.fromkeys(going, many), **found} if many else found


def _fits(spec: NodeSpec, name: str, value: Any) -> bool:
    """Whether a type has a parameter of that name that takes the value."""
    param = spec.param(name)
    try:
        return param is not None and param.check(value) is not None
    except Refusal:
        return False
