"""What several formats begin with is converted once a part, and no file is another one by that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from ai_edge_litert.interpreter import Interpreter

from graph_compiler.exporters import onnx_file, tflite
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import Part

ORDERS = (("tflite", "tflite-float16", "onnx", "onnx-float16", "onnx-int8"),
          ("onnx-int8", "onnx-float16", "onnx", "tflite-float16", "tflite"))
ROWS = {"x": np.random.default_rng(2).normal(size=(32, 5, 4)).astype(np.float32)}


def part(recurrent: bool) -> Part:
    import keras

    keras.utils.set_random_seed(4)
    x = keras.Input((5, 4), name="x")
    h = keras.layers.LSTM(12, name="inner")(x) if recurrent else keras.layers.Flatten(name="inner")(x)
    return Part("whole", keras.Model(x, keras.layers.Dense(40, name="last")(h), name="net"), ("x",), ("y",))


def written(one: Part, name: str, folder: Path, **more: object) -> tuple[object, ...]:
    """What a file holds, as far as two conversions of one net agree on it: what it says, and what it is made for."""
    path = folder / f"net{FORMATS[name].suffix}"
    FORMATS[name].write(one, path, {"description": {"name": "net", "format": name}, "calibration": ROWS, **more})
    (said,) = FORMATS[name].reopen(path, one)(ROWS)
    if path.suffix == ".onnx":
        proto = onnx.load(path)
        return said.tolist(), len(proto.graph.node), proto.opset_import[0].version, told(proto)
    net = Interpreter(model_path=str(path))
    return said.tolist(), len(net._get_ops_details()), tuple(net.get_input_details()[0]["shape_signature"])


def told(proto: onnx.ModelProto) -> dict[str, str]:
    return {entry.key: entry.value for entry in proto.metadata_props}


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("order", ORDERS)
def test_every_file_is_what_it_is_when_it_is_made_alone(order, recurrent, tmp_path, monkeypatch):
    alone = {name: written(part(recurrent), name, tmp_path) for name in order}
    calls: list[str] = []
    for module in (onnx_file, tflite):
        real = module.convert
        monkeypatch.setattr(module, "convert", lambda *given, real=real: (calls.append(real.__module__), real(*given))[1])
    shared = part(recurrent)
    assert {name: written(shared, name, tmp_path) for name in order} == alone
    assert sorted(calls) == [onnx_file.__name__, tflite.__name__]


def test_other_choices_are_converted_for_themselves(tmp_path):
    shared = part(recurrent=True)
    choices = (("tflite", {"batch": "any"}), ("tflite", {}), ("onnx", {"opset": "13"}), ("onnx", {}))
    made = [written(shared, name, tmp_path, **chosen) for name, chosen in choices]
    assert made == [written(part(recurrent=True), name, tmp_path, **chosen) for name, chosen in choices]
    assert made[0][1:] != made[1][1:]
    assert made[2][2:] != made[3][2:]
