"""One layer as an exported file: made, reopened in the real runtime and compared, as the program does it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.build.learnt import keeps, measure
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import prove, samples_of
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case, inputs_of
from tests.conformance.oracle import FREE, Called, learning
from tests.conformance.verdict import asked, rule_of

ROWS = 3


def cases_of(spec: LayerSpec, free: bool = False) -> Iterator[Case]:
    """Inputs of fixed size (or with a free axis) that the layer takes with its defaults."""
    for inputs in inputs_of(spec):
        case = Case(spec.name, {}, inputs)
        fixed = all(None not in x.shape for xs in inputs.values() for x in xs)
        if fixed is not free and not isinstance(rule_of(spec, case), Refusal):
            yield case


def failure(keras: Any, spec: LayerSpec, case: Case, name: str, folder: Path) -> str:
    """Why the layer does not leave in a format, empty when the file agrees with Keras."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        part, arrays = part_of(keras, spec, case)
        try:
            prove(FORMATS[name], part, samples_of(part, arrays), folder / f"net{FORMATS[name].suffix}", {}, lambda *_: None)
        except ExportProblem as problem:
            return f"{problem.sentence} {problem.hint}"
        except TypeError as error:  # an input that is a text falls out of the graph together with its lookup
            if case.x.dtype not in ("string", "int32", "uint8"):
                raise
            return str(error)
    return ""


def part_of(keras: Any, spec: LayerSpec, case: Case) -> tuple[Part, dict[str, np.ndarray]]:
    """A model of the layer as it is used (what only training does stands aside), and rows for it."""
    p, _ = asked(spec, case)
    keras.backend.clear_session()
    layer, resting = spec.build(keras, p, "layer"), spec.at_rest(p) if spec.at_rest is not None else None
    if spec.adapts and keeps(layer):
        measure(layer, learning(case.x))
    symbols: dict[str, list[Any]] = {}
    arrays: dict[str, np.ndarray] = {}
    for port, tensors in case.inputs.items():
        for number, x in enumerate(tensors):
            name = f"{port}_{number}"
            symbol = keras.Input(x.shape, dtype=x.dtype, name=name)
            symbols.setdefault(port, []).append(symbol)
            arrays[name] = rows_of(x)
    if resting is not None:
        outputs = getattr(keras.layers, resting[0])(**resting[1])(symbols["in"][0])
        symbols, arrays = {"in": symbols["in"][:1]}, {"in_0": arrays["in_0"]}
    else:
        outputs = Called(spec, p, layer)(symbols)
    made = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    inputs = [symbol for port in symbols.values() for symbol in port]
    model = keras.Model(inputs if len(inputs) > 1 else inputs[0], made if len(made) > 1 else made[0])
    return Part("whole", model, tuple(arrays), tuple(f"out_{n}" for n in range(len(made)))), arrays


def rows_of(x: Tensor) -> np.ndarray:
    """A few rows of numbers, each another."""
    shape = (ROWS, *(FREE if size is None else size for size in x.shape))
    if x.dtype == "string":
        return np.resize(np.array(["a word", "another", "one more word"], dtype=object), shape)
    return np.random.default_rng(3).uniform(0, 2, shape).astype(x.dtype)
