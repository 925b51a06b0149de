"""Drawings in a few lines: `drawing("iris Iris", "dense_1 Dense units=3", "iris.features > dense_1 > loss.prediction")`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import Edit
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import BlockParameter, Edge, Json, Node


def node(text: str, **rest: Any) -> Node:
    """`id Type name=json ...` as a node; `~` before the id mutes, `*` freezes it; an instance says `block=`, `weights=`."""
    first, type_name, *given = text.split()
    marks = first[: len(first) - len(first.lstrip("~*"))]
    params = {name: _value(value) for name, _, value in (part.partition("=") for part in given)}
    if type_name in ("Block", "TimeDistributedBlock"):
        rest = {**{name: params.pop(name) for name in ("block", "weights") if name in params}, **rest}
    return Node(id=first.lstrip("~*"), type=type_name, params=params, muted="~" in marks, frozen="*" in marks, **rest)


def wires(text: str) -> list[Edge]:
    """`a.port > b > c.port` as wires; a port is `out` or `in` unless named, `b.in#1` gives the index."""
    stops = [part.strip() for part in text.split(">")]
    return [wire(a, b) for a, b in pairwise(stops)]


def wire(source: str, target: str) -> Edge:
    """One wire from `node.port` to `node.port#index`."""
    (a, _, out), (rest, _, index) = source.partition("#")[0].partition("."), target.partition("#")
    b, _, into = rest.partition(".")
    return Edge(source=a, source_port=out or "out", target=b, target_port=into or "in", index=int(index or 0))


def graph(*lines: str) -> Graph:
    """A graph of node lines and wire lines."""
    nodes = [node(line) for line in lines if ">" not in line]
    return Graph(nodes, [edge for line in lines if ">" in line for edge in wires(line)])


def block(*lines: str, **parameters: Json) -> BlockDefinition:
    """A definition of node lines and wire lines; keyword arguments are its parameters with their defaults.

    In a node line, `units==width*2` is an expression.
    """
    kinds = {int: "int", float: "float", bool: "bool", str: "text"}
    declared = [BlockParameter(name=name, kind=kinds[type(value)], default=value) for name, value in parameters.items()]
    return BlockDefinition(graph(*lines), declared)


def drawing(*lines: str, **blocks: BlockDefinition) -> Document:
    """A document of node lines and wire lines, with block definitions by name."""
    return Document(graph(*lines), blocks)


def classifier(**head: Json) -> Document:
    """Iris: two Dense layers and a Loss; keyword arguments are parameters of the Loss."""
    document = drawing("iris Iris", "dense_1 Dense units=8 activation=relu", "dense_2 Dense units=3 activation=softmax",
                       "loss Loss", "iris.features > dense_1 > dense_2 > loss.prediction", "iris.species > loss.target")
    document.graph.put_node(Node(id="loss", type="Loss", params=head))
    return document


def chain(count: int) -> Document:
    """A network of `count` layers in a row, convolutions and their company, with source and Loss."""
    kinds = ("Conv2D filters=8 padding=same", "BatchNormalization", "Activation activation=relu", "Dropout", "Identity")
    known = [kind for kind in kinds if registry().node(kind.split()[0]) is not None]
    lines = [f"n{i} {known[i % len(known)]}" for i in range(count - 2)]
    row = " > ".join(["mnist.image", "rescaling", *(f"n{i}" for i in range(count - 2)), "flatten", "dense", "loss.prediction"])
    return drawing("mnist MNIST", "rescaling Rescaling scale=0.01", *lines, "flatten Flatten",
                   "dense Dense units=10 activation=softmax", "loss Loss", row, "mnist.label > loss.target")


def analysed(*lines: str, **blocks: BlockDefinition) -> Analyzer:
    """The analysis of a drawing with the program's own registry."""
    return Analyzer(drawing(*lines, **blocks), registry())


def codes(problems: Analyzer | Iterable[Diagnostic]) -> list[str]:
    """Codes of problems with the node: `rank@dense_1`."""
    found = problems.problems if isinstance(problems, Analyzer) else problems
    return [f"{p.code}@{p.node}" if p.node else p.code for p in found]


def apply(analysis: Analyzer, edit: Edit) -> Edit:
    """Apply an edit to the analysed document and look again; gives the inverse."""
    inverse = edit.apply(analysis.document)
    analysis.update(edit.changes() | inverse.changes())
    return inverse


def fix(analysis: Analyzer, code: str, number: int = 0) -> str:
    """Take the fix of the first problem of that code; gives its words."""
    problem = next(p for p in analysis.problems if p.code == code)
    chosen = problem.fixes[number]
    apply(analysis, chosen.edit)
    return chosen.label


def _value(text: str) -> Json:
    if text.startswith("="):
        return {"=": text[1:]}
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
