"""Analysis of a long chain: all of it, and after one parameter edit at its end, in milliseconds."""

from __future__ import annotations

import statistics
import time
from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.changes import EVERYTHING
from graph_compiler.graph.edits import AddNode, Connect, SetParam
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Edge, Node

LAYERS = 500


def chain(length: int) -> Document:
    """MNIST -> Rescaling -> convolutions and normalisations -> Flatten -> Dense -> Loss."""
    document = Document()
    types = ["MNIST", "Rescaling", *(("Conv2D", "BatchNormalization", "Activation")[i % 3] for i in range(length - 4)),
             "Flatten", "Dense"]
    last = ""
    for i, name in enumerate(types):
        params: dict[str, Any] = {"Conv2D": {"padding": "same"}, "Dense": {"activation": "softmax"}}.get(name, {})
        node = Node(id=f"n{i}", type=name, params=params)
        AddNode(node).apply(document)
        if last:
            port = "image" if last == "n0" else "out"
            Connect(Edge(source=last, source_port=port, target=node.id, target_port="in")).apply(document)
        last = node.id
    AddNode(Node(id="loss", type="Loss")).apply(document)
    Connect(Edge(source=last, source_port="out", target="loss", target_port="prediction")).apply(document)
    Connect(Edge(source="n0", source_port="label", target="loss", target_port="target")).apply(document)
    return document


def _milliseconds(work: Any, times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1e3)
    return statistics.median(taken)


def run() -> list[dict[str, Any]]:
    """Median milliseconds of twenty repetitions."""
    document = chain(LAYERS)
    analyzer = Analyzer(document, registry())
    if not analyzer.clean:
        raise AssertionError([p.title for p in analyzer.problems[:3]])
    last = f"n{LAYERS - 1}"
    flips = iter(range(1000))

    def edit() -> None:
        change = SetParam(last, "units", 10 + next(flips) % 2)
        change.apply(document)
        analyzer.update(change.changes())

    full = _milliseconds(lambda: analyzer.update(EVERYTHING), 20)
    after = _milliseconds(edit, 20)
    return [
        {"name": "full analysis of 500 layers", "value": full, "bound": 25.0, "unit": "ms"},
        {"name": "after one edit at the end", "value": after, "bound": 2.0, "unit": "ms"},
    ]
