"""What the right button offers: verbs for what is selected, for a block, or for an empty place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from widgets.canvas.steps import Steps

NODES = (("Rename…", "F2", "rename"), ("Replace…", "Ctrl+R", "replace"), ("Duplicate", "Ctrl+D", "duplicate"),
         ("Copy", "Ctrl+C", "copy"), ("Cut", "Ctrl+X", "cut"), ("Mute", "M", "mute"), ("Freeze", "Shift+F", "freeze"),
         ("Join", "J", "join"), ("Group into block…", "Ctrl+G", "group"), ("Delete", "Del", "delete"),
         ("Delete and reconnect", "Ctrl+Del", "delete_reconnect"))
BLOCK = (("Open block", "Enter", "enter"), ("Place again", "", "place_again"),
         ("Place again, shared", "Shift+D", "place_again_shared"), ("Repeat…", "", "repeat"),
         ("Unpack", "Ctrl+Shift+G", "unpack"), ("Rename block…", "", "rename_block"), ("Save to my blocks", "", "save_block"))
NOTHING = (("Paste", "Ctrl+V", "paste"), ("Select all", "Ctrl+A", "select_all"), ("Tidy", "", "tidy"),
           ("Zoom to fit", "F", "fit"))
INSIDE = (("Leave block", "Esc", "leave"), ("Rename block…", "", "rename_block"))


class ContextMenu(Steps):
    """Opens the menu of one view."""

    def context_menu(self, at: QPoint, place: QPointF) -> None:
        """What can be done here."""
        menu, canvas, ids = QMenu(self._view), self._view.canvas, self._ids
        groups: list[tuple[tuple[str, str, str], ...]] = [NODES] if ids else [NOTHING]
        if len(ids) == 1 and canvas.graph.nodes[ids[0]].block:
            groups.insert(0, BLOCK)
        elif not ids and canvas.outer:
            groups.append(INSIDE)
        if not ids:
            menu.addAction("Add node…\tSpace", lambda: self._view.verbs.open_search(place))
        for group in groups:
            if not menu.isEmpty():
                menu.addSeparator()
            for text, keys, verb in group:
                menu.addAction(f"{text}\t{keys}" if keys else text, getattr(self._view.verbs, verb))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)
