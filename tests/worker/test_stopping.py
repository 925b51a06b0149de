"""Stopping before there is anything to keep: while a data set is downloaded, and before the first step."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_compiler.datasets.download import have
from graph_compiler.messages import Done, Failed, Log, Stage, Train
from graph_compiler.runs.folder import DOCUMENT, RunFolder
from graph_compiler.specs.datasets import DataProblem, Download, Place
from graph_compiler.trainers.session import Control
from graph_compiler.worker.ending import End, Rung
from graph_compiler.worker.failures import Cancelled, failed
from graph_compiler.worker.jobs.context import Context
from tests.helpers.drawings import SCALE, Drawing, digits_mlp
from tests.worker.conftest import PATIENCE

pytestmark = pytest.mark.slow
HALF = 100_000


class Server:
    """Sends half a file, calls `midway`, and sends the rest when `rest` is set."""

    def __init__(self) -> None:
        self.midway = lambda: None
        self.rest = threading.Event()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(2 * HALF))
                self.end_headers()
                self.wfile.write(b"x" * HALF)
                server.midway()
                if server.rest.wait(PATIENCE):
                    self.wfile.write(b"y" * HALF)

            def log_message(self, *words: object) -> None:
                """Nothing is printed."""

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def file(self) -> Download:
        return Download(f"http://127.0.0.1:{self.http.server_port}/set.bin", "set.bin", 2 * HALF)


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.rest.set()
    one.http.shutdown()
    one.http.server_close()


def place_of(context: Context, cache: Path) -> Place:
    """The place a job reads data from, with a cache of its own."""
    place = context.place("")
    return Place(place.folder, cache, place.progress, place.may_download, place.fetch)


def test_a_download_arrives_whole_and_is_told(server, tmp_path):
    heard: list[object] = []
    server.rest.set()
    context = Context(heard.append, Control(), lambda: None)
    [path] = have((server.file,), place_of(context, tmp_path), "A set")
    assert path.read_bytes() == b"x" * HALF + b"y" * HALF
    assert heard[-1] == Stage(text="Downloaded set.bin", fraction=1.0)


@pytest.mark.parametrize("state", ["stop", "drop"])
def test_a_stop_ends_a_download_at_once_and_leaves_no_half_file(server, tmp_path, state):
    control = Control()
    server.midway = lambda: control.set(state)
    context = Context(lambda message: None, control, lambda: None)
    with pytest.raises(Cancelled) as caught:
        have((server.file,), place_of(context, tmp_path), "A set")
    assert not server.rest.is_set() and not [p for p in tmp_path.rglob("*") if p.is_file()]
    assert failed(caught.value).code == "cancelled"


def test_a_download_that_fails_is_no_stop(tmp_path):
    context = Context(lambda message: None, Control(), lambda: None)
    gone = Download("http://127.0.0.1:9/set.bin", "set.bin", 10)
    with pytest.raises(DataProblem) as caught:
        have((gone,), place_of(context, tmp_path), "A set")
    assert caught.value.code == "offline"


@pytest.mark.parametrize("keep", [True, False])
def test_a_training_stopped_before_its_data_is_there(started, tmp_path, monkeypatch, keep):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    drawing = Drawing()
    data = drawing.add("KerasMNIST")
    drawing.loss(drawing.chain((data, "image"), SCALE, ("Flatten", {}), ("Dense", {"units": 10})), (data, "label"),
                 from_logits=True)
    run = RunFolder.create(tmp_path / "runs" / "0001", drawing.document)
    worker = started()
    worker.client.send(Train(run=str(run.path)))
    worker.client.stop(keep=keep)
    if keep:
        assert worker.until(Failed).code == "cancelled"
    else:
        assert worker.until(Done).result == {"dropped": True}
    assert worker.until(End).rung is Rung.ASK
    assert not [m for m in worker.said(Log) if "Traceback" in m.text]
    if keep:
        assert (run.record.state, run.record.reason) == ("stopped", "Stopped before training began.")
    else:
        assert not run.path.exists()


def test_a_run_whose_drawing_is_broken_says_so_in_its_record(started, tmp_path):
    run = RunFolder.create(tmp_path / "runs" / "0001", digits_mlp())
    (run.path / DOCUMENT).write_text("{")
    worker = started()
    worker.client.send(Train(run=str(run.path)))
    message = worker.until(Failed)
    worker.until(End)
    assert message.code == "file" and run.record.state == "failed" and run.record.reason == message.sentence


def test_an_unforeseen_error_names_the_kind_of_job():
    assert failed(RuntimeError("odd")).sentence == "The job broke off: RuntimeError: odd"
    assert failed(RuntimeError("odd"), 32).sentence == "Training broke off: RuntimeError: odd"
