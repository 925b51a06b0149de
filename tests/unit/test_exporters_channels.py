"""Normalisations by themselves keep their digits in whole numbers; rows of slow files run side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.exporters import proof as proof_of_a_file
from graph_compiler.exporters import running
from graph_compiler.exporters.channelwise import channel_by_channel
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import Proof, prove, samples_of


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    return keras


def numbers(rows: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(4).normal(size=(rows, *shape)).astype("float32")


def net(keras: ModuleType, shape: tuple[int, ...]) -> Part:
    """An activation before a normalisation with one channel that never moves, so that its multiplier is 31 and others' 1."""
    keras.utils.set_random_seed(3)
    layers = keras.layers
    wide: dict[int, Callable[[], Any]] = {
        1: lambda: layers.Dense(16, activation="relu"), 2: lambda: layers.Conv1D(16, 3, activation="relu"),
        3: lambda: layers.Conv2D(16, 3, activation="relu"), 4: lambda: layers.Conv3D(16, 3, activation="relu")}
    x = keras.Input(shape, name="x")
    normalisation = layers.BatchNormalization(name="norm")
    y = normalisation(wide[len(shape)]()(x))
    y = layers.Dense(4, name="scores")(layers.Flatten()(y))
    variance = np.full(16, 1.0, "float32")
    variance[5] = 0.0
    normalisation.set_weights([np.linspace(0.5, 1.5, 16, dtype="float32"), np.linspace(-1, 1, 16, dtype="float32"),
                               np.full(16, 0.3, "float32"), variance])
    return Part("whole", keras.Model(x, y), ("x",), ("scores",))


def proven(name: str, part: Part, folder: Path, data: dict[str, np.ndarray], **more: Any) -> Proof:
    spec = replace(FORMATS[name], **more)
    return prove(spec, part, samples_of(part, data), folder / f"net{spec.suffix}",
                 {"description": {"name": "net"}, "calibration": {"x": data["x"][:220]}}, lambda *_: None)


@pytest.mark.parametrize("shape", [(6,), (7, 3), (6, 6, 2), (5, 5, 5, 1)], ids=str)
def test_it_computes_what_the_layer_does(keras: ModuleType, shape: tuple[int, ...]) -> None:
    part, x = net(keras, shape), numbers(5, *shape)
    expected = part.model(x, training=False).numpy()
    original = keras.layers.BatchNormalization.call
    with channel_by_channel(part.model):
        assert keras.layers.BatchNormalization.call is not original
        assert np.abs(part.model(x, training=False).numpy() - expected).max() < 1e-4 * np.abs(expected).max()
    assert keras.layers.BatchNormalization.call is original


@pytest.mark.parametrize("shape", [(6,), (7, 3), (6, 6, 2)], ids=str)
def test_a_channel_that_never_moves_costs_the_others_no_digits(keras: ModuleType, shape: tuple[int, ...],
                                                               tmp_path: Path) -> None:
    proof = proven("tflite-int8", net(keras, shape), tmp_path, {"x": numbers(300, *shape)})
    assert proof.losses[0].shares[1] < 0.01


@pytest.mark.parametrize("name", ["tflite-int8", "tflite-int16x8"])
def test_bytes_that_are_normalised_leave_as_well(keras: ModuleType, name: str, tmp_path: Path) -> None:
    x = keras.Input((8, 8, 1), dtype="uint8", name="x")
    part = Part("whole", keras.Model(x, keras.layers.BatchNormalization()(x)), ("x",), ("y",))
    data = np.random.default_rng(1).integers(0, 255, (300, 8, 8, 1)).astype("uint8")
    assert proven(name, part, tmp_path, {"x": data}).losses[0].shares[1] < 0.01


def test_a_normalisation_behind_a_convolution_is_left_to_it(keras: ModuleType, tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    x = keras.Input((6, 6, 2), name="x")
    y = keras.layers.ReLU()(keras.layers.BatchNormalization()(keras.layers.Conv2D(16, 3)(x)))
    part = Part("whole", keras.Model(x, keras.layers.GlobalAveragePooling2D()(y)), ("x",), ("scores",))
    proof = proven("tflite-int8", part, tmp_path, {"x": numbers(300, 6, 6, 2)})
    used = [step["op_name"] for step in Interpreter(proof.path)._get_ops_details()]
    assert "DEPTHWISE_CONV_2D" not in used and used.count("CONV_2D") == 1


def test_rows_of_a_slow_file_run_side_by_side_and_keep_their_order(keras: ModuleType, tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_LONG", -1.0)
    monkeypatch.setattr(running.os, "cpu_count", lambda: 3)
    monkeypatch.setattr(proof_of_a_file, "_familiar", set())
    opened: list[Path] = []

    def reopen(path: Path, part: Any, threads: int = 1) -> Any:
        opened.append(path)
        return FORMATS["tflite"].reopen(path, part, threads)

    proof = proven("tflite", net(keras, (6,)), tmp_path, {"x": numbers(2000, 6)}, reopen=reopen)
    assert proof.rows == 2000 and proof.max_abs_diff < 1e-5
    assert len(opened) == 5  # twice to see what memory it takes, two more side by side, one to be timed on all threads


def test_a_runtime_that_fails_beside_others_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_LONG", -1.0)

    class Odd:
        def __call__(self, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
            if inputs["x"][0] > 800:
                raise ZeroDivisionError("a runtime's own words")
            return [inputs["x"] * 2]

    with pytest.raises(ExportProblem, match="its own runtime cannot run it") as caught:
        running.run_rows(FORMATS["onnx"], Odd(), {"x": np.arange(1500)}, lambda *_: None, Odd)
    assert caught.value.hint.endswith("The runtime says: a runtime's own words")


@pytest.mark.parametrize(("name", "times"), [("onnx", 2), ("keras", 1), ("savedmodel", 1)])
def test_a_runtime_with_its_own_idea_of_threads_is_timed_once(keras: ModuleType, name: str, times: int, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_of_a_file, "_familiar", {name})
    opened: list[int] = []

    def reopen(path: Path, part: Any, threads: int = 1) -> Any:
        opened.append(threads)
        return FORMATS[name].reopen(path, part, threads)

    proof = proven(name, net(keras, (6,)), tmp_path, {"x": numbers(300, 6)}, reopen=reopen)
    assert opened == [1, 0][:times]
    assert (proof.latency_all_ms == proof.latency_ms) == (times == 1) and proof.latency_all_ms > 0


@pytest.mark.parametrize(("rows", "cores", "sizes"), [(4, 2, [4]), (16, 2, [16]), (17, 1, [16, 1]), (216, 2, [16, 100, 100]),
                                                      (1000, 2, [16, 246, 246, 246, 246]), (1016, 1, [16, *[250] * 4])])
def test_rows_are_shared_equally(rows: int, cores: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_LONG", -1e9 if cores > 1 else 1e9)
    monkeypatch.setattr(running.os, "cpu_count", lambda: cores)
    seen: list[tuple[int, int]] = []

    class Slow:
        def __call__(self, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
            seen.append((int(inputs["x"][0]), len(inputs["x"])))
            return [inputs["x"] * 2]

    found = running.run_rows(FORMATS["onnx"], Slow(), {"x": np.arange(rows)}, lambda *_: None, Slow)
    assert [size for _, size in sorted(seen)] == sizes
    assert found[0].tolist() == (np.arange(rows) * 2).tolist()
