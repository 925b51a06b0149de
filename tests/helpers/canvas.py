"""Real mouse and key events on a real canvas view, in the words of a test: press here, drag there, is it drawn."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QElapsedTimer, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph_compiler.catalog import registry
from graph_compiler.graph.blocks.inside import port_name
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import EdgeKey, Node
from tests.helpers.drawing import drawing
from widgets.canvas.dropping import MIME
from widgets.canvas.items import NodeItem
from widgets.canvas.notes import FrameItem, NoteItem
from widgets.canvas.view import CanvasView
from widgets.document import GraphDocument

Keys = Qt.KeyboardModifier
NONE, SHIFT, CONTROL, ALT = Keys.NoModifier, Keys.ShiftModifier, Keys.ControlModifier, Keys.AltModifier


def small() -> Document:
    """iris -> dense_1 -> dense_2 -> loss in a row, 256 px apart, and a free Dropout below."""
    document = drawing("iris Iris", "dense_1 Dense units=8", "dense_2 Dense units=3 activation=softmax", "loss Loss",
                       "drop Dropout", "iris.features > dense_1 > dense_2 > loss.prediction", "iris.species > loss.target")
    for i, node_id in enumerate(("iris", "dense_1", "dense_2", "loss")):
        _put(document, node_id, 256.0 * i, 0.0)
    _put(document, "drop", 256.0, 320.0)
    return document


def _put(document: Document, node_id: str, x: float, y: float) -> None:
    node = document.graph.nodes[node_id]
    document.graph.put_node(Node(id=node.id, type=node.type, params=node.params, x=x, y=y))


def shown(qtbot: QtBot, document: Document, width: int = 1200, height: int = 800) -> CanvasView:
    """A view of the document, on screen, at 100 % with the drawing's corner at (40, 40)."""
    view = CanvasView(GraphDocument(document, registry()))
    qtbot.addWidget(view)
    view.resize(width, height)
    with qtbot.waitExposed(view):
        view.show()
    view.home()
    view.setFocus()
    return view


def card(view: CanvasView, node_id: str) -> NodeItem:
    """The card of a node."""
    box = view.canvas.boxes[node_id]
    assert isinstance(box, NodeItem)
    return box


def at(view: CanvasView, node_id: str, dx: float = 100.0, dy: float = 20.0) -> QPoint:
    """A place on a node, counted from its corner, in viewport px."""
    return view.mapFromScene(view.canvas.boxes[node_id].pos() + QPointF(dx, dy))


def port(view: CanvasView, node_id: str, name: str, out: bool) -> QPoint:
    """The middle of a port in viewport px."""
    return view.mapFromScene(card(view, node_id).port_place(name, out))


def wait(done: Callable[[], bool], most: int) -> None:
    """Handle events until the condition holds. TimeoutError after so many milliseconds."""
    if not done():
        clock = QElapsedTimer()
        clock.start()
        while not done():
            QApplication.processEvents()
            if clock.elapsed() > most:
                raise TimeoutError


def click(view: CanvasView, place: QPoint, keys: Keys = NONE) -> None:
    """Press and release the left button."""
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)


def press(view: CanvasView, place: QPoint, keys: Keys = NONE, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Press a button and leave it down."""
    QTest.mousePress(view.viewport(), button, keys, place)


def move(view: CanvasView, place: QPoint) -> None:
    """Move the pointer (from one pixel away: a pointer that stands there already would send no event)."""
    QTest.mouseMove(view.viewport(), place + QPoint(1, 0))
    QTest.mouseMove(view.viewport(), place)
    with contextlib.suppress(TimeoutError):  # where a popup lies under the pointer, the view hears nothing
        wait(lambda: view.pointer == place, 200)


def release(view: CanvasView, place: QPoint, keys: Keys = NONE, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Let the button go."""
    QTest.mouseRelease(view.viewport(), button, keys, place)


def drag(view: CanvasView, start: QPoint, end: QPoint, keys: Keys = NONE,
         button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Press, move in steps, let go."""
    press(view, start, keys, button)
    for share in (0.1, 0.4, 0.7, 1.0):
        move(view, start + (end - start) * share)
    release(view, end, keys, button)


def key(view: CanvasView, code: Qt.Key, keys: Keys = NONE) -> None:
    """Press and release a key with the view in focus."""
    QTest.keyClick(view, code, keys)


def drop_from_palette(view: CanvasView, type_name: str, place: QPoint, keys: Keys = NONE) -> str:
    """What the palette's drag does at the end: enter, move, drop. Gives the wire that was lit before the drop."""
    data = QMimeData()
    data.setData(MIME, QByteArray(type_name.encode()))
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    view.dragEnterEvent(QDragEnterEvent(place, copy, data, left, keys))
    view.dragMoveEvent(QDragMoveEvent(place, copy, data, left, keys))
    lit = view.gestures.lit
    view.dropEvent(QDropEvent(QPointF(place), copy, data, left, keys))
    return "" if lit is None else f"{lit[0]} > {lit[2]}"


def wires(view: CanvasView) -> list[str]:
    """Wires of the graph as `a.port > b.port`, sorted."""
    return sorted(f"{e.source}.{e.source_port} > {e.target}.{e.target_port}" for e in view.canvas.graph.edges.values())


def check_scene(view: CanvasView) -> None:
    """Every node and wire of the graph has exactly one item, at the right place and of the right kind."""
    canvas = view.canvas
    graph = canvas.graph
    drawn = [i for i in canvas.items() if isinstance(i, (NodeItem, NoteItem, FrameItem))]
    assert sorted(i.node_id for i in drawn) == sorted(graph.nodes)
    assert canvas.boxes.keys() == graph.nodes.keys()
    kinds = {"Note": NoteItem, "Frame": FrameItem}
    for node_id, node in graph.nodes.items():
        box = canvas.boxes[node_id]
        assert type(box) is kinds.get(node.type, NodeItem)
        assert (box.pos() - canvas.flow.place(node.x, node.y)).manhattanLength() < 0.01
        assert box.look.selected == (node_id in canvas.selected)
        if isinstance(box, NodeItem):
            assert box.card.name == (port_name(node) if node.type in ("BlockInput", "BlockOutput") else node.name)
            assert box.look.muted == node.muted
    assert canvas.wires.keys() == graph.edges.keys()
    for edge_key in graph.edges:
        _check_wire(view, edge_key)
    assert canvas.labels.keys() <= canvas.wires.keys()


def _check_wire(view: CanvasView, edge_key: EdgeKey) -> None:
    canvas, wire = view.canvas, view.canvas.wires[edge_key]
    assert wire.scene() is canvas
    assert wire.edge == canvas.graph.edges[edge_key]
    source, target = canvas.boxes[edge_key[0]], canvas.boxes[edge_key[2]]
    path = wire.path()
    if not isinstance(source, NodeItem) or not isinstance(target, NodeItem):
        assert path.isEmpty()
        return
    start, end = source.port_place(edge_key[1], True), target.port_place(edge_key[3], False)
    assert (path.pointAtPercent(0) - start).manhattanLength() < 0.01
    assert (path.pointAtPercent(1) - end).manhattanLength() < 0.01
