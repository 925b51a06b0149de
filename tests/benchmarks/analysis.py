"""Analysis of a long chain and of nested blocks: all of it, and after one parameter edit, in milliseconds."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise
from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.changes import EVERYTHING
from graph_compiler.graph.edits import AddNode, Connect, SetParam
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Edge, Node
from tests.helpers.drawing import block, graph

LAYERS = 500
BLOCKS = 40


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


def nested(count: int, different: bool = False) -> Document:
    """A ResNet of `count` residual blocks in the drawing, two units of three layers inside each.

    The width grows in four steps, or it is `different` in each block, so that none can be known from another.
    """
    document = Document(blocks={
        "unit": block("x BlockInput", "conv Conv2D filters==width kernel_size=[3,3] padding=same use_bias=false",
                      "norm BatchNormalization", "act Activation activation=relu", "y BlockOutput",
                      "x > conv > norm > act > y", width=8),
        "residual": block("x BlockInput", "one Block block=unit width==filters", "two Block block=unit width==filters",
                          "skip Conv2D filters==filters kernel_size=[1,1]", "sum Add", "y BlockOutput", "x > one.x",
                          "one.y > two.x", "two.y > sum", "x > skip > sum.in#1", "sum > y", filters=8)})
    names = [f"r{i}" for i in range(count)]
    widths = [8 + i if different else 8 * 2 ** (i * 4 // count) for i in range(count)]
    lines = [f"{name} Block block=residual filters={width}" for name, width in zip(names, widths, strict=True)]
    way = [f"{a}.y > {b}.x" for a, b in pairwise(names)]
    document.graph = graph(
        "mnist MNIST", "scale Rescaling scale=0.004", *lines, "pool GlobalAveragePooling2D",
        "dense Dense units=10 activation=softmax", "loss Loss", f"mnist.image > scale > {names[0]}.x", *way,
        f"{names[-1]}.y > pool > dense > loss.prediction", "mnist.label > loss.target")
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
    blocks = nested(BLOCKS)
    around = Analyzer(blocks, registry())
    if not around.clean:
        raise AssertionError([p.title for p in around.problems[:3]])

    def inside() -> None:
        change = SetParam("conv", "kernel_size", [3, 3 + 2 * (next(flips) % 2)], "unit")
        change.apply(blocks)
        around.update(change.changes())
        if around.problems:
            raise AssertionError(around.problems[0].title)

    whole = _milliseconds(lambda: around.update(EVERYTHING), 20)
    deep = _milliseconds(inside, 20)
    varied = Analyzer(nested(BLOCKS, different=True), registry())
    apart = _milliseconds(lambda: varied.update(EVERYTHING), 20)
    return [
        {"name": f"full analysis of {BLOCKS} nested blocks", "value": whole, "bound": 10.0, "unit": "ms"},
        {"name": f"full analysis of {BLOCKS} different nested blocks", "value": apart, "bound": 10.0, "unit": "ms"},
        {"name": "after one edit inside a block", "value": deep, "bound": 10.0, "unit": "ms"},
        {"name": "full analysis of 500 layers", "value": full, "bound": 25.0, "unit": "ms"},
        {"name": "after one edit at the end", "value": after, "bound": 2.0, "unit": "ms"},
    ]
