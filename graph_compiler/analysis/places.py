"""Insides of blocks that several instances share: found by what they depend on, kept up to date, seen from each instance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as placed
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.values import CheckedValues
from graph_compiler.graph.blocks.inside import needed
from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT, EdgeKey, Node
from graph_compiler.specs.nodes import Port
from graph_compiler.specs.params import Param
from graph_compiler.specs.tensors import Tensor

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine
    from graph_compiler.analysis.extent import Extent

Key = tuple[str, str, tuple[tuple[str, Tensor], ...], bool]
"""Block, parameter values, tensors by `BlockInput`, and whether an instance around it is frozen."""


class PlacedFacts(Mapping[str, Facts]):
    """Facts of a shared inside with paths as one instance has them. Facts that did not change stay the same object."""

    def __init__(self, facts: Mapping[str, Facts], prefix: str) -> None:
        self._facts, self._prefix = facts, prefix
        self._known: dict[str, tuple[Facts, Facts]] = {}

    def __getitem__(self, node_id: str) -> Facts:
        own = self._facts[node_id]
        known = self._known.get(node_id)
        if known is None or known[0] is not own:
            problems = tuple(placed(p, path=self._prefix + p.path) for p in own.problems)
            known = self._known[node_id] = own, replace(own, path=self._prefix + own.path, problems=problems)
        return known[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


@dataclass(frozen=True)
class Sorted:
    """Nodes of a graph in order, those on circles or behind them, the circles by their first node, and nodes nobody reads."""

    order: list[str]
    stuck: frozenset[str]
    circles: dict[str, list[str]]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Doors:
    """What a definition shows to the outside: its boundary nodes and ports, and its parameters."""

    ins: tuple[Node, ...]
    outs: tuple[Node, ...]
    ports: tuple[tuple[Port, ...], tuple[Port, ...]]
    params: tuple[Param, ...]


class Insides:
    """What the engines of one document share: insides by what they depend on, checked defaults, sizes of definitions."""

    def __init__(self) -> None:
        self.checked = CheckedValues()
        self.known: dict[Key, GraphEngine] = {}
        self.extents: dict[str, Extent] = {}
        self.fronts: dict[tuple[str, str], Facts] = {}
        """What is known of a node without its wires, by graph and id, where no block parameter decides on it."""
        self.sorted: dict[str, Sorted] = {}
        """The order of the nodes of a block; it is the same for all instances."""
        self.doors: dict[str, Doors] = {}

    def update(self, document: Document, changes: ChangeSet) -> frozenset[str]:
        """Look again inside definitions that an edit touched. Returns the blocks whose instances have to be looked at again."""
        touched = _by_scope(changes)
        if not (touched or changes.blocks):
            return frozenset()
        self.extents.clear()
        for name in touched.keys() | changes.blocks:
            self.sorted.pop(name, None)
            self.doors.pop(name, None)
        changed = set(changes.blocks)
        self._forget(changes.blocks)
        for name in needed(document, list(document.blocks)):
            nodes, edges = touched.get(name, (set(), set()))
            instances = {n.id for n in document.blocks[name].graph.nodes.values() if n.block in changed}
            if name in changes.blocks or not (nodes or edges or instances):
                continue
            known = [engine for key, engine in self.known.items() if key[0] == name]
            felt = [engine.look_again(nodes | instances, edges) for engine in known]
            if any(felt) or not known:
                changed.add(name)
        return frozenset(changed)

    def _forget(self, blocks: Iterable[str]) -> None:
        gone = set(blocks)
        for key in [key for key in self.known if key[0] in gone]:
            del self.known[key]

    def sweep(self, root: GraphEngine) -> None:
        """Forget what no instance uses any more."""
        if not self.known:
            return
        used: dict[int, GraphEngine] = {}
        todo = [root]
        while todo:
            for inner in todo.pop().inner.values():
                if id(inner) not in used:
                    used[id(inner)] = inner
                    todo.append(inner)
        for key in [key for key, engine in self.known.items() if id(engine) not in used]:
            del self.known[key]


def _by_scope(changes: ChangeSet) -> dict[str, tuple[set[str], set[EdgeKey]]]:
    """Touched nodes and wires of each block."""
    found: dict[str, tuple[set[str], set[EdgeKey]]] = {}
    for scope, node_id in changes.nodes:
        if scope != ROOT:
            found.setdefault(scope, (set(), set()))[0].add(node_id)
    for scope, key in changes.edges:
        if scope != ROOT:
            found.setdefault(scope, (set(), set()))[1].add(key)
    return found
