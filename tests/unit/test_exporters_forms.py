"""Layers that TensorFlow Lite has no operation for leave in those it has, with the same numbers."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.freezing import freeze
from graph_compiler.exporters.litert_forms import litert_forms
from graph_compiler.exporters.masked_steps import with_full_rows
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.proof import Proof, prove, samples_of
from graph_compiler.exporters.rewriting import inference_part

VOLUME = (5, 6, 7, 2)
POOLS: dict[str, dict[str, Any]] = {
    "MaxPooling3D": {"pool_size": 2}, "AveragePooling3D": {"pool_size": 2},
    "MaxPooling3D same": {"pool_size": (2, 3, 1), "strides": (1, 2, 2), "padding": "same"},
    "AveragePooling3D same": {"pool_size": (3, 2, 2), "strides": 2, "padding": "same"},
    "AveragePooling3D deep": {"pool_size": (3, 1, 1), "strides": 1},
    "AdaptiveAveragePooling3D": {"output_size": (2, 3, 4)}, "AdaptiveMaxPooling3D": {"output_size": (2, 3, 4)}}
SERIES = (6, 3)


@pytest.fixture
def keras() -> ModuleType:
    """Keras with random numbers that are the same in every test, whatever ran before it."""
    import keras

    keras.utils.set_random_seed(8)
    return keras


def numbers(rows: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(4).normal(size=(rows, *shape)).astype("float32")


def padded(rows: int) -> np.ndarray:
    """Series of other lengths, zeros before, behind and between, and one without a step."""
    data = numbers(rows, *SERIES)
    data[1::3, 4:], data[2::3, :2], data[3::4, 2:4], data[0] = 0.0, 0.0, 0.0, 0.0
    return data


def proven(name: str, part: Part, data: np.ndarray, folder: Path, accept: bool = False) -> Proof:
    given = {part.input_names[0]: data}
    path = folder / f"net{FORMATS[name].suffix}"
    return prove(FORMATS[name], part, samples_of(part, given), path,
                 {"description": {"name": "net"}, "calibration": given, "accept": accept}, lambda *_: None)


def part_of(keras: ModuleType, x: Any, y: Any) -> Part:
    return Part("whole", keras.Model(x, y), (x.name,), ("y",))


@pytest.mark.parametrize("name", POOLS)
def test_volumes_are_pooled_plane_by_plane(keras: ModuleType, name: str, tmp_path: Path) -> None:
    import tensorflow as tf

    before = tf.nn.max_pool, tf.nn.avg_pool, tf.nn.pool
    x = keras.Input(VOLUME, name="x")
    part = part_of(keras, x, getattr(keras.layers, name.split(maxsplit=1)[0])(**POOLS[name])(x))
    data = numbers(40, *VOLUME)
    assert proven("tflite", part, data, tmp_path).max_abs_diff < 1e-6
    assert proven("tflite-int8", part, data, tmp_path).losses[0].shares[0] < 0.02
    assert (tf.nn.max_pool, tf.nn.avg_pool, tf.nn.pool) == before


@pytest.mark.parametrize("shape", [(13, 3), (11, 13, 3), (12, 9, 7, 2)], ids=str)
def test_means_to_a_chosen_size_have_a_scale_for_each_axis(keras: ModuleType, shape: tuple[int, ...], tmp_path: Path) -> None:
    """With one scale for all of them, what is read was cut off where the last means end: 19 % of the range, or 30 %."""
    ops, rank = keras.src.ops, len(shape) - 1
    before = ops.adaptive_average_pool
    x = keras.Input(shape, name="x")
    part = part_of(keras, x, getattr(keras.layers, f"AdaptiveAveragePooling{rank}D")((3, 4, 7)[:rank])(x))
    loss = proven("tflite-int8", part, numbers(220, *shape), tmp_path).losses[0]
    assert loss.shares[0] < 0.02 and loss.shares[1] < 0.004
    assert ops.adaptive_average_pool is before


def test_a_volume_of_any_size_too(keras: ModuleType, tmp_path: Path) -> None:
    x = keras.Input((None, 6, None, 2), name="x")
    y = keras.layers.MaxPooling3D(2)(keras.layers.AveragePooling3D((2, 2, 1), padding="same")(x))
    part = part_of(keras, x, y)
    proof = proven("tflite", part, numbers(4, 9, 6, 5, 2), tmp_path)
    other = {"x": numbers(3, 5, 6, 8, 2)}
    (found,) = FORMATS["tflite"].reopen(Path(proof.path), part)(other)
    assert np.allclose(found, part.run(other)[0], atol=1e-6)


@pytest.mark.parametrize("shape", [(3, 4, 5, 2), (2, 3, 2, 2, 2), (None, 4, 5, 2), (None, None, 2, 2, 2)], ids=str)
def test_slopes_of_many_axes_are_a_list(keras: ModuleType, shape: tuple[int | None, ...], tmp_path: Path) -> None:
    x = keras.Input(shape, name="x")
    part = part_of(keras, x, keras.layers.PReLU(alpha_initializer="uniform", shared_axes=(1, 2))(x))
    data = numbers(40, *(size or 3 for size in shape))
    assert proven("tflite", part, data, tmp_path).max_abs_diff < 1e-6
    assert proven("tflite-int8", part, data, tmp_path).losses[0].shares[0] < 0.02


# Whole numbers.


def masked(keras: ModuleType, *layers: Any) -> Part:
    x = keras.Input(SERIES, name="x")
    y = keras.layers.Masking()(x)
    for layer in layers:
        y = layer(y)
    return part_of(keras, x, y)


def traced(part: Part, *data: np.ndarray) -> np.ndarray:
    """What the graph says that a converter is given."""
    import tensorflow as tf

    with litert_forms(part.model, bits=8):
        (found,) = freeze(part, None)(*map(tf.constant, data))
    return np.asarray(found)


def recurrences(keras: ModuleType, kind: str, **more: Any) -> list[Any]:
    layers = keras.layers
    made = {"GRU": lambda: [layers.GRU(5, **more)], "LSTM": lambda: [layers.LSTM(5, return_sequences=True, **more)],
            "SimpleRNN": lambda: [layers.SimpleRNN(5, **more)],
            "backwards": lambda: [layers.LSTM(5, go_backwards=True, **more)],
            "zeros": lambda: [layers.GRU(5, return_sequences=True, zero_output_for_mask=True, **more)],
            "both": lambda: [layers.Bidirectional(layers.LSTM(5, return_sequences=True, **more))],
            "two": lambda: [layers.GRU(5, return_sequences=True, **more), layers.GRU(4, **more)]}
    return made[kind]()


KINDS = ("GRU", "LSTM", "SimpleRNN", "backwards", "zeros", "both", "two")


@pytest.mark.parametrize("unroll", [False, True], ids=["written out", "drawn so"])
@pytest.mark.parametrize("kind", KINDS)
def test_steps_that_are_skipped_change_nothing(keras: ModuleType, kind: str, unroll: bool) -> None:
    """What Keras itself writes out zeroes other steps than its loop where both directions meet; each stays what it is."""
    part, data = masked(keras, *recurrences(keras, kind, unroll=unroll)), padded(24)
    inner = keras.layers.RNN.inner_loop
    assert np.allclose(traced(inference_part(part, unrolled=True), data), part.run({"x": data})[0], atol=1e-6)
    assert keras.layers.RNN.inner_loop is inner


@pytest.mark.parametrize("kind", ["GRU", "LSTM", "both", "two"])
def test_padded_series_leave_in_whole_numbers(keras: ModuleType, kind: str, tmp_path: Path) -> None:
    """With zeros as biases the first product is nothing but zeros; its scale must not be that of the states."""
    proof = proven("tflite-int8", masked(keras, *recurrences(keras, kind)), padded(220), tmp_path)
    assert proof.losses[0].shares[1] < 0.02


def test_steps_that_no_row_has_keep_a_scale(keras: ModuleType, tmp_path: Path) -> None:
    """Backwards, such a series begins with nothing but padding: its file did not run at all."""
    data = padded(220)
    data[:, -2:] = 0.0
    proof = proven("tflite-int8", masked(keras, *recurrences(keras, "both")), data, tmp_path, accept=True)
    assert proof.losses[0].shares[1] < 0.05


def test_rows_are_filled_with_their_own_steps(keras: ModuleType) -> None:
    part = masked(keras, *recurrences(keras, "GRU"))
    rows = np.array([[[1.0], [2.0], [0.0], [0.0], [0.0]], [[0.0]] * 5, [[3.0], [0.0], [4.0], [5.0], [6.0]]], "float32")
    shown = with_full_rows(part.model, {"x": rows})["x"]
    assert np.array_equal(shown[:3], rows)
    assert shown[3:, :, 0].tolist() == [[1, 2, 1, 2, 1], [0] * 5, [3, 4, 5, 6, 3]]
    unmasked = part_of(keras, x := keras.Input(SERIES, name="x"), keras.layers.GRU(3)(x))
    assert with_full_rows(unmasked.model, {"x": rows})["x"] is rows


def test_a_state_that_is_given_is_kept_where_the_first_step_is_skipped(keras: ModuleType) -> None:
    x, state = keras.Input(SERIES, name="x"), keras.Input((5,), name="state")
    y = keras.layers.GRU(5, unroll=True)(keras.layers.Masking()(x), initial_state=state)
    part = Part("whole", keras.Model([x, state], y), ("x", "state"), ("y",))
    data = {"x": padded(24), "state": numbers(24, 5)}
    found = traced(part, *data.values())
    assert np.allclose(found, part.run(data)[0], atol=1e-6)


@pytest.mark.parametrize(("mode", "shape"), [("one_hot", ()), ("one_hot", (3,)), ("multi_hot", (3,)), ("one_hot", (4, 4, 1))])
def test_places_are_ones_and_zeros_in_8_bits(keras: ModuleType, mode: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    """The converter knows the operation again in a comparison, and writes 0.5 for 0."""
    from graph_compiler.layers.custom.registry import custom_class

    x = keras.Input(shape, dtype="int32", name="x")
    part = part_of(keras, x, custom_class(keras, "CategoryEncoding")(num_tokens=6, output_mode=mode)(x))
    data = np.random.default_rng(1).integers(0, 6, (40, *shape)).astype("int32")
    assert proven("tflite-int8", part, data, tmp_path).max_abs_diff < 1e-6
