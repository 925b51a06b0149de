"""Ways in which rounding to 8 and 16 bits fails without saying so: one test each, which says which failure it keeps away."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import OverLimit
from graph_compiler.exporters.tflite import NOTHING_GAINED
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.parts import leaving
from graph_compiler.worker.jobs.restored import bring_back
from tests.helpers.drawing import drawing
from tests.helpers.leaving import rows_for
from tests.helpers.training import run
from tests.unit.test_exporters_traps import part_of, proven, series

WHOLE_NUMBERS = ("tflite-int8", "tflite-int16x8")


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    import keras

    keras.utils.set_random_seed(1)
    return keras


def calibrated(name: str, part: Part, folder: Path, rows: dict[str, np.ndarray]) -> Any:
    return proven(name, part, folder, rows, calibration=rows)


def dense(keras: ModuleType, units: int = 3, **last: Any) -> Part:
    x = keras.Input((8,), name="x")
    return part_of(x, keras.layers.Dense(units, **last)(keras.layers.Dense(16, activation="relu")(x)))


# What a kind of file cannot compute.


@pytest.mark.parametrize("entry", ["tokens", "LayerNormalization", "GroupNormalization"])
def test_16_bits_take_neither_tokens_nor_norms_of_a_row(keras: ModuleType, entry: str, tmp_path: Path) -> None:
    """`Max and min for dynamic tensors should be recorded` for the ones; `SquaredDifference only supports FLOAT32`, but only
    when the file runs, for the others."""
    if entry == "tokens":
        tokens = keras.Input((4,), dtype="int32", name="tokens")
        part = part_of(tokens, keras.layers.Embedding(5, 3)(tokens))
    else:
        x = keras.Input((6, 4), name="x")
        part = part_of(x, getattr(keras.layers, entry)(**({"groups": 2} if entry.startswith("Group") else {}))(x))
    refused_in_16_bits(part, tmp_path)


@pytest.mark.parametrize("between", ["Cast", "Discretization", "uint8", ""])
def test_16_bits_take_no_tokens_that_are_made_inside_either(keras: ModuleType, between: str, tmp_path: Path) -> None:
    """`Failed for tensor functional_1/look_1/Cast`: numbers come in, whole ones are made of them, a table looks those up."""
    x = keras.Input((4,), dtype="uint8" if between == "uint8" else "float32", name="x")
    made = {"Cast": lambda: lambda x: keras.ops.cast(x, "int32"),
            "Discretization": lambda: keras.layers.Discretization(bin_boundaries=[-0.5, 0.0, 0.5])}
    tokens = made[between]()(x) if between in made else x
    look = keras.layers.Embedding(5, 3, name="look")
    assert refused_in_16_bits(part_of(x, keras.layers.Flatten()(look(tokens))), tmp_path).node == "look"


def test_whole_numbers_at_the_entry_are_refused_as_the_drawing_says(keras: ModuleType, tmp_path: Path) -> None:
    """Whatever reads them: readiness cannot tell a table that is looked up from one that is added up."""
    x = keras.Input((4,), dtype="int32", name="x")
    refused_in_16_bits(part_of(x, keras.layers.Dense(3)(keras.ops.cast(x, "float32"))), tmp_path)


def test_pictures_of_whole_numbers_leave_in_16_bits(keras: ModuleType, tmp_path: Path) -> None:
    """Bytes at the entry are made numbers of at once."""
    x = keras.Input((6, 6, 1), dtype="uint8", name="picture")
    part = part_of(x, keras.layers.Conv2D(2, 3)(keras.layers.Rescaling(1 / 255)(x)))
    assert calibrated("tflite-int16x8", part, tmp_path, rows_for(part, 40)).losses[0].shares[0] < 0.01


def refused_in_16_bits(part: Part, folder: Path) -> ExportProblem:
    with pytest.raises(ExportProblem, match="16-bit activations are not supported for this model") as caught:
        calibrated("tflite-int16x8", part, folder, rows_for(part))
    assert caught.value.hint == "Use int8 or float16."
    return caught.value


def test_celu_in_8_bits_is_mostly_wrong(keras: ModuleType, tmp_path: Path) -> None:
    """It converts and runs, and 73 % of what it says is not what Keras says."""
    x = keras.Input((8,), name="x")
    part = part_of(x, keras.layers.Dense(4, activation="celu", name="wide")(x))
    with pytest.raises(ExportProblem, match="celu is not usable in int8") as caught:
        calibrated("tflite-int8", part, tmp_path, rows_for(part))
    assert (caught.value.node, caught.value.hint) == ("wide", "Use elu.")


@pytest.mark.parametrize("name", WHOLE_NUMBERS)
@pytest.mark.parametrize("steps", [201, None])
def test_a_long_loop_written_out_is_megabytes_and_slower(keras: ModuleType, name: str, steps: int | None,
                                                         tmp_path: Path) -> None:
    """200 steps of a small LSTM are 2 MB where the loop has 30 kB; without a length it cannot be written out at all."""
    with pytest.raises(ExportProblem, match="int8 needs a fixed, short sequence") as caught:
        calibrated(name, part := series(keras, keras.layers.LSTM(2, name="reader"), steps), tmp_path, rows_for(part))
    assert caught.value.node == "reader" and caught.value.hint.startswith("Dynamic range stores the same int8 weights")


# What is lost without a word.


def test_dynamic_range_does_nothing_for_small_layers_and_says_so(keras: ModuleType, tmp_path: Path) -> None:
    """The converter leaves small weights as they are: the file is the float32 one under another name."""
    small = dense(keras)
    x = keras.Input((8,), name="x")
    large = part_of(x, keras.layers.Dense(3)(keras.layers.Dense(256)(x)))
    proofs = [proven("tflite-dynamic", part, tmp_path, rows_for(part)) for part in (small, large)]
    assert [proof.notes for proof in proofs] == [(NOTHING_GAINED,), ()]


@pytest.mark.parametrize("name", ["tflite-int8", "tflite-int16x8", "onnx-int8"])
def test_ranges_come_from_every_row_that_is_given(keras: ModuleType, name: str, tmp_path: Path) -> None:
    """24 rows in place of 200 made errors of 30 % out of 0.8 %: what the first rows do not show is cut off."""
    part = dense(keras)
    rows = rows_for(part, 220)
    rows["x"][24:] *= 6
    proof = calibrated(name, part, tmp_path, rows)
    assert proof.losses[0].shares[0] < 0.06


def test_at_least_200_training_rows_find_the_ranges(tmp_path: Path) -> None:
    """Spread over the whole table, in case it is sorted."""
    document = drawing("houses BostonHousing", "dense Dense units=1", "loss Loss loss=MeanSquaredError",
                       "houses.features > dense > loss.prediction", "houses.price > loss.target")
    document.training = TrainingSettings(epochs=1, seed=1)
    made = RunFolder.create(tmp_path / "run", document, title="Net")
    run(document, made.path, limit_steps=1)
    restored = bring_back(made, "", Context(lambda _: None, Control(), lambda: None))
    (whole,) = leaving(restored, "Net", ())
    (found,), train = whole.calibration().values(), restored.column("train", ("houses", "features"))
    assert 200 <= len(found) <= len(train)
    places = [int(np.flatnonzero((train == row).all(1))[0]) for row in found]
    assert min(places) < 0.05 * len(train) and max(places) > 0.95 * len(train)


def test_scores_that_are_flatter_than_a_step_of_8_bits_are_ties(keras: ModuleType, tmp_path: Path) -> None:
    """Softmax comes out in 256 steps: 300 classes that are nearly alike all get the same. The scores before it are fine."""
    flat = dense(keras, 300, activation="softmax", kernel_initializer=keras.initializers.RandomNormal(0, 0.02))
    rows = rows_for(flat, 220)
    with pytest.raises(OverLimit, match="of its range on average; at most 3 % is allowed"):
        calibrated("tflite-int8", flat, tmp_path, rows)
    assert list(tmp_path.iterdir()) == []
    kept = proven("tflite-int8", flat, tmp_path, rows, calibration=rows, accept=True)
    assert kept.agreement < 0.5 and kept.accepted, "ties: another class comes first for most rows"
    logits = part_of(flat.model.input, keras.layers.Dense(300)(flat.model.layers[1].output))
    logits.model.layers[-1].set_weights(flat.model.layers[-1].get_weights())
    assert calibrated("tflite-int8", logits, tmp_path, rows).losses[0].shares[1] < 0.03
