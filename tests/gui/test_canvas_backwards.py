"""Wires pulled backwards from an input: what can give lights up, the rest fades with a reason, the search lists what fits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import Connect, Move, SetParam
from graph_compiler.graph.values import Edge
from graph_compiler.specs.datasets import SourceSpec
from tests.helpers.canvas import CONTROL, at, card, check_scene, drag, key, move, port, press, release, shown, wires
from tests.helpers.drawing import drawing
from widgets.canvas.view import CanvasView

PLACES = {"mnist": (0.0, 0.0), "iris": (0.0, 420.0), "rescaling": (300.0, 0.0), "flatten": (600.0, 300.0), "conv": (600.0, 0.0),
          "loss": (900.0, 0.0)}
FREE = QPoint(560, 700)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    document = drawing("mnist MNIST", "iris Iris", "rescaling Rescaling", "flatten Flatten", "conv Conv2D", "loss Loss",
                       "mnist.image > rescaling > flatten")
    Move(PLACES).apply(document)
    return shown(qtbot, document)


def pulled(view: CanvasView, node_id: str, name: str, over: str) -> str:
    """Pull from an input over another node; its tooltip then. The wire is let go of with Escape."""
    press(view, port(view, node_id, name, False))
    move(view, at(view, over))
    return QToolTip.text()


def faded(view: CanvasView) -> set[str]:
    return {n for n in PLACES if card(view, n).look.faded}


def test_what_gives_nothing_that_fits_fades_and_says_why(view: CanvasView) -> None:
    assert pulled(view, "conv", "in", "iris") == "Conv2D needs an image, height × width × channels; received 4 (1 axis)."
    assert faded(view) == {"mnist", "iris", "flatten", "loss"}
    assert view.gestures.pulling is not None
    assert view.gestures.pulling.banner == "Pulling a wire. Faded nodes give nothing that fits; their tooltip says why."
    move(view, at(view, "rescaling"))
    assert card(view, "rescaling").look.target
    key(view, Qt.Key.Key_Escape)
    release(view, at(view, "rescaling"))
    assert faded(view) == set()
    assert len(wires(view)) == 2


def test_it_is_refused_where_it_fades_and_connected_where_it_does_not(view: CanvasView) -> None:
    said: list[str] = []
    view.status.connect(said.append)
    drag(view, port(view, "conv", "in", False), at(view, "mnist", 84, 20))
    assert said == ["Conv2D needs decimal numbers; received whole numbers (uint8)."]
    assert len(wires(view)) == 2
    drag(view, port(view, "conv", "in", False), at(view, "rescaling"))
    assert "rescaling.out > conv.in" in wires(view)
    assert view.document.undo_stack.count() == 1
    check_scene(view)


def test_of_several_outputs_the_one_that_fits_is_taken(view: CanvasView) -> None:
    drag(view, port(view, "loss", "target", False), at(view, "mnist", 84, 20))
    assert "mnist.label > loss.target" in wires(view)
    drag(view, port(view, "loss", "prediction", False), at(view, "iris", 84, 20))
    assert "iris.features > loss.prediction" in wires(view)


def test_the_search_lists_what_gives_something_that_fits(view: CanvasView) -> None:
    drag(view, port(view, "conv", "in", False), FREE)
    assert view.verbs.search is not None
    QTest.keyClicks(view.verbs.search.field, "flatten")
    assert next((f.spec.name, bool(f.reason)) for f in view.verbs.search.found) == ("Flatten", True)
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Return)
    assert len(view.canvas.graph.nodes) == 6
    view.verbs.search.field.clear()
    QTest.keyClicks(view.verbs.search.field, "reshape 8 8 3")
    assert (view.verbs.search.found[0].spec.name, view.verbs.search.found[0].reason) == ("Reshape", "")
    view.verbs.search.field.clear()
    QTest.keyClicks(view.verbs.search.field, "reshape 8 24")
    reshape = next(f for f in view.verbs.search.found if f.spec.name == "Reshape")
    assert reshape.reason.startswith("Conv2D needs an image")
    view.verbs.search.field.clear()
    QTest.keyClicks(view.verbs.search.field, "maxpool")
    assert [f.spec.name for f in view.verbs.search.found if not f.reason] == ["MaxPooling2D", "AdaptiveMaxPooling2D"]
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Return)
    assert "max_pooling2d_1.out > conv.in" in wires(view)
    assert view.document.undo_stack.count() == 1
    check_scene(view)


def test_no_data_is_looked_into_to_open_the_search(view: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    """The columns of some sources come out of large tables of words, which a hand would wait for."""
    asked: set[str] = set()
    for verb in ("output_ports", "infer"):
        looked = getattr(SourceSpec, verb)
        monkeypatch.setattr(SourceSpec, verb, lambda spec, *given, looked=looked: (
            asked.add(spec.name), looked(spec, *given))[1])
    drag(view, port(view, "conv", "in", False), FREE)
    assert view.verbs.search is not None
    QTest.keyClicks(view.verbs.search.field, "mnist")
    assert view.verbs.search.found[0].spec.name == "MNIST"
    assert asked <= {"MNIST", "Iris"}, "those of the drawing"


def test_a_target_is_offered_data_first_and_takes_the_classes(view: CanvasView) -> None:
    drag(view, port(view, "loss", "target", False), FREE)
    assert view.verbs.search is not None
    assert {f.spec.kind for f in view.verbs.search.found} == {"source"}
    QTest.keyClicks(view.verbs.search.field, "fashionm")
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Return)
    assert "fashion_mnist_1.label > loss.target" in wires(view)


@pytest.fixture
def sums(qtbot: QtBot) -> CanvasView:
    """Two lists of 4 and one of 5 numbers, one of the first in an Add."""
    document = drawing("i Iris", "a Dense units=4", "b Dense units=5", "c Dense units=4", "s Add", "i.features > a > s",
                       "i.features > b", "i.features > c")
    Move({"i": (0.0, 0.0), "a": (300.0, 0.0), "b": (300.0, 200.0), "c": (300.0, 400.0), "s": (700.0, 0.0)}).apply(document)
    return shown(qtbot, document)


def test_a_merge_takes_what_fits_beside_what_it_has(sums: CanvasView) -> None:
    said: list[str] = []
    sums.status.connect(said.append)
    drag(sums, port(sums, "b", "out", True), at(sums, "s"))
    assert said[0].startswith("Add cannot match the shapes 4 and 5")
    assert sums.document.undo_stack.count() == 0
    drag(sums, port(sums, "c", "out", True), at(sums, "s"))
    assert "c.out > s.in" in wires(sums)
    press(sums, port(sums, "s", "in", False))
    move(sums, at(sums, "b"))
    assert card(sums, "b").look.faded
    assert not card(sums, "i").look.faded, "its four features fit"
    key(sums, Qt.Key.Key_Escape)
    release(sums, at(sums, "b"))
    check_scene(sums)


def test_what_hangs_on_a_merge_is_reconnected_where_it_fits_in_the_place_of_what_goes(sums: CanvasView) -> None:
    said: list[str] = []
    sums.status.connect(said.append)
    sums.document.do_all([Connect(Edge(source="c", source_port="out", target="s", target_port="in", index=1))], "wire")
    sums.select(["c"])
    key(sums, Qt.Key.Key_Delete, CONTROL)
    assert "i.features > s.in" in wires(sums)
    assert said == []
    sums.document.undo_stack.undo()
    sums.document.do_all([SetParam("a", "units", 6), SetParam("c", "units", 6)], "other sizes")
    sums.select(["c"])
    key(sums, Qt.Key.Key_Delete, CONTROL)
    assert "i.features > s.in" not in wires(sums)
    assert said[0].startswith("s is left open. Add cannot match the shapes 6 and 4")


def test_the_search_says_where_the_wire_goes(view: CanvasView) -> None:
    drag(view, port(view, "conv", "in", False), FREE)
    assert view.verbs.search is not None
    plain = view.verbs.search.grab().toImage()
    key(view, Qt.Key.Key_Escape)
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Escape)
    drag(view, port(view, "loss", "target", False), FREE)
    assert view.verbs.search.grab().toImage() != plain
