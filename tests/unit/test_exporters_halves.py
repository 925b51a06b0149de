"""Of a file of 16 bits the small arrays keep their digits: they cost few bytes, and most of the difference is theirs."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from graph_compiler.exporters.flatfile import constants
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.halves import SHARE, fewest
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.proof import Proof, prove, samples_of

HALF = ("tflite-float16", "onnx-float16")


@pytest.fixture
def keras() -> ModuleType:
    """Keras with random numbers that are the same in every test."""
    import keras

    keras.utils.set_random_seed(8)
    return keras


def proven(name: str, part: Part, data: np.ndarray, path: Path) -> Proof:
    given = {part.input_names[0]: data}
    file = path / f"net{FORMATS[name].suffix}"
    return prove(FORMATS[name], part, samples_of(part, given), file, {"description": {"name": "net"}}, lambda *_: None)


def narrowing(keras: ModuleType) -> Part:
    """A convolution next to the picture whose digits count a thousand times, and a wide layer whose digits count little."""
    x = keras.Input((8, 8, 3), name="x")
    h = keras.layers.Conv2D(8, 3, kernel_initializer=keras.initializers.RandomNormal(stddev=30.0))(x)
    h = keras.layers.Dense(200)(keras.layers.Flatten()(h))
    model = keras.Model(x, keras.layers.Dense(4, activation="softmax")(h))
    for layer in model.layers[-2:]:
        kernel, bias = layer.get_weights()
        layer.set_weights([kernel.astype(np.float16).astype(np.float32), bias])  # these have no digits to lose
    return Part("whole", model, ("x",), ("y",))


def kept(path: Path) -> dict[int, str]:
    """How the arrays of a file are stored, by how many numbers they have."""
    if path.suffix == ".onnx":
        import onnx

        return {int(np.prod(t.dims)): onnx.TensorProto.DataType.Name(t.data_type) for t in onnx.load(path).graph.initializer}
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(bytearray(path.read_bytes()), 0)
    (graph,) = model.subgraphs
    found = {values.size: "FLOAT" for _, values in constants(model, graph, schema)}
    halves = [tensor for tensor in graph.tensors if tensor.type == schema.TensorType.FLOAT16]
    return found | {len(model.buffers[tensor.buffer].data) // 2: "FLOAT16" for tensor in halves}


@pytest.mark.parametrize("name", HALF)
def test_the_largest_arrays_are_rounded_until_the_file_is_small(keras: ModuleType, name: str, tmp_path: Path) -> None:
    part = narrowing(keras)
    data = np.random.default_rng(1).normal(size=(50, 8, 8, 3)).astype("float32")
    proof = proven(name, part, data, tmp_path)
    exact = proven(FORMATS[name].kin, part, data, tmp_path)
    assert proof.bytes < 0.55 * exact.bytes
    stored = kept(Path(proof.path))
    assert (stored[36 * 8 * 200], stored[8 * 27], stored[800]) == ("FLOAT16", "FLOAT", "FLOAT")
    assert proof.losses[0].shares[0] < 1e-4, "all that could be lost was the digits of the small one"


@pytest.mark.parametrize("name", HALF)
def test_a_few_numbers_stay_where_16_bits_would_be_larger(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """In a small file all goes that makes it smaller, and no more."""
    x = keras.Input((40,), name="x")
    part = Part("whole", keras.Model(x, keras.layers.Dense(3)(keras.layers.Dense(7)(x))), ("x",), ("y",))
    proof = proven(name, part, np.random.default_rng(1).normal(size=(9, 40)).astype("float32"), tmp_path)
    stored = kept(Path(proof.path))
    assert (stored[280], stored[21]) == ("FLOAT16", "FLOAT")


@pytest.mark.parametrize("name", HALF)
def test_numbers_that_16_bits_do_not_hold_stay(keras: ModuleType, name: str, tmp_path: Path) -> None:
    x = keras.Input((40,), name="x")
    layer = keras.layers.Dense(40)
    part = Part("whole", keras.Model(x, layer(x)), ("x",), ("y",))
    kernel, bias = layer.get_weights()
    kernel[3, 4] = 7e4
    layer.set_weights([kernel, bias])
    proof = proven(name, part, np.random.default_rng(1).normal(size=(9, 40)).astype("float32"), tmp_path)
    assert kept(Path(proof.path))[1600] == "FLOAT" and proof.losses[0].shares[0] < 1e-6


@pytest.mark.parametrize(("sizes", "exact", "found"), [
    ([], 900, 30), ([20, 25], 900, 30),  # nothing is worth it
    ([10_000, 100, 50], 60_000, 30),  # even all of them do not make it small enough: all that is worth it
    ([100_000, 900, 400], 406_000, 100_000),  # the largest one is enough
    ([60_000, 60_000, 1000, 1000, 50], 490_000, 60_000), ([60_000, 20_000, 20_000, 50], 401_000, 20_000)])
def test_arrays_are_halved_from_the_largest_on(sizes: list[int], exact: int, found: int) -> None:
    assert fewest(sizes, exact, 30) == found
    left = exact - sum(2 * (size - 30) for size in sizes if size >= found)
    assert found == 30 or left <= SHARE * exact


@pytest.mark.parametrize("name", HALF)
def test_an_output_that_stands_still_is_measured_by_its_size(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """The angle of a list with itself is 1, but for the last digit: half of that digit is not half of the answer."""
    x = keras.Input((4,), name="x")
    part = Part("whole", keras.Model(x, keras.layers.Dot(-1, normalize=True)([x, x])), ("x",), ("y",))
    proof = proven(name, part, np.random.default_rng(1).normal(size=(40, 4)).astype("float32"), tmp_path)
    assert proof.losses[0].range == pytest.approx(1.0) and proof.losses[0].shares[0] < 1e-6
