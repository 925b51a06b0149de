"""What a pulled wire may end at, and the edits that connect it. Answers come from the rules, not from the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from graph_compiler.analysis.facts import Facts, column_role
from graph_compiler.graph.edits import Connect, Disconnect, Edit
from graph_compiler.graph.values import Edge, EdgeKey
from graph_compiler.specs.nodes import NodeSpec, Port
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from widgets.canvas.giving import merge_words, refusal_words, unfit, why_nothing

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene


@dataclass(frozen=True)
class Pull:
    """A wire being pulled from a port. `old` is the wire that is pulled off its end."""

    node: str
    port: str
    out: bool
    place: QPointF
    old: EdgeKey | None = None


def through(node: Facts | NodeSpec | None) -> bool:
    """Whether something can flow through a node, or through nodes of a type, so that one can stand in a wire."""
    if isinstance(node, NodeSpec):
        values = node.defaults()
        return bool(node.input_ports(values) and node.output_ports(values))
    return node is not None and bool(node.ports_in and node.ports_out)


def pulled_tensor(canvas: CanvasScene, pull: Pull) -> Tensor | None:
    """What flows out of the port a wire is pulled from."""
    facts = canvas.facts(pull.node)
    return facts.outputs.get(pull.port) if facts and pull.out else None


def beyond(canvas: CanvasScene, pull: Pull) -> set[str]:
    """The nodes a wire from here would make a circle with: all before an output, all behind an input; itself included."""
    follow = canvas.graph.predecessors if pull.out else canvas.graph.successors
    seen, todo = {pull.node}, [pull.node]
    while todo:
        fresh = [n for n in follow(todo.pop()) if n not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return seen


def can_take(canvas: CanvasScene, pull: Pull, node_id: str, circle: set[str]) -> str:
    """Why a node cannot take the wire; empty when it can. `circle` comes from `beyond`."""
    facts = canvas.facts(node_id)
    if facts is None or facts.spec is None:
        return "This node is unknown here."
    ports = facts.ports_in if pull.out else facts.ports_out
    if not ports:
        return f"{facts.node.name} has no {'input' if pull.out else 'output'}."
    if node_id in circle:
        return f"{facts.node.name} comes {'before' if pull.out else 'after'}; a wire to it would make a circle."
    if not pull.out:
        return why_nothing(canvas.facts(pull.node), pulled_port(canvas, pull), facts)
    tensor = pulled_tensor(canvas, pull)
    if tensor is None or begins_with(facts, pulled_port(canvas, pull), tensor):
        return ""
    kept = pull.old is not None and pull.old[2] == node_id
    return refusal_words(facts.spec, tensor, facts) or ("" if kept else merge_words(facts, tensor))


def pulled_port(canvas: CanvasScene, pull: Pull) -> Port | None:
    """The port a wire is pulled from."""
    facts = canvas.facts(pull.node)
    ports = (facts.ports_out if pull.out else facts.ports_in) if facts is not None else ()
    return next((port for port in ports if port.name == pull.port), None)


def begins_with(facts: Facts, start: Port | None, tensor: Tensor) -> bool:
    """Whether a recurrent layer takes the tensor as its first state, or has states where one is pulled to it."""
    states = [port for port in facts.ports_in if port.role == "state"]
    if not states or facts.spec is None or (start is not None and start.role == "state"):
        return bool(states)
    series = facts.inputs.get("in")
    if not series:
        return tensor.shape == (facts.values.get("units"),)
    try:
        facts.spec.infer(facts.values, {"in": series, **{port.name: (tensor,) for port in states}})
    except Refusal:
        return False
    return True


def free_port(canvas: CanvasScene, facts: Facts, start: Port | None, tensor: Tensor | None) -> Port:
    """The port a wire dropped on a node goes to: one that takes many, the first free one, else the first.

    Whole numbers of a class prefer a target. A state of a recurrent layer goes where one begins, h to initial_h, and so does
    what another one can begin with but not read.
    """
    taken = {e.target_port for e in canvas.graph.into(facts.node.id)}
    state = start is not None and start.role == "state"
    if tensor is not None and facts.spec is not None and not state:
        state = bool(refusal_words(facts.spec, tensor, facts)) and begins_with(facts, start, tensor)
    ports = tuple(p for p in facts.ports_in if (p.role == "state") == state) or facts.ports_in
    free = [p for p in ports if p.many or p.name not in taken]
    free.sort(key=lambda p: not _same_state(start, p))
    if tensor is not None and tensor.column is not None and tensor.column.kind == "category" and tensor.is_integer:
        free.sort(key=lambda p: p.role != "target")
    return free[0] if free else ports[0]


def _same_state(start: Port | None, port: Port) -> bool:
    """Whether one begins with what the other ends with: h and initial_h, forward_c and initial_forward_c."""
    return start is not None and start.role == port.role == "state" and port.name.endswith(f"_{start.name}")


def best_wire(canvas: CanvasScene, source: str, target: str) -> tuple[Pull | None, str, str]:
    """The output of one node and the input of another that fit best: the pull, the input's name, else why there is none.

    Free inputs come before taken ones. Classes go to a target, floats to a prediction, whatever else where it is taken.
    """
    here, there = canvas.facts(source), canvas.facts(target)
    if here is None or there is None or not here.ports_out or not there.ports_in:
        return None, "", ""
    taken = {e.target_port for e in canvas.graph.into(target)}
    ports = [p for p in there.ports_in if p.many or p.name not in taken] or list(there.ports_in)
    circle, reason = beyond(canvas, Pull(source, here.ports_out[0].name, True, QPointF())), ""
    ranked: list[tuple[int, Pull, str]] = []
    for out in here.ports_out:
        pull = Pull(source, out.name, True, QPointF())
        if refusal := can_take(canvas, pull, target, circle):
            reason = reason or refusal
            continue
        for port in ports:
            rank = _rank(here, out, there, port)
            if rank is not None:
                ranked.append((rank, pull, port.name))
    if not ranked:
        return None, "", reason
    _, pull, name = min(ranked, key=lambda r: r[0])
    return pull, name, ""


def _rank(here: Facts, out: Port, there: Facts, port: Port) -> int | None:
    """How badly an output fits an input, 0 for best; None when they never belong together."""
    tensor, role = here.outputs.get(out.name), column_role(here, out.name)
    objective = there.spec is not None and there.spec.kind == "objective"
    from_source = here.spec is not None and here.spec.kind == "source"
    category = tensor is not None and tensor.column is not None and tensor.column.kind == "category" and tensor.is_integer
    if port.role == "target" and role:
        return 0 if role == "target" else 7
    if port.role == "target":
        return 0 if category else 2 if from_source and tensor is not None and not tensor.shape else 4
    if objective and tensor is not None and not tensor.is_float:
        return None
    if port.role == "state" or out.role == "state":
        return 4 if _same_state(out, port) else 6
    plain = tensor is not None and not tensor.shape
    return (5 if category or plain else 3 if objective and from_source else 1)


def connect_edits(canvas: CanvasScene, pull: Pull, node_id: str, port_name: str = "") -> tuple[list[Edit], str]:
    """Edits that connect the pulled wire with a node, and their words. A taken single port loses its wire."""
    facts = canvas.facts(node_id)
    assert facts is not None
    if pull.out:
        port = next((p for p in facts.ports_in if p.name == port_name), None)
        port = port or free_port(canvas, facts, pulled_port(canvas, pull), pulled_tensor(canvas, pull))
        return _wire(canvas, pull.node, pull.port, node_id, port, pull.old), f"connect {pull.node} to {node_id}"
    here = canvas.facts(pull.node)
    port = next(p for p in (here.ports_in if here else ()) if p.name == pull.port)
    start = next((p for p in facts.ports_out if p.name == port_name), None) or _giving_port(facts, here, port)
    return _wire(canvas, node_id, start.name, pull.node, port, None), f"connect {node_id} to {pull.node}"


def _giving_port(giver: Facts, here: Facts | None, port: Port) -> Port:
    """The output that a wire pulled backwards from an input comes from: the first of those that fit best."""

    def cost(out: Port) -> tuple[bool, int]:
        rank = _rank(giver, out, here, port) if here is not None else 0
        return bool(unfit(here, port, giver.outputs.get(out.name))), 9 if rank is None else rank

    return min(giver.ports_out, key=cost)


def _wire(canvas: CanvasScene, source: str, source_port: str, target: str, port: Port, old: EdgeKey | None) -> list[Edit]:
    graph, scope = canvas.graph, canvas.scope
    edits: list[Edit] = [Disconnect(old, scope)] if old is not None else []
    if old is not None and old[:4] == (source, source_port, target, port.name):
        return []
    index = 0
    if port.many:
        index = graph.next_index(target, port.name)
    else:
        edits += [Disconnect(e.key, scope) for e in graph.into_port(target, port.name) if e.key != old]
    edge = Edge(source=source, source_port=source_port, target=target, target_port=port.name, index=index)
    edits.append(Connect(edge, scope))
    return edits
