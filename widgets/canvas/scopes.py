"""Places inside blocks: the path of instances that leads there, `outer.inner`, empty for the drawing itself."""

from __future__ import annotations

from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT


def scope_at(document: Document, path: str) -> str | None:
    """The scope a path of instances leads to; None when one of them is not there (any more)."""
    scope = ROOT
    for name in path.split(".") if path else ():
        node = document.scope(scope).nodes.get(name)
        if node is None or node.block not in document.blocks:
            return None
        scope = node.block
    return scope


def instance_path(document: Document, scope: str) -> str | None:
    """The shortest path from the root to an instance of a block; empty for the root, None while nothing uses the block."""
    todo: list[tuple[str, str]] = [(ROOT, "")]
    seen = {ROOT}
    if scope == ROOT:
        return ""
    while todo:
        here, path = todo.pop(0)
        for node in document.scope(here).nodes.values():
            if not node.block or node.block not in document.blocks or node.block in seen:
                continue
            if node.block == scope:
                return path + node.id
            seen.add(node.block)
            todo.append((node.block, f"{path}{node.id}."))
    return None


def instances_of(document: Document, block: str) -> list[str]:
    """Paths of all instances of a block, each through the first way that leads to its graph, in the order of the document."""
    found = []
    for scope, graph in document.scopes():
        base = instance_path(document, scope)
        if base is not None:
            found += [f"{base}.{n.id}" if base else n.id for n in graph.nodes.values() if n.block == block]
    return found


def nearest(document: Document, scope: str, path: str) -> str:
    """Where to go when a path no longer leads to its scope: stay, to another instance, else as far as the path goes."""
    if scope_at(document, path) is not None:
        return path
    other = instance_path(document, scope) if scope in document.blocks else None
    while other is None:
        path = path.rpartition(".")[0]
        other = path if scope_at(document, path) is not None else None
    return other


def steps(path: str) -> list[str]:
    """Every path on the way to a path, the root's empty one first: `a.b` -> ``, `a`, `a.b`."""
    names = path.split(".") if path else []
    return [".".join(names[:i]) for i in range(len(names) + 1)]


def inner(path: str, outer: str) -> str | None:
    """What a path of a node is called where one is: `b.c` seen from `b` is `c`; None for a node that stands elsewhere."""
    place, _, name = path.rpartition(".")
    return name if place == outer else None
