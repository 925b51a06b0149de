"""States of recurrent layers on the canvas: a wire pulled from h finds initial_h, a plain one never a state."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from tests.helpers.canvas import at, drag, key, port, shown, wires
from tests.helpers.drawing import drawing
from widgets.canvas.view import CanvasView

BELOW = 160.0
"""Where no port is near."""


def spread() -> Document:
    """Rows of digits to an encoder and, free, a decoder and a bidirectional layer."""
    document = drawing("digits Digits", "scale Rescaling", "rows Reshape target_shape=[8,8]",
                       "encoder LSTM return_state=true return_sequences=true",
                       "decoder LSTM", "both Bidirectional", "flat Flatten", "code Dense units=32",
                       "digits.image > scale > rows > encoder", "rows > flat > code")
    for i, node_id in enumerate(("digits", "scale", "rows", "encoder", "decoder", "both", "flat", "code")):
        node = document.graph.nodes[node_id]
        place = {"x": 256.0 * (i % 4), "y": 320.0 * (i // 4)}
        document.graph.put_node(Node(id=node_id, type=node.type, params=node.params, **place))
    return document


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, spread(), 1200, 900)


def new(view: CanvasView) -> list[str]:
    return [wire for wire in wires(view) if wire.split(" > ")[1].split(".")[0] in ("decoder", "both")]


@pytest.mark.parametrize(("name", "target", "dy", "wire"), [
    ("h", "decoder", BELOW, "encoder.h > decoder.initial_h"), ("c", "decoder", BELOW, "encoder.c > decoder.initial_c"),
    ("out", "decoder", BELOW, "encoder.out > decoder.in"), ("c", "both", BELOW, "encoder.c > both.initial_forward_c"),
    ("h", "decoder", 20, "encoder.h > decoder.initial_h"), ("out", "decoder", 20, "encoder.out > decoder.in")])
def test_a_wire_dropped_on_a_card_finds_its_port(view: CanvasView, name: str, target: str, dy: float, wire: str) -> None:
    drag(view, port(view, "encoder", name, True), at(view, target, dy=dy))
    assert new(view) == [wire]


def test_numbers_of_the_right_size_become_a_state(view: CanvasView) -> None:
    drag(view, port(view, "code", "out", True), at(view, "decoder", dy=BELOW))
    drag(view, port(view, "flat", "out", True), at(view, "decoder", dy=BELOW))
    assert new(view) == ["code.out > decoder.initial_h"]


def test_a_plain_wire_takes_the_input_again_before_a_state(view: CanvasView) -> None:
    for name in ("rows", "encoder"):
        drag(view, port(view, name, "out", True), at(view, "decoder", dy=BELOW))
    assert new(view) == ["encoder.out > decoder.in"]


def test_join_hands_states_over_once_the_input_is_wired(view: CanvasView) -> None:
    drag(view, port(view, "rows", "out", True), at(view, "decoder", dy=BELOW))
    view.canvas.select(["encoder", "decoder"])
    key(view, Qt.Key.Key_J)
    assert new(view) == ["encoder.h > decoder.initial_h", "rows.out > decoder.in"]
