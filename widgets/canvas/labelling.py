"""Which labels of wires are seen: where there is room, and never on a card or on one another; the rest come when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from graph_compiler.graph.values import EdgeKey
from widgets.canvas.items import LabelItem, WireItem
from widgets.canvas.labels import label_box

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

CELL = 128.0
"""Labels are looked for in squares of this size, px of the scene."""
EDGE = 3.0
"""So much of a label is free around its letters, px."""
Cell = tuple[int, int]


class Labelling:
    """The labels of one scene."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._cells: dict[Cell, set[EdgeKey]] = {}
        self._places: dict[EdgeKey, QRectF] = {}
        """Where the labels that are seen stand."""
        self._behind: dict[EdgeKey, set[EdgeKey]] = {}
        """Labels that would lie on one that is seen, by that one."""

    def show(self, key: EdgeKey) -> None:
        """Show the label of a wire where there is room for it or the wire is selected or hovered; most never exist."""
        scene, label = self._scene, self._scene.labels.get(key)
        wire = scene.wires[key]
        wanted = wire.label_fits or wire.selected or wire.hovered
        shown = scene.level == 2 and bool(wire.label) and scene.shows(wire) and wanted and not self._said_beside(wire)
        box = label_box(wire).translated(wire.label_place) if shown else None
        tight = wire.upright or not wire.label_fits  # wires from left to right are laid so that their labels are free of cards
        covered = box is not None and tight and self._on_card(box)
        if box is not None and not (wire.hovered or key in scene.selected_wires):
            shown = not covered and (self._places.get(key) == box or not self._on_label(key, box))
        self._stand(key, box if shown else None)
        if shown and label is None:
            label = scene.labels[key] = LabelItem(wire)
            label.refit(lifted=covered)
            scene.addItem(label)
        elif label is not None:
            label.setVisible(shown)
            if shown:
                label.refit(lifted=covered)

    def forget(self, key: EdgeKey) -> None:
        """The wire is gone."""
        if (label := self._scene.labels.pop(key, None)) is not None:
            self._scene.removeItem(label)
        self._stand(key, None)

    def _said_beside(self, wire: WireItem) -> bool:
        """Whether a label that is seen says it, where this wire's own would lie on it."""
        other = self._scene.wires.get(wire.said_by) if wire.said_by else None
        return other is not None and self._scene.shows(other)

    def _on_card(self, box: QRectF) -> bool:
        left, top, right, bottom = self._scene.flow.turned_rect(box.adjusted(EDGE, EDGE, -EDGE, -EDGE))
        return any(p[1] < bottom and p[3] > top for _, p in self._scene.places.between(left, right))

    def _on_label(self, key: EdgeKey, box: QRectF) -> bool:
        """Whether a label that is seen is in the way; it is told who waits."""
        for cell in _cells(box):
            for other in self._cells.get(cell, ()):
                if other != key and self._places[other].intersects(box):
                    self._behind.setdefault(other, set()).add(key)
                    return True
        return False

    def _stand(self, key: EdgeKey, box: QRectF | None) -> None:
        """A label is seen there, or nowhere; those that waited for its place are shown if they can."""
        old = self._places.get(key)
        if old == box:
            return
        for cell in _cells(old) if old is not None else ():
            self._cells[cell].discard(key)
        self._places.pop(key, None)
        if box is not None:
            self._places[key] = box
            for cell in _cells(box):
                self._cells.setdefault(cell, set()).add(key)
        for other in self._behind.pop(key, set()):
            if other in self._scene.wires:
                self.show(other)


def _cells(box: QRectF) -> list[Cell]:
    """The squares that a rectangle lies in."""
    return [(x, y) for x in range(int(box.left() // CELL), int(box.right() // CELL) + 1)
            for y in range(int(box.top() // CELL), int(box.bottom() // CELL) + 1)]
