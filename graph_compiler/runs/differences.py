"""What changed between two drawings, in words: `conv2d_2: filters 64 → 32`. Positions and notes do not count."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Edge, Node

SILENT = frozenset({"Note", "Frame"})
LONGEST = 40

DefaultOf = Callable[[str, str], Any]
"""(node type, parameter) -> the default. KeyError or AttributeError when there is none."""


def differences(before: Document, after: Document, default_of: DefaultOf | None = None, settings: bool = True) -> list[str]:
    """Every change from `before` to `after` that means something, one line each; empty when they mean the same.

    With `default_of`, parameters at their default are named by their value. Without `settings`, only the drawing counts.
    """
    lines = list(_graph(before.graph, after.graph, "", default_of))
    for name in sorted(before.blocks.keys() | after.blocks.keys()):
        if name not in after.blocks:
            lines.append(f"block {name} removed")
        elif name not in before.blocks:
            lines.append(f"block {name} added")
        else:
            lines += _graph(before.blocks[name].graph, after.blocks[name].graph, f"{name}.", default_of)
            if before.blocks[name].parameters != after.blocks[name].parameters:
                lines.append(f"block {name}: parameters changed")
    if settings:
        lines += _values("training", msgspec.to_builtins(before.training), msgspec.to_builtins(after.training))
    return lines


def _graph(before: Graph, after: Graph, prefix: str, default_of: DefaultOf | None) -> Iterator[str]:
    old = {n.id: n for n in before.nodes.values() if n.type not in SILENT}
    new = {n.id: n for n in after.nodes.values() if n.type not in SILENT}
    yield from (f"{prefix}{name} removed ({node.name})" for name, node in old.items() if name not in new)
    yield from (f"{prefix}{name} added ({node.name})" for name, node in new.items() if name not in old)
    both = [name for name in old if name in new]
    for name in both:
        yield from _node(old[name], new[name], prefix + name, default_of)
    yield from _wires(before, after, prefix, set(both))


def _node(old: Node, new: Node, name: str, default_of: DefaultOf | None) -> Iterator[str]:
    if old.type != new.type:
        yield f"{name}: {old.type} → {new.type}"
        return
    changed = old.params.keys() ^ new.params.keys() if default_of else ()
    yield from _values(name, _filled(old, changed, default_of), _filled(new, changed, default_of))
    for field in ("muted", "frozen"):
        if getattr(old, field) != getattr(new, field):
            yield f"{name}: {field if getattr(new, field) else f'no longer {field}'}"
    for field, words in (("block", "block"), ("weights", "weights name")):
        if getattr(old, field) != getattr(new, field):
            yield f"{name}: {words} {word(getattr(old, field))} → {word(getattr(new, field))}"


def _filled(node: Node, missing: Iterable[str], default_of: DefaultOf | None) -> dict[str, Any]:
    """The parameters of a node with the defaults of those that only its twin sets."""
    values = dict(node.params)
    for name in missing:
        if default_of is not None and name not in values:
            with contextlib.suppress(KeyError, AttributeError):
                values[name] = default_of(node.type, name)
    return values


def _values(name: str, old: dict[str, Any], new: dict[str, Any], named: str = "name") -> Iterator[str]:
    """`named` is what the key `name` is called: the parameter that names an object, such as a wrapped layer."""
    for key in [*old, *(k for k in new if k not in old)]:
        a, b = _alike(old.get(key), new.get(key))
        if a == b and (key in old) == (key in new):
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            yield from _values(name, a, b, key)
            continue
        shown = [word(values[key]) if key in values else "default" for values in (old, new)]
        if shown[0] != shown[1]:
            yield f"{name}: {named if key == 'name' else key} {shown[0]} → {shown[1]}"


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Both values; a name alone as an object of that name where its twin is one with parameters."""
    if isinstance(a, str) and isinstance(b, dict) and "name" in b:
        return {"name": a}, b
    if isinstance(b, str) and isinstance(a, dict) and "name" in a:
        return a, {"name": b}
    return a, b


def _wires(before: Graph, after: Graph, prefix: str, both: set[str]) -> Iterator[str]:
    for words, mine, other in (("removed", before, after), ("added", after, before)):
        for key, edge in mine.edges.items():
            if key not in other.edges and edge.source in both and edge.target in both:
                yield f"wire {prefix}{_end(edge)} {words}"


def _end(edge: Edge) -> str:
    source = edge.source if edge.source_port == "out" else f"{edge.source}.{edge.source_port}"
    target = edge.target if edge.target_port == "in" else f"{edge.target}.{edge.target_port}"
    return f"{source} to {target}"


def word(value: Any) -> str:
    """A value in a line of differences: short, without quotes."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        text = "×".join(map(str, value)) if all(isinstance(v, int) for v in value) else ", ".join(map(word, value))
    elif isinstance(value, dict):
        own = [str(value["name"])] if value.get("name") else []
        text = ", ".join([*own, *(f"{k} {word(v)}" for k, v in value.items() if k != "name")])
    else:
        text = str(value) or "empty"
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"
