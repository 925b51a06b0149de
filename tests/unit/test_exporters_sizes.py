"""Finished files hold what runtimes read and no more: the same answers bit for bit, in fewer bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import flatbuffers
import numpy as np
import pytest

from graph_compiler.exporters import onnx_file, tflite
from graph_compiler.exporters.flatfile import finish, read_buffer, read_layers, read_metadata
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.layer_names import names_of
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.proof import Proof, prove, samples_of
from graph_compiler.exporters.sharing import ALIGNED, packed
from graph_compiler.exporters.tflite import DYNAMIC, FLOAT, FLOAT16, INT8, Kind

TOLD: dict[str, Any] = {"name": "net", "inputs": [{"name": "picture", "kind": "image"}],
                        "outputs": [{"name": "scores", "classes": ["a", "b", "c", "d", "e"]}]}


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    return keras


@pytest.fixture(scope="module")
def part(keras: ModuleType) -> Part:
    """A small picture net with a gate over channels: convolutions with normalisations, a reshape, two global averages."""
    keras.utils.set_random_seed(5)
    layers = keras.layers
    x = keras.Input((12, 12, 3), name="picture")
    y = layers.Conv2D(32, 3, padding="same", use_bias=False, name="edges")(x)
    y = layers.ReLU(name="bend")(layers.BatchNormalization(name="norm")(y))
    gate = layers.Dense(32, activation="sigmoid", name="gate")(layers.GlobalAveragePooling2D(name="squeeze")(y))
    y = layers.Multiply(name="scaled")([y, layers.Reshape((1, 1, 32), name="shaped")(gate)])
    y = layers.Conv2D(64, 3, activation="relu", name="shapes")(y)
    y = layers.Dense(5, name="scores")(layers.GlobalAveragePooling2D(name="mean")(y))
    model = keras.Model(x, y)
    model.get_layer("scores").bias.assign([0.1, 0.2, 0.3, 0.4, 0.5])
    return Part("whole", model, ("picture",), ("scores",))


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(4).normal(size=(240, 12, 12, 3)).astype("float32")


def looping(keras: ModuleType) -> Part:
    keras.utils.set_random_seed(6)
    x = keras.Input((7, 3), name="series")
    y = keras.layers.Dense(2, name="level")(keras.layers.GRU(9, name="memory")(x))
    return Part("whole", keras.Model(x, y), ("series",), ("level",))


def proven(name: str, part: Part, folder: Path, rows: dict[str, np.ndarray], **options: Any) -> Proof:
    spec = FORMATS[name]
    return prove(spec, part, samples_of(part, rows), folder / f"net{spec.suffix}",
                 {"description": TOLD, "calibration": rows, **options}, lambda *_: None)


def opened(content: bytes) -> Any:
    from ai_edge_litert import schema_py_generated as schema

    return schema.ModelT.InitFromPackedBuf(bytearray(content), 0)


def answers(content: bytes, rows: np.ndarray) -> np.ndarray:
    from ai_edge_litert.interpreter import Interpreter

    net = Interpreter(model_content=content)
    (end,) = net.get_input_details()
    net.resize_tensor_input(end["index"], rows.shape)
    net.allocate_tensors()
    net.set_tensor(end["index"], rows)
    net.invoke()
    return np.array(net.get_tensor(net.get_output_details()[0]["index"]))


def codes(content: bytes) -> list[int]:
    model = opened(content)
    return [model.operatorCodes[step.opcodeIndex].builtinCode for graph in model.subgraphs for step in graph.operators]


# TensorFlow Lite.


@pytest.mark.parametrize("kind", [FLOAT, DYNAMIC, FLOAT16, INT8])
def test_what_a_converter_wrote_answers_the_same_in_fewer_bytes(part: Part, pictures: np.ndarray, kind: str) -> None:
    raw = tflite.convert(part, None, Kind(kind, rows={"picture": pictures}))
    done = finish(raw, part.input_names, part.output_names, {}, names_of(part.model))
    assert np.array_equal(answers(done, pictures[:9]), answers(raw, pictures[:9]))
    assert len(done) <= len(raw) - 900  # with the description that was put in


@pytest.mark.parametrize(("name", "most"), [("tflite-float16", 0.55), ("tflite-dynamic", 0.35), ("tflite-int8", 0.35),
                                            ("onnx-float16", 0.55), ("onnx-int8", 0.38)])
def test_fewer_bits_are_fewer_bytes(part: Part, pictures: np.ndarray, name: str, most: float, tmp_path: Path) -> None:
    rows = {"picture": pictures}
    exact = proven(str(FORMATS[name].kin), part, tmp_path, rows)
    assert proven(name, part, tmp_path, rows).bytes <= most * exact.bytes


@pytest.mark.parametrize("name", ["tflite", "tflite-float16", "tflite-int8"])
def test_names_of_the_ends_metadata_and_labels_stay(part: Part, pictures: np.ndarray, name: str, tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    path = Path(proven(name, part, tmp_path, {"picture": pictures}).path)
    net, content = Interpreter(str(path)), path.read_bytes()
    assert [d["name"] for d in (*net.get_input_details(), *net.get_output_details())] == ["picture", "scores"]
    assert net.get_signature_list() == {"serving_default": {"inputs": ["picture"], "outputs": ["scores"]}}
    assert read_metadata(content) == TOLD
    assert read_buffer(content, "TFLITE_METADATA")[4:8] == b"M001"
    with zipfile.ZipFile(path) as archive:
        assert archive.read("labels.txt") == b"a\nb\nc\nd\ne\n"
    assert [entry.name for entry in opened(content).metadata] == [b"netloom", b"TFLITE_METADATA"]


def test_weights_begin_where_the_schema_wants_them(part: Part) -> None:
    from ai_edge_litert import schema_py_generated as schema

    content = tflite.made(part, {})
    model = schema.Model.GetRootAs(content, 0)
    vectors = [model.Buffers(n)._tab for n in range(model.BuffersLength()) if model.Buffers(n).DataLength()]
    assert len(vectors) > 8
    assert {table.Vector(table.Offset(4)) % ALIGNED for table in vectors} == {0}


def test_the_layers_of_results_are_known_though_results_have_no_names(part: Part, pictures: np.ndarray) -> None:
    content = tflite.made(part, {}, Kind(INT8, rows={"picture": pictures}))
    graph, known = opened(content).subgraphs[0], read_layers(content)
    named = {index for index, tensor in enumerate(graph.tensors) if tensor.name is not None}
    assert named == {*graph.inputs, *graph.outputs}
    assert set(known.values()) >= {"bend", "squeeze", "gate", "shaped", "scaled", "shapes", "mean"}
    last = next(index for index, layer in known.items() if layer == "shapes")
    assert list(graph.tensors[last].shape) == [1, 10, 10, 64]
    assert read_layers(packed(opened(tflite.convert(part)), b"TFL3")) == {}


@pytest.mark.parametrize("kind", [FLOAT, INT8])
def test_nothing_asks_for_shapes_that_are_known(part: Part, pictures: np.ndarray, kind: str) -> None:
    from ai_edge_litert import schema_py_generated as schema

    found = codes(tflite.made(part, {}, Kind(kind, rows={"picture": pictures})))
    assert found.count(schema.BuiltinOperator.RESHAPE) == 1
    assert not {schema.BuiltinOperator.SHAPE, schema.BuiltinOperator.PACK} & set(found)
    assert found.count(schema.BuiltinOperator.MEAN) == (4 if kind == FLOAT else 2)


@pytest.mark.parametrize("shape", [(None, 3), (4, None), (4, 3)])
def test_unknown_shapes_are_asked_for_as_before(keras: ModuleType, shape: tuple[int | None, ...], tmp_path: Path) -> None:
    x = keras.Input(shape, name="picture")
    y = keras.layers.Reshape((-1, 2), name="pairs")(x)
    model = Part("whole", keras.Model(x, keras.layers.GlobalMaxPooling1D()(y)), ("picture",), ("scores",))
    assert proven("onnx", model, tmp_path, {"picture": np.ones((5, 4, 3), "float32")}).max_abs_diff == 0.0


def test_equal_tables_vectors_and_strings_are_written_once() -> None:
    from ai_edge_litert import schema_py_generated as schema

    def model(times: int) -> Any:
        made, graph = schema.ModelT(), schema.SubGraphT()
        graph.tensors = []
        for _ in range(times):
            tensor, told = schema.TensorT(), schema.QuantizationParametersT()
            told.scale, told.zeroPoint = np.array([0.5], np.float32), np.array([-3], np.int64)
            tensor.name, tensor.shape, tensor.quantization = "same", np.array([1, 5], np.int32), told
            graph.tensors.append(tensor)
        made.subgraphs = [graph]
        return made

    shared = packed(model(20), b"TFL3")
    assert len(shared) - len(packed(model(1), b"TFL3")) == 19 * 4 + 4  # a reference each, and what aligns them
    apart = flatbuffers.Builder(1024)
    apart.Finish(model(20).Pack(apart), b"TFL3")
    assert len(shared) < len(apart.Output()) / 5
    for tensor in opened(shared).subgraphs[0].tensors:
        assert (tensor.name, list(tensor.shape), list(tensor.quantization.scale)) == (b"same", [1, 5], [0.5])
        assert list(tensor.quantization.zeroPoint) == [-3]


def test_loops_are_slimmed_too(keras: ModuleType, tmp_path: Path) -> None:
    model = looping(keras)
    raw = tflite.convert(model, 1)
    proof = proven("tflite", model, tmp_path, {"series": np.ones((4, 7, 3), "float32")})
    kept = [tensor.name for graph in opened(Path(proof.path).read_bytes()).subgraphs[1:] for tensor in graph.tensors]
    assert len(kept) > 10 and set(kept) == {None}
    assert proof.bytes < len(raw)


@pytest.mark.parametrize("kind", [FLOAT, FLOAT16, DYNAMIC])
def test_what_a_loop_begins_with_is_made_when_it_runs(keras: ModuleType, kind: str) -> None:
    from ai_edge_litert import schema_py_generated as schema

    keras.utils.set_random_seed(7)
    x = keras.Input((40, 3), name="series")
    y = keras.layers.LSTM(32, return_sequences=True)(x)
    model = Part("whole", keras.Model(x, y), ("series",), ("states",))
    raw = tflite.convert(model, 1, Kind(kind))
    done = finish(raw, model.input_names, model.output_names, {})
    row = np.random.default_rng(3).normal(size=(1, 40, 3)).astype("float32")
    assert np.array_equal(answers(done, row), answers(raw, row))
    assert schema.BuiltinOperator.FILL in codes(done) and schema.BuiltinOperator.FILL not in codes(raw)
    assert len(done) <= len(raw) - 40 * 32 * (2 if kind == FLOAT16 else 4)


# ONNX.


def test_results_of_layers_have_their_names_and_the_rest_is_numbered(part: Part) -> None:
    whole, short = onnx_file.described(part, {}), onnx_file.made(part, {})
    assert len(short.SerializeToString()) <= len(whole.SerializeToString()) - 1500
    made = [name for node in short.graph.node for name in node.output]
    assert {"bend", "squeeze", "gate", "scaled", "shapes", "scores"} <= set(made)
    assert all(len(name) <= 2 for name in made if name not in names_of(part.model))
    assert not any(node.name for node in short.graph.node) and not short.graph.value_info
    assert short.graph.input[0].name == "picture"


def test_numbers_are_no_names_of_layers(keras: ModuleType, tmp_path: Path) -> None:
    x = keras.Input((3,), name="0")
    y = keras.layers.Dense(3, activation="tanh", name="1")(x)
    model = Part("whole", keras.Model(x, keras.layers.Dense(2, name="2")(y)), ("0",), ("2",))
    proof = proven("onnx", model, tmp_path, {"0": np.ones((4, 3), "float32")})
    import onnx

    graph = onnx.load(proof.path).graph
    assert [node.output[0] for node in graph.node if node.op_type == "Tanh"] == ["1"]
    names = [*(tensor.name for tensor in graph.initializer), *(name for node in graph.node for name in node.output)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["onnx", "onnx-float16", "onnx-int8"])
def test_equal_constants_are_stored_once_and_loops_find_theirs(keras: ModuleType, name: str, tmp_path: Path) -> None:
    import onnx

    proof = proven(name, looping(keras), tmp_path, {"series": np.random.default_rng(1).normal(size=(220, 7, 3)).astype("f4")})
    graph = onnx.load(proof.path).graph
    stored = [(tuple(t.dims), t.data_type, t.raw_data) for t in graph.initializer if t.raw_data]
    assert len(stored) == len(set(stored)) > 3
    assert any(attribute.HasField("g") for node in graph.node for attribute in node.attribute)
