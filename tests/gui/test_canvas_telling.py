"""The tooltip of a node: everything that is known of it, where the pointer rests."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from app.paths import template
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import RemoveNode, SetField, SetParam, SetTraining
from tests.helpers.canvas import at, shown
from widgets.canvas.telling import as_html, story
from widgets.document import GraphDocument
from widgets.statusbar import StatusBar
from widgets.words import count, size_words


@pytest.fixture
def document(qtbot):
    return GraphDocument(template("digits-cnn"), registry())


def told(document: GraphDocument, path: str) -> dict[str, str]:
    return dict(story(document, path)[2:])


def test_a_layer_tells_shapes_parameters_costs_and_files(document):
    assert story(document, "conv2d_2")[:2] == [("Conv2D", "conv2d_2"), ("", "Filters slide over an image.")]
    assert told(document, "conv2d_2") == {
        "in": "13×13×32", "out": "11×11×64", "filters": "64", "kernel_size": "3×3", "activation": "relu",
        "parameters": "18,496 (53.1 %)", "MACs a sample": "2,230,272 (91.4 %)",
        "results": f"{size_words(11 * 11 * 64 * 4 * 16)} for a batch of 16", "files": "ready in every format"}


def test_memory_follows_the_batch_size_and_parameters_their_edits(document):
    document.do(SetTraining("batch_size", 32))
    document.do(SetParam("conv2d_2", "padding", "same"))
    said = told(document, "conv2d_2")
    assert said["results"] == f"{size_words(13 * 13 * 64 * 4 * 32)} for a batch of 32"
    assert said["padding"] == "same"


def test_what_does_not_leave_with_a_file_says_so(document):
    assert told(document, "mnist_1")["files"].startswith("not part of them")
    assert "files" not in told(document, "loss_1")
    assert told(document, "mnist_1")["out, label"] == "scalar int32"


def test_states_and_problems_are_told(document):
    document.do(SetField("dropout_1", "muted", True))
    assert told(document, "dropout_1")["muted"] == "what comes in goes through"
    document.do(RemoveNode("flatten_1"))
    said = told(document, "dropout_1")
    assert said["error"] and said["files"] == "not before its problem is mended"


def test_a_block_tells_what_is_inside_it(qtbot):
    document = GraphDocument(template("inception"), registry())
    block = next(n.id for n in document.document.graph.nodes.values() if n.block)
    said = told(document, block)
    assert "192 of them fixed" in said["parameters"] and said["results"].endswith("for a batch of 64")
    inner = next(iter(document.document.blocks[document.document.graph.nodes[block].block].graph.nodes))
    assert story(document, f"{block}.{inner}")
    assert story(document, "nobody") == []


def test_words_of_the_user_are_no_markup(document):
    document.do(SetField("conv2d_2", "label", "<b>x</b> & y"))
    assert "&lt;b&gt;x&lt;/b&gt; &amp; y" in as_html(story(document, "conv2d_2"))


def test_it_comes_where_the_pointer_rests_on_a_card(qtbot):
    view = shown(qtbot, template("digits-cnn"))
    view.fit()
    for place, words in ((at(view, "conv2d_2"), "18,496"), (view.viewport().rect().topLeft(), "")):
        event = QHelpEvent(QHelpEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        if words:
            qtbot.waitUntil(lambda: "18,496" in QToolTip.text())
        else:
            qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_status_bar_says_what_training_takes(document, qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_analysis(document.analysis)
    assert bar.memory.text() == f"{size_words(document.analysis.totals.training_bytes)} to train"
    assert bar.parameters.text() == f"{count(34826)} parameters"
    bar.show_analysis(None)
    assert not bar.memory.isVisibleTo(bar)


def test_the_status_bar_says_when_totals_are_not_whole_and_what_is_trained(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    document = GraphDocument(template("house-prices"), registry())
    bar.show_analysis(document.analysis)
    assert bar.parameters.text() == "5,148 parameters" and "5,121 are trained, 27 are fixed." in bar.parameters.toolTip()
    document.do(SetParam("dense_1", "units", -1))
    bar.show_analysis(document.analysis)
    assert bar.parameters.text().endswith(" parameters so far") and "not counted" in bar.parameters.toolTip()
