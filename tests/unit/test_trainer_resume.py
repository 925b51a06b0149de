"""Going on from a checkpoint is as if nothing had happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph_compiler.build.compile import compile_document
from graph_compiler.build.weights import read_weights
from graph_compiler.catalog import registry
from graph_compiler.graph.values import EarlyStopping, OptimizerSettings, ScheduleSettings
from graph_compiler.messages import Epoch, Message, Progress
from graph_compiler.trainers import checkpoints
from graph_compiler.trainers.checkpoints import State
from graph_compiler.trainers.data import Feed
from graph_compiler.trainers.problems import TrainProblem
from graph_compiler.trainers.session import Session
from tests.helpers.drawings import digits_mlp, iris
from tests.helpers.training import Training, run


def same(first: Path, second: Path) -> None:
    """All weights, seeds of random layers and statistics of two runs are equal, bit by bit."""
    mine, theirs = (read_weights(checkpoints.weights_of(p)) for p in (first, second))
    assert mine.keys() == theirs.keys()
    for layer, variables in mine.items():
        for name, values in variables.items():
            np.testing.assert_array_equal(values, theirs[layer][name], err_msg=f"{layer}/{name}")


@pytest.mark.parametrize("settings", [
    {}, {"optimizers": {"": OptimizerSettings(name="SGD", params={"momentum": 0.9})}, "shuffle": False},
    {"schedule": ScheduleSettings(kind="plateau", params={"patience": 1, "min_delta": 10.0})},
    {"schedule": ScheduleSettings(kind="cosine", warmup_epochs=1.0), "early_stopping": EarlyStopping(patience=50)},
], ids=["adam", "momentum", "plateau", "cosine"])
def test_four_epochs_equal_two_and_two(settings: dict[str, Any], tmp_path: Path) -> None:
    document = iris(epochs=4, seed=3, **settings)
    whole = run(document, tmp_path / "whole")

    def stop(message: Message, session: Session) -> None:
        if isinstance(message, Epoch) and message.epoch == 1:
            session.control.set("stop")

    half = Training(document, tmp_path / "half", stop).run()
    newest = checkpoints.latest(tmp_path / "half" / "checkpoints")
    assert newest is not None
    rest = run(document, tmp_path / "half", resume=str(newest))
    assert [e.epoch for e in half.said(Epoch) + rest.said(Epoch)] == [0, 1, 2, 3]
    same(tmp_path / "whole", tmp_path / "half")
    assert rest.result["metrics"] == whole.result["metrics"]
    assert rest.result["steps"] == whole.result["steps"]


def test_resuming_inside_an_epoch_gives_the_same_figures_of_that_epoch(tmp_path: Path) -> None:
    document = digits_mlp(epochs=2, seed=1)
    whole = run(document, tmp_path / "whole")

    def stop(message: Message, session: Session) -> None:
        if isinstance(message, Progress) and message.step >= 20:
            session.control.set("stop")

    Training(document, tmp_path / "part", stop).run()
    newest = checkpoints.latest(tmp_path / "part" / "checkpoints")
    assert newest is not None
    state = checkpoints.read_state(newest)
    assert state.epoch == 0
    assert 20 <= state.step < 141
    rest = run(document, tmp_path / "part", resume=str(newest))
    same(tmp_path / "whole", tmp_path / "part")
    assert rest.said(Epoch)[0].metrics == pytest.approx(whole.said(Epoch)[0].metrics, rel=1e-6)


def test_other_settings_cannot_be_resumed_exactly(tmp_path: Path) -> None:
    run(iris(epochs=1, seed=1), tmp_path)
    newest = checkpoints.latest(tmp_path / "checkpoints")
    for settings, words in (({"seed": 2}, "its seed was 1, now it is 2"),
                            ({"batch_size": 8}, "its batch size was 32, now it is 8")):
        with pytest.raises(TrainProblem, match=words):
            run(iris(**{"epochs": 2, "seed": 1, **settings}), tmp_path, resume=str(newest))
    with pytest.raises(TrainProblem, match="The optimiser of this checkpoint is another one"):
        run(iris(epochs=2, seed=1, optimizers={"": OptimizerSettings(name="SGD")}), tmp_path, resume=str(newest))


def test_a_checkpoint_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile_document(iris(), registry(), seed=0)
    optimizer = __import__("keras").optimizers.Adam()
    optimizer.build(compiled.trainable_variables)
    checkpoints.save(tmp_path, "epoch-0001-step-000000", compiled, optimizer.variables, [], State(epoch=1))

    def torn(path: Path, variables: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(checkpoints, "_save_list", torn)
    with pytest.raises(OSError, match="No space"):
        checkpoints.save(tmp_path, "epoch-0002-step-000000", compiled, optimizer.variables, [], State(epoch=2))
    assert [p.name for p in checkpoints.everything(tmp_path)] == ["epoch-0001-step-000000"]


def test_weights_that_ran_away_are_not_saved(tmp_path: Path) -> None:
    compiled = compile_document(iris(), registry(), seed=0)
    optimizer = __import__("keras").optimizers.Adam()
    optimizer.build(compiled.trainable_variables)
    kernel = compiled.layers["dense_1"].kernel
    kernel.assign(np.full(kernel.shape, np.nan))
    with pytest.raises(TrainProblem, match="kernel of dense_1 is not a number any more"):
        checkpoints.save(tmp_path, "epoch-0001-step-000000", compiled, optimizer.variables, [], State(epoch=1))
    assert checkpoints.latest(tmp_path) is None


def test_an_unreadable_state_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(TrainProblem, match="cannot be read"):
        checkpoints.read_state(tmp_path)


def feed(rows: dict[str, int]) -> Feed:
    parts = {source: np.arange(count) for source, count in rows.items()}
    empty = dict.fromkeys(rows, np.arange(0))
    return Feed({}, {"train": parts, "validation": empty, "test": empty}, tuple(rows))


def test_an_epoch_is_one_pass_over_the_driving_source_and_others_repeat() -> None:
    order = feed({"a": 10, "b": 4}).shuffled(0, 0)
    assert order.shape == (2, 10)
    assert sorted(order[0]) == list(range(10))
    assert sorted(order[1][:4]) == sorted(order[1][4:8]) == [0, 1, 2, 3]
    assert feed({"a": 5, "b": 2}).order("train").tolist() == [[0, 1, 2, 3, 4], [0, 1, 0, 1, 0]]


def test_the_order_depends_on_seed_and_epoch_alone() -> None:
    one = feed({"a": 50})
    assert np.array_equal(one.shuffled(1, 2), feed({"a": 50}).shuffled(1, 2))
    assert not np.array_equal(one.shuffled(1, 2), one.shuffled(1, 3))
    assert not np.array_equal(one.shuffled(1, 2), one.shuffled(2, 2))


def test_a_document_without_training_rows_says_which_share_to_change() -> None:
    with pytest.raises(TrainProblem, match="leaves no rows to train with"):
        feed({"a": 0}).shuffled(0, 0)




def test_a_checkpoint_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    class Full:
        def numpy(self) -> np.ndarray:
            raise OSError(28, "No space left on device")

    compiled = compile_document(iris(), registry())
    old = checkpoints.save(tmp_path, "epoch-0001-step-000000", compiled, [], [], State(epoch=1))
    with pytest.raises(OSError, match="No space left"):
        checkpoints.save(tmp_path, "epoch-0002-step-000000", compiled, [Full()], [], State(epoch=2))
    assert list(tmp_path.iterdir()) == [old]
