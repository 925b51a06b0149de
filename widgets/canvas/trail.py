"""The way into blocks and out again: which instance one is in, and how each graph was last looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.values import ROOT
from widgets.canvas.scopes import instance_path, nearest, scope_at, steps

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

READABLE = 0.45
"""A block one has not been in yet is shown at no smaller zoom: names can be read, from the left on."""
Sight = tuple[float, QPointF]
"""Zoom, and the scene point in the middle of the view."""


@dataclass
class Seen:
    """How a document was looked at: where, with what selected, and each graph one was in."""

    path: str
    selected: list[str]
    sights: dict[str, Sight]


class Trail(QObject):
    """Leads one view through the blocks of its document. `moved(path)` when another graph is shown."""

    moved = Signal(str)

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._sights: dict[str, Sight] = {}

    @property
    def path(self) -> str:
        """Ids of the instances one has gone into, `outer.inner`; empty in the drawing itself."""
        return self._view.canvas.outer

    def crumbs(self) -> list[tuple[str, str]]:
        """(path, name) of every block on the way, the outermost first; the drawing itself is left out."""
        document, found = self._view.document.document, []
        for path in steps(self.path)[1:]:
            outer, _, node_id = path.rpartition(".")
            scope = scope_at(document, outer)
            node = document.scope(scope).nodes.get(node_id) if scope is not None else None
            found.append((path, node.name if node is not None else node_id))
        return found

    def seen(self) -> Seen:
        """How the document is looked at now."""
        self._remember()
        return Seen(self.path, list(self._view.canvas.selected), dict(self._sights))

    def start(self, seen: Seen | None = None) -> None:
        """The view shows another document, as it was seen last."""
        self._sights = dict(seen.sights) if seen is not None else {}
        if seen is not None and self.path == seen.path:
            self._recall(self._view.canvas.scope)
            self._view.select(seen.selected)
        self.moved.emit(self.path)

    def enter(self, node_id: str) -> bool:
        """Into an instance of the graph in view. False when the node is none."""
        return self.go(f"{self.path}.{node_id}" if self.path else node_id)

    def leave(self) -> bool:
        """One block out; the instance one comes from is selected. False in the drawing itself."""
        outer, _, node_id = self.path.rpartition(".")
        if not self.path or not self.go(outer):
            return False
        self._view.reveal(node_id)
        return True

    def go(self, path: str) -> bool:
        """To the inside of an instance, or out to the drawing. False when no instance is there."""
        scope = scope_at(self._view.document.document, path)
        if scope is None:
            self._view.status.emit("That block is not in the drawing.")
            return False
        if path != self.path:
            self._remember()
            self._view.show_place(path)
            self._recall(scope)
            self.moved.emit(path)
        return True

    def jump(self, path: str) -> None:
        """To a node by its path, through the blocks it stands in; it is selected and brought into view."""
        outer, _, node_id = path.rpartition(".")
        if self.go(outer):
            self._view.center_on(node_id)

    def recover(self) -> None:
        """The way in has broken off: to another instance of the block, else to the nearest place that is left."""
        canvas = self._view.canvas
        path = nearest(self._view.document.document, canvas.scope, canvas.outer)
        moved = path != canvas.outer
        self._view.show_place(path)
        if moved:
            self._recall(self._view.canvas.scope)
        self.moved.emit(path)

    def follow(self, changes: ChangeSet) -> None:
        """After undo or redo: to where the change happened, when it cannot be seen from here."""
        document, here = self._view.document.document, self._view.canvas.scope
        places = changes.nodes | changes.moved | {(scope, key[2]) for scope, key in changes.edges}
        scopes = {scope for scope, _ in places}
        if not places or changes.everything or here in changes.blocks:
            return
        if here not in scopes:
            known = [s for s in sorted(scopes) if s == ROOT or s in document.blocks]
            path = next((p for s in known if (p := instance_path(document, s)) is not None), None)
            if path is None or not self.go(path):
                return
        nodes = self._view.canvas.boxes
        seen = self._view.visible_rect()
        there = [n for scope, n in sorted(places) if scope == self._view.canvas.scope and n in nodes]
        if there and not any(seen.intersects(nodes[n].card_rect()) for n in there):
            self._view.bring(there[0])

    def _remember(self) -> None:
        view = self._view
        self._sights[view.canvas.scope] = (view.zoom, view.mapToScene(view.viewport().rect().center()))

    def _recall(self, scope: str) -> None:
        if scope in self._sights:
            zoom, middle = self._sights[scope]
            self._view.look_at(zoom, middle)
        else:
            self._view.home()
            if self._view.zoom < READABLE:
                left = self._view.canvas.content_rect()
                room = self._view.viewport().rect()
                self._view.look_at(READABLE, QPointF(left.left() + (room.width() / 2 - 40) / READABLE, left.center().y()))
