"""Blocks that share their weights are unpacked when it is wanted twice, or by the menu that says what comes of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from graph_compiler.graph.files import dumps
from tests.helpers.blocks import twins
from tests.helpers.canvas import CONTROL, SHIFT, at, check_scene, key, shown
from widgets.canvas.view import CanvasView

WORDS = ("net_1 shares its weights with net_2, which single nodes cannot. "
         "Unpack once more, and its nodes have weights of their own.")


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, twins())


def unpack(view: CanvasView, *ids: str) -> None:
    view.select(list(ids))
    key(view, Qt.Key.Key_G, CONTROL | SHIFT)


def test_it_is_said_first_and_done_when_it_is_wanted_again(view: CanvasView) -> None:
    before, weights, heard = dumps(view.document.document), view.document.analysis.totals.weights, list[str]()
    view.status.connect(heard.append)
    unpack(view, "net_1")
    assert heard == [WORDS]
    hint = view.telling.hint
    assert hint.isVisible()
    assert hint.words.height() == hint.words.heightForWidth(hint.words.width()), "as high as its lines"
    assert dumps(view.document.document) == before
    unpack(view, "net_1")
    assert heard == [WORDS]
    assert "net_1" not in view.canvas.graph.nodes
    assert view.document.analysis.totals.weights == 2 * weights, "each has weights of its own now"
    assert view.document.undo_stack.count() == 1
    check_scene(view)
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    check_scene(view)


def test_the_last_one_shares_with_nobody_and_is_not_asked_about(view: CanvasView) -> None:
    unpack(view, "net_1")
    unpack(view, "net_1")
    unpack(view, "net_2")
    assert not any(node.block for node in view.canvas.graph.nodes.values())


def test_another_choice_or_another_state_of_the_drawing_is_asked_about_again(view: CanvasView) -> None:
    before = set(view.canvas.graph.nodes)
    unpack(view, "net_1")
    unpack(view, "net_2")
    assert set(view.canvas.graph.nodes) == before
    view.select(["net_1"])
    key(view, Qt.Key.Key_M)
    key(view, Qt.Key.Key_M)
    unpack(view, "net_2")
    assert set(view.canvas.graph.nodes) == before
    unpack(view, "net_2")
    assert "net_2" not in view.canvas.graph.nodes


def test_both_at_once_are_one_step(view: CanvasView) -> None:
    before = dumps(view.document.document)
    unpack(view, "net_1", "net_2")
    unpack(view, "net_1", "net_2")
    assert not any(node.block for node in view.canvas.graph.nodes.values())
    assert view.document.undo_stack.count() == 1
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_the_menu_says_what_comes_of_it_and_does_it_at_once(view: CanvasView, qtbot: QtBot) -> None:
    view.select(["net_1"])
    view.verbs.context_menu(view.mapToGlobal(QPoint(20, 20)), view.mapToScene(at(view, "net_1")))
    menu = view.findChildren(QMenu)[-1]
    rows = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert "Unpack" not in rows
    rows["Unpack with weights of its own"].trigger()
    menu.close()
    assert "net_1" not in view.canvas.graph.nodes
    assert view.document.undo_stack.count() == 1
