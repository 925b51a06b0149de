"""The operations in real Keras: what they compute, in inference and training, saved, written as Python and exported."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.build.source_layers import layer_expression
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.proof import prove, samples_of
from graph_compiler.layers.custom.registry import custom_layers, definitions
from graph_compiler.layers.operations import SPECS
from graph_compiler.layers.operations.arithmetic import FUNCTIONS, SIGNS
from graph_compiler.specs.nodes import LayerSpec
from tests.helpers.parameters import checked

Everything = tuple[Part, dict[str, np.ndarray]]
OPERATIONS: dict[str, LayerSpec] = {spec.name: spec for spec in SPECS}
SERIES = np.arange(24, dtype="float32").reshape(2, 3, 4)
NUMBERS = np.array([[0.5, -1.5, 2.0]], "float32")

CASES: tuple[tuple[str, dict[str, Any], tuple[Any, ...], Any], ...] = (
    ("OneHot", {"num_classes": 3}, (np.array([2, 0], "int32"),), [[0, 0, 1], [1, 0, 0]]),
    ("Cast", {"dtype": "int32"}, (np.array([[1.7], [-1.7]], "float32"),), [[1], [-1]]),
    ("Stack", {}, (np.float32([[1], [2]]), np.float32([[3], [4]])), [[[1, 3]], [[2, 4]]]),
    ("Slice", {"start": 1, "stop": -1}, (SERIES,), SERIES[..., 1:-1]),
    ("Slice", {"axis": 1, "step": 2}, (SERIES,), SERIES[:, ::2]),
    ("Gather", {}, (SERIES, np.array([2, 0], "int32")), [SERIES[0, 2], SERIES[1, 0]]),
    ("Gather", {}, (SERIES, np.array([[2, 2], [0, 1]], "int32")), [SERIES[0, [2, 2]], SERIES[1, [0, 1]]]),
    ("Gather", {"axis": -1}, (SERIES, np.array([[3, 0], [1, 1]], "int32")), [SERIES[0][:, [3, 0]], SERIES[1][:, [1, 1]]]),
    ("ArgMax", {}, (NUMBERS,), [2]),
    ("ArgMax", {"axis": 1}, (SERIES,), [[2] * 4] * 2),
    ("Clip", {"minimum": -1.0}, (NUMBERS,), [[0.5, -1.0, 1.0]]),
    ("AbsoluteDifference", {}, (NUMBERS, -NUMBERS), 2 * np.abs(NUMBERS)),
    ("AbsoluteDifference", {}, (SERIES, SERIES[:, 0]), np.abs(SERIES - SERIES[:, :1])),
    ("ReduceMean", {}, (SERIES,), SERIES.mean(-1)),
    ("ReduceMean", {"axis": [2, 1], "keepdims": True}, (SERIES,), SERIES.mean((1, 2), keepdims=True)),
    ("ReduceSum", {"axis": 1}, (SERIES,), SERIES.sum(1)),
    ("ReduceMax", {"axis": None}, (SERIES,), SERIES.max((1, 2))),
    ("MatMul", {"transpose_b": True}, (SERIES, SERIES), SERIES @ SERIES.transpose(0, 2, 1)),
    ("MatMul", {"transpose_a": True}, (SERIES, SERIES), SERIES.transpose(0, 2, 1) @ SERIES),
    ("Transpose", {}, (SERIES,), SERIES.transpose(0, 2, 1)),
    ("Transpose", {"order": [3, 1, 2]}, (SERIES.reshape(2, 3, 2, 2),), SERIES.reshape(2, 3, 2, 2).transpose(0, 3, 1, 2)),
    ("Shift", {"start": 9}, (np.array([[5, 6, 7]], "int32"),), [[9, 5, 6]]),
    ("Shift", {}, (np.array([[[5, 1], [6, 2]]], "int32"),), [[[1, 1], [5, 1]]]),
    ("Sampling", {}, (NUMBERS, NUMBERS), NUMBERS),
    ("StopGradient", {}, (NUMBERS,), NUMBERS),
    ("PositionalEncoding", {}, (np.zeros((1, 3, 5), "float32"),),
     [[[np.sin(t), np.cos(t), np.sin(t / 10 ** 1.6), np.cos(t / 10 ** 1.6), np.sin(t / 10 ** 3.2)] for t in range(3)]]),
    *(("Arithmetic", {"operation": name, "value": 2.0}, (NUMBERS,), made) for name, made in {
        "add": NUMBERS + 2, "subtract": NUMBERS - 2, "multiply": NUMBERS * 2, "divide": NUMBERS / 2, "power": NUMBERS ** 2,
        "minimum": np.minimum(NUMBERS, 2), "maximum": np.maximum(NUMBERS, 2)}.items()),
    *(("Function", {"function": name}, (np.abs(NUMBERS) if name in ("sqrt", "log") else NUMBERS,),
       {"negative": np.negative, "sqrt": np.sqrt}.get(name, getattr(np, name))(
           np.abs(NUMBERS) if name in ("sqrt", "log") else NUMBERS)) for name in FUNCTIONS),
)
"""Operation, parameters, arrays in, array out."""

each_case = pytest.mark.parametrize(("name", "given", "arrays", "wanted"), CASES, ids=[
    f"{name}-{'-'.join(map(str, given.values()))}-{len(arrays)}" for name, given, arrays, _ in CASES])


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    return import_module("keras")


def build(keras: ModuleType, name: str, **given: Any) -> Any:
    return OPERATIONS[name].build(keras, checked(OPERATIONS[name], given), "layer")


def called(name: str, layer: Any, tensors: Sequence[Any], **more: Any) -> Any:
    many = OPERATIONS[name].inputs[0].many
    return layer(list(tensors), **more) if many else layer(*tensors, **more)


@each_case
def test_what_an_operation_computes(keras: ModuleType, name: str, given: dict[str, Any], arrays: tuple[Any, ...],
                                    wanted: Any) -> None:
    made = np.asarray(called(name, build(keras, name, **given), arrays, training=False))
    np.testing.assert_allclose(made, wanted, atol=1e-6)


def test_every_operation_and_choice_has_a_case() -> None:
    assert {name for name, *_ in CASES} == OPERATIONS.keys() - {"PositionEmbedding"}
    assert {given["operation"] for name, given, *_ in CASES if name == "Arithmetic"} == SIGNS.keys()


def test_a_position_embedding_adds_the_row_of_its_table(keras: ModuleType) -> None:
    layer = build(keras, "PositionEmbedding", max_length=5)
    made = layer(np.ones((2, 3, 4), "float32"))
    np.testing.assert_array_equal(made, np.broadcast_to(1 + np.asarray(layer.embeddings)[:3], (2, 3, 4)))
    assert layer.count_params() == 20


def test_sampling_spreads_as_told_and_learns_through_the_draw(keras: ModuleType) -> None:
    import tensorflow as tf

    mean, logvar = tf.fill((2000, 2), 3.0), tf.fill((2000, 2), float(np.log(0.25)))
    layer = build(keras, "Sampling", seed=4)
    with tf.GradientTape() as tape:
        tape.watch((mean, logvar))
        z = layer(mean, logvar, training=True)
    by_mean, by_logvar = tape.gradient(z, (mean, logvar))
    assert float(np.mean(z)) == pytest.approx(3.0, abs=0.05)
    assert float(np.std(z)) == pytest.approx(0.5, abs=0.02)
    np.testing.assert_array_equal(by_mean, np.ones((2000, 2)))
    np.testing.assert_allclose(by_logvar, (np.asarray(z) - 3) / 2, atol=1e-6)
    assert not np.array_equal(layer(mean, logvar, training=True), z)
    np.testing.assert_array_equal(build(keras, "Sampling", seed=4)(mean, logvar, training=True), z)


def test_stop_gradient_holds_back(keras: ModuleType) -> None:
    import tensorflow as tf

    x = tf.Variable([3.0])
    with tf.GradientTape() as tape:
        y = build(keras, "StopGradient")(x) * x
    assert float(tape.gradient(y, x)[0]) == 3.0


@each_case
def test_the_script_says_the_same(keras: ModuleType, name: str, given: dict[str, Any], arrays: tuple[Any, ...],
                                  wanted: Any) -> None:
    spec = OPERATIONS[name]
    space: dict[str, Any] = {"keras": keras}
    exec(definitions().get(spec.defined_as, ""), space)
    layer = eval(layer_expression(spec, checked(spec, given), "layer"), space)
    assert layer.name == "layer"
    np.testing.assert_allclose(np.asarray(called(name, layer, arrays, training=False)), wanted, atol=1e-6)


@pytest.fixture(scope="module")
def everything(keras: ModuleType) -> Everything:
    """All cases in one model, an output each, with rows for its inputs: one file proves them all."""
    cases = [*CASES, ("PositionEmbedding", {"max_length": 6}, (SERIES,), None)]
    inputs, outputs, rows = [], [], {}
    for n, (name, given, arrays, _) in enumerate(cases):
        entries = [keras.Input(a.shape[1:], dtype=str(a.dtype), name=f"x{n}_{i}") for i, a in enumerate(arrays)]
        layer = OPERATIONS[name].build(keras, checked(OPERATIONS[name], given), f"{name.lower()}_{n}")
        made = called(name, layer, entries)
        outputs.append(keras.layers.Rescaling(2.0, dtype=made.dtype)(made))
        inputs += entries
        rows |= {x.name: np.resize(a, (4, *a.shape[1:])) for x, a in zip(entries, arrays, strict=True)}
    names = tuple(f"{case[0]}_{n}" for n, case in enumerate(cases))
    return Part("whole", keras.Model(inputs, outputs), tuple(x.name for x in inputs), names), rows


@pytest.mark.parametrize("kind", sorted(kind for kind, spec in FORMATS.items() if spec.usual))
def test_operations_leave_in_files_that_agree(everything: Everything, kind: str, tmp_path: Path) -> None:
    part, rows = everything
    target = tmp_path / f"all{FORMATS[kind].suffix}"
    prove(FORMATS[kind], part, samples_of(part, rows), target, {}, lambda *_: None)
    runtime = FORMATS[kind].reopen(target, part)
    for count in (1, 3):
        some = {name: values[:count] for name, values in rows.items()}
        for name, wanted, made in zip(part.output_names, part.run(some), runtime(some), strict=True):
            np.testing.assert_allclose(made, wanted, atol=1e-5, err_msg=name)


def test_a_file_opens_with_the_registered_classes_alone(
        keras: ModuleType, everything: Everything, tmp_path: Path) -> None:
    part, rows = everything
    part.model.save(tmp_path / "all.keras")
    again = keras.models.load_model(tmp_path / "all.keras", custom_objects=custom_layers(keras))
    for wanted, made in zip(part.run(rows), Part("again", again, part.input_names, part.output_names).run(rows), strict=True):
        np.testing.assert_array_equal(made, wanted)
