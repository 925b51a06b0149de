"""Closed documents are collected, with everything that was seen of them: Python's side as well as Qt's."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from app.actions import TABS
from app.window import MainWindow
from tests.helpers.window import opened_window


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "iris")


def collected(gone: weakref.ref) -> bool:
    """Whether nothing holds it any more."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.unfreeze()  # what tests before this one were given is looked at too
    gc.collect()
    return gone() is None


@pytest.mark.parametrize("name", TABS)
def test_a_document_that_was_closed_is_gone_whatever_tab_was_seen(window, qtbot, name):
    window.open_template("digits-mlp")
    window.show_page(name)
    qtbot.waitUntil(lambda: window.pages.settled)
    gone = [weakref.ref(what) for what in (window.document, window.pages, window.workbench.page(name))]
    window.documents.close()
    for one in gone:
        qtbot.waitUntil(lambda one=one: collected(one), timeout=10_000)


def test_a_document_that_was_edited_and_looked_into_is_gone(window, qtbot):
    window.open_template("se-net")
    for panel in ("outline", "history"):
        window.actions_by_id[panel].trigger()
    block = next(name for name, node in window.document.document.graph.nodes.items() if node.block)
    window.canvas.select([block])
    window.canvas.verbs.duplicate()
    window.canvas.select([block])
    window.canvas.verbs.enter()
    window.canvas.verbs.find_node()
    window.actions_by_id["undo"].trigger()
    gone = weakref.ref(window.document)
    window.documents.close()
    qtbot.waitUntil(lambda: collected(gone), timeout=10_000)
