"""What every edit is: a frozen value with `apply`, `changes` and an inverse; and the checks that all edits share."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.model import Document, Graph, with_values
from graph_compiler.graph.plain import LARGEST_PLACE, LONGEST_NAME, NotPlain, id_problem, plain
from graph_compiler.graph.values import Edge, Json, Node

UNSET = msgspec.UNSET
"""In place of a value: take it away, so that the default holds."""
LARGEST_INDEX = 400_000
"""Bound of the index of a wire."""


class EditRefused(ValueError):
    """The edit does not fit the document. The message is for people."""


class Edit:
    """One step. `title` is shown in the undo menu; `merge_key` lets a spin or a drag become one step."""

    title: ClassVar[str] = "edit"

    def apply(self, document: Document) -> Edit:
        """Change the document and return the edit that takes it back. EditRefused: nothing was changed."""
        raise NotImplementedError

    def changes(self) -> ChangeSet:
        """What this edit touches (the inverse touches the same)."""
        raise NotImplementedError

    def describe(self) -> str:
        """The undo text, such as `set filters of conv2d_3`."""
        return self.title

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        """Edits with the same key, one after another, become one undo step; None never merges."""
        return None

    def then(self, later: Edit) -> Edit:
        """One edit that does the same as this one followed by `later`, which has the same merge key."""
        return later


def graph_of(document: Document, scope: str) -> Graph:
    """The graph of a scope, or a refusal."""
    try:
        return document.scope(scope)
    except KeyError:
        raise EditRefused(f"There is no block named “{scope}”.") from None


def node_of(document: Document, scope: str, node_id: str) -> Node:
    """The node of a scope, or a refusal."""
    node = graph_of(document, scope).nodes.get(node_id)
    if node is None:
        raise EditRefused(f"There is no node “{node_id}” here.")
    return node


def sound(value: Json) -> Json:
    """The value as it can be stored."""
    try:
        return plain(value)
    except NotPlain as problem:
        raise EditRefused(str(problem)) from None


def sound_node(node: Node) -> Node:
    """The node with storable values; refused when a file could not hold it."""
    if problem := id_problem(node.id):
        raise EditRefused(problem)
    if not node.type or max(map(len, (node.type, node.block, node.weights))) > LONGEST_NAME:
        raise EditRefused(f"Type, block and weights name have at most {LONGEST_NAME} characters; a node needs a type.")
    for text in (node.type, node.label, node.block, node.weights):
        sound(text)
    x, y = sound_place(node.x, node.y)
    return with_values(node, params=sound(node.params), extra=sound(node.extra), x=x, y=y)


def sound_place(x: float, y: float) -> tuple[float, float]:
    """A position a file can hold, or a refusal."""
    if not (abs(x) <= LARGEST_PLACE and abs(y) <= LARGEST_PLACE):
        raise EditRefused("That place is too far away.")
    return float(x), float(y)


def sound_edge(edge: Edge) -> Edge:
    """The wire with storable values; refused when a file could not hold it."""
    for port in (edge.source_port, edge.target_port):
        if not port or len(port) > LONGEST_NAME:
            raise EditRefused(f"A port has a name of at most {LONGEST_NAME} characters.")
        sound(port)
    if not 0 <= edge.index < LARGEST_INDEX:
        raise EditRefused("The index of a wire is a whole number from 0 on.")
    points = tuple(sound_place(x, y) for x, y in edge.points)
    return msgspec.structs.replace(edge, points=points, extra=sound(edge.extra))
