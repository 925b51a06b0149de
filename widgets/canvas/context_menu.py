"""What the right button offers: verbs for what is selected, for a block, or for an empty place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from graph_compiler.graph.blocks import instances, twins
from graph_compiler.graph.values import EdgeKey
from widgets.canvas.notes import FrameItem
from widgets.canvas.steps import Steps
from widgets.keys import shown_keys

Rows = tuple[tuple[str, str], ...]
"""Words and verb of each row."""
NODES = (("Rename…", "rename"), ("Replace…", "replace"), ("Duplicate", "duplicate"),
         ("Duplicate with incoming wires", "duplicate_wired"), ("Copy", "copy"), ("Cut", "cut"),
         ("Mute", "mute"), ("Freeze", "freeze"), ("Join", "join"), ("Group into block…", "group"), ("Delete", "delete"),
         ("Delete and reconnect", "delete_reconnect"))
BLOCK = (("Open block", "enter"), ("Place again", "place_again"), ("Place again, shared", "place_again_shared"),
         ("Next instance", "next_instance"), ("Repeat…", "repeat"),
         ("Unpack", "unpack"), ("Rename block…", "rename_block"), ("Save to my blocks", "save_block"))
UNPACK_OWN = ("Unpack with weights of its own", "unpack_own")
"""Of a block that shares its weights: single nodes cannot."""
THIS_ONE = ("Rename this one…", "rename")
"""Of a block that is placed several times, beside the name of all."""
ALIGN = (("Left edges", "align_left"), ("Centres", "align_centre"), ("Right edges", "align_right"), ("Top edges", "align_top"),
         ("Middles", "align_middle"), ("Bottom edges", "align_bottom"), ("Even gaps from left to right", "spread_across"),
         ("Even gaps from top to bottom", "spread_down"))
NOTHING = (("Paste", "paste"), ("Select all", "select_all"), ("Tidy", "tidy"), ("Zoom to fit", "fit"))
INSIDE = (("Leave block", "leave"), ("Rename block…", "rename_block"))
SHOWN = {"leave": "Esc"}
"""Keys that the table of keys does not have."""


class ContextMenu(Steps):
    """Opens the menu of one view."""

    def context_menu(self, at: QPoint, place: QPointF, wire: EdgeKey | None = None) -> None:
        """What can be done here; `wire` is the one under the pointer."""
        menu, canvas, ids = QMenu(self._view), self._view.canvas, self._ids
        if wire is not None and not ids:
            self._fill_wire(menu, place, wire)
            menu.popup(at)
            return
        groups: list[Rows] = [NODES] if ids else [NOTHING]
        if len(ids) == 1 and (block := canvas.graph.nodes[ids[0]].block):
            once = len(list(instances(self._view.document.document, block))) == 1
            shared = bool(twins(canvas.graph, canvas.graph.nodes[ids[0]]))
            rows = tuple(UNPACK_OWN if shared and row[1] == "unpack" else row for row in BLOCK)
            groups = [rows[:-2] + rows[-1:] if once else rows, NODES if once else (THIS_ONE, *NODES[1:])]
        elif not ids and canvas.outer:
            groups.append(INSIDE)
        if not ids:
            menu.addAction("Add node…\tSpace", lambda: self._view.verbs.open_search(place))
        for group in groups:
            if not menu.isEmpty():
                menu.addSeparator()
            self._fill(menu, group)
        menu.addSeparator()
        if ids:
            self._fill(menu, (("Put into a frame", "add_frame"),))
        else:
            menu.addAction("Add note", lambda: self._view.verbs.add_note(place))
            menu.addAction("Add frame", lambda: self._view.verbs.add_frame(place))
        if any(isinstance(canvas.boxes[n], FrameItem) for n in ids):
            self._view.verbs.fill_frame_menu(menu)
        if len(ids) > 1:
            menu.addAction("Tidy selection", self._view.verbs.tidy)
            self._fill(menu.addMenu("Align"), ALIGN)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _fill_wire(self, menu: QMenu, place: QPointF, wire: EdgeKey) -> None:
        verbs, canvas = self._view.verbs, self._view.canvas
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Insert node…", lambda: verbs.open_search(place))
        menu.addAction("Bend here", lambda: verbs.add_bend(wire, place))
        rows = [("Straighten", "straighten")] if any(canvas.wires[k].edge.points for k in canvas.selected_wires) else []
        rows += [("Swap ends", "swap")] if len(canvas.selected_wires) == 2 else []
        self._fill(menu, (*rows, ("Delete", "delete")))

    def _fill(self, menu: QMenu, rows: Rows) -> None:
        for text, verb in rows:
            keys = SHOWN.get(verb) or shown_keys(self._view.verbs.keys.keys(verb))
            menu.addAction(f"{text}\t{keys}" if keys else text, getattr(self._view.verbs, verb))
