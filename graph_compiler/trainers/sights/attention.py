"""Where a decoder looks: attention layers between a generated sequence and what it is generated from, and their weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import End
from graph_compiler.analysis.sequences import SequencePlan, dependent
from graph_compiler.build.compile import Compiled, one_or_list
from graph_compiler.graph.blocks.inside import EACH_STEP, boundary, port_name
from graph_compiler.specs.tensors import Column

LAYERS = frozenset({"Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"})


def crossings(engine: GraphEngine, plan: SequencePlan, steps: int) -> list[str]:
    """Paths of attention layers whose query alone depends on the Shift and that look at `steps` places, in order."""
    return list(_crossings(engine, {plan.shift}, steps))


def _crossings(engine: GraphEngine, seeds: set[str], steps: int) -> Iterator[str]:
    nodes = dependent(engine.graph, seeds)
    for node_id in engine.order:
        facts = engine.facts[node_id]
        if node_id not in nodes or node_id in seeds or facts.spec is None or facts.node.muted:
            continue
        fed = {edge.target_port for edge in engine.graph.into(node_id) if edge.source in nodes}
        if facts.node.type in LAYERS and fed == {"query"} and facts.inputs["value"][0].shape[:1] == (steps,):
            yield facts.path
        child, block = engine.children.get(node_id), engine.document.blocks.get(facts.node.block)
        if child is not None and block is not None and facts.node.type != EACH_STEP:
            yield from _crossings(child, {n.id for n in boundary(block, "BlockInput") if port_name(n) in fed}, steps)


def looking_back(compiled: Compiled, plan: SequencePlan, source: Column | None) -> Attention | None:
    """The last attention between the tokens of a source column and those that are written; None where there is none."""
    if source is None or source.kind != "tokens" or not source.shape[0]:
        return None
    found = crossings(compiled.analysis.engine, plan, source.shape[0])
    return Attention(compiled, found[-1]) if found else None


class Attention:
    """The weights of one layer, averaged over its heads. The layer is asked for them on what it reads anyway.

    Its inputs come from a model of their own: Keras does not let one layer have two results here and one there.
    """

    def __init__(self, compiled: Compiled, path: str) -> None:
        import keras

        self._layer = compiled.layers[path]
        self._called = self._layer._inbound_nodes[0].arguments
        tensors = list({id(tensor): tensor for tensor in self._called.keras_tensors}.values())
        root = path.split(".", maxsplit=1)[0]
        _, self.columns = compiled.part([next(end for end in compiled.tensors if end[0] == root)])
        self._places = [id(tensor) for tensor in tensors]
        self._model: Any = keras.Model(one_or_list([compiled.tensors[end] for end in self.columns]), tensors)

    def weights(self, given: Mapping[End, np.ndarray]) -> np.ndarray:
        """float32 [rows, steps of the query, steps of the value]; `given` are arrays by `columns`."""
        read = self._model(one_or_list([given[end] for end in self.columns]), training=False)
        args, kwargs = self._called.fill_in(dict(zip(self._places, read, strict=True)))
        _, scores = self._layer(*args, **{**kwargs, "return_attention_scores": True, "training": False})
        found = np.nan_to_num(np.asarray(scores, np.float32))
        return np.asarray(found.mean(axis=1) if found.ndim == 4 else found)
