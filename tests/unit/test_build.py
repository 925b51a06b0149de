"""From drawings to Keras models: names, order, muting, freezing, blocks, sharing, adapting, and refusals told of the node."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from graph_compiler.build.adapt import adapt
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.problems import BuildProblem, from_keras
from graph_compiler.build.weights import WeightsProblem, load_weights, read_weights, save_weights
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddBlock, SetField
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import BlockParameter, Edge, Node
from tests.helpers.drawings import SCALE, Drawing, digits_cnn, digits_mlp, iris


def build(document: Document, seed: int = 0) -> Compiled:
    return compile_document(document, registry(), seed=seed)


def test_layers_carry_the_ids_and_inputs_the_names_of_columns() -> None:
    compiled = build(digits_cnn())
    assert [layer.name for layer in compiled.model.layers] == [
        "image", "rescaling_1", "conv2d_1", "max_pooling2d_1", "conv2d_2", "max_pooling2d_2", "flatten_1", "dropout_1",
        "dense_1"]
    assert compiled.model.count_params() == 34_826
    assert compiled.input_names == ("image",)
    assert compiled.output_names == ("dense_1",)
    assert compiled.model.inputs[0].dtype == "uint8"
    assert compiled.layers["conv2d_1"] is compiled.model.get_layer("conv2d_1")


def test_counts_agree_with_the_analysis() -> None:
    for document in (digits_mlp(), digits_cnn(), iris()):
        compiled = build(document)
        assert compiled.model.count_params() == compiled.analysis.totals.weights


def test_the_same_seed_gives_the_same_weights_and_another_one_others() -> None:
    first, again, other = (build(digits_mlp(), seed).model.get_weights()[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_outputs_come_in_their_own_order_under_their_labels() -> None:
    drawing = Drawing()
    data = drawing.add("Iris", {})
    hidden = drawing.chain((data, "features"), ("Dense", {"units": 5}))
    last = drawing.chain(hidden, ("Dense", {"units": 3, "activation": "softmax"}))
    drawing.loss(last, (data, "species"))
    drawing.add("Output", {"order": 2}, hidden, label="hidden values")
    drawing.add("Output", {"order": 1}, last, label="species")
    compiled = build(drawing.document)
    assert compiled.output_names == ("species", "hidden_values")
    assert [tuple(t.shape) for t in compiled.model.outputs] == [(None, 3), (None, 5)]


def test_a_muted_layer_is_passed_by_and_a_frozen_one_is_not_moved() -> None:
    document = digits_mlp()
    SetField("dropout_1", "muted", True).apply(document)
    SetField("dense_1", "frozen", True).apply(document)
    compiled = build(document)
    assert "dropout_1" not in compiled.layers
    assert not compiled.layers["dense_1"].trainable
    assert {v.path.split("/")[-2] for v in compiled.trainable_variables} == {"dense_2"}


def test_a_target_that_is_computed_is_an_output_of_the_training_model() -> None:
    drawing = Drawing()
    data = drawing.add("MNIST", {})
    hot = drawing.chain((data, "label"), ("OneHot", {"num_classes": 10}))
    last = drawing.chain((data, "image"), SCALE, ("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    drawing.loss(last, hot)
    compiled = build(drawing.document)
    assert compiled.columns == ((data, "image"), (data, "label"))
    assert compiled.target_columns == ()
    assert compiled.computed_targets == {0: 1}
    _, target = compiled.training_model([np.zeros((2, 28, 28, 1), np.uint8), np.array([3, 0], np.int32)])
    assert np.argmax(target, axis=-1).tolist() == [3, 0]
    assert [i.name for i in compiled.model.inputs] == ["image"]


def test_an_autoencoder_shares_the_layer_before_prediction_and_target() -> None:
    drawing = Drawing()
    data = drawing.add("MNIST", {})
    scaled = drawing.chain((data, "image"), SCALE)
    flat = drawing.chain(scaled, ("Flatten", {}), ("Dense", {"units": 784, "activation": "sigmoid"}),
                         ("Reshape", {"target_shape": [28, 28, 1]}))
    drawing.loss(flat, scaled)
    compiled = build(drawing.document)
    prediction, target = compiled.training_model(np.full((1, 28, 28, 1), 255, np.uint8))
    assert prediction.shape == target.shape == (1, 28, 28, 1)
    assert float(np.max(target)) == pytest.approx(1.0)


def tower(units: int | dict[str, str] = 4) -> BlockDefinition:
    graph = Graph([Node(id="x", type="BlockInput", label="x"), Node(id="dense", type="Dense", params={"units": units}),
                   Node(id="y", type="BlockOutput", label="y")],
                  [Edge(source="x", source_port="out", target="dense", target_port="in"),
                   Edge(source="dense", source_port="out", target="y", target_port="in")])
    return BlockDefinition(graph, (BlockParameter(name="width", default=4),))


def two_towers(weights: str) -> Document:
    drawing = Drawing()
    AddBlock("tower", tower({"=": "width"})).apply(drawing.document)
    data = drawing.add("Iris", {})
    for name in ("a", "b"):
        drawing.add("Block", {"width": 4}, id=name, block="tower", weights=weights)
    drawing.wire((data, "features"), ("a", "x"))
    drawing.wire(("a", "y"), ("b", "x"))
    last = drawing.chain(("b", "y"), ("Dense", {"units": 3, "activation": "softmax"}))
    drawing.loss(last, (data, "species"))
    return drawing.document


def test_blocks_have_weights_of_their_own_named_by_their_path() -> None:
    compiled = build(two_towers(""))
    assert {"a.dense", "b.dense"} <= {layer.name for layer in compiled.model.layers}
    assert compiled.layers["a.dense"].units == 4
    assert compiled.model.count_params() == 20 + 20 + 15
    assert len(compiled.trainable_variables) == 6


def test_instances_with_a_weights_name_share_layers() -> None:
    compiled = build(two_towers("T"))
    assert compiled.layers["b.dense"] is compiled.layers["a.dense"]
    assert compiled.model.count_params() == 20 + 15
    assert len(compiled.trainable_variables) == 4


def test_a_frozen_block_holds_everything_inside() -> None:
    document = two_towers("")
    SetField("a", "frozen", True).apply(document)
    compiled = build(document)
    assert not compiled.layers["a.dense"].trainable
    assert compiled.layers["b.dense"].trainable


def test_an_error_of_the_drawing_is_refused_with_its_node() -> None:
    drawing = Drawing()
    data = drawing.add("MNIST", {})
    last = drawing.chain((data, "label"), ("Conv2D", {"filters": 2}), ("Flatten", {}), ("Dense", {"units": 10}))
    drawing.loss(last, (data, "label"))
    with pytest.raises(BuildProblem) as caught:
        build(drawing.document)
    assert caught.value.node == "conv2d_1"


def test_what_keras_says_loses_the_words_for_programmers() -> None:
    error = ValueError("Exception encountered when calling Dense.call().\n\n\x1b[1mKernel is odd.\x1b[0m\n\n"
                       "Arguments received by Dense.call():\n  • x=3")
    problem = from_keras("block_1.dense_1", "Dense", error)
    assert (problem.node, problem.sentence) == ("block_1.dense_1", "Keras refuses Dense: Kernel is odd.")


def test_keras_refusing_a_layer_names_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    def refuse(self: object, shape: object) -> None:
        raise ValueError("No room for this kernel.")

    monkeypatch.setattr(keras.layers.Dense, "build", refuse)
    with pytest.raises(BuildProblem) as caught:
        build(digits_mlp())
    assert caught.value.node == "dense_1"
    assert "No room for this kernel." in caught.value.sentence


def test_normalization_learns_from_the_rows_it_is_given_through_what_stands_before_it() -> None:
    drawing = Drawing()
    data = drawing.add("Iris", {})
    normal = drawing.chain((data, "features"), ("Rescaling", {"scale": 2.0}), ("Normalization", {}))
    last = drawing.chain(normal, ("Dense", {"units": 3, "activation": "softmax"}))
    drawing.loss(last, (data, "species"))
    compiled = build(drawing.document)
    rows = np.random.default_rng(0).normal(3, 2, (3000, 4)).astype(np.float32)
    assert adapt(compiled, {(data, "features"): rows}) == ["normalization_1"]
    np.testing.assert_allclose(np.ravel(compiled.layers["normalization_1"].mean), 2 * rows.mean(axis=0), rtol=1e-4)


def test_weights_come_back_with_what_was_learnt_from_data(tmp_path: Path) -> None:
    first, second = build(iris(), 1), build(iris(), 2)
    rows = np.random.default_rng(0).normal(3, 2, (100, 4)).astype(np.float32)
    adapt(first, {("iris_1", "features"): rows})
    save_weights(first, tmp_path / "a.weights.h5")
    assert load_weights(second, tmp_path / "a.weights.h5").whole
    np.testing.assert_array_equal(first.model(rows, training=False), second.model(rows, training=False))
    assert set(read_weights(tmp_path / "a.weights.h5")) == {"normalization_1", "dense_1", "dropout_1", "dense_2"}


def test_weights_that_do_not_fit_name_the_layers_and_both_shapes(tmp_path: Path) -> None:
    save_weights(build(iris()), tmp_path / "a.weights.h5")
    changed = iris()
    node = changed.graph.nodes["dense_1"]
    changed.graph.put_node(Node(id="dense_1", type="Dense", params={**node.params, "units": 9}))
    compiled = build(changed)
    before = [w.copy() for w in compiled.model.get_weights()]
    with pytest.raises(WeightsProblem) as caught:
        load_weights(compiled, tmp_path / "a.weights.h5")
    assert caught.value.layers == ("dense_1", "dense_2")
    assert "dense_1: kernel is 4×9 in the drawing and 4×8 in the file" in caught.value.sentence
    assert all(np.array_equal(a, b) for a, b in zip(before, compiled.model.get_weights(), strict=True))
    fit = load_weights(compiled, tmp_path / "a.weights.h5", partly=True)
    assert "normalization_1" in fit.matching


@pytest.mark.parametrize("drawn", [iris, digits_mlp])
def test_a_keras_file_is_a_file_of_weights(drawn: Callable[[], Document], tmp_path: Path) -> None:
    """Statistics that were learnt from rows included: it is the model that was exported."""
    first, second = build(drawn(), 1), build(drawn(), 2)
    rows = np.random.default_rng(0).normal(3, 2, (20, *first.model.input_shape[1:])).astype(first.model.inputs[0].dtype)
    if first.adaptive:
        adapt(first, {first.columns[0]: rows})
    first.model.save(tmp_path / "a.keras", include_optimizer=False)
    assert load_weights(second, tmp_path / "a.keras").whole
    np.testing.assert_array_equal(first.model(rows, training=False), second.model(rows, training=False))


def test_a_keras_file_of_another_model_or_a_torn_one_is_told(tmp_path: Path) -> None:
    build(digits_mlp()).model.save(tmp_path / "a.keras", include_optimizer=False)
    with pytest.raises(WeightsProblem, match=r"dense_1: kernel is 4×8 in the drawing and 784×128 in the file"):
        load_weights(build(iris()), tmp_path / "a.keras")
    (tmp_path / "a.keras").write_bytes((tmp_path / "a.keras").read_bytes()[:900])
    with pytest.raises(WeightsProblem, match=r"a\.keras cannot be read: it is torn"):
        load_weights(build(iris()), tmp_path / "a.keras")


def test_a_torn_weights_file_is_one_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.weights.h5"
    save_weights(build(iris()), path)
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(WeightsProblem, match=r"a\.weights\.h5 cannot be read"):
        load_weights(build(iris()), path)


def test_a_drawing_without_objective_builds_its_outputs() -> None:
    drawing = Drawing()
    data = drawing.add("Iris", {})
    drawing.add("Output", {}, drawing.chain((data, "features"), ("Dense", {"units": 2})), label="y")
    compiled = build(drawing.document)
    assert compiled.output_names == ("y",)
    assert compiled.training_model is compiled.model
