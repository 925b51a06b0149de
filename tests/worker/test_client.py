"""The client against processes that misbehave: each end is one clear sentence, and nothing is waited for in vain."""

from __future__ import annotations

import os
import select
import sys
import threading

import pytest

from graph_compiler.graph.files import loads
from graph_compiler.messages import Done, Evaluate, Hello, Log, Progress, Silence, Stage, Train, Warm
from graph_compiler.runs import environment
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.client import LONGEST_TEXT, Limits, WorkerClient
from graph_compiler.worker.ending import End, Rung, sentence_of
from tests.benchmarks.figures import templates
from tests.worker.conftest import PATIENCE, QUICK, ROGUE

JOB = Evaluate(run="somewhere")
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def test_a_good_worker_greets_answers_and_ends_without_a_word(started):
    worker = started("good")
    worker.until(Warm)
    assert worker.client.warm and worker.client.alive
    worker.client.send(JOB)
    assert worker.until(Done).result["got"] == "Evaluate"
    end = worker.until(End)
    assert end.ok and end.answered and end.rung is Rung.NONE and end.exit_code == 0
    assert isinstance(worker.heard[0], Hello)


@posix
def test_a_crash_is_named(started):
    worker = started("segfault")
    worker.client.send(JOB)
    end = worker.until(End)
    assert "crashed: a segmentation fault" in end.sentence and not end.answered


@posix
def test_death_by_the_system_is_told_as_memory_with_what_it_had(started):
    worker = started("oom")
    worker.client.send(JOB)
    end = worker.until(End)
    assert "memory ran out" in end.sentence and "7.4 GB" in end.sentence


def test_an_exit_without_an_answer_tells_the_code_and_the_last_words(started):
    worker = started("leaving")
    worker.client.send(JOB)
    end = worker.until(End)
    assert "exit code 3" in end.sentence and "ImportError: no such thing" in end.sentence


def test_last_words_without_a_newline_are_heard(started):
    worker = started("muttering")
    worker.client.send(JOB)
    assert "exit code 7" in (end := worker.until(End)).sentence and "no room left" in end.sentence


def test_a_worker_that_prints_without_end_is_not_held_up(started):
    worker = started("shouting", Limits())
    worker.client.send(JOB)
    worker.until(Done)
    assert (end := worker.until(End)).ok and end.tail[-1] == "after the noise"
    assert max(len(m.text) for m in worker.said(Log)) <= LONGEST_TEXT


def test_a_listener_that_fails_lets_others_see_the_end(tmp_path, monkeypatch):
    failures: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: failures.append(str(args.exc_value)))

    def on_end(end: End) -> None:
        raise RuntimeError("the window is gone")

    client = WorkerClient(lambda message: None, on_end, tmp_path, line=[sys.executable, str(ROGUE), "leaving"], limits=QUICK)
    client.start()
    client.send(JOB)
    assert "exit code 3" in client.wait(PATIENCE).sentence
    watcher = next((t for t in threading.enumerate() if t.name == "worker-watch"), None)
    if watcher is not None:
        watcher.join(PATIENCE)
    assert failures == ["the window is gone"]


def test_silence_is_told_once_and_so_is_its_end(started):
    worker = started("silent")
    worker.client.send(JOB)
    worker.until(Stage)
    assert worker.until(Silence).seconds >= 0.2
    worker.client.send(JOB)
    worker.until(End)
    assert [m.seconds for m in worker.said(Silence)][-1] == 0
    assert isinstance(worker.heard[-1], Done)


@pytest.mark.parametrize(("mode", "words"), [
    ("garbage", "not a message: “Saved artifact at /tmp/x”"), ("endless", "a line without an end"),
    ("old", "protocol 99"), ("closing", "closed its pipe")])
def test_a_pipe_that_cannot_be_trusted_ends_the_worker_with_one_sentence(started, mode, words):
    worker = started(mode)
    worker.client.send(JOB)
    end = worker.until(End)
    assert words in end.sentence and end.rung is not Rung.NONE


def test_a_line_torn_by_death_is_no_garbage(started):
    worker = started("torn")
    worker.client.send(JOB)
    end = worker.until(End)
    assert "exit code 1" in end.sentence and any("torn" in line for line in end.tail)


def test_two_hundred_thousand_messages_arrive_whole_and_in_order(started):
    worker = started("flood", Limits())
    worker.client.send(JOB)
    worker.until(Done)
    steps = [m.step for m in worker.said(Progress)]
    assert steps == list(range(200_000))
    assert worker.until(End).ok


@pytest.mark.parametrize(("mode", "rung"), [("good", Rung.ASK), ("deaf", Rung.TERMINATE), ("stubborn", Rung.KILL)])
@posix
def test_the_stop_ladder_is_climbed_as_far_as_needed(started, mode, rung):
    worker = started(mode)
    worker.until(Warm)
    worker.client.send(Train(run="/nowhere"))
    worker.client.stop()
    end = worker.until(End)
    assert end.rung is rung
    assert bool(end.sentence) is (rung is not Rung.ASK)


@posix
def test_an_impatient_user_climbs_at_once(started):
    worker = started("stubborn", Limits(ask=1000, terminate=1000))
    worker.until(Warm)
    worker.client.send(JOB)
    for rung in (Rung.ASK, Rung.TERMINATE, Rung.KILL):
        worker.client.escalate()
        assert worker.client.rung is rung
    assert worker.until(End).rung is Rung.KILL


@posix
def test_what_a_worker_leaves_behind_is_ended_with_it(started, tmp_path):
    os.mkfifo(tmp_path / "alive")
    pipe = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    try:
        worker = started("orphans")
        worker.client.send(JOB)
        assert worker.until(End).answered
        assert select.select([pipe], [], [], PATIENCE)[0] and os.read(pipe, 1) == b""
    finally:
        os.close(pipe)


def test_a_worker_that_answered_but_does_not_go_is_ended_without_a_word(started):
    worker = started("lingering")
    worker.client.send(JOB)
    end = worker.until(End)
    assert end.ok and end.answered


def test_a_program_that_is_not_there_is_an_end_too(tmp_path):
    ends: list[End] = []
    client = WorkerClient(lambda message: None, ends.append, tmp_path, line=[str(tmp_path / "nothing")])
    client.start()
    assert client.wait(PATIENCE) is ends[0]
    assert "could not be started" in ends[0].sentence
    assert not client.send(JOB)


def test_whoever_comes_late_hears_what_was_said(started):
    worker = started("good")
    worker.until(Warm)
    heard: list[object] = []
    worker.client.adopt(heard.append, heard.append)
    assert [type(m) for m in heard] == [Hello, Warm]
    worker.client.quit()
    worker.client.kill()
    end = worker.client.wait(PATIENCE)
    assert heard[-1] is end
    again: list[object] = []
    worker.client.adopt(again.append, again.append)
    assert again[-1] is end


@pytest.mark.parametrize(("mode", "state", "rung", "words"), [
    ("segfault", "failed", "", "segmentation fault"), ("oom", "killed", "", "memory ran out"),
    ("stubborn", "killed", "kill", "was killed")])
@posix
def test_the_end_of_a_training_process_is_written_into_its_run(started, tmp_path, mode, state, rung, words):
    run = RunFolder.create(tmp_path / "runs" / "0001", loads(templates()["iris"]))
    worker = started(mode)
    worker.until(Warm)
    worker.client.send(Train(run=str(run.path)))
    if rung:
        worker.client.stop()
    worker.until(End)
    record = run.record
    assert (record.state, record.rung) == (state, rung)
    assert words in record.reason


@posix
@pytest.mark.parametrize(("share", "words"), [
    (0.0, "most likely because memory ran out. Use"), (0.02, "by another program, or by the system. It used"),
    (0.6, "most likely because memory ran out. It used")])
def test_a_kill_is_put_down_to_memory_only_when_much_was_used(share, words):
    used = int(share * environment.memory()[0])
    assert words in sentence_of(-9, Rung.NONE, False, True, used, ())


def test_windows_crashes_are_named():
    assert "segmentation fault" in sentence_of(0xC0000005, Rung.NONE, False, True, 0, ())
    assert sentence_of(0, Rung.NONE, False, False, 0, ()) == ""
