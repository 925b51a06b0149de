"""One layer as a whole drawing: a made-up source, the layer, and what takes its results; the program does the rest itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.adapt import adapt
from graph_compiler.build.behind_tables import behind_tables
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.learnt import learns, measure
from graph_compiler.build.script import python_script
from graph_compiler.catalog import registry
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.python_file import Sources
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Edge, Node
from graph_compiler.specs.datasets import DatasetSpec, Schema, SourceSpec, Table
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Port, Values
from graph_compiler.specs.registry import Registry
from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.oracle import FREE
from tests.conformance.verdict import asked, rule_of

ROWS, LEARNING = 8, 64
"""Rows a file is compared on, and rows that layers and converters look at before."""


@dataclass(frozen=True, kw_only=True)
class Given(SourceSpec):
    """A source of any tensors, by column."""

    columns: Mapping[str, Tensor]

    def output_ports(self, p: Values) -> tuple[Port, ...]:
        return tuple(map(Port, self.columns))

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        return Inferred(tuple(self.columns.values()))


def source(columns: Mapping[str, Tensor]) -> Given:
    """A source that gives these tensors, a column each."""
    data = DatasetSpec(name="Given", title="Given", summary="Any tensors.", schema=lambda values: Schema((), rows=ROWS),
                       load=lambda values, place: Table({name: rows_of(x, ROWS, 1) for name, x in columns.items()}))
    return Given(name="Given", summary=data.summary, dataset=data, columns=columns)


@dataclass(frozen=True)
class LaidOut:
    """A drawing whose node `layer` is the one in question, and the registry that knows its source."""

    document: Document
    registry: Registry
    columns: dict[str, Tensor]

    @property
    def analysis(self) -> Analyzer:
        """What the program says of it."""
        return Analyzer(self.document, self.registry)


def laid_out(spec: LayerSpec, case: Case, trained: bool = False) -> LaidOut:
    """The drawing of a case. With `trained` a Loss compares its first result with a column, as a script needs it."""
    p, inputs = asked(spec, case)
    nodes = [Node(id="given", type="Given"), Node(id="layer", type=spec.name, params=dict(case.given))]
    edges: list[Edge] = []
    columns: dict[str, Tensor] = {}
    for port, tensors in inputs.items():
        for number, x in enumerate(tensors):
            name = f"{port}_{number}"
            columns[name] = Tensor(x.shape, x.dtype)
            end = ("given", name)
            if x.masked:
                nodes.append(Node(id=f"mask_{name}", type="Masking"))
                edges.append(_edge(end, (f"mask_{name}", "in")))
                end = (f"mask_{name}", "out")
            edges.append(Edge(source=end[0], source_port=end[1], target="layer", target_port=port, index=number))
    found = rule_of(spec, case)
    assert isinstance(found, Inferred)
    one = 1 if trained or spec.at_rest is not None else None
    for port, tensor in list(zip(spec.output_ports(p), found.outputs, strict=True))[:one]:
        end, out = ("layer", port.name), tensor
        if (trained and out.dtype != "float32") or any(stays.cut_off for stays in spec.stays):
            nodes.append(Node(id=f"cast_{port.name}", type="Cast", params={"dtype": "float32"}))
            edges.append(_edge(end, (f"cast_{port.name}", "in")))
            end = (f"cast_{port.name}", "out")
        if trained:
            if not out.rank:
                nodes.append(Node(id="axis", type="Reshape", params={"target_shape": [1]}))
                edges.append(_edge(end, ("axis", "in")))
                end, out = ("axis", "out"), Tensor((1,))
            nodes.append(Node(id="learns", type="PReLU", params={"shared_axes": list(range(1, out.rank + 1))}))
            edges.append(_edge(end, ("learns", "in")))
            end = ("learns", "out")
            columns["target"] = Tensor(out.shape, "float32")
            nodes.append(Node(id="loss", type="Loss", params={"loss": "MeanSquaredError"}))
            edges += [_edge(end, ("loss", "prediction")), _edge(("given", "target"), ("loss", "target"))]
        else:
            nodes.append(Node(id=f"out_{port.name}", type="Output"))
            edges.append(_edge(end, (f"out_{port.name}", "in")))
    known = registry()
    nodes_known = {**known.nodes, "Given": source(columns)}
    return LaidOut(Document(Graph(nodes, edges)), dataclasses.replace(known, nodes=nodes_known), columns)


def _edge(source: tuple[str, str], target: tuple[str, str]) -> Edge:
    return Edge(source=source[0], source_port=source[1], target=target[0], target_port=target[1])


@dataclass(frozen=True)
class Ready:
    """What leaves of a drawing, as a job of the worker makes it."""

    part: Part
    samples: dict[str, np.ndarray]
    calibration: dict[str, np.ndarray]


def ready(drawing: LaidOut) -> Ready:
    """The drawing as a model that has seen its training rows, behind its tables, with rows to compare it on."""
    compiled = compile_document(drawing.document, drawing.registry, seed=1)
    learning = {("given", name): rows_of(x, LEARNING, 1) for name, x in drawing.columns.items()}
    adapt(compiled, learning)
    if learns(layer := compiled.layers["layer"]):  # without an objective nothing is asked to
        measure(layer, learning["given", next(iter(drawing.columns))])
    rows = {name: rows_of(x, ROWS, 2) for name, x in drawing.columns.items()}
    behind = behind_tables(compiled)
    if behind is None:
        part = Part("whole", compiled.model, compiled.input_names, compiled.output_names)
        return Ready(part, _named(compiled, rows), _named(compiled, {name: v for (_, name), v in learning.items()}))
    part = Part("whole", behind.model, tuple(e.name for e in behind.entries), compiled.output_names)
    samples, calibration = (behind.rows(_named(compiled, found), compiled.input_names)
                            for found in (rows, {name: v for (_, name), v in learning.items()}))
    return Ready(part, samples, calibration)


def _named(compiled: Compiled, rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {i.name: rows[i.end[1]] for i in compiled.plan.inputs}


def script(drawing: LaidOut) -> Sources:
    """The drawing as a script that trains it, and its rows. BuildProblem where it has none."""
    made = python_script(drawing.document, drawing.registry)
    rows = {f"{part}_{column.name}": rows_of(drawing.columns[column.end[1]], count, 1) for column in made.columns
            for part, count in (("train", LEARNING), ("validation", ROWS), ("test", ROWS))}
    return Sources(made.text, rows)


def rows_of(x: Tensor, rows: int, seed: int) -> np.ndarray:
    """Rows of numbers [rows, ...], each of another size; of words for text."""
    shape = (rows, *(FREE if size is None else size for size in x.shape))
    if x.dtype == "string":
        return np.resize(np.array(["a word", "another", "one more word"], dtype=object), shape)
    draw = np.random.default_rng(seed)
    sizes = draw.uniform(0.2, 1, (rows, *(1 for _ in x.shape))) if x.is_float else 1.0
    return np.asarray((sizes * draw.uniform(0, 2, shape)).astype(x.dtype))
