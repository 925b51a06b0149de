"""What every job gets: whom to tell, how it is held, and where data is found."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_compiler.datasets.download import keras_fetch, keras_home
from graph_compiler.messages import Job, Message, Stage
from graph_compiler.runs.folder import RunFolder
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.session import Control
from graph_compiler.worker.failures import Cancelled
from graph_compiler.worker.jobs.decoding import decode_picture

LOOK = 0.1
"""Seconds between two looks at whether a download is still wanted."""


@dataclass(frozen=True)
class Context:
    """`following` waits for the next job of this worker, None when there is none."""

    emit: Callable[[Message], None]
    control: Control
    following: Callable[[], Job | None]

    def stage(self, text: str, fraction: float | None = None) -> None:
        """Say what is going on. Cancelled when the user wants the job to end."""
        self._need_wanted()
        self.tell(text, fraction)

    def tell(self, text: str, fraction: float | None = None) -> None:
        """Say what is going on, from any thread."""
        self.emit(Stage(text=text, fraction=fraction))

    def place(self, folder: str, run: RunFolder | None = None) -> Place:
        """Where sources may look: the document's folder (as asked, or as the run remembers it) and Keras's cache."""
        import keras

        remembered = run.record.document_folder if run is not None else ""
        base = folder or remembered or (str(run.path) if run is not None else "")
        return Place(Path(base) if base else Path.cwd(), keras_home(), self.tell,
                     may_download=True, fetch=keras_fetch(self._stoppable(keras.utils.get_file)), decode=decode_picture)

    def _stoppable(self, task: Callable[..., Any]) -> Callable[..., Any]:
        """The task in a thread of its own. Cancelled when the user wants the job to end: the thread dies with the process."""

        def call(**asked: Any) -> Any:
            self._need_wanted()
            future: Future[Any] = Future()
            threading.Thread(target=_settle, args=(future, task, asked), name="download", daemon=True).start()
            while not wait([future], LOOK).done:
                self._need_wanted()
            return future.result()

        return call

    def _need_wanted(self) -> None:
        if self.control.poll() in ("stop", "drop"):
            raise Cancelled


def _settle(future: Future[Any], task: Callable[..., Any], asked: dict[str, Any]) -> None:
    try:
        future.set_result(task(**asked))
    except BaseException as error:  # raised again where somebody waits for it
        future.set_exception(error)
