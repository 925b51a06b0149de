"""Steps a call, compiled steps, the rate of messages, and live miniatures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph_compiler.graph.edits import SetField
from graph_compiler.messages import Checkpoint, Live, Log, Message, Progress
from graph_compiler.runs import watched
from graph_compiler.trainers import inside, miniatures, pace, training
from graph_compiler.trainers.miniatures import BINS, spread
from graph_compiler.trainers.pace import CALL_SECONDS, Pace
from graph_compiler.trainers.reporting import MOST_POINTS, Reporter, thinned
from tests.helpers.drawings import digits_mlp, iris
from tests.helpers.training import run
from tests.unit.test_build import two_towers


def test_the_first_call_is_one_step_and_then_they_grow_to_the_time_of_a_call() -> None:
    made = Pace("multi", 3)
    assert made.size(0.0) == 1
    assert [made.size(0.001) for _ in range(3)] == [8, int(CALL_SECONDS / 0.001), int(CALL_SECONDS / 0.001)]
    assert made.size(10.0) == 1
    assert Pace("plain", 3).size(0.001) == 1


def test_xla_is_for_runs_of_twenty_times_its_compile_time() -> None:
    short, long, multi = Pace("xla", 2), Pace("xla", 2), Pace("multi", 2)
    assert not long.should_compile(0.0, 10**6), "never before a speed is known, which is after the first point"
    assert not short.should_compile(0.001, 1000)
    assert not short.should_compile(0.001, 10**6), "a decision stands"
    assert long.should_compile(0.001, 50_000)
    assert not multi.should_compile(0.001, 10**6)
    long.tried(2.0, 0.002, 0.001)
    assert long.result == {"mode": "multi", "asked": "xla", "expected_seconds": 50.0, "expected_compile_seconds": 1.8,
                           "compile_seconds": 2.0, "seconds_per_step": 0.002, "seconds_per_step_before": 0.001}


def test_a_short_run_with_xla_is_not_compiled_and_equals_multi(tmp_path: Path) -> None:
    one, other = (run(iris(epochs=2), tmp_path / step, step=step) for step in ("xla", "multi"))
    assert one.result["step"]["mode"] == "multi"
    assert one.result["step"]["asked"] == "xla"
    assert one.losses == other.losses


def test_compiled_steps_learn_the_same_and_are_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "WORTH", 0.0)
    document = digits_mlp(dropout=0.0, epochs=1, seed=1)
    compiled = run(document, tmp_path / "xla", step="xla")
    plain = run(document, tmp_path / "multi")
    record = compiled.result["step"]
    assert record["compile_seconds"] > 0
    assert record["mode"] == ("xla" if record["seconds_per_step"] < record["seconds_per_step_before"] else "multi")
    assert any("XLA compiled the step" in log.text for log in compiled.said(Log))
    assert [type(m) for m in compiled.messages].index(Progress) < [type(m) for m in compiled.messages].index(Log)
    assert compiled.result["steps"] == plain.result["steps"] == 141
    assert compiled.result["metrics"]["loss"] == pytest.approx(plain.result["metrics"]["loss"], rel=1e-3)


def test_no_more_than_thirty_messages_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.arange(0.0, 1.2, 0.002))
    monkeypatch.setattr("time.monotonic", lambda: next(clock) + 100.0)
    said: list[Message] = []
    reporter = Reporter(said.append, steps=100_000, epochs=1, batch_size=32, rows=3_200_000)
    for step in range(490):
        reporter.steps_done(0, step, np.array([[float(step)]], np.float32), {"loss": 0.0}, 0.1, 0.002, traced=step == 0)
    assert 25 <= len(said) <= 30
    points = [p for m in said if isinstance(m, Progress) for p in m.points]
    assert [loss for _, loss in points] == list(range(len(points))), "every step is in some message"
    last = said[-1]
    assert isinstance(last, Progress)
    assert last.samples_per_second == pytest.approx(16_000, rel=0.01)
    assert last.seconds_left == pytest.approx(200, rel=0.02)


def test_a_long_epoch_has_checkpoints_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0.0)
    said = run(digits_mlp(epochs=1), tmp_path, limit_steps=12).said(Checkpoint)
    assert said[0].epoch == 0
    assert 0 < said[0].step < 12


def test_many_points_are_averaged_in_groups() -> None:
    points = [(float(n), float(n % 2)) for n in range(10 * MOST_POINTS)]
    few = thinned(points)
    assert len(few) == MOST_POINTS
    assert few[-1][0] == points[-1][0]
    assert all(loss == pytest.approx(0.5) for _, loss in few)
    assert thinned(points[:3]) == tuple(points[:3])


def test_miniatures_come_only_when_asked_and_show_each_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not run(iris(epochs=1), tmp_path / "off").said(Live)
    monkeypatch.setattr(miniatures, "SECONDS", 1e6)
    live = run(iris(epochs=3), tmp_path / "on", miniatures=True).said(Live)
    assert len(live) == 1, "not before the pause is over"
    assert set(live[0].histograms) == {"normalization_1", "dense_1", "dropout_1", "dense_2"}
    assert all(len(h) == BINS and max(h) == 1.0 for h in live[0].histograms.values())
    monkeypatch.setattr(miniatures, "SECONDS", 0.0)
    towers = run(two_towers("T"), tmp_path / "blocks", miniatures=True).said(Live)[0]
    assert {"a", "a.dense", "b.dense"} <= set(towers.histograms)


def test_the_watched_node_is_written_with_its_weights(tmp_path: Path) -> None:
    live = run(iris(epochs=1), tmp_path, watch="dense_1").said(Live)[0]
    seen = watched.read(Path(live.details))
    assert seen is not None and (seen.node, seen.rows, live.histograms) == ("dense_1", 15, {}), "only what is asked for"
    assert len(seen.counts) == inside.BINS and 0 < seen.counts.sum() <= 15 * 8
    assert (seen.filters.shape, seen.filters_words) == ((1, 4, 8), "matrix")
    assert (seen.maps.shape, seen.maps_words) == ((1, 15, 8), "rows")
    assert [(moved.name, moved.shape) for moved in seen.moved] == [("kernel", (4, 8)), ("bias", (8,))]
    assert all(moved.gradient is not None and moved.gradient > 0 for moved in seen.moved)


def test_gradients_are_those_of_the_loss_and_none_where_nothing_is_trained(tmp_path: Path) -> None:
    document = iris(epochs=1)
    SetField("dense_1", "frozen", True).apply(document)
    training = run(document, tmp_path)
    still, moving = (watched.read(watched.path_of(tmp_path, node)) for node in ("dense_1", "dense_2"))
    assert still is not None and [moved.gradient for moved in still.moved] == [None, None]
    assert moving is not None and all((moved.gradient or 0) > 0 for moved in moving.moved)
    assert moving.step == training.result["steps"], "seen once more at the end, with the weights that are kept"


def test_watching_changes_nothing_of_what_is_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(miniatures, "SECONDS", 0.0)
    monkeypatch.setattr(miniatures, "SHARE", 1e9)
    plain = run(two_towers("T"), tmp_path / "plain")
    seen = run(two_towers("T"), tmp_path / "seen", watch="a.dense", miniatures=True)
    assert len(seen.said(Live)) > 1 and seen.losses == plain.losses
    assert seen.result["metrics"] == plain.result["metrics"]
    assert {path.name for path in (tmp_path / "plain" / watched.FOLDER).iterdir()} >= {"a.npz", "a.dense.npz", "b.dense.npz"}


def test_looking_takes_a_small_share_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10_000_000))
    monkeypatch.setattr(miniatures.time, "monotonic", lambda: float(next(clock)))
    live = run(iris(epochs=40), tmp_path, miniatures=True).said(Live)
    steps = run(iris(epochs=40), tmp_path / "b").result["steps"]
    assert 1 <= len(live) < steps / 4


def test_spread_of_what_is_not_a_number_is_flat() -> None:
    assert spread(np.full(4, np.nan)) == (0.0,) * BINS
    assert spread(np.array([0.0, 0.0, 1.0, 1.0, 3.0]))[0] == 1.0, "zeros are told apart"
