"""Definitions as a whole: rename, clear out, save as a file of their own, take over from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from itertools import count as count_from

from graph_compiler.graph.blocks.inside import INSTANCE, definition_of, instances, needed, refuse_recursion
from graph_compiler.graph.blocks.names import sound_block_name
from graph_compiler.graph.edit import Edit, EditRefused
from graph_compiler.graph.edits import AddBlock, Batch, RemoveBlock, RemoveNode, SetField
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import BlockDefinition, Document, Graph, with_values
from graph_compiler.graph.values import Node


def rename_block(document: Document, old: str, new: str) -> Edit:
    """Give a definition another name; every instance follows."""
    block = definition_of(document, old)
    new = sound_block_name(document, new)
    edits: list[Edit] = [AddBlock(new, block)]
    edits += [SetField(node.id, "block", new, scope) for scope, node in instances(document, old)]
    edits += [SetField(node.id, "block", new, new) for scope, node in instances(document, old) if scope == old]
    return Batch((*edits, RemoveBlock(old)), f"rename block {old} to {new}")


def name_instance(document: Document, scope: str, node_id: str, name: str) -> Edit:
    """Call an instance so: its block, as long as that is placed once and the name can be a block's; else this place alone."""
    node = document.scope(scope).nodes[node_id]
    if not node.label and name != node.block and len(list(instances(document, node.block))) == 1:
        with suppress(EditRefused):
            return rename_block(document, node.block, name)
    return SetField(node_id, "label", "" if name in (node.type, node.block) else name, scope)


def unused_blocks(document: Document) -> list[str]:
    """Definitions that no instance in the drawing uses, directly or inside another."""
    used = needed(document, [node.block for node in document.graph.nodes.values() if node.block])
    return [name for name in document.blocks if name not in used]


def delete_unused_blocks(document: Document) -> Edit:
    """Remove every definition that the drawing does not use."""
    gone = unused_blocks(document)
    if not gone:
        raise EditRefused("Every block is used.")
    edits: list[Edit] = [RemoveNode(node.id, name) for name in gone
                         for node in document.blocks[name].graph.nodes.values() if node.block in gone]
    edits += [RemoveBlock(name) for name in gone]
    return Batch(tuple(edits), f"remove block {gone[0]}" if len(gone) == 1 else f"remove {len(gone)} unused blocks")


def block_document(document: Document, name: str) -> Document:
    """A document of its own: the block, those that it needs, and one instance of it to look at."""
    definition_of(document, name)
    whole = document.copy()
    instance = Node(id=fresh_id(name, ()), type=INSTANCE, block=name)
    fresh = Document(Graph([instance]), {n: whole.blocks[n] for n in needed(document, [name])})
    fresh.about = {"title": name}
    return fresh


def insert_block(document: Document, other: Document, name: str) -> tuple[Edit, str]:
    """Take a definition over from another document, with those that it needs. Returns the name it has here.

    An equal definition of the same name is used as it stands; a different one makes the new one take a fresh name.
    """
    definition_of(other, name)
    taken = take_over(document, {n: other.blocks[n] for n in needed(other, [name])})
    return Batch(tuple(taken.edits), f"insert block {taken.names[name]}"), taken.names[name]


@dataclass
class TakenOver:
    """Edits that add definitions from elsewhere, and the names under which they stand here."""

    edits: list[Edit] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def take_over(document: Document, blocks: Mapping[str, BlockDefinition]) -> TakenOver:
    """Add definitions to a document: equal ones are used, different ones of the same name get a fresh name."""
    taken = TakenOver()
    here = dict(document.blocks)
    for name in needed(Document(blocks=dict(blocks)), list(blocks)):
        for fresh in chain([name], (f"{name}_{count}" for count in count_from(2))):
            block = _renamed(blocks[name], {**taken.names, name: fresh})
            if fresh not in here:
                taken.edits.append(AddBlock(fresh, block))
                here[fresh] = block
            if here[fresh] == block:
                taken.names[name] = fresh
                break
    return taken


def refuse_inside_itself(document: Document, scope: str, taken: TakenOver, blocks: Iterable[str]) -> None:
    """Refuse when one of these blocks, or one they bring along, as taken over, would stand inside itself in that scope."""
    for name in dict.fromkeys((*blocks, *taken.names)):
        if taken.names.get(name, name) in document.blocks:
            refuse_recursion(document, scope, taken.names.get(name, name))


def _renamed(block: BlockDefinition, names: Mapping[str, str]) -> BlockDefinition:
    """The definition with its inner instances naming other blocks."""
    nodes = [with_values(n, block=names.get(n.block, n.block)) if n.block else n for n in block.graph.nodes.values()]
    twin = BlockDefinition(Graph(nodes, block.graph.edges.values()), block.parameters, block.summary)
    twin.extra = dict(block.extra)
    return twin
