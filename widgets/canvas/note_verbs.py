"""Verbs of notes and frames: add one, write it, colour it, put a frame around the selection."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from graph_compiler.graph.edits import AddNode, RemoveNode, SetParam
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.values import Node
from graph_compiler.layers.structure import FRAME
from widgets.canvas.arranging import MARGIN, TITLE, inside_of
from widgets.canvas.notes import FrameItem, NoteItem
from widgets.canvas.steps import Steps
from widgets.canvas.writing import NoteField

EMPTY_FRAME = (400.0, 240.0)
COLORS: tuple[str, ...] = next(tuple(p.options) for p in FRAME.params if p.name == "color")  # type: ignore[attr-defined]


class NoteVerbs(Steps):
    """What is done with notes and frames in one view."""

    writing: NoteField | None = None

    def add_note(self, place: QPointF | None = None) -> None:
        """A note at a place, at the pointer without one; the keyboard writes into it."""
        canvas, view = self._view.canvas, self._view
        at = view.on_grid(place if place is not None else self.pointer())
        x, y = canvas.flow.back(at)
        node = Node(id=fresh_id("Note", canvas.graph.nodes), type="Note", x=x, y=y)
        if view.document.do(AddNode(node, canvas.scope)):
            view.reveal(node.id)
            self.write_note(node.id, fresh=True)

    def write_note(self, node_id: str, fresh: bool = False) -> None:
        """Write a note where it stands; Escape takes a fresh one back."""
        self.close_writing()
        canvas, scope = self._view.canvas, self._view.canvas.scope
        box = canvas.boxes.get(node_id)
        if not isinstance(box, NoteItem):
            return
        field = NoteField(self._view, str(canvas.graph.nodes[node_id].params.get("text", "")))
        field.setMinimumSize(168, 72)
        field.written.connect(lambda text: self._view.document.do(SetParam(node_id, "text", text, scope)))
        field.closed.connect(self.close_writing)
        if fresh:
            field.dropped.connect(self._view.document.undo_stack.undo)
        self.writing = field
        field.open_over(self._view.mapFromScene(box.card_rect()).boundingRect())

    def close_writing(self) -> None:
        """Keep what was written, and give the keyboard back to the canvas."""
        field, self.writing = self.writing, None
        if field is not None and isValid(field):
            focused = field.hasFocus()
            field.close_it()
            field.deleteLater()
            self._view.document.end_gesture()
            if focused:
                self._view.setFocus()

    def add_frame(self, place: QPointF | None = None) -> None:
        """A frame around the selection, an empty one at the pointer without a selection; its title is asked for."""
        canvas, view = self._view.canvas, self._view
        around = QRectF()
        for node_id in self._ids:
            around = around.united(canvas.boxes[node_id].card_rect())
        if around.isEmpty():
            at = view.on_grid(place if place is not None else self.pointer())
            around = QRectF(at.x(), at.y(), *EMPTY_FRAME)
        else:
            around.adjust(-MARGIN, -TITLE, MARGIN, MARGIN)
        (x, y), (width, height) = canvas.flow.framed(around)
        params = {"title": "Frame", "width": width, "height": height}
        node = Node(id=fresh_id("Frame", canvas.graph.nodes), type="Frame", x=x, y=y, params=params)
        if view.document.do(AddNode(node, canvas.scope)):
            canvas.select([node.id])
            view.verbs.rename()

    def select_inside(self) -> None:
        """What stands in the selected frames, in their place."""
        canvas = self._view.canvas
        frames = [box for n in self._ids if isinstance(box := canvas.boxes[n], FrameItem)]
        canvas.select(dict.fromkeys(n for frame in frames for n in inside_of(frame, canvas.boxes)))

    def delete_frames(self) -> None:
        """The selected frames; what stands in them stays."""
        canvas = self._view.canvas
        ids = [n for n in self._ids if isinstance(canvas.boxes[n], FrameItem)]
        what = ids[0] if len(ids) == 1 else f"{len(ids)} frames"
        self._do([RemoveNode(n, canvas.scope) for n in ids], f"delete {what}")

    def color_frames(self, hue: str) -> None:
        """Another tint for the selected frames."""
        canvas = self._view.canvas
        ids = [n for n in self._ids if isinstance(canvas.boxes[n], FrameItem)]
        self._do([SetParam(n, "color", hue, canvas.scope) for n in ids], "colour frames")

    def fill_frame_menu(self, menu: QMenu) -> None:
        """Rows for a selected frame."""
        menu.addAction("Select what is inside", self.select_inside)
        menu.addAction("Delete the frame alone", self.delete_frames)
        colors = menu.addMenu("Colour")
        for hue in COLORS:
            colors.addAction(hue.capitalize(), partial(self.color_frames, hue))
