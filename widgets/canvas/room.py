"""Room for a new card: how large it will be, and the nearest place downwards where it covers no other."""

from __future__ import annotations

from dataclasses import replace as replace_card
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSizeF

from graph_compiler.analysis.blocks import block_ports
from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.refusal import Refusal
from widgets.canvas.geometry import COST, Card, layout
from widgets.canvas.notes import FrameItem

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

GRID, GAP = 8.0, 24.0
"""Places lie on this grid; this much stays free between two cards, px."""


def expected_card(document: Document, node: Node, spec: NodeSpec | None, down: bool = False) -> Card:
    """A card before it is there, with room for its costs."""
    values: dict[str, Any] = spec.defaults() if spec is not None else {}
    for param in spec.params if spec is not None else ():
        if param.name in node.params:
            try:
                values[param.name] = param.check(node.params[param.name])
            except Refusal:
                continue
    ports = (spec.input_ports(values), spec.output_ports(values)) if spec is not None else ((), ())
    if node.block in document.blocks:
        ports = block_ports(document, node)
    card = layout(Facts(node, node.id, "", spec, values, *ports), down=down)
    return replace_card(card, height=card.height + COST) if card.kind == "layer" and not card.cost_top else card


def free_place(canvas: CanvasScene, node: Node) -> Node:
    """The node, moved down until it covers no card; frames are there to hold cards."""
    card = expected_card(canvas.document.document, node, canvas.document.registry.node(node.type))
    others = [b.card_rect() for b in canvas.boxes.values() if not isinstance(b, FrameItem)]
    box = QRectF(canvas.flow.place(node.x, node.y), QSizeF(card.width, card.height))
    while hit := [o for o in others if o.intersects(box)]:
        box.moveTop(-(-(max(o.bottom() for o in hit) + GAP) // GRID) * GRID)
    x, y = canvas.flow.back(box.topLeft())
    return replace(node, x=x, y=y)
