"""Names given in place: a field over the card of a node, or beside the selection."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF
from shiboken6 import isValid

from graph_compiler.graph.blocks import boundary, name_instance, port_name, rename_port
from graph_compiler.graph.blocks.inside import BOUNDARY
from graph_compiler.graph.blocks.names import sound_port_name
from graph_compiler.graph.edits import EditRefused, SetField, SetParam
from graph_compiler.graph.values import Node
from widgets.canvas.asking import Asker
from widgets.canvas.geometry import BOUNDARY_X, HEADER, NAME_X
from widgets.canvas.items import NEAR, NodeItem
from widgets.canvas.steps import Steps

Check = Callable[[str], str]


def refusal_of(make: Callable[[], object]) -> str:
    """The words of a refusal, empty when there is none."""
    try:
        make()
    except EditRefused as refusal:
        return str(refusal)
    return ""


class Renaming(Steps):
    """Verbs that ask for a name."""

    asker: Asker | None = None

    def rename(self) -> None:
        """A field over the name of the selected node."""
        ids = self._ids
        if len(ids) != 1:
            self._view.status.emit("Select one node to rename.")
            return
        canvas, node = self._view.canvas, self._view.canvas.graph.nodes[ids[0]]
        self._view.bring(node.id)
        box = canvas.boxes[node.id]
        left = 4.0  # where names stand on notes, and on cards that are seen from afar
        if isinstance(box, NodeItem) and self._view.zoom >= NEAR:
            left = (BOUNDARY_X if node.type in BOUNDARY else NAME_X) - 6.0
        area = QRectF(box.pos() + QPointF(left, 6), box.pos() + QPointF(box.card_rect().width() - 6, HEADER - 6))
        asker = self._ask(Asker(self._view, "", f"Name of {node.id}", _name_of(node), self._check_of(node)),
                          lambda name: self._name(node, name))
        asker.open_over(self._on_screen(area))

    def _check_of(self, node: Node) -> Check:
        """Why a name does not fit a node."""
        canvas = self._view.canvas
        if node.type not in BOUNDARY or not canvas.outer:
            return lambda _: ""
        ports = boundary(self._view.document.document.blocks[canvas.scope], node.type)
        taken = [port_name(n) for n in ports if n.id != node.id]
        return lambda name: refusal_of(lambda: sound_port_name(name, taken))

    def _name(self, node: Node, name: str) -> None:
        document, scope = self._view.document, self._view.canvas.scope
        if name == _name_of(node):
            return
        if node.type in BOUNDARY and self._view.canvas.outer:
            self._carry_out(lambda: rename_port(document.document, scope, node.id, name))
        elif node.type in ("Note", "Frame"):
            document.do(SetParam(node.id, "title", name, scope))
        elif node.block:
            self._carry_out(lambda: name_instance(document.document, scope, node.id, name))
        else:
            document.do(SetField(node.id, "label", "" if name == node.type else name, scope))
        document.end_gesture()

    # Asking.

    def _ask(self, asker: Asker, answered: Callable[[str], object]) -> Asker:
        """Put a question in the place of any other; the keyboard comes back to the canvas afterwards."""
        self.close_asker()
        self.asker = asker
        asker.closed.connect(self.close_asker)
        asker.answered.connect(answered)
        asker.dropped.connect(self._view.status)
        return asker

    def close_asker(self) -> None:
        """Take the question away."""
        asker, self.asker = self.asker, None
        if asker is not None and isValid(asker):
            asker.close_it()
            asker.deleteLater()

    def _around(self) -> QRect:
        """The selection in viewport px."""
        box = QRectF()
        for node_id in self._ids:
            box = box.united(self._view.canvas.boxes[node_id].card_rect())
        return self._on_screen(box)

    def _on_screen(self, area: QRectF) -> QRect:
        return self._view.mapFromScene(area).boundingRect()


def _name_of(node: Node) -> str:
    if node.type in BOUNDARY:
        return port_name(node)
    return str(node.params.get("title", "")) if node.type in ("Note", "Frame") else node.name
