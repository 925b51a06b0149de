"""The edit of notes and frames that the mouse makes: another place and size at once."""

from __future__ import annotations

from dataclasses import dataclass

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.edit import Edit, graph_of, node_of, sound, sound_place
from graph_compiler.graph.model import Document, with_values
from graph_compiler.graph.values import ROOT, Json


@dataclass(frozen=True)
class Resize(Edit):
    """Place (scene coordinates) and size (px) of a note or frame; a side that is None goes back to its default."""

    id: str
    place: tuple[float, float]
    size: tuple[Json, Json]
    scope: str = ROOT
    drag: int = 0
    """Sizes of one drag carry the same number, so that they become one step."""

    def apply(self, document: Document) -> Edit:
        node = node_of(document, self.scope, self.id)
        x, y = sound_place(*self.place)
        params: dict[str, Json] = dict(node.params)
        for name, side in zip(("width", "height"), self.size, strict=True):
            if side is None:
                params.pop(name, None)
            else:
                params[name] = sound(side)
        graph_of(document, self.scope).put_node(with_values(node, x=x, y=y, params=params))
        old = (node.params.get("width"), node.params.get("height"))
        return Resize(self.id, (node.x, node.y), old, self.scope, self.drag)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.id)}))

    def describe(self) -> str:
        return f"resize {self.id}"

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        return ("size", self.scope, self.id, str(self.drag)) if self.drag else None
