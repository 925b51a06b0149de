"""Where the bytes of exported files go: numbers, and what stands around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import Part
from tests.benchmarks.anatomy import anatomy, files_in, main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One dense layer of 20 x 30 weights and 30 more, in four formats, with labels."""
    x = keras.Input((20,), name="x")
    part = Part("whole", keras.Model(x, keras.layers.Dense(30, bias_initializer="random_normal")(x)), ("x",), ("y",))
    told: dict[str, Any] = {"name": "net", "outputs": [{"name": "y", "classes": ["a", "b"]}]}
    rows = {"x": np.random.default_rng(1).normal(size=(50, 20)).astype("float32")}
    for name in ("tflite", "tflite-int8", "onnx", "onnx-int8"):
        spec = FORMATS[name]
        spec.write(part, tmp_path / f"net{spec.suffix}", {"description": told, "calibration": rows})
    return tmp_path


def test_numbers_and_what_stands_around_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exact, whole = anatomy(folder / "net.tflite"), anatomy(folder / "net-int8.tflite")
    assert (exact["numbers"], exact["scales"], exact["steps"]) == (630 * 4, 0, 1)
    assert whole["numbers"] == 600 + 30 * 4 and whole["scales"] > 30 * 4 and whole["steps"] == 3
    assert exact["attached"] > 60 and exact["metadata"] > 200 and exact["names"] > 10
    assert exact["file"] == (folder / "net.tflite").stat().st_size
    exact, whole = anatomy(folder / "net.onnx"), anatomy(folder / "net-int8.onnx")
    assert 630 * 4 <= exact["numbers"] < 630 * 4 + 60 and exact["scales"] == 0
    assert whole["numbers"] < 600 + 30 * 4 + 60 and whole["scales"] > 30 * 4
    assert [path.name for path in files_in([str(folder)])] == ["net.onnx", "net-int8.onnx", "net.tflite", "net-int8.tflite"]
    main([str(folder / "net.onnx")])
    assert capsys.readouterr().out.startswith("net.onnx ")
