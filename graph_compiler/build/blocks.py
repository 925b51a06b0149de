"""One instance of a block as a Keras model of its own, made of the layers that the drawing's model has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.build.compile import one_or_list
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.wiring import Wiring
from graph_compiler.graph.blocks.inside import INPUT, boundary, port_name
from graph_compiler.graph.ids import safe_names


class Built(Protocol):
    """What holds the layers of a drawing by path: a `Compiled` or a `Wiring` that has run."""

    @property
    def layers(self) -> Mapping[str, Any]:
        """Keras layers by path, also under the paths of instances that share them."""
        ...


def block_model(built: Built, engine: GraphEngine, node_id: str) -> Any:
    """A `keras.Model` from the connected input ports to the output ports of one instance in `engine`'s graph, in port order.

    Its inputs are fresh, named after the ports and shaped like what the instance receives (called with one tensor, or the list
    of several); its layers, and so its weights, are those of `built`. BuildProblem when it has a problem, is muted, or gives
    nothing.
    """
    import keras

    facts, child = engine.facts[node_id], engine.child(node_id)
    if child is None or facts.failed or facts.node.muted:
        raise BuildProblem(facts.path, facts.problems[0].title if facts.problems else f"{facts.node.name} cannot stand alone.")
    heads = {n.id: port_name(n) for n in boundary(engine.document.blocks[facts.node.block], INPUT) if n.id in child.given}
    names = safe_names(heads.values())
    inputs = {port: keras.Input(shape=child.given[n].shape, dtype=child.given[n].dtype, name=name)
              for (n, port), name in zip(heads.items(), names, strict=True)}
    wiring = Wiring(keras, built.layers)
    outputs = wiring.inside(engine, facts, {port: [tensor] for port, tensor in inputs.items()}, child.prefix, facts.node.frozen)
    if not outputs:
        raise BuildProblem(facts.path, f"{facts.node.name} gives nothing.", "Give the block an output port.")
    return keras.Model(one_or_list(list(inputs.values())), one_or_list(outputs), name=safe_names([node_id])[0])
