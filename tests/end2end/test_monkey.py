"""Thousands of random events at the real window: after each burst, document, file, analysis, scene and undo stack agree."""

from __future__ import annotations

import logging
import sys

import pytest

from app import session
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.files import dumps
from tests.helpers.monkey import Monkey, agree, undone_and_redone

BURSTS, ACTS = 12, 25


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    """A shown window without a worker; leaving it never asks."""
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


@pytest.mark.timeout(280)
@pytest.mark.parametrize(("template", "seed"), [("digits-cnn", 1), ("street-unet", 2), ("dcgan", 3), ("date-translator", 4),
                                                ("iris", 5), ("resnet", 6)])
def test_whatever_is_done_to_it_the_window_agrees_with_its_document(window, qtbot, monkeypatch, template, seed):
    raised: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: raised.append(repr(what.exc_value)))
    window.open_template(template)
    qtbot.waitUntil(window.canvas.isVisible)
    monkey, first, start = Monkey(window, seed), window.document, dumps(window.document.document)
    try:
        for burst in range(BURSTS):
            monkey.burst(ACTS)
            if window.document is not first:
                first, start = window.document, None
            try:
                agree(window)
                if start is not None and burst % 4 == 3:
                    undone_and_redone(window, start)
            except AssertionError as wrong:
                raise AssertionError(f"after {monkey.story[-ACTS:]}: {wrong}") from wrong
    finally:
        monkey.stop()
        logging.getLogger("netloom.monkey").info("%s", monkey.story)
    assert not raised
