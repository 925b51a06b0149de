"""What the keyboard, menus and the search do to the graph in view: every verb is one undo step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QInputDialog, QMenu

from graph_compiler.graph.edits import AddNode, Connect, Disconnect, Edit, Move, RemoveNode, SetField
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.values import Edge, EdgeKey, Node
from widgets.canvas.clipboard import Part, to_text
from widgets.canvas.connecting import Pull, connect_edits, refusal_words
from widgets.canvas.items import NodeItem
from widgets.canvas.tidy import tidy

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView
    from widgets.search import SearchPopup

NUDGE = 8
KEYS = {
    (Qt.Key.Key_Delete, False): "delete", (Qt.Key.Key_Backspace, False): "delete",
    (Qt.Key.Key_Delete, True): "delete_reconnect",
    (Qt.Key.Key_M, False): "mute", (Qt.Key.Key_J, False): "join", (Qt.Key.Key_F, False): "fit", (Qt.Key.Key_Home, False): "fit",
    (Qt.Key.Key_Period, False): "fit_selection", (Qt.Key.Key_1, False): "zoom_100", (Qt.Key.Key_F2, False): "rename",
    (Qt.Key.Key_A, True): "select_all", (Qt.Key.Key_C, True): "copy", (Qt.Key.Key_X, True): "cut",
    (Qt.Key.Key_V, True): "paste", (Qt.Key.Key_D, True): "duplicate"}
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class Verbs:
    """Verbs of one view."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._search: SearchPopup | None = None

    def key(self, event: QKeyEvent) -> bool:
        """Carry out a key; False when it means nothing here."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.nudge(*ARROWS[key]) if control or alt else self.step(*ARROWS[key], adding=shift)
            return True
        if key == Qt.Key.Key_F and shift:
            self.freeze()
            return True
        name = KEYS.get((key, control))
        if name is None or alt or shift:
            return False
        getattr(self, name)()
        return True

    @property
    def _ids(self) -> list[str]:
        return list(self._view.canvas.selected)

    def _do(self, edits: Sequence[Edit], words: str) -> bool:
        return bool(edits) and self._view.document.do_all(edits, words)

    # Looking.

    def fit(self) -> None:
        """Everything in view."""
        self._view.fit()

    def fit_selection(self) -> None:
        """The selection in view."""
        self._view.fit_selection()

    def zoom_100(self) -> None:
        """100 %."""
        self._view.zoom_100()

    def select_all(self) -> None:
        """Every node."""
        self._view.canvas.select(list(self._view.canvas.boxes))

    def step(self, dx: int, dy: int, adding: bool = False) -> None:
        """Select the next node in a direction."""
        canvas = self._view.canvas
        if not canvas.boxes:
            return
        if not canvas.selected:
            canvas.select([min(canvas.boxes, key=lambda n: (canvas.boxes[n].x(), canvas.boxes[n].y()))])
            return
        here = canvas.boxes[canvas.selected[-1]].card_rect().center()

        def cost(node_id: str) -> float:
            away = canvas.boxes[node_id].card_rect().center() - here
            along, across = away.x() * dx + away.y() * dy, abs(away.x() * dy) + abs(away.y() * dx)
            return along + 2 * across if along > 4 else float("inf")

        best = min((n for n in canvas.boxes if n not in canvas.selected), key=cost, default=None)
        if best is not None and cost(best) < float("inf"):
            canvas.select([*canvas.selected, best] if adding else [best])
            self._view.ensureVisible(canvas.boxes[best].card_rect(), 40, 40)

    def nudge(self, dx: int, dy: int) -> None:
        """Move the selection by one grid step."""
        nodes = self._view.canvas.graph.nodes
        positions = {n: (nodes[n].x + dx * NUDGE, nodes[n].y + dy * NUDGE) for n in self._ids}
        if positions:
            self._view.document.do(Move(positions, self._view.canvas.scope))

    # Changing.

    def add(self, type_name: str, place: QPointF, insert: bool = True, params: dict[str, Any] | None = None,
            pull: Pull | None = None) -> str:
        """A new node at a place, connected with the pulled wire or inserted into the wire that lies there. Its id."""
        canvas = self._view.canvas
        wire = canvas.wire_at(place) if insert and pull is None else None
        node_id = fresh_id(type_name, canvas.graph.nodes)
        x, y = (place.x() - 84, place.y() - 20) if pull is None else (place.x(), place.y() - 20)
        if self._view.snap:
            x, y = round(x / 8) * 8, round(y / 8) * 8
        node = Node(id=node_id, type=type_name, params=params or {}, x=float(x), y=float(y))
        stack = self._view.document.undo_stack
        stack.beginMacro(f"add {type_name}")
        try:
            self._view.document.do(AddNode(node, canvas.scope))
            if pull is not None:
                facts = canvas.facts(node_id)
                if facts is not None and (facts.ports_in if pull.out else facts.ports_out):
                    self._do(*connect_edits(canvas, pull, node_id))
            elif wire is not None:
                self.insert_into(wire.key, node_id)
        finally:
            stack.endMacro()
        canvas.select([node_id])
        return node_id

    def insert_into(self, key: EdgeKey, node_id: str) -> None:
        """Put a node into a wire: what came stays in front of it, what followed behind."""
        canvas = self._view.canvas
        facts, edge = canvas.facts(node_id), canvas.graph.edges.get(key)
        if facts is None or edge is None or not facts.ports_in or not facts.ports_out:
            return
        into, out = facts.ports_in[0], facts.ports_out[0]
        index = canvas.graph.next_index(node_id, into.name) if into.many else 0
        self._do([Disconnect(key, canvas.scope),
                  Connect(Edge(source=edge.source, source_port=edge.source_port, target=node_id, target_port=into.name,
                               index=index), canvas.scope),
                  Connect(Edge(source=node_id, source_port=out.name, target=edge.target, target_port=edge.target_port,
                               index=edge.index), canvas.scope)], f"insert {node_id}")

    def disconnect_wire(self, key: EdgeKey) -> None:
        """Take a wire away."""
        self._view.document.do(Disconnect(key, self._view.canvas.scope))

    def delete(self) -> None:
        """The selected nodes and wires; what hung on them is left open."""
        canvas, ids = self._view.canvas, self._ids
        chosen = set(ids)
        edits: list[Edit] = [Disconnect(k, canvas.scope) for k in sorted(canvas.selected_wires)
                             if k[0] not in chosen and k[2] not in chosen]
        edits += [RemoveNode(n, canvas.scope) for n in ids]
        self._do(edits, f"delete {ids[0]}" if len(ids) == 1 else f"delete {len(ids)} nodes" if ids else "delete wire")

    def delete_reconnect(self) -> None:
        """Delete, and join what was before with what comes after where the shapes still fit."""
        canvas = self._view.canvas
        for node_id in self._ids:
            into, out = canvas.graph.into(node_id), canvas.graph.out_of(node_id)
            edits: list[Edit] = [RemoveNode(node_id, canvas.scope)]
            if len(into) == 1:
                source = canvas.facts(into[0].source)
                tensor = source.outputs.get(into[0].source_port) if source else None
                for edge in out:
                    target = canvas.facts(edge.target)
                    if target is None or target.spec is None or (tensor and refusal_words(target.spec, tensor, target)):
                        continue
                    edits.append(Connect(Edge(source=into[0].source, source_port=into[0].source_port, target=edge.target,
                                              target_port=edge.target_port, index=edge.index), canvas.scope))
            self._do(edits, f"delete {node_id} and reconnect")

    def mute(self) -> None:
        """Mute the selection; unmute when all of it is muted."""
        self._toggle("muted", ("layer", "operation", "block", "objective"))

    def freeze(self) -> None:
        """Freeze the selection; unfreeze when all of it is frozen."""
        self._toggle("frozen", ("layer", "block"))

    def _toggle(self, name: str, kinds: tuple[str, ...]) -> None:
        canvas = self._view.canvas
        nodes = []
        for node_id in self._ids:
            facts = canvas.facts(node_id)
            if facts is not None and facts.spec is not None and facts.spec.kind in kinds:
                nodes.append(facts.node)
        on = not all(getattr(n, name) for n in nodes)
        verb = {"muted": ("unmute", "mute"), "frozen": ("unfreeze", "freeze")}[name][on]
        self._do([SetField(n.id, name, on, canvas.scope) for n in nodes if getattr(n, name) != on],
                 f"{verb} {nodes[0].id if len(nodes) == 1 else f'{len(nodes)} nodes'}" if nodes else verb)

    def join(self) -> None:
        """Connect the selection into a chain from left to right."""
        canvas = self._view.canvas
        chain = [n for n in self._ids if isinstance(canvas.boxes[n], NodeItem)]
        chain.sort(key=lambda n: (round(canvas.boxes[n].y() / 160), canvas.boxes[n].x()))
        stack = self._view.document.undo_stack
        stack.beginMacro(f"join {len(chain)} nodes")
        try:
            for source, target in pairwise(chain):
                self._join_two(source, target)
        finally:
            stack.endMacro()

    def _join_two(self, source: str, target: str) -> None:
        canvas = self._view.canvas
        here, there = canvas.facts(source), canvas.facts(target)
        joined = any(e.target == target for e in canvas.graph.out_of(source))
        if here and there and here.ports_out and there.ports_in and not joined and not canvas.graph.reaches(target, source):
            self._do(*connect_edits(canvas, Pull(source, here.ports_out[0].name, True, QPointF()), target))

    def tidy(self) -> None:
        """Lay out the selection, or everything, in one step."""
        canvas = self._view.canvas
        ids = [n for n in (self._ids if len(self._ids) > 1 else list(canvas.boxes)) if isinstance(canvas.boxes[n], NodeItem)]
        sizes = {n: (canvas.boxes[n].card_rect().width(), canvas.boxes[n].card_rect().height()) for n in ids}
        positions = tidy(canvas.graph, ids, sizes)
        if positions:
            self._view.document.do(Move(positions, canvas.scope))
            self._view.status.emit(f"Laid out {len(positions)} nodes. Ctrl+Z takes it back.")

    def rename(self) -> None:
        """Give the selected node a label."""
        canvas = self._view.canvas
        if len(canvas.selected) != 1:
            return
        node = canvas.graph.nodes[canvas.selected[0]]
        text, accepted = QInputDialog.getText(self._view, "Rename", f"Label of {node.id}:", text=node.label)
        if accepted and text.strip() != node.label:
            self._view.document.do(SetField(node.id, "label", text.strip(), canvas.scope))

    # Clipboard.

    def copy(self) -> None:
        """The selection as text."""
        if self._ids:
            text = to_text(self._view.document.document, self._view.canvas.scope, self._ids)
            QGuiApplication.clipboard().setText(text)

    def cut(self) -> None:
        """Copy and delete."""
        self.copy()
        self.delete()

    def paste(self) -> None:
        """What the clipboard holds, at the pointer."""
        try:
            part = Part(QGuiApplication.clipboard().text())
        except ValueError as error:
            self._view.status.emit(str(error))
            return
        place = self.pointer()
        self._put(part, place.x(), place.y(), "paste")

    def duplicate(self) -> None:
        """The selection once more beside itself."""
        if not self._ids:
            return
        canvas = self._view.canvas
        part = Part(to_text(self._view.document.document, canvas.scope, self._ids))
        left = min(canvas.graph.nodes[n].x for n in self._ids)
        top = min(canvas.graph.nodes[n].y for n in self._ids)
        self._put(part, left + 32, top + 32, "duplicate")

    def _put(self, part: Part, left: float, top: float, verb: str) -> None:
        canvas = self._view.canvas
        edits, ids = part.edits(self._view.document.document, canvas.scope, left, top)
        if self._do(edits, f"{verb} {len(ids)} nodes" if len(ids) != 1 else f"{verb} {ids[0]}"):
            canvas.select(ids)

    def pointer(self) -> QPointF:
        """The pointer in the scene, the middle of the view when it is elsewhere."""
        here = self._view.viewport().mapFromGlobal(QCursor.pos())
        inside = self._view.viewport().rect().contains(here)
        return self._view.mapToScene(here if inside else self._view.viewport().rect().center())

    # Popups.

    def open_search(self, place: QPointF | None = None, pull: Pull | None = None) -> None:
        """The search box at a place (the pointer without one); with a pulled wire it lists what can take it."""
        from widgets.canvas.connecting import pulled_tensor
        from widgets.search import SearchPopup

        self.close_popups()
        at = place if place is not None else self.pointer()
        canvas = self._view.canvas
        tensor = pulled_tensor(canvas, pull) if pull is not None else None
        self._search = SearchPopup(self._view.document.registry, tensor, self._view)
        self._search.chosen.connect(lambda name, params, stay: self._add_found(name, params, stay, at, pull))
        self._search.closed.connect(self._view.setFocus)
        self._search.open_at(self._view.mapFromScene(at) + QPoint(16, 0))

    def _add_found(self, name: str, params: dict[str, Any], stay: bool, at: QPointF, pull: Pull | None) -> None:
        self.add(name, at, params=params, pull=pull)
        if not stay:
            self.close_popups()

    def close_popups(self) -> None:
        """Close the search."""
        if self._search is not None:
            search, self._search = self._search, None
            search.hide()
            search.deleteLater()
            self._view.setFocus()

    def context_menu(self, at: QPoint, place: QPointF) -> None:
        """What can be done here."""
        menu = QMenu(self._view)
        rows: tuple[tuple[str, str, Callable[[], object]], ...]
        if self._ids:
            rows = (("Rename…", "F2", self.rename), ("Duplicate", "Ctrl+D", self.duplicate), ("Copy", "Ctrl+C", self.copy),
                    ("Cut", "Ctrl+X", self.cut), ("Mute", "M", self.mute), ("Freeze", "Shift+F", self.freeze),
                    ("Delete", "Del", self.delete), ("Delete and reconnect", "Ctrl+Del", self.delete_reconnect))
        else:
            rows = (("Add node…", "Space", lambda: self.open_search(place)), ("Paste", "Ctrl+V", self.paste),
                    ("Select all", "Ctrl+A", self.select_all), ("Tidy", "", self.tidy), ("Zoom to fit", "F", self.fit))
        for text, keys, slot in rows:
            menu.addAction(f"{text}\t{keys}" if keys else text, slot)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)
