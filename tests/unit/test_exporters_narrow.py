"""Files of fewer bits: what they keep, what is refused, and which layers are named when one is too far from Keras."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.exporters.flatfile import read_buffer, read_metadata
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.metadata import labels_of
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import OverLimit, Proof, prove, samples_of
from graph_compiler.exporters.recurrent import ONE_SAMPLE

TFLITE = [name for name in FORMATS if name.startswith("tflite")]
NARROW = [name for name in FORMATS if FORMATS[name].limits is not None]
CALIBRATED = [name for name in TFLITE if FORMATS[name].calibrates]


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    keras.utils.set_random_seed(1)
    return keras


def quiet(*_: object) -> None:
    """A report nobody reads."""


def numbers(rows: int = 220, *shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, *shape)).astype("float32")


def dense(keras: ModuleType, activation: str = "relu", units: int = 96, **more: Any) -> Part:
    x = keras.Input((24,), name="x")
    h = keras.layers.Dense(units, activation=activation, name="wide")(x)
    y = keras.layers.Dense(5, name="scores", **more)(keras.layers.Dense(units, activation="relu", name="second")(h))
    return Part("whole", keras.Model(x, y), ("x",), ("scores",))


def recurrent(keras: ModuleType, steps: int | None = 6) -> Part:
    x = keras.Input((steps, 3), name="series")
    h = keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True), name="both")(x)
    return Part("whole", keras.Model(x, keras.layers.GRU(5, name="gru")(h)), ("series",), ("last",))


def proven(name: str, part: Part, folder: Path, data: dict[str, np.ndarray], **options: Any) -> Proof:
    spec = FORMATS[name]
    told = {"name": "net", "inputs": [{"name": n} for n in part.input_names],
            "outputs": [{"name": n} for n in part.output_names]}
    return prove(spec, part, samples_of(part, data), folder / f"net{spec.suffix}",
                 {"description": told, "calibration": data, **options}, quiet)


def test_fewer_bits_are_smaller_and_close(keras: ModuleType, tmp_path: Path) -> None:
    part, data = dense(keras), {"x": numbers(220, 24)}
    size = {name: proven(name, part, tmp_path, data) for name in (*TFLITE, "onnx", "onnx-float16", "onnx-int8")}
    for name, bound in (("tflite-float16", 0.62), ("tflite-dynamic", 0.45), ("tflite-int8", 0.5), ("tflite-int16x8", 0.5)):
        assert size[name].bytes < bound * size["tflite"].bytes, name
    assert size["onnx-float16"].bytes < 0.55 * size["onnx"].bytes and size["onnx-int8"].bytes < 0.4 * size["onnx"].bytes
    shares = {name: proof.losses[0].shares[0] for name, proof in size.items()}
    assert shares["tflite"] < shares["tflite-float16"] < shares["tflite-int16x8"] < shares["tflite-int8"] < 0.1
    assert len({Path(proof.path).name for proof in size.values()}) == len(size)


@pytest.mark.parametrize("name", NARROW)
def test_order_names_and_dtypes_stay(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """Outputs whose alphabetical order is not the drawing's, and a picture of whole numbers at the entry."""
    x, facts = keras.Input((8, 8, 1), dtype="uint8", name="image"), keras.Input((3,), name="facts")
    h = keras.layers.Flatten()(keras.layers.Conv2D(4, 3)(keras.layers.Rescaling(1 / 255)(x)))
    h = keras.layers.Concatenate()([h, facts])
    heads = [keras.layers.Dense(4, activation="sigmoid")(h), keras.layers.Dense(2, activation="sigmoid")(h)]
    part = Part("whole", keras.Model([x, facts], heads), ("image", "facts"), ("zebra", "ape"))
    data = {"image": np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1)).astype("uint8"), "facts": numbers(40, 3)}
    proof = proven(name, part, tmp_path, data)
    assert [loss.output for loss in proof.losses] == ["zebra", "ape"]
    net = FORMATS[name].reopen(Path(proof.path), part)
    assert set(net.input_names) == {"image", "facts"} and net.output_names == ("zebra", "ape")
    zebra, ape = net({key: values[:1] for key, values in data.items()})
    assert (zebra.shape, ape.shape, zebra.dtype) == ((1, 4), (1, 2), np.float32)


def test_int8_at_both_ends_for_processors_without_floats(keras: ModuleType, tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    part, data = dense(keras), {"x": numbers(220, 24)}
    proof = proven("tflite-int8", part, tmp_path, data, ends="int8")
    assert dict(proof.options)["ends"] == "int8" and proof.losses[0].shares[1] < 0.02
    net = Interpreter(model_path=proof.path)
    ends = [*net.get_input_details(), *net.get_output_details()]
    assert [(end["name"], end["dtype"]) for end in ends] == [("x", np.int8), ("scores", np.int8)]
    assert all(end["quantization"][0] > 0 for end in ends)
    assert all(d["dtype"] != np.float32 for d in net.get_tensor_details())


@pytest.mark.parametrize(("batch", "axis", "note"), [("one", 1, (ONE_SAMPLE,)), ("any", -1, ()), ("auto", -1, ())])
def test_one_sample_a_call_or_any_number(keras: ModuleType, batch: str, axis: int, note: object, tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    proof = proven("tflite", dense(keras), tmp_path, {"x": numbers(9, 24)}, batch=batch)
    assert Interpreter(model_path=proof.path).get_input_details()[0]["shape_signature"][0] == axis
    assert bool(proof.notes) is (batch == "one")


@pytest.mark.parametrize("name", ["tflite", "tflite-dynamic", *CALIBRATED, "onnx-float16", "onnx-int8"])
def test_loops_are_written_out_where_they_must_be(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """A loop with whole numbers kills the converter; written out it does not, and takes any batch."""
    proof = proven(name, recurrent(keras), tmp_path, {"series": numbers(220, 6, 3)})
    assert (ONE_SAMPLE in proof.notes) is (name in ("tflite", "tflite-dynamic"))
    assert proof.losses[0].shares[1] < 0.03


def test_any_batch_of_a_loop_is_had_by_writing_it_out(keras: ModuleType, tmp_path: Path) -> None:
    proof = proven("tflite", recurrent(keras), tmp_path, {"series": numbers(7, 6, 3)}, batch="any")
    assert proof.notes == () and proof.max_abs_diff < 1e-6


@pytest.mark.parametrize("name", NARROW)
def test_half_precision_leaves_as_a_clone(keras: ModuleType, name: str, tmp_path: Path) -> None:
    policy = keras.dtype_policies.DTypePolicy("mixed_float16")
    x = keras.Input((24,), name="x")
    y = keras.layers.Dense(2, dtype="float32")(keras.layers.Dense(32, dtype=policy)(x))
    assert proven(name, Part("whole", keras.Model(x, y), ("x",), ("y",)), tmp_path, {"x": numbers(220, 24)}).rows == 220


# What is refused.


@pytest.mark.parametrize("name", CALIBRATED)
@pytest.mark.parametrize("steps", [201, None])
def test_long_loops_are_refused_for_whole_numbers(keras: ModuleType, name: str, steps: int | None, tmp_path: Path) -> None:
    with pytest.raises(ExportProblem, match="int8 needs a fixed, short sequence") as caught:
        proven(name, recurrent(keras, steps), tmp_path, {"series": numbers(3, steps or 4, 3)})
    assert caught.value.hint == "Dynamic range stores the same int8 weights and keeps the file small."
    assert caught.value.node in ("both", "gru")
    assert list(tmp_path.iterdir()) == []


def test_celu_is_refused_in_int8(keras: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ExportProblem, match="celu is not usable in int8") as caught:
        proven("tflite-int8", dense(keras, "celu"), tmp_path, {"x": numbers(220, 24)})
    assert (caught.value.node, caught.value.hint) == ("wide", "Use elu.")


def test_16_bits_take_no_tokens_and_no_row_norms(keras: ModuleType, tmp_path: Path) -> None:
    x = keras.Input((4,), name="x")
    y = keras.layers.LayerNormalization(name="norm")(x)
    with pytest.raises(ExportProblem, match="16-bit activations are not supported for this model") as caught:
        proven("tflite-int16x8", Part("whole", keras.Model(x, y), ("x",), ("y",)), tmp_path, {"x": numbers(9, 4)})
    assert (caught.value.node, caught.value.hint) == ("norm", "Use int8 or float16.")
    tokens = keras.Input((4,), dtype="int32", name="tokens")
    part = Part("whole", keras.Model(tokens, keras.layers.Embedding(5, 3)(tokens)), ("tokens",), ("y",))
    with pytest.raises(ExportProblem, match="16-bit activations"):
        proven("tflite-int16x8", part, tmp_path, {"tokens": np.zeros((9, 4), "int32")})


@pytest.mark.parametrize("name", CALIBRATED)
def test_ranges_cannot_be_found_without_rows(keras: ModuleType, name: str, tmp_path: Path) -> None:
    with pytest.raises(ExportProblem, match="needs training rows"):
        proven(name, dense(keras), tmp_path, {"x": numbers(5, 24)}, calibration=None)


# Over the limit.


def spread_apart(keras: ModuleType) -> Part:
    """Two channels of very different size behind one another: 8 bits cannot hold both."""
    part = dense(keras)
    kernel, bias = part.model.get_layer("second").get_weights()
    kernel[:, 0] *= 3000
    part.model.get_layer("second").set_weights([kernel, bias])
    kernel, bias = part.model.get_layer("scores").get_weights()
    kernel[0] = 0
    part.model.get_layer("scores").set_weights([kernel, bias])
    return part


@pytest.mark.parametrize("name", ["tflite-int8", "onnx-int8"])
def test_a_file_over_its_limits_is_refused_and_the_layer_named(keras: ModuleType, name: str, tmp_path: Path) -> None:
    part, data = spread_apart(keras), {"x": numbers(220, 24)}
    with pytest.raises(OverLimit, match=r"“scores” differs by .* % of its range on average; at most 3 % is allowed") as caught:
        proven(name, part, tmp_path, data)
    assert caught.value.node in ("second", "scores") and f"“{caught.value.node}”" in caught.value.sentence
    assert "accept the loss" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_it_is_kept_when_that_is_accepted_and_the_proof_says_so(keras: ModuleType, tmp_path: Path) -> None:
    proof = proven("tflite-int8", spread_apart(keras), tmp_path, {"x": numbers(220, 24)}, accept=True)
    assert Path(proof.path).is_file() and proof.accepted.startswith("“scores” differs by")
    assert proof.causes and proof.causes[0][1] > 0.05
    assert json.loads(json.dumps(proof.as_json()))["causes"][0][0] == proof.causes[0][0]


def test_a_fall_of_the_metric_is_over_the_limit_but_one_row_may_always_turn(keras: ModuleType, tmp_path: Path) -> None:
    part, data, fallen = dense(keras), {"x": numbers(40, 24)}, iter((0.90, 0.875, 0.90, 0.85))
    spec = FORMATS["tflite-float16"]

    def falls(_: object) -> tuple[str, float]:
        return "accuracy", next(fallen)

    for path in ("one.tflite", "two.tflite"):
        samples = samples_of(part, data, falls)
        if path == "one.tflite":
            assert prove(spec, part, samples, tmp_path / path, {}, quiet).after == 0.875
        else:
            with pytest.raises(OverLimit, match=r"Accuracy falls by 5\.0 points; at most 3\.8 are allowed"):
                prove(spec, part, samples, tmp_path / path, {}, quiet)


# What is inside.


def test_labels_vocabulary_and_the_official_table_are_inside(keras: ModuleType, tmp_path: Path) -> None:
    told = {"name": "net", "inputs": [{"name": "x", "range": [0, 255], "kind": "image", "vocabulary": ["", "ä"]}],
            "outputs": [{"name": "scores", "classes": ["Äpfel", "b", "c", "d", "e"], "scores": "logits"}]}
    for name in ("tflite", "tflite-int8"):
        proof = proven(name, dense(keras), tmp_path, {"x": numbers(220, 24)}, description=told)
        content = Path(proof.path).read_bytes()
        with zipfile.ZipFile(proof.path) as archive:
            assert archive.read("labels.txt").decode().splitlines() == ["Äpfel", "b", "c", "d", "e"]
            assert archive.read("vocabulary_x.txt").decode() == "\nä\n"
        table = read_buffer(content, "TFLITE_METADATA")
        assert table[4:8] == b"M001"
        for word in (b"labels.txt", b"vocabulary_x.txt", b"scores", b"image, range 0 to 255", b"logits"):
            assert word in table
        assert read_metadata(content)["outputs"][0]["classes"][0] == "Äpfel"


@pytest.mark.parametrize("name", ["onnx", "onnx-float16", "onnx-int8"])
def test_onnx_carries_labels_opset_and_named_axes(keras: ModuleType, name: str, tmp_path: Path) -> None:
    import onnx

    told = {"name": "net", "outputs": [{"name": "scores", "classes": ["a", "b"]}]}
    proof = proven(name, dense(keras), tmp_path, {"x": numbers(220, 24)}, description=told, opset="15")
    proto = onnx.load(proof.path)
    assert {entry.key: entry.value for entry in proto.metadata_props}["labels"] == "a\nb\n"
    assert next(o.version for o in proto.opset_import if o.domain in ("", "ai.onnx")) == 15
    assert [v.type.tensor_type.shape.dim[0].dim_param for v in (*proto.graph.input, *proto.graph.output)] == ["batch"] * 2


@pytest.mark.parametrize("opset", range(13, 19))
def test_every_offered_opset_runs(keras: ModuleType, opset: int, tmp_path: Path) -> None:
    assert proven("onnx", dense(keras, "gelu"), tmp_path, {"x": numbers(9, 24)}, opset=str(opset)).max_abs_diff < 1e-5


def test_choices_that_are_none_are_named() -> None:
    with pytest.raises(ValueError, match="“12” is no opset of ONNX: choose one of 17, 13, 14, 15, 16, 18"):
        FORMATS["onnx"].chosen({"opset": "12"})
    with pytest.raises(ValueError, match="Keras has no option “batch”"):
        FORMATS["keras"].chosen({"batch": "one"})
    assert FORMATS["tflite-int8"].chosen({"ends": "int8"}) == {"ends": "int8", "batch": "auto"}


def test_a_saved_model_is_a_folder_and_takes_the_place_of_an_older_one(keras: ModuleType, tmp_path: Path) -> None:
    import tensorflow as tf

    part, data = dense(keras), {"x": numbers(9, 24)}
    for _ in range(2):
        proof = proven("savedmodel", part, tmp_path, data)
    assert [path.name for path in tmp_path.iterdir()] == ["net-savedmodel"]
    run = tf.saved_model.load(proof.path).signatures["serving_default"]
    np.testing.assert_allclose(run(x=tf.constant(data["x"]))["scores"], part.run(data)[0], atol=1e-5)
    assert json.loads((Path(proof.path) / "assets.extra" / "netloom.json").read_text())["name"] == "net"


def test_zero_points_of_all_channels_are_stored_once(keras: ModuleType, tmp_path: Path) -> None:
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    x = keras.Input((8, 8, 16), name="x")
    y = keras.layers.Conv2D(16, 3, activation="relu")(keras.layers.Conv2D(16, 3, activation="relu")(x))
    part = Part("whole", keras.Model(x, keras.layers.GlobalAveragePooling2D()(y)), ("x",), ("mean",))
    path = Path(proven("tflite-int8", part, tmp_path, {"x": numbers(220, 8, 8, 16)}).path)
    model = schema.ModelT.InitFromPackedBuf(bytearray(path.read_bytes()), 0)
    told = [t.quantization for t in model.subgraphs[0].tensors if t.quantization is not None]
    zeros = [one.zeroPoint for one in told if one.zeroPoint is not None]
    assert sum(len(zero) == 16 and not any(zero) for zero in zeros) == 4  # weights and biases of both layers
    apart = flatbuffers.Builder(1024)
    apart.Finish(model.Pack(apart), b"TFL3")
    assert path.stat().st_size <= len(apart.Output()) - 3 * 16 * 8


def test_a_name_with_a_break_in_it_is_one_line() -> None:
    names = ["", "a", "\n", "\u2028", " ", "é"]
    text = labels_of({"outputs": [{"name": "next", "classes": names}], "inputs": []})["labels.txt"]
    assert text.splitlines() == ["", "a", "\\n", "\\u2028", " ", "é"]
