"""Files of networks with recurrent and attention layers, reopened in LiteRT and ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.exporters.allowance import allowance
from graph_compiler.exporters.flatfile import read_metadata
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.freezing import freeze
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import Proof, prove, samples_of
from graph_compiler.exporters.recurrent import ONE_SAMPLE, loops, on_any_device

Made = tuple[list[Any], list[Any]]
"""Inputs and outputs of a Keras model."""


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    keras.utils.set_random_seed(1)
    return keras


def translator(keras: ModuleType) -> Made:
    """Padding, dropout in both places, states handed over, attention with its scores, and the last state as an output."""
    layers = keras.layers
    tokens, start = keras.Input((7,), dtype="int32", name="tokens"), keras.Input((5, 3), name="start")
    vectors = layers.Embedding(9, 6, mask_zero=True)(tokens)
    read, h, c = layers.LSTM(4, return_sequences=True, return_state=True, dropout=0.2, recurrent_dropout=0.1)(vectors)
    write = layers.LSTM(4, return_sequences=True)(start, initial_state=[h, c])
    looked, scores = layers.Attention(use_scale=True)([write, read], return_attention_scores=True)
    return [tokens, start], [layers.TimeDistributed(layers.Dense(3))(looked), scores, h]


def both_ways(keras: ModuleType) -> Made:
    layers = keras.layers
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    x = layers.Embedding(9, 5, mask_zero=True)(tokens)
    x = layers.Bidirectional(layers.GRU(4, return_sequences=True, recurrent_dropout=0.2), merge_mode="ave")(x)
    return [tokens], [layers.Bidirectional(layers.LSTM(3))(x)]


def clips(keras: ModuleType) -> Made:
    layers = keras.layers
    clip = keras.Input((4, 6, 6, 1), name="clip")
    x = layers.ConvLSTM2D(3, 3, padding="same", return_sequences=True, dropout=0.1)(clip)
    x = layers.TimeDistributed(layers.Conv2D(2, 3))(x)
    return [clip], [layers.SimpleRNN(4)(layers.TimeDistributed(layers.Flatten())(x))]


def any_length(keras: ModuleType) -> Made:
    series = keras.Input((None, 3), name="series")
    return [series], [keras.layers.GRU(4, reset_after=False, activation="gelu")(series)]


def transformer(keras: ModuleType) -> Made:
    layers = keras.layers
    a, b, mask = keras.Input((6, 8), name="a"), keras.Input((4, 8), name="b"), keras.Input((6, 4), dtype="bool", name="mask")
    x = layers.MultiHeadAttention(2, 4, use_gate=True, dropout=0.1)(a, a, use_causal_mask=True)
    x = layers.MultiHeadAttention(2, 4)(layers.Add()([a, x]), b, attention_mask=mask)
    return [a, b, mask], [layers.GroupQueryAttention(4, 4, 2, sliding_window=3)(x, x)]


def part_of(keras: ModuleType, made: Callable[[ModuleType], Made]) -> Part:
    inputs, outputs = made(keras)
    model = keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0])
    return Part("whole", model, tuple(i.name for i in inputs), tuple(f"out_{n}" for n in range(len(outputs))))


def rows_for(part: Part, rows: int = 5) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {name: (rows, *(9 if d is None else d for d in t.shape[1:]))
              for name, t in zip(part.input_names, part.model.inputs, strict=True)}
    return {name: (rng.normal(size=shapes[name]) if t.dtype == "float32" else rng.integers(0, 2, shapes[name])).astype(t.dtype)
            for name, t in zip(part.input_names, part.model.inputs, strict=True)}


def proven(name: str, part: Part, folder: Any) -> Proof:
    spec = FORMATS[name]
    return prove(spec, part, samples_of(part, rows_for(part)), folder / f"net{spec.suffix}", {"description": {"name": "net"}},
                 lambda *_: None)


@pytest.mark.parametrize("name", ["tflite", "onnx"])
@pytest.mark.parametrize("made", [translator, both_ways, clips, any_length, transformer], ids=lambda made: made.__name__)
def test_files_agree_with_keras(keras: ModuleType, made: Callable[[ModuleType], Made], name: str, tmp_path: Any) -> None:
    part = part_of(keras, made)
    proof = proven(name, part, tmp_path)
    assert proof.rows == 5 and proof.max_abs_diff <= 1e-6
    alone = name == "tflite" and loops(part.model)
    assert proof.notes == ((ONE_SAMPLE,) if alone else ())
    if name == "tflite":
        assert read_metadata((tmp_path / "net.tflite").read_bytes()).get("batch") == (1 if alone else None)


def test_unrolled_steps_take_any_batch(keras: ModuleType, tmp_path: Any) -> None:
    series = keras.Input((4, 3), name="series")
    part = Part("whole", keras.Model(series, keras.layers.LSTM(3, unroll=True)(series)), ("series",), ("out_0",))
    assert not loops(part.model)
    assert proven("tflite", part, tmp_path).notes == ()


def test_long_loops_may_round_more(keras: ModuleType) -> None:
    for steps, factor in ((50, 1.0), (51, 10.0), (None, 10.0)):
        series = keras.Input((steps, 2))
        assert allowance(keras.Model(series, keras.layers.Bidirectional(keras.layers.GRU(2))(series))) == factor
    flat = keras.Input((3,))
    assert allowance(keras.Model(flat, keras.layers.Dense(2)(flat))) == 1.0


def test_a_logarithm_of_keras_itself_is_farther_from_more_digits_than_files_may_usually_be(keras: ModuleType) -> None:
    sound = np.random.default_rng(0).normal(size=(64, 600, 1)).astype("float32")
    said, exact = (np.asarray(keras.layers.STFTSpectrogram("log", dtype=kind)(sound.astype(kind))) for kind in
                   ("float32", "float64"))
    assert np.abs(said - exact).max() > 5e-5 * max(1.0, np.abs(said).max())


@pytest.mark.parametrize("name", ["tflite", "onnx"])
def test_the_logarithm_of_what_is_hardly_there_may_round_more(keras: ModuleType, name: str, tmp_path: Any) -> None:
    sound = keras.Input((600, 1), name="series")
    for mode, factor in (("magnitude", 1.0), ("log", 10.0)):
        model = keras.Model(sound, keras.layers.STFTSpectrogram(mode, window="hamming")(sound))
        assert allowance(model) == factor
        found = proven(name, Part("whole", model, ("series",), ("out_0",)), tmp_path)
        assert found.max_abs_diff <= found.allowed


@pytest.mark.parametrize("name", ["tflite", "onnx"])
def test_every_step_of_any_length_is_refused_in_words(keras: ModuleType, name: str, tmp_path: Any) -> None:
    series = keras.Input((None, 3), name="series")
    layer = keras.layers.TimeDistributed(keras.layers.Dense(2), name="each")
    part = Part("whole", keras.Model(series, layer(series)), ("series",), ("out_0",))
    with pytest.raises(ExportProblem, match="TimeDistributed over a series of any length cannot leave") as caught:
        proven(name, part, tmp_path)
    assert caught.value.node == "each" and caught.value.hint.startswith("Fix the length at the source")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_its_runtime_refuses_is_a_problem_in_words(keras: ModuleType, tmp_path: Any) -> None:
    part = part_of(keras, any_length)
    samples = samples_of(part, rows_for(part))
    wrong = type(samples)({"series": samples.inputs["series"][:, :, :2]}, samples.expected)
    with pytest.raises(ExportProblem, match="The ONNX file was written, but its own runtime cannot run it") as caught:
        prove(FORMATS["onnx"], part, wrong, tmp_path / "net.onnx", {}, lambda *_: None)
    assert "The runtime says: " in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_kernels_of_a_graphics_card_stay_out_of_the_graph_and_come_back(keras: ModuleType) -> None:
    part = part_of(keras, both_ways)
    layer = next(found for found in part.model._flatten_layers() if type(found).__name__ == "GRU")
    with on_any_device(part.model):
        assert layer.use_cudnn is False
    assert layer.use_cudnn == "auto"
    names = {node.op for node in freeze(part, 1).graph.as_graph_def().node}
    assert not any("Cudnn" in name or "Random" in name for name in names)
