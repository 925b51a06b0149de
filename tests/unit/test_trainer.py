"""Supervised training: the arithmetic of Keras, what it says while it runs, how it is held, stopped, and what stops it."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import Connect, RemoveNode, SetField
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import EarlyStopping, Node, OptimizerSettings, ScheduleSettings
from graph_compiler.messages import Checkpoint, Device, Done, Epoch, Failed, Message, Paused, Progress, Stage, Started
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers import checkpoints
from graph_compiler.trainers.data import balanced, load_feed
from graph_compiler.trainers.problems import Dropped, TrainProblem, explain
from graph_compiler.trainers.session import Control, Session, conclude
from graph_compiler.trainers.training import train
from tests.helpers.drawings import SCALE, Drawing, FolderRun, digits_cnn, digits_mlp, iris
from tests.helpers.training import Training, run
from widgets.plots.record import TrainingRecord, by_epochs


def compiled_of(training: Training, path: Path | None = None) -> Compiled:
    """The model of a run with its final weights (or those of a checkpoint)."""
    from graph_compiler.build.weights import load_weights

    compiled = compile_document(training.session.document, registry(), seed=99)
    load_weights(compiled, checkpoints.weights_of(path or training.session.run.checkpoints))
    return compiled


def by_keras(document: Document, steps: int, optimizer: Any, folder: Path, **fit: Any) -> tuple[list[np.ndarray], float]:
    """Weights and mean loss after `steps` of plain `fit` on the same rows in the same order."""
    import keras

    compiled = compile_document(document, registry(), seed=document.training.seed)
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(folder, folder))
    rows = feed.shuffled(document.training.seed, 0)[0][:steps * document.training.batch_size]
    plan = compiled.plan.objectives[0].resolved
    compiled.model.compile(optimizer, getattr(keras.losses, plan.loss)(**plan.arguments), jit_compile=False)
    x, y = feed.columns[compiled.columns[0]][rows], feed.columns[compiled.target_columns[0]][rows]
    history = compiled.model.fit(x, y, batch_size=document.training.batch_size, epochs=1, shuffle=False, verbose=0, **fit)
    return compiled.model.get_weights(), history.history["loss"][0]


@pytest.mark.parametrize("step", ["multi", "plain"])
@pytest.mark.parametrize("make", [digits_mlp, digits_cnn])
def test_twenty_steps_equal_kerass_fit(make: Any, step: str, tmp_path: Path) -> None:
    import keras

    document = make(epochs=1, seed=5)
    training = run(document, tmp_path, limit_steps=20, step=step)
    weights, loss = by_keras(document, 20, keras.optimizers.Adam(), tmp_path)
    assert training.result["steps"] == 20
    assert training.result["metrics"]["loss"] == pytest.approx(loss, rel=1e-5)
    for mine, theirs in zip(compiled_of(training).model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)


def test_class_weights_and_clipping_equal_kerass(tmp_path: Path) -> None:
    import keras

    settings = OptimizerSettings(name="SGD", learning_rate=0.1, params={"momentum": 0.9, "clipnorm": 0.5})
    document = digits_mlp(seed=2, class_weights="balanced", optimizers={"": settings},
                          source={"split": "fractions", "validation": 0.0, "test": 0.3})
    training = run(document, tmp_path, limit_steps=20)
    feed = load_feed(Analyzer(document, registry()), [("mnist_1", "label")], Place(tmp_path, tmp_path))
    weights = balanced(feed.part("train", [("mnist_1", "label")])["mnist_1", "label"], 10)
    theirs, loss = by_keras(document, 20, keras.optimizers.SGD(0.1, momentum=0.9, clipnorm=0.5), tmp_path,
                            class_weight=dict(enumerate(weights)))
    assert training.result["metrics"]["loss"] == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(compiled_of(training).model.get_weights()[0], theirs[0], rtol=1e-4, atol=1e-5)


def test_penalties_go_on_kernels_without_their_own_and_into_the_loss(tmp_path: Path) -> None:
    plain = run(iris(epochs=1, seed=1), tmp_path / "a", limit_steps=1)
    heavy = run(iris(epochs=1, seed=1, l2=0.1, l1=0.01), tmp_path / "b", limit_steps=1)
    layers = compile_document(iris(), registry(), seed=1).layers
    kernels = [layers[name].kernel.numpy() for name in ("dense_1", "dense_2")]
    expected = sum(0.1 * np.sum(k ** 2) + 0.01 * np.abs(k).sum() for k in kernels)
    assert heavy.losses[0] - plain.losses[0] == pytest.approx(expected, rel=1e-4)


def test_balanced_weights_count_each_class_alike() -> None:
    weights = balanced(np.array([0, 0, 0, 1]), 3)
    assert weights == pytest.approx([2 / 3, 2.0, 1.0])
    assert balanced(np.eye(2)[[0, 0, 0, 1]], 2) == pytest.approx([2 / 3, 2.0])


def test_it_learns_and_says_so_in_order(tmp_path: Path) -> None:
    training = run(digits_mlp(epochs=3), tmp_path)
    kinds = [type(m) for m in training.messages]
    assert kinds.index(Device) < kinds.index(Started) < kinds.index(Progress) < kinds.index(Epoch)
    started, = training.said(Started)
    assert (started.epochs, started.steps, started.metrics) == (3, 141, ("loss", "accuracy"))
    assert started.rows == {"train": 4500, "validation": 500, "test": 1000}
    assert started.parameters == 101_770
    assert [e.epoch for e in training.said(Epoch)] == [0, 1, 2]
    assert set(training.said(Epoch)[0].metrics) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert training.result["metrics"]["test_accuracy"] > 0.85
    assert training.result["metrics"]["val_accuracy"] == pytest.approx(training.said(Epoch)[-1].metrics["val_accuracy"])
    assert all(isinstance(text.text, str) and text.text for text in training.said(Stage))


def test_points_are_in_order_and_figures_are_drawn_from_the_first_step_on(tmp_path: Path) -> None:
    training = run(digits_mlp(epochs=2), tmp_path)
    points = [p for m in training.said(Progress) for p in m.points]
    assert points[0][0] == pytest.approx(1 / 141)
    assert all(a[0] < b[0] for a, b in pairwise(points))
    assert points[-1][0] == pytest.approx(2.0)
    assert max(len(m.points) for m in training.said(Progress)) <= 60
    assert training.said(Progress)[-1].samples_per_second > 0
    record, drawn = TrainingRecord(), []
    for message in training.messages:
        record.take(message)
        if isinstance(message, Progress) and message.epoch == 0:
            x, y = by_epochs(record.epochs.get("accuracy"), record.running.get("accuracy"))
            assert (x[-1], y[-1]) == pytest.approx((message.step / 141, message.metrics["accuracy"]))
            drawn.append(len(x))
    assert drawn == list(range(1, len(drawn) + 1)) and len(drawn) > 1


def test_measured_figures_are_those_of_kerass_evaluate(tmp_path: Path) -> None:
    training = run(iris(epochs=3), tmp_path)
    compiled = compiled_of(training)
    ends = [*compiled.columns, *compiled.target_columns]
    feed = load_feed(compiled.analysis, ends, Place(tmp_path, tmp_path))
    rows = feed.part("test", ends)
    compiled.model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = compiled.model.evaluate(rows[ends[0]], rows[ends[1]], verbose=0)
    assert training.result["metrics"]["test_loss"] == pytest.approx(loss, rel=1e-5)
    assert training.result["metrics"]["test_accuracy"] == pytest.approx(accuracy)


def test_regression_with_one_number_and_r2(tmp_path: Path) -> None:
    drawing = Drawing(epochs=60, batch_size=16, optimizers={"": OptimizerSettings(learning_rate=0.01)})
    data = drawing.add("BostonHousing", {})
    last = drawing.chain((data, "features"), ("Normalization", {}), ("Dense", {"units": 32, "activation": "relu"}),
                         ("Dense", {"units": 1}))
    drawing.loss(last, (data, "price"), loss="MeanSquaredError", metrics=["mae", "r2"])
    result = run(drawing.document, tmp_path).result["metrics"]
    assert result["test_mae"] < 4.5
    assert result["test_r2"] > 0.6


def test_two_objectives_are_summed_by_weight_and_named_by_node(tmp_path: Path) -> None:
    drawing = Drawing(epochs=1)
    data = drawing.add("MNIST", {})
    scaled = drawing.chain((data, "image"), SCALE)
    code = drawing.chain(scaled, ("Flatten", {}), ("Dense", {"units": 32, "activation": "relu"}))
    drawing.loss(drawing.chain(code, ("Dense", {"units": 10})), (data, "label"), from_logits=True)
    picture = drawing.chain(code, ("Dense", {"units": 784}), ("Reshape", {"target_shape": [28, 28, 1]}))
    drawing.loss(picture, scaled, loss="MeanSquaredError", weight=10.0)
    metrics = run(drawing.document, tmp_path, limit_steps=30).result["metrics"]
    assert metrics["loss"] == pytest.approx(metrics["loss_1_loss"] + metrics["loss_2_loss"], rel=1e-5)
    assert "loss_1_accuracy" in metrics


def test_what_is_muted_is_trained_as_if_it_were_not_there(tmp_path: Path) -> None:
    muted, without = digits_mlp(epochs=1, seed=5), digits_mlp(epochs=1, seed=5)
    SetField("dropout_1", "muted", True).apply(muted)
    into, out = without.graph.into("dropout_1")[0], without.graph.out_of("dropout_1")[0]
    RemoveNode("dropout_1").apply(without)
    Connect(replace(out, source=into.source, source_port=into.source_port)).apply(without)
    kept = run(digits_mlp(epochs=1, seed=5), tmp_path / "kept", limit_steps=10, step="plain")
    ablated = run(muted, tmp_path / "muted", limit_steps=10, step="plain")
    removed = run(without, tmp_path / "without", limit_steps=10, step="plain")
    assert ablated.losses == pytest.approx(removed.losses)
    assert ablated.losses != pytest.approx(kept.losses)


def test_what_is_frozen_stays_and_the_rest_moves(tmp_path: Path) -> None:
    document = iris(epochs=1, seed=4)
    SetField("dense_1", "frozen", True).apply(document)
    before = compile_document(document, registry(), seed=4)
    after = compiled_of(run(document, tmp_path))
    np.testing.assert_array_equal(before.layers["dense_1"].kernel, after.layers["dense_1"].kernel)
    assert not np.array_equal(before.layers["dense_2"].kernel, after.layers["dense_2"].kernel)


def test_batch_normalisation_moves_its_statistics(tmp_path: Path) -> None:
    drawing = Drawing(epochs=1)
    data = drawing.add("Iris", {})
    last = drawing.chain((data, "features"), ("BatchNormalization", {}), ("Dense", {"units": 3, "activation": "softmax"}))
    drawing.loss(last, (data, "species"))
    layer = compiled_of(run(drawing.document, tmp_path)).layers["batch_normalization_1"]
    assert np.abs(layer.moving_mean.numpy()).max() > 0.01


def test_early_stopping_brings_the_best_weights_back(tmp_path: Path) -> None:
    steep = {"": OptimizerSettings(name="SGD", learning_rate=0.5)}
    schedule = ScheduleSettings(kind="exponential", params={"rate": 1.0})
    document = iris(epochs=60, optimizers=steep, schedule=schedule, early_stopping=EarlyStopping(patience=3))
    training = run(document, tmp_path)
    losses = [e.metrics["val_loss"] for e in training.said(Epoch)]
    best = int(np.argmin(losses))
    assert training.result["stopped"] == "early"
    assert training.result["best_epoch"] == best + 1
    assert len(losses) == best + 4
    assert training.result["metrics"]["val_loss"] == pytest.approx(losses[best], rel=1e-5)


def test_the_learning_rate_of_the_schedule_is_what_the_optimiser_uses(tmp_path: Path) -> None:
    still = ScheduleSettings(kind="step", params={"every_epochs": 1.0, "factor": 1e-9})
    training = run(iris(epochs=2, schedule=still, optimizers={"": OptimizerSettings(name="SGD", learning_rate=0.1)}), tmp_path)
    first, second = (compiled_of(training, p) for p in checkpoints.everything(tmp_path / "checkpoints"))
    np.testing.assert_allclose(first.layers["dense_1"].kernel, second.layers["dense_1"].kernel, atol=1e-6)
    assert [e.learning_rate for e in training.said(Epoch)] == pytest.approx([0.1, 1e-10])


def test_pause_holds_and_resume_goes_on(tmp_path: Path) -> None:
    def when(message: Message, session: Session) -> None:
        if isinstance(message, Epoch) and message.epoch == 0:
            session.control.set("pause")
        if isinstance(message, Paused) and message.paused:
            threading.Timer(0.05, session.control.set, [""]).start()

    training = Training(iris(epochs=3), tmp_path, when).run()
    assert [p.paused for p in training.said(Paused)] == [True, False]
    assert training.result["epochs"] == 3


def test_stop_keeps_what_there_is_and_drop_does_not(tmp_path: Path) -> None:
    def stop(message: Message, session: Session) -> None:
        if isinstance(message, Progress):
            session.control.set("stop")

    kept = Training(digits_mlp(epochs=3), tmp_path / "kept", stop).run()
    assert (kept.result["stopped"], kept.result["epochs"]) == ("user", 0)
    assert kept.result["steps"] < 141
    assert "test_accuracy" in kept.result["metrics"]
    assert checkpoints.latest(tmp_path / "kept" / "checkpoints") is not None

    def drop(message: Message, session: Session) -> None:
        if isinstance(message, Epoch):
            session.control.set("drop")

    with pytest.raises(Dropped):
        Training(iris(epochs=3), tmp_path / "dropped", drop).run()
    assert conclude(Training(iris(epochs=3), tmp_path / "dropped", drop).session, train) == Done(result={"dropped": True})
    assert not (tmp_path / "dropped" / "checkpoints" / "final").exists()


def test_a_stop_cannot_be_taken_back_by_a_pause() -> None:
    control = Control()
    control.set("stop")
    control.set("pause")
    assert control.poll() == "stop"
    control.set("drop")
    assert control.wait_while_paused() == "drop"


def test_a_loss_that_is_no_number_ends_in_a_sentence_and_keeps_the_last_good_checkpoint(tmp_path: Path) -> None:
    wild = {"": OptimizerSettings(name="SGD", learning_rate=1e30)}
    drawing = Drawing(epochs=3, optimizers=wild)
    data = drawing.add("BostonHousing", {})
    drawing.loss(drawing.chain((data, "features"), ("Dense", {"units": 1})), (data, "price"), loss="MeanSquaredError")
    training = Training(drawing.document, tmp_path)
    answer = conclude(training.session, train)
    assert isinstance(answer, Failed)
    assert answer.code == "nan"
    assert answer.sentence.startswith("Training ran away: the loss is not a number any more in epoch 1, step ")
    assert "learning rate" in answer.hint
    for path in checkpoints.everything(tmp_path / "checkpoints"):
        assert all(np.isfinite(w).all() for w in compiled_of(training, path).model.get_weights())


def test_memory_running_out_names_the_batch_size() -> None:
    import tensorflow as tf

    answer = explain(tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor"), 4096)
    assert answer.code == "memory"
    assert "4096" in answer.sentence
    assert "2048" in answer.hint


def test_every_kind_of_end_is_told(tmp_path: Path) -> None:
    def end(document: Document, **options: Any) -> Done | Failed:
        return conclude(Training(document, tmp_path, **options).session, train)

    assert isinstance(end(iris(epochs=1)), Done)
    wrong = end(iris(epochs=1, optimizers={"": OptimizerSettings(name="Sgd")}))
    assert isinstance(wrong, Failed)
    assert wrong.sentence.startswith("There is no optimiser “Sgd”")
    gpu = end(iris(epochs=1), device="gpu:7")
    assert isinstance(gpu, Failed)
    assert "gpu:7 was asked for" in gpu.sentence
    empty = end(Document())
    assert isinstance(empty, Failed)
    assert "Loss" in f"{empty.sentence} {empty.hint}"
    small = end(iris(epochs=1), batch_size=0)
    assert isinstance(small, Failed)
    assert small.sentence.startswith("batch_size does not fit: expected a whole number from 1 to 65,536, received 0.")
    def broken(session: Session) -> dict[str, Any]:
        raise KeyError("missing")

    crash = conclude(Training(iris(), tmp_path).session, broken)
    assert isinstance(crash, Failed)
    assert "KeyError" in crash.sentence
    assert "Traceback" in crash.detail


def test_training_goes_on_from_another_run_whose_layers_match(tmp_path: Path) -> None:
    first = run(iris(epochs=8, seed=1), tmp_path / "a")
    second = run(iris(epochs=1, seed=2), tmp_path / "b", continue_from=str(tmp_path / "a"))
    assert second.losses[0] < first.losses[0]
    changed = iris(epochs=1)
    changed.graph.put_node(Node(id="dense_1", type="Dense", params={"units": 5}))
    answer = conclude(Training(changed, tmp_path / "c", continue_from=str(tmp_path / "a")).session, train)
    assert isinstance(answer, Failed)
    assert "dense_1: kernel is 4×5 in the drawing and 4×8 in the file" in answer.sentence


def test_the_doctors_sentence(tmp_path: Path) -> None:
    device, = run(iris(epochs=1), tmp_path, device="cpu").said(Device)
    assert device.name == "cpu"
    assert device.sentence.startswith(f"Runs on the CPU with {device.threads} thread")


def test_a_run_folder_needs_only_a_place_for_checkpoints(tmp_path: Path) -> None:
    session = Session(iris(epochs=1), registry(), Place(tmp_path, tmp_path), FolderRun(tmp_path))
    assert train(session)["rows"] == {"train": 105, "validation": 15, "test": 30}


def test_checkpoints_are_said_and_only_few_are_kept(tmp_path: Path) -> None:
    training = run(iris(epochs=6), tmp_path)
    folder = tmp_path / "checkpoints"
    assert len(training.said(Checkpoint)) == 7
    assert [p.name for p in checkpoints.everything(folder)] == ["epoch-0005-step-000000", "epoch-0006-step-000000"]
    assert checkpoints.weights_of(tmp_path) == folder / "final" / checkpoints.WEIGHTS
    assert not list(folder.glob(".*"))


@pytest.mark.parametrize("units", [1, 2])
def test_two_classes_with_every_metric_and_balanced_weights(units: int, tmp_path: Path) -> None:
    drawing = Drawing(epochs=8, class_weights="balanced")
    data = drawing.add("BreastCancer", {})
    ending = {"units": units, "activation": "sigmoid" if units == 1 else "softmax"}
    last = drawing.chain((data, "features"), ("Normalization", {}), ("Dense", {"units": 16, "activation": "relu"}),
                         ("Dense", ending))
    metrics = ["accuracy", "auc", "precision", "recall"] if units == 1 else ["accuracy"]
    drawing.loss(last, (data, "diagnosis"), metrics=metrics)
    result = run(drawing.document, tmp_path).result["metrics"]
    assert result["test_accuracy"] > 0.85
    assert set(result) == {prefix + name for prefix in ("", "val_", "test_") for name in ("loss", *metrics)}


def test_one_hot_targets_weigh_and_train_as_numbers_do(tmp_path: Path) -> None:
    def draw(hot: bool) -> Document:
        drawing = Drawing(epochs=2, class_weights="balanced", seed=1)
        data = drawing.add("Iris", {"stratify": ""})
        target: Any = (data, "species")
        last = drawing.chain((data, "features"), ("Dense", {"units": 3, "activation": "softmax"}))
        drawing.loss(last, drawing.chain(target, ("OneHot", {"num_classes": 3})) if hot else target)
        return drawing.document

    hot, plain = (run(draw(kind), tmp_path / str(kind)) for kind in (True, False))
    assert hot.losses == pytest.approx(plain.losses, rel=1e-5)


def test_augmentation_acts_in_training_only(tmp_path: Path) -> None:
    drawing = Drawing(epochs=1)
    data = drawing.add("FashionMNIST", {})
    last = drawing.chain(
        (data, "image"), SCALE, ("RandomFlip", {}), ("RandomRotation", {"factor": 0.05}),
        ("RandomCrop", {"height": 24, "width": 24}),
        ("Conv2D", {"filters": 4}), ("BatchNormalization", {}), ("GlobalAveragePooling2D", {}), ("Dense", {"units": 10}))
    drawing.loss(last, (data, "label"), from_logits=True)
    compiled = compiled_of(run(drawing.document, tmp_path, limit_steps=10))
    rows = np.random.default_rng(0).integers(0, 255, (4, 28, 28, 1)).astype(np.uint8)
    np.testing.assert_array_equal(compiled.model(rows, training=False), compiled.model(rows, training=False))
    assert not np.array_equal(compiled.training_model(rows, training=True), compiled.training_model(rows, training=True))


def test_a_restored_run_is_the_model_that_was_measured(tmp_path: Path) -> None:
    document = iris(epochs=2)
    training = run(document, tmp_path)
    compiled = checkpoints.restored(document, registry(), tmp_path)
    np.testing.assert_array_equal(compiled.model(np.ones((2, 4), np.float32), training=False),
                                  compiled_of(training).model(np.ones((2, 4), np.float32), training=False))
    with pytest.raises(TrainProblem, match="holds no weights yet"):
        checkpoints.restored(document, registry(), tmp_path / "nowhere")
