"""Random gestures and keys on the canvas: scene and document agree after each, undo leads back to the very beginning."""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph_compiler.graph.files import dumps
from tests.helpers.blocks import residual, twins
from tests.helpers.canvas import ALT, CONTROL, NONE, SHIFT, shown, small
from widgets.canvas.appearance import WIRES, Appearance
from widgets.canvas.gestures import Gesture
from widgets.canvas.view import CanvasView

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
HELD = (NONE, NONE, SHIFT, CONTROL, ALT, CONTROL | SHIFT)
TYPED = (Qt.Key.Key_Delete, Qt.Key.Key_M, Qt.Key.Key_J, Qt.Key.Key_N, Qt.Key.Key_G, Qt.Key.Key_D, Qt.Key.Key_C, Qt.Key.Key_V,
         Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_S, Qt.Key.Key_F, Qt.Key.Key_A, Qt.Key.Key_R,
         Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_F2, Qt.Key.Key_X, Qt.Key.Key_L)


class Monkey:
    """One view under random hands."""

    def __init__(self, view: CanvasView, chance: Random) -> None:
        self.view, self.chance = view, chance

    def place(self) -> QPoint:
        """On or beside a card, on a wire, or anywhere."""
        view, chance = self.view, self.chance
        if chance.random() < 0.6 and view.canvas.boxes:
            box = chance.choice(list(view.canvas.boxes.values())).card_rect()
            return view.mapFromScene(QPointF(chance.uniform(box.left() - 8, box.right() + 8),
                                             chance.uniform(box.top() - 8, box.bottom() + 8)))
        lines = [wire.path() for wire in view.canvas.wires.values() if not wire.path().isEmpty()]
        if chance.random() < 0.5 and lines:
            return view.mapFromScene(chance.choice(lines).pointAtPercent(chance.random()))
        return QPoint(chance.randint(0, 999), chance.randint(0, 699))

    def drag(self) -> None:
        """Left with any keys, right with those that draw a stroke; now and then given up or undone on the way."""
        view, chance = self.view, self.chance
        button, held = chance.choice((LEFT, LEFT, LEFT, RIGHT)), chance.choice(HELD)
        held = held if button is LEFT or held in (SHIFT, CONTROL) else CONTROL
        QTest.mousePress(view.viewport(), button, held, self.place())
        for _ in range(chance.randint(0, 4)):
            QTest.mouseMove(view.viewport(), self.place())
            QApplication.processEvents()
        if chance.random() < 0.15:
            QTest.keyClick(view, Qt.Key.Key_Escape)
        if chance.random() < 0.1:
            view.document.undo_stack.undo()
        QTest.mouseRelease(view.viewport(), button, held, self.place())

    def act(self) -> None:
        """One thing that somebody might do."""
        view, chance, stack = self.view, self.chance, self.view.document.undo_stack
        kind = chance.random()
        if kind < 0.6:
            self.drag()
        elif kind < 0.7:
            QTest.mouseDClick(view.viewport(), LEFT, NONE, self.place())
        elif kind < 0.88:
            QTest.keyClick(QApplication.focusWidget() or view, chance.choice(TYPED), chance.choice(HELD))
        elif kind < 0.94:
            stack.undo()
        elif kind < 0.96:
            stack.redo()
        elif kind < 0.98:
            view.set_appearance(Appearance(chance.choice(WIRES), chance.random() < 0.5, chance.random() < 0.3))
        else:
            view.zoom_to(chance.choice((0.1, 0.3, 0.5, 1.0, 2.0)))
        QApplication.processEvents()
        if (popup := QApplication.activePopupWidget()) is not None:
            popup.close()


def check(view: CanvasView) -> None:
    """Cards stand where the document says, as this view turns it; wires run from port to port."""
    canvas = view.canvas
    assert canvas.boxes.keys() == canvas.graph.nodes.keys()
    for node_id, node in canvas.graph.nodes.items():
        assert canvas.boxes[node_id].pos() == canvas.flow.place(node.x, node.y)
    assert canvas.wires.keys() == canvas.graph.edges.keys()
    assert set(canvas.selected) <= canvas.graph.nodes.keys()
    assert canvas.selected_wires <= canvas.graph.edges.keys()


@pytest.mark.parametrize("seed", range(6))
def test_scene_and_document_agree_whatever_is_done(qtbot: QtBot, seed: int) -> None:
    chance = Random(seed)
    view = shown(qtbot, (small, residual, twins)[seed % 3](), 1000, 700)
    before, monkey = dumps(view.document.document), Monkey(view, chance)
    for _ in range(40):
        monkey.act()
        if view.gestures.active is Gesture.NONE:
            check(view)
    view.verbs.close_popups()
    view.gestures.cancel()
    while view.document.undo_stack.canUndo():
        view.document.undo_stack.undo()
    check(view)
    assert dumps(view.document.document) == before
