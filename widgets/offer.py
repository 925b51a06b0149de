"""What can be placed where one is: node types, blocks of the document and saved ones, and inside a block its ports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph_compiler.analysis.blocks import block_params
from graph_compiler.graph.blocks import boundary, needed, port_name
from graph_compiler.graph.blocks.inside import INPUT, INSTANCE, OUTPUT
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT, Node
from graph_compiler.specs.nodes import NodeSpec, Port
from graph_compiler.specs.registry import Registry
from widgets.words import plural

BLOCK, SAVED = "block/", "saved/"
"""How keys of blocks begin; no type has a “/” in its name."""
PORTS = {INPUT: ("Block input", "in"), OUTPUT: ("Block output", "out")}
"""The words of a block's ports, and what a new one is called."""


@dataclass(frozen=True, kw_only=True)
class Entry(NodeSpec):
    """Something to place that is not a node type: a block, or a port of the block one is in. `key` says which."""

    key: str = ""


def key_of(spec: NodeSpec) -> str:
    """What stands for an entry in drags and among the recent ones: the type, or `block/name`."""
    return spec.key if isinstance(spec, Entry) else spec.name


def offered(registry: Registry, document: Document, scope: str, saved: Iterable[Entry] = ()) -> list[NodeSpec]:
    """Everything that can stand in a scope, blocks last."""
    inside = scope != ROOT
    left_out = registry.drawing_only if inside else frozenset()
    specs = [s for s in registry.nodes.values() if s.name not in left_out and s.kind not in ("block", "boundary")]
    ports = [port_entry(registry, name) for name in PORTS] if inside else []
    blocks = [block_entry(document, name) for name in document.blocks if not inside or fits(document, scope, name)]
    here = {entry.name for entry in blocks} | ({scope} if inside else set())
    return [*specs, *ports, *blocks, *(entry for entry in saved if entry.name not in here)]


def fits(document: Document, scope: str, name: str) -> bool:
    """Whether an instance of a block can stand in a scope without standing inside itself."""
    return scope == ROOT or scope not in needed(document, [name])


def port_entry(registry: Registry, type_name: str) -> Entry:
    """A port of the block one is in."""
    spec = registry.nodes[type_name]
    return Entry(name=PORTS[type_name][0], key=type_name, family=spec.family, kind=spec.kind, summary=spec.summary,
                 inputs=spec.inputs, outputs=spec.outputs)


def block_entry(document: Document, name: str, saved: bool = False) -> Entry:
    """A block of a document."""
    block = document.blocks[name]
    size = plural(sum(n.type not in PORTS for n in block.graph.nodes.values()), "node")
    ins, outs = ([Port(port_name(n)) for n in boundary(block, side)] for side in PORTS)
    return Entry(name=name, key=f"{SAVED if saved else BLOCK}{name}", family="blocks", kind="block",
                 summary=block.summary or (f"One of my blocks, {size}" if saved else f"A block of {size}"), inputs=tuple(ins),
                 outputs=tuple(outs), params=block_params(document, Node(id=name, type=INSTANCE, block=name)))
