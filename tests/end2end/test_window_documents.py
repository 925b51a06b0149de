"""Runs belong to their documents: a training goes on while another document is seen, and is there when one comes back."""

from __future__ import annotations

import pytest

from app import runs as app_runs
from app import session
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.edits import SetTraining
from graph_compiler.runs.listing import runs_of


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    monkeypatch.setattr(app_runs, "ask", lambda *_, **__: "Stop and keep")
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1400, 900)
    window.show()
    qtbot.waitExposed(window)
    yield window
    for run in runs_of("iris") + runs_of("digits-mlp"):
        run.remove()


@pytest.mark.timeout(240)
def test_a_training_goes_on_behind_another_document(window, qtbot):
    window.open_template("iris")
    window.document.do(SetTraining("epochs", 4000))
    opened = window.session.front
    window.pages.runs.train()
    qtbot.waitUntil(lambda: len(opened.pages.training.page.record.raw) > 0, timeout=90_000)
    window.open_template("digits-mlp")
    assert window.header.train.isVisible() and not window.header.pause.isVisible()
    assert [face.running for face in window.header.tabs._faces] == [True, False]
    seen = len(opened.pages.training.page.record.raw)
    qtbot.waitUntil(lambda: len(opened.pages.training.page.record.raw) > seen, timeout=60_000)
    assert window.pages.training.page is None or len(window.pages.training.page.record.raw) == 0
    assert window.header.train.isVisible(), "progress of one document is not that of another"
    window.session.show(opened)
    assert window.header.pause.isVisible() and window.pages.training.page.state == "running"

    window.documents.close(opened)
    qtbot.waitUntil(lambda: opened not in window.session.open_documents, timeout=60_000)
    assert window.session.template == "digits-mlp"
    assert runs_of("iris")[0].record.state == "stopped" and runs_of("iris")[0].has_weights
