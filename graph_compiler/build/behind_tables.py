"""The part of a network that begins behind its vocabularies and hashes: what a phone can run.

No runtime looks words up, so an exported network takes the numbers that its lookups give; the vocabulary goes with the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph_compiler.analysis.facts import Facts
from graph_compiler.build.compile import Compiled, one_or_list
from graph_compiler.build.learnt import learnt
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.wiring import Wiring, upstream
from graph_compiler.graph.ids import safe_names


def is_cut_off(facts: Facts) -> bool:
    """Whether no runtime can do a node, so that exported networks begin behind it."""
    return facts.spec is not None and any(stays.cut_off for stays in facts.spec.stays)


@dataclass(frozen=True)
class Entry:
    """An input of the network behind the tables: a column, or what a `layer` gives. `before` is what feeds it then."""

    name: str
    tensor: Any
    before: Any
    layer: Any = None

    @property
    def vocabulary(self) -> list[str]:
        """Tokens by number, the special ones first; empty for a column and for a hash."""
        if self.layer is None or "vocabulary" not in learnt(self.layer):
            return []
        return [str(word) for word in self.layer.get_vocabulary()]


@dataclass(frozen=True)
class Behind:
    """`model` maps the entries to the outputs; numbers of tokens are int32. `columns` are fresh inputs of the whole."""

    model: Any
    entries: tuple[Entry, ...]
    columns: tuple[Any, ...]

    def rows(self, inputs: Mapping[str, np.ndarray], names: tuple[str, ...]) -> dict[str, np.ndarray]:
        """Arrays by entry, from arrays of the whole network's inputs by name."""
        import keras

        before = keras.Model(one_or_list(self.columns), [entry.before for entry in self.entries])
        made = before(one_or_list([inputs[name] for name in names]), training=False)
        arrays = made if isinstance(made, (list, tuple)) else [made]  # Keras gives the only one without its list
        return {entry.name: np.asarray(array).astype(_dtype(entry.tensor)) for entry, array in
                zip(self.entries, arrays, strict=True)}


class _Behind(Wiring):
    """The compiler's walk with fresh inputs behind the tables."""

    def __init__(self, keras: Any, layers: Mapping[str, Any]) -> None:
        super().__init__(keras, layers, resting=True)
        self.entries: list[Entry] = []

    def _layer(self, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        made = super()._layer(facts, inputs, place, frozen)
        if not is_cut_off(facts):
            return made
        name = safe_names([*(entry.name for entry in self.entries), facts.path])[-1]
        fresh = self.keras.Input(made[0].shape[1:], dtype=_dtype(made[0]), name=name)
        self.entries.append(Entry(name, fresh, made[0], self.layers[facts.path]))
        return [fresh]


def behind_tables(compiled: Compiled) -> Behind | None:
    """The part of the inference model behind its tables; None when it has none. BuildProblem when text goes past them."""
    import keras

    if not any(is_cut_off(facts) and facts.path in compiled.layers for facts in compiled.analysis.all_facts()):
        return None
    engine, plan = compiled.analysis.engine, compiled.plan
    columns = {i.end: keras.Input(i.tensor.shape, dtype=i.tensor.dtype, name=i.name) for i in plan.inputs}
    wiring = _Behind(keras, compiled.layers)
    tensors = wiring.run(engine, columns, upstream(engine.graph, [o.end[0] for o in plan.outputs]))
    outputs = [tensors[o.end] for o in plan.outputs]
    reached = _reached(outputs)
    for planned in plan.inputs:
        if planned.tensor.dtype == "string" and id(columns[planned.end]) in reached:
            raise BuildProblem("", f"Text of {planned.name} goes into the network as it is, and no exported file reads text.",
                               "Put TextVectorization or StringLookup behind it.")
    known = [Entry(i.name, columns[i.end], columns[i.end]) for i in plan.inputs] + wiring.entries
    entries = tuple(entry for entry in known if id(entry.tensor) in reached)
    model = keras.Model(one_or_list([entry.tensor for entry in entries]), one_or_list(outputs), name="model")
    return Behind(model, entries, tuple(columns.values()))


def _dtype(tensor: Any) -> str:
    return "int32" if tensor.dtype == "int64" else str(tensor.dtype)


def _reached(outputs: list[Any]) -> set[int]:
    """Ids of the input tensors that outputs are made of."""
    found, seen, todo = set[int](), set[int](), list(outputs)
    while todo:
        tensor = todo.pop()
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        made = tensor._keras_history
        node = made.operation._inbound_nodes[made.node_index]
        if node.is_input:
            found.add(id(tensor))
        todo.extend(node.input_tensors)
    return found
