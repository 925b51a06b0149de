"""What exported files make of a node, where a person sees it: the inspector's section, the mark on the card."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.paths import template
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField, SetParam
from graph_compiler.specs.readiness import KEPT, NOTED, READY
from tests.helpers.canvas import shown
from tests.helpers.drawing import drawing
from tests.helpers.events import open_document
from widgets.canvas.items import NodeItem
from widgets.canvas.states import mark_of
from widgets.canvas.view import CanvasView
from widgets.controls import FixButton
from widgets.document import GraphDocument
from widgets.inspector.inspector import Inspector
from widgets.outline import OutlinePanel
from widgets.problems import ProblemsPage


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, template("forecast"), 1200, 900)


def mark(view: CanvasView, node_id: str) -> str:
    box = view.canvas.boxes[node_id]
    assert isinstance(box, NodeItem)
    return mark_of(box.look)[0]


def test_the_inspector_tells_targets_that_stand_alike_in_one_row_and_offers_the_change(qtbot: QtBot) -> None:
    document = GraphDocument(template("forecast"), registry())
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.resize(312, 1400)
    inspector.show()
    inspector.set_selection(["lstm_1"])
    section = inspector.page.files
    assert [(names, state) for names, state, _ in section.rows] == [
        ("TFLite float32, float16, dynamic", NOTED), ("TFLite int8, int16×8", NOTED),
        ("ONNX · Keras · SavedModel · Python script", READY)]
    (button,) = section.findChildren(FixButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: document.document.graph.nodes["lstm_1"].params.get("unroll") is True)
    qtbot.waitUntil(lambda: [state for _, state, _ in section.rows] == [READY, NOTED])
    document.undo_stack.undo()
    assert "unroll" not in document.document.graph.nodes["lstm_1"].params
    qtbot.waitUntil(lambda: len(section.rows) == 3)


def test_the_outline_says_what_the_mark_says(qtbot: QtBot) -> None:
    panel = OutlinePanel()
    qtbot.addWidget(panel)
    document = GraphDocument(template("forecast"), registry())
    panel.show()
    panel.set_document(document)
    model = panel.model
    qtbot.waitUntil(lambda: model.rowCount() > 0)
    assert model.sentence("lstm_1").endswith("files have it otherwise")
    assert "files" not in model.sentence("dense_1")


def test_a_card_has_a_quiet_mark_that_errors_push_aside(view: CanvasView) -> None:
    assert [mark(view, n) for n in ("lstm_1", "dense_1", "dropout_1")] == ["info", "", ""]
    view.document.do(SetParam("dense_1", "activation", "celu"))
    assert mark(view, "dense_1") == "no-file" and view.canvas.boxes["dense_1"].look.files == KEPT
    view.document.do(SetParam("dense_1", "units", 0))
    assert mark(view, "dense_1") == "error"
    view.document.do(SetField("lstm_1", "muted", True))
    assert mark(view, "lstm_1") == "mute"


CHANGES = {
    "a Activation activation=celu": "set activation to elu", "a Activation activation=selu": "set activation to elu",
    "a Activation activation=squareplus": "set activation to softplus",
    "a Activation activation=soft_shrink": "set activation to hard_shrink",
    "a UpSampling2D interpolation=bicubic": "set interpolation to bilinear",
    "a Resizing height=4 width=4 antialias=true": "set antialias to off"}


@pytest.mark.parametrize(("line", "label"), CHANGES.items())
def test_what_a_format_lacks_goes_with_one_click_and_comes_back_with_undo(qtbot: QtBot, line: str, label: str) -> None:
    document = open_document(drawing(
        "digits Digits", "scaled Rescaling scale=0.0625", line, "flat Flatten", "net Dense units=10", "loss Loss",
        "digits.image > scaled > a > flat > net > loss.prediction", "digits.label > loss.target"))
    inspector, page = Inspector(document), ProblemsPage(document)
    for widget in (inspector, page):
        qtbot.addWidget(widget)
        widget.resize(640, 1400)
        widget.show()
    inspector.set_selection(["a"])
    section = inspector.page.files
    before = dict(document.document.graph.nodes["a"].params)
    for holder in (section, page):
        assert KEPT in [state for _, state, _ in section.rows] and len(page.rows) == 1
        button = next(b for b in holder.findChildren(FixButton) if b.text().endswith(f": {label}"))
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: [state for _, state, _ in section.rows] == [READY] and not page.rows)
        document.undo_stack.undo()
        assert document.document.graph.nodes["a"].params == before
        qtbot.waitUntil(lambda: len(section.rows) > 1 and len(page.rows) == 1)
