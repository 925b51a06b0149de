"""Which column of the data a Loss should compare with: the ones that nothing reads yet and that its prediction meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts, column_role
from graph_compiler.analysis.reach import End, last_activation, upstream
from graph_compiler.graph.edits import Batch, Connect, Disconnect, Edit
from graph_compiler.graph.values import Edge
from graph_compiler.specs.objectives import ObjectiveSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

NAMED = 3
"""So many columns are named in a sentence."""

_BESIDE = frozenset({"logits", "softmax", "metric", "unit-length"})
"""Refusals that say nothing against the target."""


def left_over(engine: GraphEngine, node_id: str) -> dict[str, Tensor]:
    """Columns of a source that nothing reads yet; features of the user's own file are left out."""
    here = engine.facts.get(node_id)
    if here is None or here.spec is None or here.spec.kind != "source":
        return {}
    used = {edge.source_port for edge in engine.graph.out_of(node_id)}
    return {name: tensor for name, tensor in here.outputs.items()
            if name not in used and column_role(here, name) in ("", "target")}


def with_columns(engine: GraphEngine, facts: Facts, spec: ObjectiveSpec, ends: Mapping[str, End], refused: Refusal) -> Refusal:
    """The refusal of a Loss, naming unread columns that its prediction would meet. Facts get `columns`: (source, port) of each.

    Where the prediction is at fault, a column is named only if it is the only one.
    """
    free = list(_unread(engine, ends["prediction"][0]))
    fitting = [(node_id, name) for node_id, name, tensor in free if _meets(engine, facts, spec, ends, tensor)]
    names = [name for _, name in fitting]
    if refused.port != "target":
        if len(names) != 1:
            return refused
        hint = f"{refused.hint} Or connect {names[0]} to the target."
    elif names:
        hint = f"Connect {_listed(names)} to the target."
    elif single := [name for _, name, tensor in free if not tensor.shape and "reshape" not in refused.facts]:
        hint = f"{refused.hint} Perhaps {_listed(single)} is meant."
    else:
        return refused
    return Refusal(refused.code, refused.title, expected=refused.expected, received=refused.received, hint=hint,
                   port=refused.port, param=refused.param, **{**refused.facts, "columns": tuple(fitting)})


def _listed(names: list[str]) -> str:
    return " or ".join(names[:NAMED]) + (" or another column" if len(names) > NAMED else "")


def _unread(engine: GraphEngine, node_id: str) -> Iterator[tuple[str, str, Tensor]]:
    """Source, name and tensor of every column that nothing reads yet, of the tables that a node is computed from."""
    for source in sorted(upstream(engine, (node_id,))):
        for name, tensor in left_over(engine, source).items():
            yield source, name, tensor


def _meets(engine: GraphEngine, facts: Facts, spec: ObjectiveSpec, ends: Mapping[str, End], target: Tensor) -> bool:
    """Whether the Loss would settle with that target, or refuse nothing but an activation or a metric."""
    assert spec.resolve is not None
    try:
        spec.resolve(facts.values, facts.inputs["prediction"][0], target, last_activation(engine, *ends["prediction"]).name)
    except Refusal as refused:
        return refused.code in _BESIDE
    return True


def wire_target(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """What is left of the data that the prediction is made from: the only number, or mask of the prediction's size."""
    if not any(port.name == problem.port and port.role == "target" for port in facts.ports_in):
        return
    graph = engine.graph
    behind = upstream(engine, (edge.source for edge in graph.into_port(problem.node, "prediction")))
    predicted = next(iter(facts.inputs.get("prediction", ())), None)
    found = [(node_id, name) for node_id in sorted(behind) for name in _single(left_over(engine, node_id), predicted)]
    if len(found) == 1:
        (source, name), = found
        yield Fix(f"wire {name} to {problem.port}", Connect(_wire(source, name, problem.node, problem.port), engine.scope))


def _single(columns: Mapping[str, Tensor], predicted: Tensor | None) -> Iterable[str]:
    """Columns of one number a row, and those with a number for each place of a prediction: masks."""
    places = predicted.shape[:-1] if predicted is not None else ()
    return (name for name, tensor in columns.items() if not tensor.shape or tensor.shape == places)


def rewire_target(engine: GraphEngine, problem: Diagnostic) -> Iterator[Fix]:
    """The one column that fits in place of what the target is wired to."""
    columns = problem.facts.get("columns", ())
    if len(columns) != 1:
        return
    (source, name), = columns
    old = engine.graph.into_port(problem.node, "target")
    steps: list[Edit] = [*(Disconnect(edge.key, engine.scope) for edge in old),
                         Connect(_wire(source, name, problem.node, "target"), engine.scope)]
    yield Fix(f"wire {name} to target", Batch(tuple(steps), f"wire {name} to target"))


def _wire(source: str, column: str, node_id: str, port: str) -> Edge:
    return Edge(source=source, source_port=column, target=node_id, target_port=port)
