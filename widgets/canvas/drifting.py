"""Cards that go to their new places together, after the document has put them there in one step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from widgets.motion import TIDY, animate

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

MOST = 200
"""Cards that move; more are simply there, because their wires could not keep up."""


def drift(view: CanvasView, before: Mapping[str, QPointF]) -> None:
    """Let cards go from where they were to where the document has them now."""
    scene = view.canvas
    if len(before) > MOST:
        return

    def step(share: float) -> None:
        if view.canvas is not scene:
            return
        for node_id, start in before.items():
            node, box = scene.graph.nodes.get(node_id), scene.boxes.get(node_id)
            if node is not None and box is not None:
                box.setPos(start + (scene.flow.place(node.x, node.y) - start) * share)
        scene.settle({n for n in before if n in scene.boxes}, arrived=share >= 1)

    animate(view, TIDY, step)
