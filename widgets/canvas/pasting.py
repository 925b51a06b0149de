"""Copy, paste and duplicate: what stands on the clipboard is text that can be mailed."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication

from graph_compiler.graph.clipboard import Part, to_text
from graph_compiler.graph.edits import Connect, Edit, EditRefused
from widgets.canvas.arranging import with_framed
from widgets.canvas.steps import Steps

BESIDE = 32.0
"""How far right and down a duplicate stands from its original, px."""


class Pasting(Steps):
    """Verbs of the clipboard."""

    def copy(self) -> None:
        """The selection as text, with what stands in selected frames."""
        if ids := with_framed(self._view.canvas):
            QGuiApplication.clipboard().setText(to_text(self._view.document.document, self._view.canvas.scope, ids))
        else:
            self._view.status.emit("Select what should be copied.")

    def paste(self) -> None:
        """What the clipboard holds, at the pointer."""
        try:
            part = Part(QGuiApplication.clipboard().text())
        except ValueError as error:
            self._view.status.emit(str(error))
            return
        self._put(part, *self._beside_copies(part, *self._view.canvas.flow.back(self._view.on_grid(self.pointer()))), "paste")

    def _beside_copies(self, part: Part, left: float, top: float) -> tuple[float, float]:
        """The place, or one where no node lies exactly under one of the part: what is pasted twice is seen twice."""
        first = min(part.nodes, key=lambda n: (n.x, n.y), default=None)
        if first is None:
            return left, top
        down = first.y - min(n.y for n in part.nodes)
        taken = {(n.x, n.y) for n in self._view.canvas.graph.nodes.values()}
        while (left, top + down) in taken:
            left, top = left + BESIDE, top + BESIDE
        return left, top

    def duplicate(self) -> None:
        """The selection once more beside itself, with the wires inside it."""
        self._duplicate(wired=False)

    def duplicate_wired(self) -> None:
        """The selection once more beside itself; what comes into it comes into the duplicate too."""
        self._duplicate(wired=True)

    def _duplicate(self, wired: bool) -> None:
        canvas = self._view.canvas
        ids = with_framed(canvas)
        if not ids:
            self._view.status.emit("Select what should be duplicated.")
            return
        nodes = canvas.graph.nodes
        part = Part(to_text(self._view.document.document, canvas.scope, ids))
        left, top = min(nodes[n].x for n in ids), min(nodes[n].y for n in ids)
        self._put(part, left + BESIDE, top + BESIDE, "duplicate", ids if wired else [])

    def _put(self, part: Part, left: float, top: float, verb: str, wired: list[str] | None = None) -> None:
        canvas = self._view.canvas
        left_out = self._keep_what_fits(part)
        try:
            edits, ids = part.edits(self._view.document.document, canvas.scope, left, top)
        except EditRefused as refusal:
            self._view.status.emit(str(refusal))
            return
        edits += self._incoming(dict(zip(wired or [], ids, strict=False)))
        if self._do(edits, f"{verb} {len(ids)} nodes" if len(ids) != 1 else f"{verb} {ids[0]}"):
            canvas.select(ids)
        if left_out:
            self._view.status.emit(f"Left out {', '.join(left_out)}: they stand in the drawing itself, not inside a block.")

    def _keep_what_fits(self, part: Part) -> list[str]:
        """Inside a block, sources, objectives and outputs are left out of what is pasted; their types."""
        if not self._view.canvas.outer:
            return []
        only = self._view.document.registry.drawing_only
        left_out = dict.fromkeys(node.type for node in part.nodes if node.type in only)
        part.nodes = [node for node in part.nodes if node.type not in only]
        return list(left_out)

    def _incoming(self, twins: dict[str, str]) -> list[Edit]:
        """Wires from outside into originals, laid to their twins."""
        canvas = self._view.canvas
        return [Connect(replace(edge, target=twin, points=()), canvas.scope) for node_id, twin in twins.items()
                for edge in canvas.graph.into(node_id) if edge.source not in twins]
