"""How much a block holds: refuses what has no end, nests too deep, or holds too much, before anything is analysed."""

from __future__ import annotations

from dataclasses import dataclass

from graph_compiler.graph.blocks.inside import needed
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from graph_compiler.specs.refusal import Refusal

DEEPEST = 16
"""How many blocks may stand inside one another."""
LARGEST = 20_000
"""How many nodes one instance may have inside, at all depths together."""


@dataclass(frozen=True)
class Extent:
    """Nodes at all depths together, levels, and the circle of blocks that makes it endless (empty when there is none)."""

    nodes: int = 0
    levels: int = 1
    circle: tuple[str, ...] = ()

    @property
    def bounded(self) -> bool:
        """Whether it can be analysed."""
        return not self.circle and self.levels <= DEEPEST and self.nodes <= LARGEST


def refuse_endless(document: Document, node: Node, known: dict[str, Extent]) -> None:
    """Refusal for an instance whose inside is too much. `known` keeps what was found for the next question."""
    extent = _extent(document, node.block, known)
    if extent.bounded:
        return
    if extent.circle:
        circle = _starting(node.block, extent.circle)
        raise Refusal("too-deep", f"{circle[0]} contains itself", expected="blocks that come to an end",
                      received=_in_words(circle), hint="Take it out of its own inside.")
    if extent.levels > DEEPEST:
        raise Refusal("too-deep", f"{node.name} is nested too deep", expected=f"at most {DEEPEST} blocks inside one another",
                      received="more", hint="Unpack some of them.")
    raise Refusal("too-deep", f"{node.name} holds too much", expected=f"at most {LARGEST:,} nodes inside", received="more",
                  hint="Take some out.")


def _in_words(circle: tuple[str, ...]) -> str:
    return " → ".join(circle if len(circle) <= 6 else (*circle[:4], "…", circle[-1]))


def _starting(name: str, circle: tuple[str, ...]) -> tuple[str, ...]:
    """The circle as seen from one block on it; as it is for a block that only leads to it."""
    if name not in circle:
        return circle
    place = circle.index(name)
    return (*circle[place:-1], *circle[:place], name)


def _extent(document: Document, block: str, known: dict[str, Extent]) -> Extent:
    for name in needed(document, [block]) if block not in known else ():
        nodes, levels, circle = 0, 0, tuple[str, ...]()
        for inner in _uses(document, name):
            found = known.get(inner) if inner != name else None
            circle = circle or (found.circle if found else _circle(document, name, inner))
            nodes, levels = nodes + (found.nodes if found else 0), max(levels, found.levels if found else 0)
        nodes += len(document.blocks[name].graph.nodes)
        known[name] = Extent(min(nodes, LARGEST + 1), levels + 1, circle)
    return known.get(block, Extent())


def _uses(document: Document, name: str) -> list[str]:
    """The definition behind each instance of a block's inside."""
    return [n.block for n in document.blocks[name].graph.nodes.values() if n.block in document.blocks]


def _circle(document: Document, start: str, second: str) -> tuple[str, ...]:
    """The blocks on the shortest way from `start` over `second` back to `start`."""
    before: dict[str, str] = {second: start}
    todo = [second]
    for here in todo:
        if here == start:
            break
        for inner in _uses(document, here):
            if inner not in before:
                before[inner] = here
                todo.append(inner)
    way, here = [start], before.get(start, start)
    while here != start:
        way.append(here)
        here = before[here]
    return (start, *reversed(way))
