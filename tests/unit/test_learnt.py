"""Layers that learn bins and vocabularies: from training rows alone, kept with the weights, left behind by exports."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from graph_compiler.build.adapt import adapt
from graph_compiler.build.behind_tables import behind_tables
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.learnt import learns, learnt
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.source import python_source
from graph_compiler.build.weights import WeightsProblem, load_weights, read_weights, save_weights
from graph_compiler.catalog import registry
from graph_compiler.datasets.csv_scan import scan_csv
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.proof import prove
from graph_compiler.graph.model import Document
from graph_compiler.layers.custom.registry import custom_layers
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.data import load_feed
from graph_compiler.worker.jobs.parts import _whole
from graph_compiler.worker.jobs.restored import Restored
from tests.helpers.drawings import Drawing
from tests.helpers.training import run

ROWS = 90


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reviews, each with a word of its own, a colour, an age and a verdict."""
    place = tmp_path_factory.mktemp("reviews")
    lines = ["review,colour,age,article,verdict"]
    for i in range(ROWS):
        good = i % 2
        words, verdict = (f"a good film word{i}", "yes") if good else (f"a bad film word{i}", "no")
        lines.append(f"{words},{('red', 'green', 'blue')[i % 3]},{20 + i * 0.7:.1f},{(100, 200, 300)[i % 3]},{verdict}")
    (place / "reviews.csv").write_text("\n".join(lines) + "\n")
    return place


def drawing(folder: Path, **training: Any) -> Document:
    """Text, colour, article and age, each through a layer that learns from the training rows, to a verdict."""
    made = Drawing(**{"batch_size": 16, "epochs": 2, **training})
    params = scan_csv(folder / "reviews.csv").params("reviews.csv")
    kinds = {"review": "text", "colour": "text", "article": "number", "age": "number", "verdict": "category"}
    params["columns"] = [{**c, "kind": kinds[c["name"]], "role": "target" if c["name"] == "verdict" else "feature"}
                         for c in params["columns"]]
    data = made.add("CSV", {**params, "ports": "each", "split": "fractions"})
    text = made.chain((data, "review"), ("TextVectorization", {"max_tokens": 40, "output_sequence_length": 5}),
                      ("Embedding", {"input_dim": 40, "output_dim": 4}), ("GlobalAveragePooling1D", {}))
    colour = made.chain((data, "colour"), (
        "StringLookup", {"max_tokens": 5, "output_mode": "one_hot", "pad_to_max_tokens": True}))
    age = made.chain((data, "age"), ("Discretization", {"num_bins": 4, "output_mode": "one_hot"}))
    article = made.chain((data, "article"), ("Cast", {"dtype": "int32"}), ("IntegerLookup", {"max_tokens": 6}),
                         ("Embedding", {"input_dim": 6, "output_dim": 2}))
    joined = made.add("Concatenate", {}, text, colour, age, article)
    last = made.chain(joined, ("Dense", {"units": 2, "activation": "softmax"}))
    made.loss(last, (data, "verdict"))
    return made.document


def compiled_with_rows(folder: Path, seed: int) -> tuple[Compiled, Any]:
    compiled = compile_document(drawing(folder), registry(), seed=seed)
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(folder, folder))
    return compiled, feed


@pytest.fixture(scope="module")
def taught(folder: Path) -> tuple[Compiled, Any]:
    compiled, feed = compiled_with_rows(folder, 3)
    assert len(adapt(compiled, feed.part("train", compiled.columns))) == 4
    return compiled, feed


def test_vocabularies_and_bins_come_from_training_rows_alone(taught: tuple[Compiled, Any]) -> None:
    compiled, feed = taught
    reviews = feed.part("train", compiled.columns)["csv_1", "review"]
    inside = {word for review in reviews for word in review.split()}
    words = set(compiled.layers["text_vectorization_1"].get_vocabulary()[2:])
    assert len(words) == 38 and words <= inside and {"good", "bad", "film"} <= words
    bounds = compiled.layers["discretization_1"].bin_boundaries
    ages = feed.part("train", compiled.columns)["csv_1", "age"]
    assert len(bounds) == 3 and min(ages) < min(bounds) < max(bounds) < max(ages)
    assert sorted(compiled.layers["integer_lookup_1"].get_vocabulary()[1:]) == [100, 200, 300]


def test_what_was_learnt_is_in_the_weights_and_comes_back(
        folder: Path, taught: tuple[Compiled, Any], tmp_path: Path) -> None:
    compiled, feed = taught
    save_weights(compiled, tmp_path / "w.h5")
    stored = read_weights(tmp_path / "w.h5")
    assert set(stored["string_lookup_1"]["vocabulary"]) == {"red", "green", "blue"}
    assert stored["discretization_1"]["bin_boundaries"].shape == (3,)
    other, _ = compiled_with_rows(folder, 4)
    fit = load_weights(other, tmp_path / "w.h5")
    assert fit.whole and {"discretization_1", "text_vectorization_1"} <= set(fit.matching)
    rows = [feed.part("test", [i.end])[i.end] for i in compiled.plan.inputs]
    np.testing.assert_array_equal(other.model(rows, training=False), compiled.model(rows, training=False))
    for path in ("text_vectorization_1", "string_lookup_1", "integer_lookup_1", "discretization_1"):
        for name, array in learnt(compiled.layers[path]).items():
            np.testing.assert_array_equal(learnt(other.layers[path])[name], array)


def test_a_file_without_them_does_not_fit(folder: Path, tmp_path: Path) -> None:
    fresh, _ = compiled_with_rows(folder, 5)
    save_weights(fresh, tmp_path / "w.h5")
    with pytest.raises(WeightsProblem) as caught:
        load_weights(fresh, tmp_path / "w.h5")
    assert set(caught.value.layers) == {"text_vectorization_1", "string_lookup_1", "integer_lookup_1", "discretization_1"}


def test_it_trains_and_the_best_weights_come_back(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text((folder / "reviews.csv").read_text())
    training = run(drawing(folder), tmp_path, seed=1)
    assert training.losses and np.isfinite(training.losses).all()


@pytest.mark.parametrize("kind", sorted(kind for kind, spec in FORMATS.items() if spec.usual))
def test_exports_begin_behind_the_vocabularies(folder: Path, taught: tuple[Compiled, Any], kind: str, tmp_path: Path) -> None:
    compiled, feed = taught
    restored = Restored(SimpleNamespace(record=SimpleNamespace(title="")), compiled, feed)  # type: ignore[arg-type]
    leaving = _whole(restored, "reviews")
    assert leaving.part.input_names == ("age", "text_vectorization_1", "string_lookup_1", "integer_lookup_1")
    assert [x.dtype for x in leaving.part.model.inputs] == ["float32", "int32", "float32", "int32"]
    told = {row["name"]: row for row in leaving.description["inputs"]}
    assert told["text_vectorization_1"]["vocabulary"][:2] == ["", "[UNK]"]
    assert told["text_vectorization_1"]["settings"]["output_sequence_length"] == 5
    assert told["age"]["kind"] == "number"
    proof = prove(FORMATS[kind], leaving.part, leaving.samples, tmp_path / f"n{FORMATS[kind].suffix}", {}, lambda *_: None)
    assert proof.max_abs_diff <= proof.allowed
    rows = [feed.part("test", [i.end])[i.end] for i in compiled.plan.inputs]
    np.testing.assert_allclose(leaving.samples.expected[0], compiled.model(rows, training=False), atol=1e-6)


def test_a_network_without_tables_is_not_cut(folder: Path) -> None:
    made = Drawing()
    data = made.add("Iris", {})
    last = made.chain((data, "features"), ("Discretization", {"num_bins": 4}), ("Flatten", {}), ("Cast", {}),
                      ("Dense", {"units": 3, "activation": "softmax"}))
    made.loss(last, (data, "species"))
    assert behind_tables(compile_document(made.document, registry())) is None


def test_too_few_rows_for_the_bins_are_told(folder: Path) -> None:
    compiled, feed = compiled_with_rows(folder, 3)
    few = {end: array[:3] for end, array in feed.part("train", compiled.columns).items()}
    with pytest.raises(BuildProblem, match="fill 3 bins, not 4"):
        adapt(compiled, few)


def test_given_bounds_are_not_learnt_and_win() -> None:
    made = Drawing()
    data = made.add("Iris", {})
    last = made.chain((data, "features"), ("Discretization", {"bin_boundaries": [1.0, 3.0], "output_mode": "multi_hot"}),
                      ("Dense", {"units": 3, "activation": "softmax"}))
    made.loss(last, (data, "species"))
    compiled = compile_document(made.document, registry())
    layer = compiled.layers["discretization_1"]
    assert not learns(layer) and adapt(compiled, {}) == []
    np.testing.assert_array_equal(layer(np.float32([[0.5, 2.0, 2.5, 0.1]])), [[1, 1, 0]])
    assert "num_bins" not in python_source(made.document, registry())


def test_a_keras_file_keeps_vocabulary_and_bins(taught: tuple[Compiled, Any], tmp_path: Path) -> None:
    import keras

    compiled, feed = taught
    compiled.model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras", custom_objects=custom_layers(keras))
    rows = [feed.part("test", [i.end])[i.end] for i in compiled.plan.inputs]
    np.testing.assert_array_equal(again(rows, training=False), compiled.model(rows, training=False))


def test_a_network_behind_one_table_takes_as_many_rows_as_there_are(folder: Path) -> None:
    """Text alone: Keras gives the only result of a model without its list."""
    made, whole = Drawing(), drawing(folder)
    data = made.add("CSV", dict(next(n.params for n in whole.graph.nodes.values() if n.type == "CSV")))
    text = made.chain((data, "review"), ("TextVectorization", {"max_tokens": 40, "output_sequence_length": 5}),
                      ("Embedding", {"input_dim": 40, "output_dim": 4}), ("Flatten", {}), ("Dense", {"units": 2}))
    made.loss(text, (data, "verdict"), loss="SparseCategoricalCrossentropy", from_logits=True)
    compiled = compile_document(made.document, registry(), seed=1)
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(folder, folder))
    adapt(compiled, feed.part("train", compiled.columns))
    behind = behind_tables(compiled)
    assert behind is not None and [entry.layer is not None for entry in behind.entries] == [True]
    words = np.array(["a good film", "a bad film", "nothing"], dtype=object)
    (tokens,) = behind.rows({"review": words}, compiled.input_names).values()
    assert tokens.shape == (3, 5) and tokens.dtype == "int32" and np.asarray(behind.model(tokens)).shape == (3, 2)
