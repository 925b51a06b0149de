"""Drawings with blocks for tests: a residual stack before grouping, and a twin network with one block placed twice."""

from __future__ import annotations

from msgspec.structs import replace

from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import BlockParameter
from tests.helpers.drawing import drawing, graph

ROW = 256.0


def lay_out(drawn: Graph, *rows: str) -> Graph:
    """Put nodes into rows of ids, one column each."""
    for y, row in enumerate(rows):
        for x, node_id in enumerate(row.split()):
            if node_id != ".":
                drawn.put_node(replace(drawn.nodes[node_id], x=ROW * x, y=200.0 * y))
    return drawn


def residual() -> Document:
    """Iris -> dense -> (a -> b) + skip -> head -> Loss; `a`, `b` and `add` want to be a block."""
    document = drawing(
        "iris Iris", "stem Dense units=8", "a Dense units=8 activation=relu", "b Dense units=8", "add Add",
        "head Dense units=3 activation=softmax", "loss Loss",
        "iris.features > stem > a > b > add > head > loss.prediction", "stem > add.in#1", "iris.species > loss.target")
    lay_out(document.graph, "iris stem a b add head loss")
    return document


def twins(weights: str = "D") -> Document:
    """MNIST goes twice through one block `net` (filters 4, dropout 0.3) that shares its weights, into a Loss by distance."""
    inside = graph("block_input_1 BlockInput", "conv Conv2D kernel_size=3", "drop Dropout", "flatten Flatten",
                   "dense Dense units=2", "block_output_1 BlockOutput",
                   "block_input_1 > conv > drop > flatten > dense > block_output_1")
    for node_id, name, text in (("conv", "filters", "filters"), ("drop", "rate", "dropout")):
        inside.put_node(replace(inside.nodes[node_id], params={**inside.nodes[node_id].params, name: {"=": text}}))
    for node_id, label in (("block_input_1", "picture"), ("block_output_1", "code")):
        inside.put_node(replace(inside.nodes[node_id], label=label))
    lay_out(inside, "block_input_1 conv drop flatten dense block_output_1")
    parameters = (BlockParameter(name="filters", default=4), BlockParameter(name="dropout", kind="float", default=0.3))
    root = graph("mnist MNIST", "scale Rescaling scale=0.5", "net_1 Block", "net_2 Block", "add Subtract", "loss Loss",
                 "mnist.image > scale > net_1.picture", "scale > net_2.picture", "net_1.code > add", "net_2.code > add.in#1",
                 "add > loss.prediction", "mnist.label > loss.target")
    for node_id in ("net_1", "net_2"):
        root.put_node(replace(root.nodes[node_id], block="net", weights=weights))
    lay_out(root, "mnist scale net_1 add loss", ". . net_2")
    return Document(root, {"net": BlockDefinition(inside, parameters)})
