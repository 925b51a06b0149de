"""Make a block of a selection."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence

from msgspec.structs import replace

from graph_compiler.graph.blocks.inside import BOUNDARY, INPUT, INSTANCE, OUTPUT, port_name
from graph_compiler.graph.blocks.names import fresh_name, sound_block_name
from graph_compiler.graph.edit import Edit, EditRefused, graph_of, node_of
from graph_compiler.graph.edits import AddBlock, AddNode, Batch, Connect, RemoveNode, SetParam
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.substitution import mentioned
from graph_compiler.graph.values import ROOT, BlockParameter, Edge, Node

End = tuple[str, str]
Ports = Callable[[Node], tuple[Sequence[str], Sequence[str]]]
"""Names of the input ports of a node that need a wire, and of its output ports."""
BESIDE, APART = 240.0, 120.0
"""How far beside the selection its ports stand, and how far below one another, px."""


def group(document: Document, scope: str, ids: Iterable[str], name: str,
          drawing_only: Container[str] = frozenset({"Output"}), ports: Ports | None = None) -> Edit:
    """Move nodes into a new block `name` and put an instance of it in their place.

    The nodes keep ids and positions. Each outer end that feeds them becomes a `BlockInput`, each inner end that is used
    outside a `BlockOutput`. Parameters of an enclosing block that the nodes use become parameters of the new one.
    `drawing_only` are the types that stand in the drawing itself (`Registry.drawing_only`). With `ports`, a selection that
    nothing feeds or reads gets ports at its open ends. EditRefused says why not.
    """
    graph = graph_of(document, scope)
    chosen = _chosen(document, scope, ids, drawing_only)
    name = sound_block_name(document, name)
    _refuse_path_through(graph, chosen)
    _refuse_shared_outside(graph, chosen)
    ins, outs = _crossing(graph, chosen)
    if ports is not None:
        ins, outs = ins or _open_ins(graph, chosen, ports), outs or _open_outs(graph, chosen, ports)
    parameters = _used_parameters(document, scope, chosen)
    inside = _inside(graph, chosen, ins, outs)
    instance = Node(id=fresh_id(name, graph.nodes), type=INSTANCE, block=name, x=middle(chosen.values())[0],
                    y=middle(chosen.values())[1], params={p.name: {"=": p.name} for p in parameters})
    edits: list[Edit] = [AddBlock(name, BlockDefinition(inside, parameters))]
    edits += [RemoveNode(node_id, scope) for node_id in chosen]
    edits.append(AddNode(instance, scope))
    edits += [Connect(_outer(wires[0], target=instance.id, target_port=port), scope) for port, wires in ins.items()
              if wires[0].source]
    edits += [Connect(_outer(edge, source=instance.id, source_port=port), scope)
              for port, wires in outs.items() for edge in wires if edge.target]
    edits += _renamed_trainees(graph, scope, chosen, instance.id)
    return Batch(tuple(edits), f"make block {name}")


def middle(nodes: Iterable[Node]) -> tuple[float, float]:
    """The middle of the places of some nodes (at least one)."""
    places = [(node.x, node.y) for node in nodes]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _chosen(document: Document, scope: str, ids: Iterable[str], drawing_only: Container[str]) -> dict[str, Node]:
    """The selected nodes in the order of the drawing, or a refusal."""
    wanted = {node_of(document, scope, node_id).id for node_id in ids}
    chosen = {n: node for n, node in graph_of(document, scope).nodes.items() if n in wanted}
    if not chosen:
        raise EditRefused("Select the nodes that the block should hold.")
    for node in chosen.values():
        if node.type in drawing_only:
            raise EditRefused(f"{node.name} ({node.id}) stands in the drawing itself. Leave it out of the block.")
        if node.type in BOUNDARY:
            raise EditRefused(f"“{port_name(node)}” is a port of “{scope}”. Leave it out of the new block.")
    return chosen


def _refuse_path_through(graph: Graph, chosen: dict[str, Node]) -> None:
    """Refuse when a way leads out of the selection and back: the instance would feed itself."""
    todo = [n for node_id in chosen for n in graph.successors(node_id) if n not in chosen]
    seen = set(todo)
    while todo:
        here = todo.pop()
        for target in graph.successors(here):
            if target in chosen:
                raise EditRefused(f"{graph.nodes[here].name} ({here}) lies on a way from the selection back into it. "
                                  "Select it too.")
            if target not in seen:
                seen.add(target)
                todo.append(target)


def _refuse_shared_outside(graph: Graph, chosen: dict[str, Node]) -> None:
    """Refuse when weights are shared across the border: a weights name inside a block is local to it."""
    shared = {(n.block, n.weights): n for n in chosen.values() if n.weights}
    for node in graph.nodes.values():
        inner = shared.get((node.block, node.weights))
        if inner is not None and node.id not in chosen:
            raise EditRefused(f"{inner.name} ({inner.id}) shares the weights “{inner.weights}” with {node.id}, "
                              "which stays outside. Select it too, or clear the weights name.")


def _crossing(graph: Graph, chosen: dict[str, Node]) -> tuple[dict[str, list[Edge]], dict[str, list[Edge]]]:
    """Wires across the border by the name of the port they become, each side in reading order."""
    into: dict[End, list[Edge]] = {}
    out: dict[End, list[Edge]] = {}
    for node in _reading(chosen):
        for edge in graph.into(node.id):
            if edge.source not in chosen:
                into.setdefault((edge.source, edge.source_port), []).append(edge)
        for edge in graph.out_of(node.id):
            if edge.target not in chosen:
                out.setdefault((edge.source, edge.source_port), []).append(edge)
    return _named(graph, into, "in"), _named(graph, out, "out")


def _reading(chosen: dict[str, Node]) -> list[Node]:
    """The selection in reading order."""
    return sorted(chosen.values(), key=lambda n: (n.y, n.x))


def _named(graph: Graph, ends: dict[End, list[Edge]], alone: str) -> dict[str, list[Edge]]:
    """A unique name for each end: its port's, the one at the other side of its wire, or its node's."""
    found: dict[str, list[Edge]] = {}
    for (node_id, port), wires in ends.items():
        named = [p for p in (port, *(e.target_port for e in wires if alone == "in")) if p not in ("in", "out")]
        plain = alone if len(ends) == 1 else graph.nodes[node_id].label or node_id
        found[fresh_name(named[0] if named else plain, found)] = wires
    return found


def _open_ins(graph: Graph, chosen: dict[str, Node], ports: Ports) -> dict[str, list[Edge]]:
    """Input ports without a wire, as wires from nowhere."""
    wired = {(e.target, e.target_port) for n in chosen for e in graph.into(n)}
    ends = {(node.id, port): [Edge(source="", source_port="", target=node.id, target_port=port)]
            for node in _reading(chosen) for port in ports(node)[0] if (node.id, port) not in wired}
    return _named(graph, ends, "in")


def _open_outs(graph: Graph, chosen: dict[str, Node], ports: Ports) -> dict[str, list[Edge]]:
    """Output ports of nodes that nothing reads, as wires to nowhere."""
    ends = {(node.id, port): [Edge(source=node.id, source_port=port, target="", target_port="")]
            for node in _reading(chosen) if not graph.out_of(node.id) for port in ports(node)[1]}
    return _named(graph, ends, "out")


def _inside(graph: Graph, chosen: dict[str, Node], ins: dict[str, list[Edge]], outs: dict[str, list[Edge]]) -> Graph:
    """The graph of the new definition."""
    taken = set(chosen)
    left, right = min(n.x for n in chosen.values()) - BESIDE, max(n.x for n in chosen.values()) + BESIDE
    heads = _ports(INPUT, ins, taken, left, [chosen[wires[0].target].y for wires in ins.values()])
    tails = _ports(OUTPUT, outs, taken, right, [chosen[wires[0].source].y for wires in outs.values()])
    edges = [e for e in graph.edges.values() if e.source in chosen and e.target in chosen]
    for head, wires in zip(heads, ins.values(), strict=True):
        edges += [replace(edge, source=head.id, source_port="out", points=()) for edge in wires]
    for tail, wires in zip(tails, outs.values(), strict=True):
        edges.append(Edge(source=wires[0].source, source_port=wires[0].source_port, target=tail.id, target_port="in"))
    return Graph([*heads, *chosen.values(), *tails], edges)


def _ports(kind: str, names: Iterable[str], taken: set[str], x: float, heights: Sequence[float]) -> list[Node]:
    """Boundary nodes of these names in a column beside the selection, each at the height of what it feeds or reads."""
    found: list[Node] = []
    lowest = float("-inf")
    for order, (name, y) in enumerate(zip(names, heights, strict=True)):
        node_id = fresh_id(kind, taken)
        taken.add(node_id)
        lowest = max(y, lowest + APART)
        found.append(Node(id=node_id, type=kind, label=name, x=x, y=lowest, params={"order": order} if order else {}))
    return found


def _outer(edge: Edge, **ends: str) -> Edge:
    """A wire across the border as it ends at the instance (one into it has its only wire at index 0)."""
    return replace(edge, points=(), **ends, **({"index": 0, "extra": {}} if "target" in ends else {}))


def _used_parameters(document: Document, scope: str, chosen: dict[str, Node]) -> list[BlockParameter]:
    """Declared parameters of the enclosing block that the nodes' values mention."""
    if scope == ROOT:
        return []
    used = {name for node in chosen.values() for value in node.params.values() for name in mentioned(value)}
    return [parameter for parameter in document.blocks[scope].parameters if parameter.name in used]


def _renamed_trainees(graph: Graph, scope: str, chosen: dict[str, Node], instance: str) -> list[Edit]:
    """Objectives that name nodes which they train: the instance takes the place of what it holds."""
    edits: list[Edit] = []
    for node in graph.nodes.values():
        named = node.params.get("trains")
        if node.id not in chosen and isinstance(named, list) and any(n in chosen for n in named if isinstance(n, str)):
            fresh = list(dict.fromkeys(instance if n in chosen else n for n in named if isinstance(n, str)))
            edits.append(SetParam(node.id, "trains", fresh, scope))
    return edits
