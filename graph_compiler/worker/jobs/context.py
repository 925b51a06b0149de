"""What every job gets: whom to tell, how it is held, and where data is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph_compiler.datasets.download import keras_fetch, keras_home
from graph_compiler.messages import Job, Message, Stage
from graph_compiler.runs.folder import RunFolder
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.session import Control
from graph_compiler.worker.failures import Cancelled


@dataclass(frozen=True)
class Context:
    """`following` waits for the next job of this worker, None when there is none."""

    emit: Callable[[Message], None]
    control: Control
    following: Callable[[], Job | None]

    def stage(self, text: str, fraction: float | None = None) -> None:
        """Say what is going on. Cancelled when the user wants the job to end."""
        if self.control.poll() in ("stop", "drop"):
            raise Cancelled
        self.emit(Stage(text=text, fraction=fraction))

    def place(self, folder: str, run: RunFolder | None = None) -> Place:
        """Where sources may look: the document's folder (as asked, or as the run remembers it) and Keras's cache."""
        import keras

        remembered = run.record.document_folder if run is not None else ""
        base = folder or remembered or (str(run.path) if run is not None else "")
        return Place(Path(base) if base else Path.cwd(), keras_home(), self.stage,
                     may_download=True, fetch=keras_fetch(keras.utils.get_file))
