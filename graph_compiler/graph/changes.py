"""What an edit touched, as ids: enough for every view to look again at just those places."""

from __future__ import annotations

import msgspec

from graph_compiler.graph.values import EdgeKey


class ChangeSet(msgspec.Struct, frozen=True):
    """Places that may have been added, removed or changed; the document says which.

    `nodes` and `edges` hold (scope, id) pairs. `moved` holds nodes of which only the position changed (never part of
    `nodes`). `everything` asks views to rebuild from the document.
    """

    nodes: frozenset[tuple[str, str]] = frozenset()
    edges: frozenset[tuple[str, EdgeKey]] = frozenset()
    moved: frozenset[tuple[str, str]] = frozenset()
    blocks: frozenset[str] = frozenset()
    training: bool = False
    about: bool = False
    everything: bool = False

    def __or__(self, other: ChangeSet) -> ChangeSet:
        nodes = self.nodes | other.nodes
        return ChangeSet(
            nodes, self.edges | other.edges, (self.moved | other.moved) - nodes, self.blocks | other.blocks,
            self.training or other.training, self.about or other.about, self.everything or other.everything)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges or self.moved or self.blocks or self.training or self.about or self.everything)

    @property
    def meaning(self) -> bool:
        """Whether analysis has anything to look at again (positions and texts do not matter to it)."""
        return bool(self.nodes or self.edges or self.blocks or self.training or self.everything)


EVERYTHING = ChangeSet(everything=True)
