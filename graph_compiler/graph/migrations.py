"""Older formats brought up to date, one step at a time. A migration gets and gives JSON values and executes nothing.

Format 0 is the prototype's: `layers` with `name`, `class`, `config` and `at` instead of `nodes`; `links` such as
`["mnist_1.image", "dense_1"]` (the port after a dot, `out` and `in` by default; several links into one port are numbered
in their order) instead of `edges`; `title` at the top; `fit` with `batch_size`, `epochs`, `optimizer`, `learning_rate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from graph_compiler.graph.model import FORMAT
from graph_compiler.graph.problems import FileProblem
from graph_compiler.graph.values import Json

Tree = dict[str, Json]


def migrate(tree: Tree) -> Tree:
    """The tree in the current format. FileProblem when its format is newer or none that this program knows."""
    number = tree.get("format")
    if isinstance(number, bool) or not isinstance(number, int):
        raise FileProblem("This is not a Netloom document.", hint="A document says its “format” at the top.")
    if number > FORMAT:
        raise FileProblem(f"The file has format {number}; this Netloom reads up to format {FORMAT}.", where="format",
                          hint="Open it in a newer Netloom.")
    while number < FORMAT:
        step = STEPS.get(number)
        if step is None:
            raise FileProblem(f"There is no format {number}.", where="format")
        tree, number = step(tree), number + 1
    return tree


def from_0(tree: Tree) -> Tree:
    """Format 0 -> format 1."""
    moved = {"format", "layers", "links", "title", "fit"}
    out: Tree = {key: value for key, value in tree.items() if key not in moved}
    out["format"] = 1
    if "title" in tree:
        out["about"] = {"title": tree["title"]}
    if "fit" in tree:
        out["training"] = _fit(_object(tree["fit"], "fit"))
    out["nodes"] = [_layer(_object(row, f"layer {i}"), f"layer {i}") for i, row in enumerate(_list(tree, "layers"), 1)]
    counts: Counter[tuple[str, str]] = Counter()
    out["edges"] = [_link(row, f"link {i}", counts) for i, row in enumerate(_list(tree, "links"), 1)]
    return out


STEPS: dict[int, Callable[[Tree], Tree]] = {0: from_0}


def _layer(row: Tree, where: str) -> Tree:
    names = {"name": "id", "class": "type", "config": "params"}
    out: Tree = {names.get(key, key): value for key, value in row.items() if key != "at"}
    if "at" in row:
        at = row["at"]
        if not isinstance(at, list) or len(at) != 2:
            raise FileProblem("“at” must be two numbers.", where=where)
        out["x"], out["y"] = at
    return out


def _link(row: Json, where: str, counts: Counter[tuple[str, str]]) -> Tree:
    if not isinstance(row, list) or len(row) != 2 or not all(isinstance(end, str) for end in row):
        raise FileProblem("A link is two texts, such as [\"mnist_1.image\", \"dense_1\"].", where=where)
    source, _, source_port = row[0].partition(".")
    target, _, target_port = row[1].partition(".")
    target_port = target_port or "in"
    index = counts[target, target_port]
    counts[target, target_port] += 1
    return {"from": [source, source_port or "out"], "to": [target, target_port], **({"index": index} if index else {})}


def _fit(row: Tree) -> Tree:
    out: Tree = {key: value for key, value in row.items() if key not in ("optimizer", "learning_rate")}
    optimizer: Tree = {}
    if "optimizer" in row:
        optimizer["name"] = row["optimizer"]
    if "learning_rate" in row:
        optimizer["learning_rate"] = row["learning_rate"]
    if optimizer:
        out["optimizers"] = {"": optimizer}
    return out


def _object(value: Json, where: str) -> Tree:
    if not isinstance(value, dict):
        raise FileProblem("Expected an object.", where=where)
    return value


def _list(tree: Tree, key: str) -> list[Json]:
    value = tree.get(key)
    if not isinstance(value, list):
        raise FileProblem(f"“{key}” must be a list.", where=key)
    return value
