"""Parameters of a block: declare, rename, and make one out of a value inside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graph_compiler.graph.blocks.inside import definition_of, instances
from graph_compiler.graph.edit import UNSET, Edit, EditRefused, node_of
from graph_compiler.graph.edits import Batch, ReplaceNode, SetBlockParameters, SetParam
from graph_compiler.graph.model import Document, with_values
from graph_compiler.graph.substitution import mentioned, substituted
from graph_compiler.graph.values import BlockParameter, Json

KINDS = ("int", "float", "bool", "text")
_NAME = re.compile(r"[A-Za-z_]\w*")


def set_parameters(document: Document, block: str, parameters: Sequence[BlockParameter],
                   renamed: Mapping[str, str] | None = None) -> Edit:
    """Declare these parameters. `renamed` maps old names to new ones: expressions and instances follow.

    Where a parameter goes, expressions get its default, and instances lose their value for it.
    """
    definition, renamed = definition_of(document, block), dict(renamed or {})
    for parameter in parameters:
        _refuse_unsound(parameter)
    kept = {p.name for p in parameters}
    if unknown := sorted(set(renamed.values()) - kept):
        raise EditRefused(f"“{unknown[0]}” is not among the parameters.")
    given: dict[str, Json] = {old: {"=": new} for old, new in renamed.items() if old != new}
    gone = {p.name: p.default for p in definition.parameters if p.name not in kept and p.name not in given}
    edits: list[Edit] = [SetBlockParameters(block, tuple(parameters))]
    for node in definition.graph.nodes.values():
        if any(mentioned(value) & (given.keys() | gone.keys()) for value in node.params.values()):
            params = {name: substituted(value, {**gone, **given}) for name, value in node.params.items()}
            edits.append(ReplaceNode(with_values(node, params=params), block))
    for scope, node in instances(document, block):
        params = {renamed.get(name, name): value for name, value in node.params.items() if name not in gone}
        if params != node.params:
            edits.append(ReplaceNode(with_values(node, params=params), scope))
    return Batch(tuple(edits), f"set parameters of {block}")


def expose(document: Document, block: str, node_id: str, param: str, name: str, value: Json = UNSET,
           kind: str = "") -> Edit:
    """Make a parameter of the block out of one of an inner node; its present value becomes the default.

    `value` is what the inner parameter is now when the node stores none (its own default), `kind` what it takes (`float` for
    a rate that happens to be 1). Lists of equal whole numbers, such as a square kernel, become one number.
    """
    definition = definition_of(document, block)
    node = node_of(document, block, node_id)
    now = node.params.get(param, value)
    if now is UNSET:
        raise EditRefused(f"{param} of {node.name} has no value yet. Set it first.")
    if mentioned(now):
        raise EditRefused(f"{param} of {node.name} is computed already.")
    default = _single(now)
    kind = kind or {int: "int", float: "float", bool: "bool", str: "text"}.get(type(default), "")
    if not kind or isinstance(default, (list, dict, type(None))):
        raise EditRefused(f"{param} of {node.name} is no number, text or switch, so it cannot be a parameter of the block.")
    fresh = BlockParameter(name=name.strip(), kind=kind, default=default)
    _refuse_unsound(fresh)
    if any(p.name == fresh.name for p in definition.parameters):
        raise EditRefused(f"The block has a parameter “{fresh.name}” already.")
    use: Json = {"=": fresh.name}
    inner = [use] * len(now) if isinstance(now, (list, tuple)) else use
    return Batch((SetBlockParameters(block, (*definition.parameters, fresh)), SetParam(node_id, param, inner, block)),
                 f"make {fresh.name} a parameter of {block}")


def _single(value: Json) -> Json:
    """The one value of a list of equal ones, or the value itself."""
    if isinstance(value, (list, tuple)) and value and all(part == value[0] and type(part) is int for part in value):
        return value[0]
    return value


def _refuse_unsound(parameter: BlockParameter) -> None:
    if not _NAME.fullmatch(parameter.name) or len(parameter.name) > 40:
        raise EditRefused(f"“{parameter.name[:40]}” cannot name a parameter. Use letters, digits and “_”, a letter first.")
    if parameter.kind not in KINDS:
        raise EditRefused(f"“{parameter.kind[:40]}” is no kind of parameter. There are {', '.join(KINDS)}.")
