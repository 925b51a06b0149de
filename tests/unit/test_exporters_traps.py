"""Ways in which converters fail without saying so, or say it in words nobody understands: one test each, which says which.

Each test fails when what keeps its failure away is taken out of the exporters. Those of rounding to 8 and 16 bits are in
`test_exporters_traps_narrow`.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.catalog import registry
from graph_compiler.exporters.flatfile import read_metadata
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import Proof, Samples, prove, samples_of
from graph_compiler.exporters.recurrent import ONE_SAMPLE
from graph_compiler.exporters.tflite import CALIBRATED, DYNAMIC, FLOAT, FLOAT16, Kind, Reopened, _set, fitted, whole
from graph_compiler.layers.custom.registry import custom_class
from tests.helpers.leaving import onnx_operations, rows_for, tflite_operations

BOTH = ("tflite", "onnx")


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    keras.utils.set_random_seed(1)
    return keras


def part_of(inputs: Any, outputs: Any) -> Part:
    """A part whose tensors are called as the Keras inputs are, and `out_0`, `out_1` ..."""
    model = __import__("keras").Model(inputs, outputs)
    return Part("whole", model, tuple(t.name for t in model.inputs), tuple(f"out_{n}" for n in range(len(model.outputs))))


def proven(name: str, part: Part, folder: Path, rows: dict[str, np.ndarray] | None = None, **options: Any) -> Proof:
    spec = FORMATS[name]
    told = {"description": {"name": "net"}, **options}
    return prove(spec, part, samples_of(part, rows or rows_for(part)), folder / f"net{spec.suffix}", told, lambda *_: None)


def series(keras: ModuleType, layer: Any, steps: int | None = 5) -> Part:
    x = keras.Input((steps, 3), name="series")
    return part_of(x, layer(x))


# Loops.


@pytest.mark.parametrize("layer", ["SimpleRNN", "LSTM", "GRU"])
def test_a_recurrent_layer_with_a_free_batch_has_no_form_in_tflite(keras: ModuleType, layer: str, tmp_path: Path) -> None:
    """`tf.TensorListReserve op requires element_shape to be static`: it takes one sample a call, and the file says so."""
    proof = proven("tflite", series(keras, getattr(keras.layers, layer)(4)), tmp_path)
    assert proof.notes == (ONE_SAMPLE,)
    assert read_metadata(Path(proof.path).read_bytes())["batch"] == 1
    assert "WHILE" in tflite_operations(Path(proof.path))


def test_a_loop_of_unknown_length_cannot_be_written_out(keras: ModuleType, tmp_path: Path) -> None:
    """`Cannot unroll a RNN if the time dimension is undefined.` came from inside of Keras; the layer is named instead."""
    part = series(keras, keras.layers.GRU(4, name="reader"), steps=None)
    with pytest.raises(ExportProblem, match="Any number of samples a call needs sequences of a fixed length") as caught:
        proven("tflite", part, tmp_path, batch="any")
    assert (caught.value.node, caught.value.hint[:27]) == ("reader", "Choose one sample a call, o")
    assert proven("tflite", part, tmp_path, batch="one").notes == (ONE_SAMPLE,)


@pytest.mark.parametrize("name", CALIBRATED)
def test_a_loop_that_is_calibrated_kills_the_process(keras: ModuleType, name: str) -> None:
    """Signal 11 inside the calibrator, for every recurrent layer: what it gets to see has no loop."""
    x = keras.Input((4, 3), name="series")
    h = keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True))(x)
    part = part_of(x, keras.layers.GRU(2)(h))
    ready, batch = fitted(part, {"batch": "auto"}, Kind(name))
    assert all(layer.unroll for layer in ready.model._flatten_layers() if isinstance(layer, keras.layers.RNN))
    assert batch is None
    assert fitted(part, {"batch": "auto"}, Kind(DYNAMIC)) == (part, 1), "the others keep the small loop"


def test_the_fused_lstm_of_older_converters_comes_back_as_nothing(keras: ModuleType, tmp_path: Path) -> None:
    """A function marked as Keras 2 marked its LSTM makes the converter write 0 bytes; frozen first, it is a plain loop."""
    x = keras.Input((5, 3), batch_size=1, name="series")
    part = part_of(x, marked_lstm(keras)(x))
    proof = proven("tflite", part, tmp_path, {"series": rows_for(part)["series"][:1]})
    assert proof.bytes > 2000 and "WHILE" in tflite_operations(Path(proof.path))


def marked_lstm(keras: ModuleType) -> Any:
    """An LSTM for one sample whose steps are in a function with the mark: six arguments, five results."""
    import tensorflow as tf

    class Marked(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            self.inner = keras.layers.LSTM(3)
            self.inner.build(shape)

        def compute_output_shape(self, shape: Any) -> Any:
            return shape[0], 3

        def call(self, x: Any) -> Any:
            marked = tf.function(self.steps, experimental_attributes={"api_implements": "lstm_0b5a"}, autograph=False)
            zeros, cell = tf.zeros([1, 3]), self.inner.cell
            return marked(x, zeros, zeros, cell.kernel.value, cell.recurrent_kernel.value, cell.bias.value)[0]

        def steps(self, x: Any, h: Any, c: Any, kernel: Any, recurrent: Any, bias: Any) -> Any:
            def one(i: Any, h: Any, c: Any) -> Any:
                enter, forget, new, leave = tf.split(x[:, i] @ kernel + h @ recurrent + bias, 4, axis=1)
                c = tf.sigmoid(forget) * c + tf.sigmoid(enter) * tf.tanh(new)
                return i + 1, tf.sigmoid(leave) * tf.tanh(c), c

            _, h, c = tf.while_loop(lambda i, *_: i < x.shape[1], one, (tf.constant(0), h, c))
            return h, tf.expand_dims(h, 1), h, c, tf.constant(1.0)

    return Marked()


@pytest.mark.parametrize("content", [b"", b"TFL3" * 8])
def test_a_file_without_anything_in_it_is_no_success(content: bytes) -> None:
    """`unpack_from requires a buffer of at least 4 bytes` came from whoever opened such a file."""
    with pytest.raises(ExportProblem, match="The converter wrote an empty file") as caught:
        whole(content)
    assert caught.value.hint == "Export ONNX instead."
    assert whole(b"TFL3" * 80)


# Operations that phones do not have.


@pytest.mark.parametrize("name", [FLOAT, DYNAMIC, FLOAT16, *CALIBRATED])
def test_tensorflows_own_operations_are_never_allowed(name: str) -> None:
    """With SELECT_TF_OPS the file is written and no phone opens it; switches that go with it do not help."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_concrete_functions([tf.function(lambda x: x + 1).get_concrete_function(
        tf.TensorSpec([1], tf.float32))])
    usual = converter._experimental_lower_tensor_list_ops
    _set(tf, converter, Kind(name, rows={"x": np.zeros((1, 1), np.float32)}))
    assert tf.lite.OpsSet.SELECT_TF_OPS not in converter.target_spec.supported_ops
    assert not converter.allow_custom_ops
    assert converter.experimental_new_quantizer is True and converter._experimental_lower_tensor_list_ops is usual


def test_a_network_with_an_operation_that_tflite_lacks_is_refused_not_written(keras: ModuleType, tmp_path: Path) -> None:
    """`Make sure you apply/link the Flex delegate` is what the runtime says of the file that would come of it."""
    x = keras.Input((6, 6, 2), name="picture")
    with pytest.raises(ExportProblem, match="TensorFlow Lite has no operation for a part of this network") as caught:
        proven("tflite", part_of(x, keras.layers.UpSampling2D(2, interpolation="bicubic")(x)), tmp_path)
    assert "ResizeBicubic" in caught.value.hint and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("batch", ["one", "any"])
def test_no_file_asks_for_the_flex_delegate(keras: ModuleType, batch: str, tmp_path: Path) -> None:
    """A recurrent layer is where a converter reaches for it first."""
    proof = proven("tflite", series(keras, keras.layers.LSTM(3)), tmp_path, batch=batch)
    found = tflite_operations(Path(proof.path))
    assert found and not any(name.startswith("Flex") or name == "CUSTOM" for name in found)


@pytest.mark.parametrize("layer", ["gelu", "celu", "Discretization", "grouped"])
def test_operations_that_the_onnx_converter_passes_on_unchanged_have_a_form(keras: ModuleType, layer: str,
                                                                            tmp_path: Path) -> None:
    """Erfc, Expm1, Bucketize and a jit-compiled call went straight into the file: `No Op registered for Erfc`."""
    x = keras.Input((6, 6, 4), name="picture")
    made = {"gelu": keras.layers.Dense(3, activation="gelu"), "celu": keras.layers.Dense(3, activation="celu"),
            "Discretization": keras.layers.Discretization(bin_boundaries=[-0.5, 0.0, 0.5]),
            "grouped": keras.layers.Conv2D(4, 3, groups=2)}[layer]
    proof = proven("onnx", part_of(x, made(x)), tmp_path)
    assert not {"Erfc", "Expm1", "Bucketize", "StatefulPartitionedCall"} & onnx_operations(Path(proof.path))


def test_an_operation_that_onnx_lacks_is_found_before_a_runtime_is(keras: ModuleType, tmp_path: Path) -> None:
    """The converter says nothing and writes `Bitcast` into the file; only the full check finds it."""
    x = keras.Input((5,), name="x")

    class Largest(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            return keras.ops.argmax(x, axis=-1)

    with pytest.raises(ExportProblem, match="ONNX has no operation for a part of this network") as caught:
        proven("onnx", part_of(x, Largest()(x)), tmp_path)
    assert "Bitcast" in caught.value.hint and list(tmp_path.iterdir()) == []


# Weights that are lost.


def test_weights_are_inside_and_no_variable_is_read(keras: ModuleType, tmp_path: Path) -> None:
    """Converted the short way, a Keras 3 model leaves as VAR_HANDLE and READ_VARIABLE, and every answer is no number."""
    x = keras.Input((4,), name="x")
    proof = proven("tflite", part_of(x, keras.layers.Dense(3)(x)), tmp_path)
    found = tflite_operations(Path(proof.path))
    assert "FULLY_CONNECTED" in found and not found & {"READ_VARIABLE", "VAR_HANDLE"}


def test_a_file_that_reads_variables_is_refused(keras: ModuleType, tmp_path: Path) -> None:
    """The short way, on purpose: it converts without a word."""
    import tensorflow as tf

    x = keras.Input((4,), name="x")
    model = keras.Model(x, keras.layers.Dense(3)(x))
    traced = tf.function(model).get_concrete_function(tf.TensorSpec([1, 4], tf.float32, name="x"))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced], model)
    (tmp_path / "net.tflite").write_bytes(converter.convert())
    with pytest.raises(ExportProblem, match=r"no weights inside \(it uses READ_VARIABLE, VAR_HANDLE\)"):
        Reopened(tmp_path / "net.tflite")


@pytest.mark.parametrize("name", BOTH)
def test_means_of_training_rows_are_no_inputs_of_the_file(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """An adapted Normalization asked for `normalization_1/Sub/y:0` beside the data."""
    part = part_of(x := keras.Input((3,), name="x"), keras.layers.Dense(2)(scaled(keras)(x)))
    proof = proven(name, part, tmp_path)
    assert FORMATS[name].reopen(Path(proof.path), part).input_names == ("x",)


def scaled(keras: ModuleType) -> Any:
    norm = keras.layers.Normalization()
    norm.adapt(np.random.default_rng(0).normal(7, 3, (50, 3)))
    return norm


def test_a_copy_of_a_model_keeps_the_means_it_has_learnt(keras: ModuleType, tmp_path: Path) -> None:
    """Set the weights of a copy and its Normalization still works with the old ones, silently: differences of 0.5."""
    x = keras.Input((4, 3), name="series")
    proof = proven("tflite", part_of(x, keras.layers.GRU(3)(scaled(keras)(x))), tmp_path, batch="any")
    assert proof.max_abs_diff < 1e-5 and proof.notes == ()


def test_half_precision_has_no_form_in_tflite(keras: ModuleType, tmp_path: Path) -> None:
    """`tf.Conv2D op is neither a custom op nor a flex op`: the file is made of a float32 copy."""
    half = keras.dtype_policies.DTypePolicy("mixed_float16")
    x = keras.Input((6, 6, 1), name="picture")
    h = keras.layers.Conv2D(3, 3, activation="relu", dtype=half)(x)
    part = part_of(x, keras.layers.Dense(2, dtype="float32")(keras.layers.Flatten(dtype=half)(h)))
    rows = rows_for(part)
    spec = FORMATS["tflite"]
    ready, _ = fitted(part, {}, Kind())
    prove(spec, ready, samples_of(ready, rows), tmp_path / "net.tflite", {}, lambda *_: None)
    found, = spec.reopen(tmp_path / "net.tflite", ready)(rows)
    np.testing.assert_allclose(found, part.run(rows)[0], atol=5e-3)


# Chance.


def augmented(keras: ModuleType) -> Part:
    layers = keras.layers
    x = keras.Input((8, 8, 1), name="picture")
    h = layers.GaussianNoise(0.5)(layers.RandomRotation(0.4)(layers.RandomFlip()(x)))
    return part_of(x, layers.Dense(3)(layers.Dropout(0.5)(layers.Flatten()(h))))


@pytest.mark.parametrize("name", BOTH)
def test_layers_of_training_do_not_leave(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """Keras's own export lets random layers through: `No Op registered for StatelessRandomUniformV2`."""
    proof = proven(name, augmented(keras), tmp_path)
    names = (tflite_operations if name == "tflite" else onnx_operations)(Path(proof.path))
    assert not any("random" in found.lower() for found in names)


def test_what_a_file_is_compared_with_is_not_by_chance(keras: ModuleType) -> None:
    """Layers of augmentation draw by default, wherever a model is called without a word about training."""
    part = augmented(keras)
    rows = rows_for(part)
    np.testing.assert_array_equal(part.run(rows)[0], part.run(rows)[0])


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("layer", ["recurrent_dropout", "dropout", "Sampling"])
def test_what_counts_its_draws_can_be_frozen(keras: ModuleType, layer: str, name: str, tmp_path: Path) -> None:
    """The counter of a layer that draws stayed in the graph: `was passed int64 ... incompatible with expected resource`."""
    if layer == "Sampling":
        mean, spread = keras.Input((3,), name="mean"), keras.Input((3,), name="spread")
        part = part_of([mean, spread], custom_class(keras, "Sampling")()(mean, spread))
    else:
        part = series(keras, keras.layers.LSTM(3, **{layer: 0.4}))
    assert proven(name, part, tmp_path).max_abs_diff < 1e-5


def test_no_layer_keeps_a_state_between_calls() -> None:
    """`was passed float ... incompatible with expected resource` says freezing of `stateful=True`: not offered."""
    assert [name for name, spec in registry().nodes.items() if "stateful" in spec.defaults()] == []


# Names and order.


def test_a_gradient_of_its_own_cannot_be_saved(keras: ModuleType, tmp_path: Path) -> None:
    """`Found invalid capture Tensor(".../beta:0") when saving custom gradients`: they stay behind."""
    x = keras.Input((6, 6, 1), name="picture")
    part = part_of(x, keras.layers.Conv2D(2, 3, activation="swish")(x))
    for name in ("tflite", "savedmodel"):
        proven(name, part, tmp_path)


@pytest.mark.parametrize("name", BOTH)
def test_several_outputs_keep_their_order_and_names_by_place_too(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """Converters sort outputs by name: an app that reads the first one would get another."""
    x = keras.Input((4,), name="x")
    heads = [keras.layers.Dense(size)(x) for size in (3, 2, 1)]
    part = Part("whole", keras.Model(x, heads), ("x",), ("zebra", "mole", "ape"))
    proof = proven(name, part, tmp_path)
    if name == "onnx":
        import onnx

        ends = [(o.name, o.type.tensor_type.shape.dim[1].dim_value) for o in onnx.load(proof.path).graph.output]
    else:
        from ai_edge_litert.interpreter import Interpreter

        ends = [(o["name"], int(o["shape"][1])) for o in Interpreter(proof.path).get_output_details()]
    assert ends == [("zebra", 3), ("mole", 2), ("ape", 1)]


# The comparison.


@pytest.mark.parametrize("off", [0.3, 3.0])
def test_large_outputs_may_differ_by_their_last_digits(keras: ModuleType, off: float, tmp_path: Path) -> None:
    """House prices in raw units are a few steps of float32 apart: more than 1e-5, and nothing of 100,000."""
    x = keras.Input((4,), name="x")
    part = part_of(x, keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(1e5))(x))
    exact = samples_of(part, rows_for(part))
    away = Samples(exact.inputs, [exact.expected[0] + off])
    for name in BOTH:
        if off < 1:
            assert prove(FORMATS[name], part, away, tmp_path / name, {}, lambda *_: None).max_abs_diff > 0.1
        else:
            with pytest.raises(ExportProblem, match=r"differs from Keras by 3\.0e\+00; at most 1\.0e\+00 is allowed"):
                prove(FORMATS[name], part, away, tmp_path / name, {}, lambda *_: None)
