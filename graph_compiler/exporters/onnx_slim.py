"""What an .onnx file does without: paths of TensorFlow's graph as names, remarks, shapes that can be inferred, equal constants.

Inputs and outputs keep their names; the last result of a layer carries the layer's; all else is numbered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import count
from typing import Any

from graph_compiler.exporters.layer_names import layer_of

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def slim(proto: Any, layers: Collection[str]) -> None:
    """Take away what no runtime reads; `layers` are the names that results may carry."""
    graph, same = proto.graph, _joined(proto.graph)
    ends = {value.name for value in (*graph.input, *graph.output)}
    names = {name: name for name in ends} | _results(graph, set(layers) - ends, ends)
    numbers = (name for name in map(_numbered, count()) if name not in ends and name not in layers)
    for old in _values(graph):
        one = same.get(old, old)
        if one not in names:
            names[one] = next(numbers)
        names[old] = names[one]
    for inner in graphs(graph):
        _rename(inner, names)
    proto.doc_string = ""
    used = {node.domain for inner in graphs(graph) for node in inner.node}
    kept = [entry for entry in proto.opset_import if entry.domain in used or not entry.domain]
    del proto.opset_import[:]
    proto.opset_import.extend(kept)


def _numbered(number: int) -> str:
    """A number in as few characters as there are."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def graphs(graph: Any) -> Iterator[Any]:
    """A graph and those inside its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in ([attribute.g] if attribute.HasField("g") else attribute.graphs):
                yield from graphs(inner)


def _values(graph: Any) -> Iterator[str]:
    """Names of all that flows or is stored, in graphs inside too."""
    for inner in graphs(graph):
        yield from (value.name for value in (*inner.input, *inner.initializer, *inner.output))
        yield from (name for node in inner.node for name in (*node.input, *node.output) if name)


def _joined(graph: Any) -> dict[str, str]:
    """Initialisers that equal an earlier one are taken away: the names they had, and the one that stands for them."""
    first: dict[bytes, str] = {}
    same, kept = {}, []
    for tensor in graph.initializer:
        name, tensor.name = tensor.name, ""
        key, tensor.name = tensor.SerializeToString(), name
        if key in first:
            same[name] = first[key]
        else:
            first[key] = name
            kept.append(tensor)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return same


def _results(graph: Any, layers: Collection[str], ends: Collection[str]) -> dict[str, str]:
    """Names of layers by their last result; what changes the form of constants is none's.

    Where what flows is whole numbers, that is the form behind them: a quantiser leaves out a ReLU, since it cuts off by itself.
    """
    constants = {tensor.name for tensor in graph.initializer}
    last = {layer: name for node in graph.node for name in node.output
            if name not in ends and not constants.issuperset(node.input) and (layer := layer_of(name, layers))}
    return {name: layer for layer, name in last.items()}


def _rename(graph: Any, names: Mapping[str, str]) -> None:
    """Give all that flows or is stored in a graph its new name; nodes have none."""
    del graph.value_info[:]
    graph.doc_string = ""
    for value in (*graph.input, *graph.initializer, *graph.output):
        value.name, value.doc_string = names[value.name], ""
    for node in graph.node:
        node.name = node.doc_string = ""
        node.input[:] = [names[name] if name else "" for name in node.input]
        node.output[:] = [names[name] if name else "" for name in node.output]
