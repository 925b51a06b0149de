"""Edits without values that only repeat a default, so that a document stores what a person really chose."""

from __future__ import annotations

from dataclasses import replace

from graph_compiler.graph.edits import UNSET, AddNode, Batch, Edit, ReplaceNode, SetParam
from graph_compiler.graph.model import Document, with_values
from graph_compiler.graph.plain import NotPlain, plain
from graph_compiler.graph.values import Json, Node
from graph_compiler.specs.registry import Registry


def lean(edit: Edit, document: Document, registry: Registry) -> Edit:
    """The same edit, with parameters that equal their default unset. Parameters of blocks and unknown types stay."""
    match edit:
        case SetParam():
            return _lean_param(edit, document, registry)
        case AddNode() | ReplaceNode():
            return replace(edit, node=lean_node(edit.node, registry))
        case Batch():
            return replace(edit, edits=tuple(lean(part, document, registry) for part in edit.edits))
    return edit


def lean_node(node: Node, registry: Registry) -> Node:
    """The node without parameters that equal their default."""
    kept = {name: value for name, value in node.params.items() if not is_default(node, name, value, registry)}
    return with_values(node, params=kept) if len(kept) < len(node.params) else node


def is_default(node: Node, name: str, value: Json, registry: Registry) -> bool:
    """Whether a value is, to the letter, what the parameter of the node has without it."""
    spec = registry.node(node.type)
    param = spec.param(name, node.params) if spec else None
    if param is None:
        return False
    try:
        return repr(plain(value)) == repr(plain(param.default))
    except NotPlain:
        return False


def _lean_param(edit: SetParam, document: Document, registry: Registry) -> SetParam:
    try:
        node = document.scope(edit.scope).nodes.get(edit.id)
    except KeyError:
        return edit
    if edit.value is UNSET or node is None or not is_default(node, edit.name, edit.value, registry):
        return edit
    return replace(edit, value=UNSET)
