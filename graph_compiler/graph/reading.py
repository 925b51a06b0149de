"""JSON values -> Document. Everything is checked; what is unknown is kept; the first thing wrong is a `FileProblem`."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import Any, TypeVar

import msgspec

from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.plain import LARGEST_PLACE, LONGEST_NAME, NotPlain, id_problem, plain
from graph_compiler.graph.problems import FileProblem
from graph_compiler.graph.values import (
    BlockParameter,
    EarlyStopping,
    Edge,
    Json,
    Node,
    OptimizerSettings,
    ScheduleSettings,
    TrainingSettings,
)

MOST_NODES = 100_000
MOST_EDGES = 400_000
MOST_BLOCKS = 10_000

S = TypeVar("S", bound=msgspec.Struct)


def document_of(tree: dict[str, Json]) -> Document:
    """The document that a format-1 tree describes. FileProblem names the first place that is wrong."""
    known = {"format", "about", "training", "nodes", "edges", "blocks"}
    document = Document(_graph(tree, ""), training=_training(_get(tree, "training", dict, "")))
    document.about = _stored(_get(tree, "about", dict, ""), "about")
    blocks = _get(tree, "blocks", dict, "")
    if len(blocks) > MOST_BLOCKS:
        raise FileProblem(f"There are {len(blocks):,} blocks; at most {MOST_BLOCKS:,} are allowed.", where="blocks")
    for name, values in blocks.items():
        document.blocks[name] = _block(name, values)
    document.extra = {key: _stored(value, key) for key, value in tree.items() if key not in known}
    return document


def node_of(values: Json, where: str = "node") -> Node:
    """One node from its JSON object. FileProblem when it is none."""
    node = _struct(Node, values, where)
    if problem := id_problem(node.id):
        raise FileProblem(f"{node.id[:40]!r} cannot be an id. {problem}", where=where)
    for name in ("type", "block", "weights"):
        if len(getattr(node, name)) > LONGEST_NAME:
            raise FileProblem(f"“{name}” has more than {LONGEST_NAME} characters.", where=where)
    if not node.type:
        raise FileProblem("The node has no type.", where=where)
    if max(abs(node.x), abs(node.y)) > LARGEST_PLACE:
        raise FileProblem("The node stands too far away.", where=where)
    return node


def edge_of(values: Json, where: str = "wire") -> Edge:
    """One wire from its JSON object. FileProblem when it is none."""
    if not isinstance(values, dict):
        raise _wrong(values, "an object", where)
    ends = [_end(values, "from", where), _end(values, "to", where)]
    rest = {key: value for key, value in values.items() if key not in ("from", "to")}
    for taken in ("source", "source_port", "target", "target_port"):
        if taken in rest:
            raise FileProblem(f"“{taken}” does not belong into a wire; it has “from” and “to”.", where=where)
    (source, source_port), (target, target_port) = ends
    named = {"source": source, "source_port": source_port, "target": target, "target_port": target_port}
    edge = _struct(Edge, {**rest, **named}, where)
    if not 0 <= edge.index <= MOST_EDGES:
        raise FileProblem(f"The index {edge.index} is out of range.", where=where)
    return edge


def _end(values: dict[str, Json], key: str, where: str) -> tuple[str, str]:
    end = values.get(key)
    if not isinstance(end, list) or len(end) != 2 or not all(isinstance(part, str) for part in end):
        raise FileProblem(f"“{key}” must be a node and a port, such as [\"dense_1\", \"out\"].", where=where)
    if not end[1] or len(end[1]) > LONGEST_NAME:
        raise FileProblem(f"The port of “{key}” must have a name of at most {LONGEST_NAME} characters.", where=where)
    return intern(end[0]), intern(end[1])  # thousands of wires name the same nodes and ports


def _graph(tree: dict[str, Json], where: str) -> Graph:
    graph = Graph()
    rows = _get(tree, "nodes", list, where, required=True)
    if len(rows) > MOST_NODES:
        raise FileProblem(f"There are {len(rows):,} nodes; at most {MOST_NODES:,} are allowed.", where=where)
    for number, values in enumerate(rows, 1):
        place = _at(where, _named("node", number, values))
        node = node_of(values, place)
        if node.id in graph.nodes:
            raise FileProblem(f"The id “{node.id}” is used twice.", where=place)
        graph.put_node(node)
    _edges(tree, graph, where)
    return graph


def _edges(tree: dict[str, Json], graph: Graph, where: str) -> None:
    rows = _get(tree, "edges", list, where)
    if len(rows) > MOST_EDGES:
        raise FileProblem(f"There are {len(rows):,} wires; at most {MOST_EDGES:,} are allowed.", where=where)
    taken = set()
    for number, values in enumerate(rows, 1):
        place = _at(where, f"wire {number}")
        edge = edge_of(values, place)
        for end in (edge.source, edge.target):
            if end not in graph.nodes:
                raise FileProblem(f"There is no node “{end[:40]}” for this wire.", where=place)
        goal = (edge.target, edge.target_port, edge.index)
        if goal in taken:
            raise FileProblem(f"“{edge.target_port}” of “{edge.target}” has a wire already.", where=place)
        taken.add(goal)
        graph.put_edge(edge)


def _block(name: str, values: Json) -> BlockDefinition:
    where = f"block “{name[:40]}”"
    if problem := id_problem(name):
        raise FileProblem(f"This cannot be the name of a block. {problem}", where=where)
    if not isinstance(values, dict):
        raise _wrong(values, "an object", where)
    rows = _get(values, "parameters", list, where)
    parameters = [_struct(BlockParameter, row, f"{where}, parameter {i}") for i, row in enumerate(rows, 1)]
    if len({p.name for p in parameters}) < len(parameters):
        raise FileProblem("Two parameters have the same name.", where=where)
    block = BlockDefinition(_graph(values, where), parameters, _get(values, "summary", str, where))
    known = {"parameters", "summary", "nodes", "edges"}
    block.extra = {key: _stored(value, _at(where, key)) for key, value in values.items() if key not in known}
    return block


def _training(values: dict[str, Json]) -> TrainingSettings:
    ready = dict(values)
    if "optimizers" in values:
        table = _get(values, "optimizers", dict, "training")
        ready["optimizers"] = {
            key: _struct(OptimizerSettings, part, f"training, optimizer “{key}”") for key, part in table.items()}
    if "schedule" in values:
        ready["schedule"] = _struct(ScheduleSettings, values["schedule"], "training, schedule")
    if values.get("early_stopping") is not None:
        ready["early_stopping"] = _struct(EarlyStopping, values["early_stopping"], "training, early_stopping")
    return _struct(TrainingSettings, ready, "training")


def _struct(cls: type[S], values: Json, where: str) -> S:
    """A struct from an object: known keys are checked, the others go to `extra`."""
    if not isinstance(values, dict):
        raise _wrong(values, "an object", where)
    names = set(cls.__struct_fields__) - {"extra"}
    known = {key: value if isinstance(value, msgspec.Struct) else _stored(value, where) for key, value in values.items()
             if key in names and key != "optimizers"}
    if "optimizers" in values and "optimizers" in names:
        known["optimizers"] = values["optimizers"]
    extra = {key: _stored(value, where) for key, value in values.items() if key not in names}
    try:
        return msgspec.convert({**known, "extra": extra}, cls)
    except msgspec.ValidationError as error:
        raise FileProblem(_in_words(str(error)), where=where) from None


def _in_words(message: str) -> str:
    """The library's `Expected `int`, got `str` - at `$.x`` as a sentence."""
    what, _, place = message.replace("`", "").partition(" - at $")
    name = place.lstrip(".")
    return (f"“{name}”: " if name else "") + what.replace(", got ", ", received ").rstrip(".") + "."


def _stored(value: Json, where: str) -> Any:
    try:
        return plain(value)
    except NotPlain as problem:
        raise FileProblem(str(problem), where=where) from None


_EMPTY: dict[type, Callable[[], Any]] = {dict: dict, list: list, str: str}
_WORDS: dict[type, str] = {dict: "an object", list: "a list", str: "text"}


def _get(tree: dict[str, Json], key: str, kind: type, where: str, required: bool = False) -> Any:
    if key not in tree:
        if required:
            raise FileProblem(f"“{key}” is missing.", where=where, hint="The file may be cut off or belong to another program.")
        return _EMPTY[kind]()
    value = tree[key]
    if not isinstance(value, kind):
        raise _wrong(value, _WORDS[kind], _at(where, key))
    return value


_KINDS: dict[type, str] = {**_WORDS, bool: "true or false", int: "a number", float: "a number"}


def _wrong(value: Json, expected: str, where: str) -> FileProblem:
    return FileProblem(f"Expected {expected}, received {_KINDS.get(type(value), 'nothing')}.", where=where)


def _at(where: str, what: str) -> str:
    return f"{where}, {what}" if where else what


def _named(word: str, number: int, values: Json) -> str:
    name = values.get("id") if isinstance(values, dict) else None
    return f"{word} {number}" + (f" (“{name[:40]}”)" if isinstance(name, str) and name.isprintable() else "")
