"""What the right button offers at a field inside a block: make it a parameter of the block, use one, or let one go."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu

from graph_compiler.graph.blocks import expose
from graph_compiler.graph.blocks.names import fresh_name
from graph_compiler.graph.edits import EditRefused, SetParam
from graph_compiler.graph.substitution import mentioned
from graph_compiler.graph.values import ROOT, BlockParameter, Json, Node
from graph_compiler.specs.params import Param
from widgets.document import GraphDocument
from widgets.inspector.reading import Names, worth_of

FITTING = {"int": ("int",), "float": ("int", "float"), "bool": ("bool",), "choice": ("text",), "text": ("text",),
           "ints": ("int",)}
"""Kinds of block parameters that may stand for a kind of field."""


def fill(menu: QMenu, document: GraphDocument, scope: str, node: Node, param: Param, names: Names) -> None:
    """Add the entries for one field of a node inside a block."""
    block = document.document.blocks.get(scope) if scope != ROOT else None
    if block is None or param.kind not in FITTING:
        return
    if not menu.isEmpty():
        menu.addSeparator()
    stored = node.params.get(param.name)
    if mentioned(stored):
        menu.addAction("Give it a value of its own", partial(_let_go, document, scope, node, param, names))
        return
    name = fresh_name(param.name, {p.name for p in block.parameters})
    menu.addAction(f"Make “{name}” a block parameter", partial(_expose, document, scope, node, param, name))
    fitting = [p for p in block.parameters if p.kind in FITTING[param.kind]]
    if fitting:
        uses = menu.addMenu("Use a block parameter")
        for declared in fitting:
            uses.addAction(declared.name, partial(_use, document, scope, node, param, declared))


def _expose(document: GraphDocument, scope: str, node: Node, param: Param, name: str) -> None:
    kind = "float" if param.kind == "float" else ""
    try:
        document.do(expose(document.document, scope, node.id, param.name, name, param.default, kind))
    except EditRefused as refusal:
        document.refused.emit(str(refusal))


def _use(document: GraphDocument, scope: str, node: Node, param: Param, declared: BlockParameter) -> None:
    use: Json = {"=": declared.name}
    length = getattr(param, "length", 1)
    document.do(SetParam(node.id, param.name, [use] * length if length > 1 else use, scope))


def _let_go(document: GraphDocument, scope: str, node: Node, param: Param, names: Names) -> None:
    stored = node.params.get(param.name)
    worth = [worth_of(part, names) for part in stored] if isinstance(stored, list) else worth_of(stored, names)
    known = worth is not None and not (isinstance(worth, list) and None in worth)
    document.do(SetParam(node.id, param.name, worth if known else param.default, scope))
