"""The search box: what is found, in which order, what a wire allows, what typed words mean, keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT
from graph_compiler.specs.tensors import Tensor
from widgets.finding import Forwards, find, match, recent, remember
from widgets.offer import offered
from widgets.search import SearchPopup
from widgets.typed import read_typed

OFFERED = offered(registry(), Document(), ROOT)
PICTURE = Tensor((11, 11, 64))


@pytest.fixture(autouse=True)
def nothing_recent() -> Iterator[None]:
    recent.clear()
    yield
    recent.clear()


@pytest.fixture
def popup(qtbot: QtBot) -> Iterator[SearchPopup]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    made = SearchPopup(OFFERED, PICTURE, window)
    made.open_at(QPoint(100, 100))
    yield made
    window.close()


def names(text: str, tensor: Tensor | None = None) -> list[str]:
    return [f.spec.name for f in find(OFFERED, text, tensor) if not f.reason]


@pytest.mark.parametrize(("text", "first"), [
    ("dense", "Dense"), ("conv2d", "Conv2D"), ("maxp2", "MaxPooling2D"), ("bn", "BatchNormalization"), ("flat", "Flatten"),
    ("mnist", "MNIST"), ("lo", "Loss"), ("gap", "GlobalAveragePooling2D"), ("conv", "Conv2D")])
def test_a_few_letters_find_the_type(text: str, first: str) -> None:
    assert names(text)[0] == first


def test_names_beat_keywords_and_runs_beat_scattered_letters() -> None:
    run, scattered = match("pool", "MaxPooling2D"), match("mxp", "MaxPooling2D")
    assert run is not None
    assert scattered is not None
    assert run[0] > scattered[0]
    assert run[1] == (3, 4, 5, 6)
    assert match("zzz", "Dense") is None


def test_what_a_wire_allows_stands_first_and_the_rest_says_why() -> None:
    every = find(OFFERED, "pool", PICTURE)
    good = [f for f in every if not f.reason]
    assert {f.spec.name for f in good} >= {"MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D"}
    assert next(f.shape for f in good if f.spec.name == "MaxPooling2D") == "5×5×64"
    refused = next(f for f in every if f.spec.name == "MaxPooling1D")
    assert refused.reason
    assert every.index(refused) >= len(good)
    assert "MNIST" not in [f.spec.name for f in find(OFFERED, "mnist", PICTURE)]


def test_pixels_go_through_a_rescaling_to_what_needs_decimal_numbers() -> None:
    spec = registry().node("MNIST")
    assert spec is not None
    pixels = spec.infer(spec.defaults(), {}).outputs[0]
    forwards = Forwards(bridge=registry().node("Rescaling"))
    conv = find(OFFERED, "conv 32 3", pixels, forwards=forwards)[0]
    assert (conv.spec.name, conv.via, conv.shape, conv.reason) == ("Conv2D", "Rescaling", "26×26×32", "")
    assert find(OFFERED, "", pixels, forwards=forwards)[0].spec.name == "Rescaling"
    assert find(OFFERED, "conv 32 3", pixels)[0].spec.name == "Cast", "replacing a node has no room in front of it"
    assert {f.via for f in find(OFFERED, "conv", PICTURE, forwards=forwards)} == {""}, "decimal numbers need nothing"


def test_one_wire_asks_for_what_one_wire_feeds() -> None:
    assert names("max", PICTURE)[0] == "MaxPooling2D"
    assert names("maximum", PICTURE)[0] == "Maximum"
    assert names("add", PICTURE)[0] == "Add"


def test_typed_parameters_end_before_the_shape(popup: SearchPopup) -> None:
    def right_end(text: str) -> QImage:
        popup.field.clear()
        QTest.keyClicks(popup.field, text)
        row = popup.list.row_rect(0).toRect()
        return popup.list.grab(row.adjusted(row.width() - 120, 0, 0, 0)).toImage()

    assert right_end("conv2dtranspose 32 3 relu no_bias") == right_end("conv2dtranspose 32 3")


def test_recent_types_come_first() -> None:
    before = names("con")
    remember(before[2])
    assert find(OFFERED, "con", None, recent)[0].spec.name == before[2]
    remember("FashionMNIST")
    assert [find(OFFERED, text, None, recent)[0].spec.name for text in ("mnis", "mnist")] == ["FashionMNIST", "MNIST"]


@pytest.mark.parametrize(("name", "text", "expected"), [
    ("Conv2D", "64 3", {"filters": 64, "kernel_size": 3}),
    ("Conv2D", "32 5 relu", {"filters": 32, "kernel_size": 5, "activation": "relu"}),
    ("Dense", "10 softmax", {"units": 10, "activation": "softmax"}), ("Dropout", "0.3", {"rate": 0.3}),
    ("Conv2D", "32 3x5 pad=same", {"filters": 32, "kernel_size": [3, 5], "padding": "same"}),
    ("LSTM", "64 return_sequences", {"units": 64, "return_sequences": True}),
    ("LSTM", "return_state=on", {"return_state": True}),
    ("Reshape", "7 7 64*2", {"target_shape": [7, 7, 128]}), ("Reshape", "7x7x128", {"target_shape": [7, 7, 128]}),
    ("Rescaling", "1/255", {"scale": 1 / 255}), ("Dropout", "30%", {"rate": 0.3}), ("Dropout", "0,3", {"rate": 0.3}),
    ("Loss", "mse", {"loss": "MeanSquaredError"}),
    ("Loss", "sparse_categorical_crossentropy", {"loss": "SparseCategoricalCrossentropy"}),
    ("Loss", "bce", {"loss": "BinaryCrossentropy"}), ("Loss", "scce", {"loss": "SparseCategoricalCrossentropy"}),
    ("LSTM", "64 true", {"units": 64, "return_sequences": True}), ("LSTM", "64 seq", {"units": 64, "return_sequences": True}),
    ("Conv2D", "64,3", {"filters": 64, "kernel_size": 3}), ("Conv2D", "8 3,5", {"filters": 8, "kernel_size": [3, 5]}),
    ("Conv2D", "64 3 2 no_bias", {"filters": 64, "kernel_size": 3, "strides": 2, "use_bias": False}),
    ("Resizing", "32x48", {"height": 32, "width": 48}), ("Resizing", "32x48x3", {}),
    ("Bidirectional", "64", {"layer": {"name": "LSTM", "units": 64}}),
    ("Bidirectional", "gru 8 sum", {"layer": {"name": "GRU", "units": 8}, "merge_mode": "sum"}),
    ("TimeDistributed", "conv2d 8 3 relu",
     {"layer": {"name": "Conv2D", "filters": 8, "kernel_size": 3, "activation": "relu"}}),
    ("TimeDistributed", "flatten", {"layer": "Flatten"}),
    ("Dense", "units=8 rel", {"units": 8}), ("Dense", "sig", {"activation": "sigmoid"}),
    ("Dropout", "7", {}), ("Flatten", "9", {})])
def test_typed_words_become_parameters(name: str, text: str, expected: dict[str, object]) -> None:
    spec = registry().node(name)
    assert spec is not None
    assert read_typed(spec, text.split())[0] == expected


@pytest.mark.parametrize(("text", "first", "params"), [
    ("max pool 2", "MaxPooling2D", {"pool_size": 2}), ("global average", "GlobalAveragePooling2D", {}),
    ("batch norm", "BatchNormalization", {}), ("conv transpose 64 4 2", "Conv2DTranspose",
                                               {"filters": 64, "kernel_size": 4, "strides": 2}),
    ("leaky relu", "LeakyReLU", {}), ("multi head 4 32", "MultiHeadAttention", {"num_heads": 4, "key_dim": 32}),
    ("attention 4 64", "MultiHeadAttention", {"num_heads": 4, "key_dim": 64}), ("fully connected 10", "Dense", {"units": 10}),
    ("fc 10", "Dense", {"units": 10}), ("sigmoid", "Activation", {"activation": "sigmoid"}), ("cross entropy", "Loss", {}),
    ("mse", "Loss", {"loss": "MeanSquaredError"}), ("upsample 2", "UpSampling2D", {"size": 2}),
    ("bi lstm 64", "Bidirectional", {"layer": {"name": "LSTM", "units": 64}}), ("bilstm", "Bidirectional", {})])
def test_names_of_several_words_and_what_people_call_things(text: str, first: str, params: dict[str, object]) -> None:
    found = find(OFFERED, text)[0]
    assert (found.spec.name, found.params, found.unread) == (first, params, ())


@pytest.mark.parametrize(("line", "first", "params"), [
    ('layers.Conv2D(64, (3, 3), padding="same", activation="relu")', "Conv2D",
     {"filters": 64, "kernel_size": [3, 3], "padding": "same", "activation": "relu"}),
    ("tf.keras.layers.LSTM(64, return_sequences=True)", "LSTM", {"units": 64, "return_sequences": True}),
    ("Reshape((7, 7, 128))", "Reshape", {"target_shape": [7, 7, 128]}), ("MaxPooling2D((2, 2))", "MaxPooling2D",
                                                                         {"pool_size": [2, 2]}),
    ("Dense(units=2*(3+4))", "Dense", {"units": 14}), ("Dense(10, activation = 'softmax')", "Dense",
                                                      {"units": 10, "activation": "softmax"})])
def test_a_line_of_keras_is_understood(line: str, first: str, params: dict[str, object]) -> None:
    found = find(OFFERED, line)[0]
    assert (found.spec.name, found.params, found.unread) == (first, params, ())


@pytest.mark.parametrize(("text", "params", "unread"), [
    ("dense width*2 relu", {"units": {"=": "Width*2"}, "activation": "relu"}, ()),
    ("dense units=width", {"units": {"=": "Width"}}, ()), ("dropout rate", {"rate": {"=": "rate"}}, ()),
    ("dense 64*2", {"units": 128}, ()), ("dense rate", {}, ("rate",)), ("dense width*", {}, ("width*",)),
    ("dense other*2", {}, ("other*2",)), ("dense name", {}, ("name",))])
def test_inside_a_block_a_text_over_its_parameters_is_kept(text: str, params: dict[str, object],
                                                           unread: tuple[str, ...]) -> None:
    names = {"Width": 4, "rate": 0.25, "name": "x"}
    found = find(OFFERED, text, Tensor((11, 11, 64)), names=names)[0]
    assert (found.params, found.unread) == (params, unread)
    if text.startswith("dense width*2"):
        assert found.shape == "11×11×8"


def test_words_that_mean_nothing_are_said() -> None:
    assert find(OFFERED, "dense foo 3 units=x")[0].unread == ("foo", "units=x")
    assert not find(OFFERED, "dense 3 relu")[0].unread


def test_keys_choose(popup: SearchPopup, qtbot: QtBot) -> None:
    QTest.keyClicks(popup.field, "pool")
    second = popup.found[1].spec.name
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    assert popup.current == 1
    with qtbot.waitSignal(popup.chosen) as heard:
        QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert heard.args == [second, {}, False]
    with qtbot.waitSignal(popup.chosen) as heard:
        QTest.keyClick(popup.field, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert heard.args[0] == popup.found[2].spec.name
    with qtbot.waitSignal(popup.closed):
        QTest.keyClick(popup.field, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_up_from_the_first_goes_round_and_skips_what_cannot_be(popup: SearchPopup) -> None:
    QTest.keyClicks(popup.field, "pool")
    good = sum(not f.reason for f in popup.found)
    assert good < len(popup.found)
    QTest.keyClick(popup.field, Qt.Key.Key_Up)
    assert popup.current == good - 1


def test_the_mouse_chooses_and_refused_lines_do_nothing(popup: SearchPopup, qtbot: QtBot) -> None:
    QTest.keyClicks(popup.field, "pool")
    first, last = popup.list.row_rect(0).center().toPoint(), popup.list.row_rect(len(popup.found) - 1).center().toPoint()
    with qtbot.assertNotEmitted(popup.chosen):
        QTest.mouseClick(popup.list, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last)
    with qtbot.waitSignal(popup.chosen) as heard:
        QTest.mouseClick(popup.list, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
    assert heard.args[0] == popup.found[0].spec.name


@pytest.mark.parametrize("height", [190, 300, 420])
def test_in_a_low_canvas_it_lists_what_is_seen_whole(qtbot: QtBot, height: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, height)
    made = SearchPopup(OFFERED, PICTURE, window)
    made.open_at(QPoint(100, 50))
    QTest.keyClicks(made.field, "pool")
    assert made.found and window.rect().contains(made.geometry())


def test_it_stays_inside_its_window(popup: SearchPopup) -> None:
    popup.open_at(QPoint(880, 690))
    parent = popup.parentWidget()
    assert parent is not None
    assert parent.rect().contains(popup.geometry())
    QTest.keyClicks(popup.field, "pool")
    assert parent.rect().contains(popup.geometry())


def test_nothing_found_says_so(popup: SearchPopup) -> None:
    before = popup.list.grab().toImage()
    QTest.keyClicks(popup.field, "qqqq")
    assert popup.found == []
    assert popup.list.grab().toImage() != before
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.isVisible()


def test_an_empty_query_begins_with_the_recent_and_the_usual() -> None:
    assert names("")[:7] == ["Dense", "Conv2D", "MaxPooling2D", "Flatten", "Dropout", "Loss", "MNIST"]
    remember("LayerNormalization")
    remember("Flatten")
    first = [f.spec.name for f in find(OFFERED, "", None, recent)][:4]
    assert first == ["Flatten", "LayerNormalization", "Dense", "Conv2D"]


def test_near_the_lower_edge_it_stands_above_the_pointer_however_short_it_is(popup: SearchPopup) -> None:
    popup.open_at(QPoint(100, 600))
    assert popup.geometry().bottom() + 1 == 600
    before = popup.height()
    QTest.keyClicks(popup.field, "qqqq")
    assert popup.height() < before
    assert popup.geometry().bottom() + 1 == 600


def test_what_has_no_room_in_the_current_line_stands_whole_below(popup: SearchPopup) -> None:
    QTest.keyClicks(popup.field, "conv2d 64 3")
    assert not popup.whole.isVisible()
    QTest.keyClicks(popup.field, " same relu strides=2 use_bias=off")
    assert popup.whole.text() == "filters=64 kernel_size=3 padding=same activation=relu strides=2 use_bias=off"
    assert popup.whole.isVisible() and popup.whole.geometry().top() >= popup.list.geometry().bottom()
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    assert popup.whole.text().startswith(popup.list.cut(1)[0]) and popup.current == 1
    place = popup.list.row_rect(0).center().toPoint()
    QTest.mouseMove(popup.list, place + QPoint(1, 0))
    QTest.mouseMove(popup.list, place)
    assert popup.current == 0 and popup.list.toolTip() == popup.whole.text()
    popup.field.clear()
    assert not popup.whole.isVisible()
