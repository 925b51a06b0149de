"""What changed between two drawings, in words: what was added, removed, rewired, and which parameters differ."""

from __future__ import annotations

from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Json, Node

NOTHING = ("Note", "Frame")
"""Types that change nothing when they change."""


def differences(old: Document, new: Document) -> list[str]:
    """One line a difference that matters to training or to answers; empty when there is none."""
    lines = _graph(old.graph, new.graph, "")
    for name in sorted(old.blocks.keys() | new.blocks.keys()):
        if name not in new.blocks:
            lines.append(f"block {name} removed")
        elif name not in old.blocks:
            lines.append(f"block {name} added")
        else:
            lines += _graph(old.blocks[name].graph, new.blocks[name].graph, f"{name}.")
    for field in old.training.__struct_fields__:
        before, after = getattr(old.training, field), getattr(new.training, field)
        if before != after and field != "extra":
            lines.append(f"training: {field.replace('_', ' ')} {_words(before)} → {_words(after)}")
    return lines


def _graph(old: Graph, new: Graph, prefix: str) -> list[str]:
    lines = []
    for node_id in dict.fromkeys([*old.nodes, *new.nodes]):
        before, after = old.nodes.get(node_id), new.nodes.get(node_id)
        if (before or after).type in NOTHING:  # type: ignore[union-attr]
            continue
        if before is None:
            lines.append(f"{prefix}{node_id} added")
        elif after is None:
            lines.append(f"{prefix}{node_id} removed")
        else:
            lines += _node(before, after, prefix)
    moved = len(old.edges.keys() ^ new.edges.keys())
    if moved:
        lines.append(f"{prefix}{moved} wire{'s' if moved > 1 else ''} changed")
    return lines


def _node(before: Node, after: Node, prefix: str) -> list[str]:
    name = f"{prefix}{before.id}"
    if before.type != after.type:
        return [f"{name}: {before.type} → {after.type}"]
    lines = []
    for key in sorted(before.params.keys() | after.params.keys()):
        old, new = before.params.get(key), after.params.get(key)
        if old != new:
            lines.append(f"{name}: {key} {_words(old)} → {_words(new)}")
    for field in ("muted", "frozen", "block", "weights"):
        if getattr(before, field) != getattr(after, field):
            lines.append(f"{name}: {field} {_words(getattr(before, field))} → {_words(getattr(after, field))}")
    return lines


def _words(value: Json) -> str:
    if value is None:
        return "default"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (list, tuple)):
        return "×".join(map(str, value))
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
