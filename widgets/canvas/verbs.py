"""What the keyboard, menus and the search do to the graph in view: every verb is one undo step."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from graph_compiler.graph.blocks import remove_port
from graph_compiler.graph.blocks.inside import BOUNDARY
from graph_compiler.graph.edits import Connect, Disconnect, Edit, RemoveNode, SetField
from graph_compiler.graph.values import Edge
from widgets.canvas.arranging import Arranging, with_framed
from widgets.canvas.block_verbs import BlockVerbs
from widgets.canvas.connecting import best_wire
from widgets.canvas.context_menu import ContextMenu
from widgets.canvas.giving import merge_words, unfit
from widgets.canvas.items import NodeItem
from widgets.canvas.note_verbs import NoteVerbs
from widgets.canvas.pasting import Pasting
from widgets.canvas.popups import Popups
from widgets.canvas.walking import Walking
from widgets.canvas.wire_verbs import WireVerbs
from widgets.keys import KeyMap

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

KEYS = {
    "Del": "delete", "Backspace": "delete_or_leave", "Ctrl+Del": "delete_reconnect", "Return": "enter", "Enter": "enter",
    "M": "mute", "Shift+F": "freeze", "J": "join", "F": "fit", "Home": "fit", ".": "fit_selection", "1": "zoom_100",
    "F2": "rename", "Ctrl+A": "select_all", "Ctrl+C": "copy", "Ctrl+X": "cut", "Ctrl+V": "paste", "Ctrl+D": "duplicate",
    "Ctrl+Shift+D": "duplicate_wired", "Ctrl+R": "replace", "Ctrl+G": "group", "Ctrl+Shift+G": "unpack",
    "Shift+D": "place_again_shared",
    "Alt+S": "swap", "N": "add_note", "Shift+G": "add_frame",
    "Ctrl+F": "find_node", "Shift+N": "next_instance", "Ctrl+Space": "toggle_current",
    **{f"Ctrl+{way}": f"go_{way.lower()}" for way in ("Left", "Right", "Up", "Down")},
    **{f"Alt+{way}": f"move_{way.lower()}" for way in ("Left", "Right", "Up", "Down")},
    "Shift+A": "open_search", "X": "delete", "A": "select_all", "Ctrl+M": "mute", "Ctrl+B": "mute"}
"""The last line is for hands that have learnt on other node editors; the chord that is shown is the first one of a verb."""
NOTHING_TO = {"muted": "Select what should be muted.", "frozen": "Select what should be frozen."}
CANNOT = {"muted": "Only layers, operations, blocks and objectives can be muted.",
          "frozen": "Only layers and blocks can be frozen."}
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class Verbs(Pasting, Popups, BlockVerbs, Arranging, Walking, WireVerbs, NoteVerbs, ContextMenu):
    """Verbs of one view."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self.keys = KeyMap(KEYS)

    def key(self, event: QKeyEvent) -> bool:
        """Carry out a key; False when it means nothing here."""
        key, held = Qt.Key(event.key()), event.modifiers()
        name = self.keys.verb(event)
        if name is None and key in ARROWS:
            if not held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
                self.step(*ARROWS[key], adding=bool(held & Qt.KeyboardModifier.ShiftModifier))
            return True
        if name is None:
            return False
        getattr(self, name)()
        return True

    # Looking.

    def fit(self) -> None:
        """Everything in view."""
        self._view.fit()

    def fit_selection(self) -> None:
        """The selection in view."""
        self._view.fit_selection()

    def zoom_100(self) -> None:
        """100 %."""
        self._view.zoom_100()

    def select_all(self) -> None:
        """Every node."""
        self._view.canvas.select(list(self._view.canvas.boxes))

    # Changing.

    def cut(self) -> None:
        """Copy and delete."""
        self.copy()
        self.delete()

    def delete(self) -> None:
        """The selected nodes and wires, and what stands in selected frames; what hung on them is left open."""
        canvas, ids = self._view.canvas, with_framed(self._view.canvas)
        chosen = set(ids)
        edits: list[Edit] = [Disconnect(k, canvas.scope) for k in sorted(canvas.selected_wires)
                             if k[0] not in chosen and k[2] not in chosen]
        for node_id in sorted(ids, key={n: i for i, n in enumerate(canvas.graph.nodes)}.__getitem__, reverse=True):
            edits += self._removal(node_id)  # the last one first: each then comes back behind those that are there
        self._do(edits, f"delete {ids[0]}" if len(ids) == 1 else f"delete {len(ids)} nodes" if ids else "delete wire")

    def _removal(self, node_id: str) -> list[Edit]:
        """Edits that take a node away; with a port of the block in view go the wires at its instances."""
        canvas = self._view.canvas
        if canvas.graph.nodes[node_id].type in BOUNDARY and canvas.outer:
            return [remove_port(self._view.document.document, canvas.scope, node_id)]
        return [RemoveNode(node_id, canvas.scope)]

    def delete_or_leave(self) -> None:
        """Backspace: delete what is selected, without a selection go out of the block."""
        if self._view.canvas.selected or self._view.canvas.selected_wires:
            self.delete()
        else:
            self.leave()

    def delete_reconnect(self) -> None:
        """Delete, and join what was before with what comes after where the shapes still fit."""
        ids = with_framed(self._view.canvas)
        what = ids[0] if len(ids) == 1 else f"{len(ids)} nodes"
        with self._one_step(f"delete {what} and reconnect", ids):
            for node_id in ids:
                bridges, reasons = self._bridges(node_id)
                self._do([*self._removal(node_id), *bridges], "delete")
                for reason in reasons:
                    self._view.status.emit(reason)

    def _bridges(self, node_id: str) -> tuple[list[Edit], list[str]]:
        """Wires from what came first into a node straight to what followed it, and why some cannot be."""
        canvas = self._view.canvas
        facts, edits, reasons = canvas.facts(node_id), list[Edit](), list[str]()
        ports = [port.name for port in facts.ports_in] if facts is not None else []
        into = sorted((e for e in canvas.graph.into(node_id) if e.target_port in ports),
                      key=lambda e: (ports.index(e.target_port), e.index))
        source = canvas.facts(into[0].source) if into else None
        if source is None:
            return [], []
        tensor = source.outputs.get(into[0].source_port)
        for edge in canvas.graph.out_of(node_id):
            target = canvas.facts(edge.target)
            port = next((p for p in target.ports_in if p.name == edge.target_port), None) if target is not None else None
            if port is None or port.role == "state":
                continue
            if reason := merge_words(target, tensor, self._place(edge)) if port.many else unfit(target, port, tensor):
                reasons.append(f"{edge.target} is left open. {reason}")
                continue
            bridge = replace(edge, source=into[0].source, source_port=into[0].source_port, points=())
            edits.append(Connect(bridge, canvas.scope))
        return edits, reasons

    def _place(self, edge: Edge) -> int:
        """The place of a wire among those into its port."""
        beside = self._view.canvas.graph.into_port(edge.target, edge.target_port)
        return sum(other.index < edge.index for other in beside)

    def mute(self) -> None:
        """Mute the selection; unmute when all of it is muted."""
        self._toggle("muted", ("layer", "operation", "block", "objective"))

    def freeze(self) -> None:
        """Freeze the selection; unfreeze when all of it is frozen."""
        self._toggle("frozen", ("layer", "block"))

    def _toggle(self, name: str, kinds: tuple[str, ...]) -> None:
        canvas = self._view.canvas
        nodes = []
        for node_id in self._ids:
            facts = canvas.facts(node_id)
            if facts is not None and facts.spec is not None and facts.spec.kind in kinds:
                nodes.append(facts.node)
        if not nodes:
            self._view.status.emit(NOTHING_TO[name] if not self._ids else CANNOT[name])
            return
        on = not all(getattr(n, name) for n in nodes)
        verb = {"muted": ("unmute", "mute"), "frozen": ("unfreeze", "freeze")}[name][on]
        self._do([SetField(n.id, name, on, canvas.scope) for n in nodes if getattr(n, name) != on],
                 f"{verb} {nodes[0].id if len(nodes) == 1 else f'{len(nodes)} nodes'}")

    def join(self) -> None:
        """Connect the selection into a chain from left to right, and its source with the targets that are left open."""
        canvas = self._view.canvas
        chain = [n for n in self._ids if isinstance(canvas.boxes[n], NodeItem)]
        chain.sort(key=lambda n: (round(canvas.graph.nodes[n].y / 160), canvas.graph.nodes[n].x))
        pairs = [(a, b) if self._can_join(a, b) else (b, a) for a, b in pairwise(chain)]
        pairs = [pair for pair in pairs if self._can_join(*pair)]
        pairs += [pair for pair in self._open_targets(chain) if pair not in pairs]
        if not pairs:
            self._view.status.emit("Select two nodes or more to join." if len(chain) < 2 else "Nothing is left to join here.")
        found = [best_wire(canvas, *pair) for pair in pairs]
        with self._one_step(f"join {len(chain)} nodes", [f for f in found if f[0] is not None]):
            reasons = [self.wire_up(source, target) for source, target in pairs]
        if reason := next(filter(None, reasons), ""):
            self._view.status.emit(reason)

    def _open_targets(self, chain: list[str]) -> list[tuple[str, str]]:
        """The only source of a chain, with every objective in it whose target is free."""
        canvas = self._view.canvas
        facts = [f for f in map(canvas.facts, chain) if f is not None and f.spec is not None]
        sources = [f.node.id for f in facts if f.spec is not None and f.spec.kind == "source"]
        if len(sources) != 1:
            return []
        return [(sources[0], f.node.id) for f in facts for p in f.ports_in if p.role == "target"
                and not canvas.graph.into_port(f.node.id, p.name) and self._can_join(sources[0], f.node.id)]

    def _can_join(self, source: str, target: str) -> bool:
        canvas = self._view.canvas
        here, there = canvas.facts(source), canvas.facts(target)
        joined = any(e.target == target for e in canvas.graph.out_of(source))
        return bool(here and there and here.ports_out and there.ports_in and not joined
                    and not canvas.graph.reaches(target, source))
