"""Verbs of blocks: make one of the selection, take it apart, place it again, repeat it, go in and out."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF

from graph_compiler.graph.blocks import (
    delete_unused_blocks,
    group,
    place_again,
    rename_block,
    repeat,
    twins,
    unpack,
    unused_blocks,
)
from graph_compiler.graph.blocks.names import sound_block_name
from graph_compiler.graph.blocks.placing import MOST
from graph_compiler.graph.values import ROOT, Node
from widgets.canvas.asking import Asker
from widgets.canvas.block_names import suggested
from widgets.canvas.inserting import spread
from widgets.canvas.renaming import Renaming, refusal_of
from widgets.canvas.room import free_place
from widgets.canvas.scopes import instances_of
from widgets.words import plural

TIMES = 3
"""How often `repeat` offers to place a block."""
BELOW = 24.0
"""Free room between an instance and the one that is placed again, px."""


class BlockVerbs(Renaming):
    """What is done with blocks in one view."""

    _told: tuple[list[str], int] = ([], -1)
    """Of which blocks, at which step of Undo, it was said last that unpacking parts their weights."""

    def enter(self) -> None:
        """Into the selected block; of any other node the fields take the keyboard."""
        ids = self._ids
        if len(ids) != 1:
            return
        if self._view.canvas.graph.nodes[ids[0]].block:
            self._view.trail.enter(ids[0])
        else:
            self._view.edit_wanted.emit()

    def leave(self) -> None:
        """Out of the block in view."""
        self._view.trail.leave()

    def next_instance(self) -> None:
        """To the next place where the selected block stands, or into the next instance of the one in view; round and round."""
        name = self._definition()
        if not name:
            return
        paths = instances_of(self._view.document.document, name)
        ids = self._ids
        here = self._view.canvas.path_of(ids[0]) if ids else self._view.trail.path
        place = paths.index(here) if here in paths else -1
        goal = paths[(place + 1) % len(paths)] if paths else here
        if goal == here:
            self._view.status.emit(f"{name} is placed once.")
        elif here == self._view.trail.path:
            self._view.trail.go(goal)
        else:
            self._view.trail.jump(goal)

    def group(self) -> None:
        """Make a block of the selection, under a name that is asked for beside it."""
        document, canvas, ids = self._view.document.document, self._view.canvas, self._ids
        name = suggested(canvas.graph, ids, self._view.document.registry, document.blocks)
        only = self._view.document.registry.drawing_only
        if refusal := refusal_of(lambda: group(document, canvas.scope, ids, name, only, self._ports)):
            self._view.status.emit(refusal)
            return

        def make(chosen: str) -> None:
            self._select_fresh(self._carry_out(lambda: group(document, canvas.scope, ids, chosen, only, self._ports)))

        asker = Asker(self._view, f"Make a block of {plural(len(ids), 'node')}", "Enter makes it, Esc lets it be.", name,
                      lambda text: refusal_of(lambda: sound_block_name(document, text)))
        self._ask(asker, make).open_above(self._around())

    def _ports(self, node: Node) -> tuple[list[str], list[str]]:
        """Ports that a block of the node needs where no wire says so."""
        facts = self._view.canvas.facts(node.id)
        if facts is None or facts.spec is None or facts.spec.kind in ("note", "frame"):
            return [], []
        return [p.name for p in facts.ports_in if not p.optional], [p.name for p in facts.ports_out[:1]]

    def unpack(self) -> None:
        """Put what the selected blocks hold in their places. Where they share weights it is said first what comes of it."""
        ids, canvas = self._blocks(), self._view.canvas
        sharing = next((n for n in ids if twins(canvas.graph, canvas.graph.nodes[n])), "")
        asked = (ids, self._view.document.undo_stack.index())
        if sharing and self._told != asked:
            others = ", ".join(n.id for n in twins(canvas.graph, canvas.graph.nodes[sharing]))
            self._view.status.emit(f"{sharing} shares its weights with {others}, which single nodes cannot. "
                                   "Unpack once more, and its nodes have weights of their own.")
            self._told = asked
            return
        self._unpack(ids)

    def unpack_own(self) -> None:
        """Unpack the selected blocks; those that share their weights leave nodes with weights of their own."""
        self._unpack(self._blocks())

    def _unpack(self, ids: list[str]) -> None:
        document, canvas = self._view.document.document, self._view.canvas
        fresh: list[str] = []
        with self._one_step(f"unpack {ids[0] if len(ids) == 1 else plural(len(ids), 'block')}", ids):
            for node_id in ids:
                came = self._carry_out(partial(unpack, document, canvas.scope, node_id, own=True)) or []
                self._do(spread(canvas, came), "make room")
                fresh += came
        self._select_fresh(fresh)

    def _blocks(self) -> list[str]:
        """The selected instances; says so when there are none."""
        ids = [n for n in self._ids if self._view.canvas.graph.nodes[n].block]
        if not ids:
            self._view.status.emit("Select a block to unpack.")
        return ids

    def place_again(self, shared: bool = False) -> None:
        """The selected block once more, with weights of its own or, `shared`, with the same ones."""
        node = self._block()
        if node is None:
            return
        canvas, document = self._view.canvas, self._view.document.document
        card, gap = canvas.boxes[node.id].card_rect(), QPointF(BELOW, BELOW)
        corner = (card.topRight() if canvas.flow.down else card.bottomLeft()) + gap
        x, y = node.x, canvas.flow.back(corner)[1]
        spot = free_place(canvas, Node(id=node.id, type=node.type, block=node.block, x=x, y=y))
        self._select_fresh(self._carry_out(lambda: place_again(document, canvas.scope, node.id, shared, spot.x, spot.y)))

    def place_again_shared(self) -> None:
        """The selected block once more with the same weights."""
        self.place_again(shared=True)

    def repeat(self) -> None:
        """Several instances in a chain in place of the selected one; how many is asked for."""
        node = self._block()
        if node is None:
            return
        document, scope = self._view.document.document, self._view.canvas.scope

        def check(text: str) -> str:
            return "" if text.isdecimal() and 2 <= int(text) <= MOST else f"Expected a whole number from 2 to {MOST}."

        asker = Asker(self._view, f"Repeat {node.name}", "How many in a row? Each has weights of its own.", str(TIMES), check)
        self._ask(asker, lambda text: self._select_fresh(
            self._carry_out(lambda: repeat(document, scope, node.id, int(text))), node.id)).open_above(self._around())

    def rename_block(self) -> None:
        """Another name for the selected block, or the one in view; every instance follows."""
        document, old, ids = self._view.document.document, self._definition(), self._ids
        if not old:
            return

        def check(text: str) -> str:
            return "" if text == old else refusal_of(lambda: sound_block_name(document, text))

        asker = self._ask(Asker(self._view, f"Rename the block {old}", "Every instance follows.", old, check), lambda new:
                          new != old and self._carry_out(lambda: rename_block(document, old, new)))
        asker.open_above(self._around() if ids else self._view.viewport().rect().adjusted(8, 0, 0, -self._view.height()))

    def save_block(self) -> None:
        """Keep the selected block, or the one in view, among the user's blocks."""
        if name := self._definition():
            self._view.save_wanted.emit(name)

    def delete_unused(self) -> None:
        """Take away every definition that nothing in the drawing uses."""
        document = self._view.document.document
        gone = unused_blocks(document)
        if self._carry_out(lambda: delete_unused_blocks(document)) is not None:
            self._view.status.emit(f"Deleted {', '.join(gone[:3])}{' and more' if len(gone) > 3 else ''}.")

    def _definition(self) -> str:
        """The block of the selected instance, without a selection the one in view; says so when there is none."""
        canvas, ids = self._view.canvas, self._ids
        name = canvas.graph.nodes[ids[0]].block if len(ids) == 1 else "" if ids else canvas.scope
        if name not in self._view.document.document.blocks:
            self._view.status.emit("Select one block.")
            return ""
        return name

    def _block(self) -> Node | None:
        """The one selected instance; says so when there is none."""
        ids = self._ids
        node = self._view.canvas.graph.nodes[ids[0]] if len(ids) == 1 else None
        if node is None or not node.block or node.block == ROOT:
            self._view.status.emit("Select one block.")
            return None
        return node

    def _select_fresh(self, ids: list[str] | None, first: str = "") -> None:
        """Select what a verb has made, and bring it into view."""
        if ids:
            chosen = [first, *ids] if first else ids
            self._view.canvas.select(chosen)
            self._view.bring(chosen[-1])
