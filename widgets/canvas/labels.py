"""Where the labels of wires stand, and which wire of an output says its shape: labels never lie on one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from widgets.fonts import text_width

if TYPE_CHECKING:
    from widgets.canvas.items import WireItem


def label_box(wire: WireItem) -> QRectF:
    """The rectangle of a wire's label around `label_place`, px of the scene."""
    width = text_width(wire.label, 11, 500, mono=True) + 8
    if wire.upright and not wire.label_breaks:
        return QRectF(4, -8, width, 16)
    return QRectF(-width / 2, -8 if wire.label_breaks else -21, width, 16)


def say_once(wires: Sequence[WireItem]) -> None:
    """Of labels of one output that would meet the one on the shorter wire is kept; the others know which says it."""
    if len(wires) == 1:  # most outputs: nothing to measure
        wires[0].said_by, wires[0].label_fits = None, wires[0].label_room
        return
    kept: list[tuple[QRectF, WireItem]] = []
    for wire in sorted(wires, key=lambda w: (not w.label_room, w.path().length(), w.key)):
        box = label_box(wire).translated(wire.label_place)
        wire.said_by = next((other.key for place, other in kept if place.intersects(box)), None)
        wire.label_fits = wire.label_room and wire.said_by is None
        if wire.label_fits:
            kept.append((box, wire))
