"""A run is a folder. This makes them, reads them and keeps run.json true, whatever happens to the process that trains.

- run.json: what it was and how it ended (RunRecord); document.netloom: the drawing as it was trained
- environment.json: versions, system, processors; history.csv: one row an epoch
- checkpoints/: `epoch-0003-step-000000/` and, at the end, `final/`
- evaluation.json: figures of the test rows, with evaluation.npz beside it; exports/: files that left, with their proofs
- running.lock: held by the process that trains
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import msgspec

from graph_compiler.graph.files import FileProblem, dumps, loads
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import TrainingSettings

INFO, DOCUMENT, HISTORY, CHECKPOINTS, EXPORTS = "run.json", "document.netloom", "history.csv", "checkpoints", "exports"
RUNNING = frozenset({"created", "running"})


class RunProblem(Exception):
    """A folder is no run, or cannot be made or read. The message is for people."""


class RunInfo(msgspec.Struct, kw_only=True):
    """run.json. `state` is created, running, finished, stopped (and kept), failed or killed."""

    id: str
    number: int = 1
    name: str = ""
    note: str = ""
    document: str = ""
    """Title of the document."""
    document_hash: str = ""
    settings: TrainingSettings = msgspec.field(default_factory=TrainingSettings)
    state: str = "created"
    pid: int = 0
    rung: str = ""
    """How the worker ended when it had to be stopped: asked, terminated or killed."""
    problem: str = ""
    started: float = 0.0
    """Unix time."""
    seconds: float = 0.0
    epochs: int = 0
    metrics: dict[str, float] = {}
    environment: dict[str, str] = {}
    result: dict[str, Any] = {}
    """What the trainer said at the end."""
    format: int = 1


def document_hash(document: Document) -> str:
    """Changes whenever the drawing or its settings change; positions and texts count as well."""
    return hashlib.sha256(dumps(document)).hexdigest()[:16]


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. OSError as the system gives it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class RunFolder:
    """One run on disk. `info` is what run.json said last; `save` writes it."""

    def __init__(self, path: Path, info: RunInfo) -> None:
        self.path = path
        self.info = info

    @classmethod
    def create(cls, path: Path, document: Document, title: str, settings: TrainingSettings | None = None,
               number: int = 1) -> RunFolder:
        """A new run in `path`, which must not hold one yet. RunProblem when it does or cannot be written."""
        if (path / INFO).exists():
            raise RunProblem(f"There is a run in {path} already. Choose another folder.")
        try:
            (path / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
            info = RunInfo(id=path.name, number=number, document=title, document_hash=document_hash(document),
                           settings=settings or document.training, started=time.time())
            write(path / DOCUMENT, dumps(document))
            run = cls(path, info)
            run.save()
        except OSError as error:
            raise RunProblem(f"The run folder {path} cannot be written: {error.strerror or error}.") from error
        return run

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The run in a folder. A run whose process is gone while it says that it runs counts as killed."""
        try:
            info = msgspec.json.decode((path / INFO).read_bytes(), type=RunInfo)
        except FileNotFoundError:
            raise RunProblem(f"There is no run in {path}.") from None
        except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
            raise RunProblem(f"The run in {path} cannot be read: {error}.") from None
        if info.state == "running" and not alive(info.pid):
            info.state = "killed"
        return cls(path, info)

    def save(self) -> None:
        """Write run.json."""
        write(self.path / INFO, msgspec.json.format(msgspec.json.encode(self.info), indent=1))

    def document(self) -> Document:
        """The drawing the run was made from."""
        try:
            return loads((self.path / DOCUMENT).read_bytes())
        except (OSError, FileProblem) as error:
            raise RunProblem(f"The drawing of the run in {self.path} cannot be read: {error}.") from None

    @property
    def checkpoints(self) -> Path:
        """The folder of checkpoints; it exists."""
        folder = self.path / CHECKPOINTS
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def exports(self) -> Path:
        """The default folder for exported files (made when something is written)."""
        return self.path / EXPORTS

    @property
    def has_weights(self) -> bool:
        """Whether there is a checkpoint to evaluate, go on from or export."""
        return any(place.is_dir() and not place.name.startswith(".") for place in self.checkpoints.iterdir())

    @property
    def evaluated(self) -> bool:
        """Whether test rows have been measured."""
        return (self.path / "evaluation.json").exists()

    def add_epoch(self, epoch: int, figures: dict[str, float], learning_rate: float, seconds: float) -> None:
        """One more line of history.csv. The columns are those of the first epoch."""
        path = self.path / HISTORY
        fresh = not path.exists()
        names = list(figures) if fresh else self._history_names()
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(["epoch", *names, "learning_rate", "seconds"])
            writer.writerow([epoch, *(repr(figures[n]) if n in figures else "" for n in names), repr(learning_rate), f"{seconds:.3f}"])

    def _history_names(self) -> list[str]:
        with (self.path / HISTORY).open(newline="", encoding="utf-8") as file:
            return next(csv.reader(file))[1:-2]

    def history(self) -> list[dict[str, float]]:
        """Figures by epoch; a line that was cut off by a kill is passed over."""
        path = self.path / HISTORY
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        found = []
        for row in rows:
            try:
                found.append({name: float(value) for name, value in row.items() if name and value})
            except (TypeError, ValueError):
                continue
        return found

    def remove(self) -> None:
        """Drop the run with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def title(self) -> str:
        """A line for lists: number, name or state, time of day."""
        clock = time.strftime("%H:%M", time.localtime(self.info.started))
        words = {"finished": "", "stopped": "stopped", "failed": "failed", "killed": "killed", "running": "running"}
        parts = [str(self.info.number), self.info.name or words.get(self.info.state, self.info.state), clock]
        return " · ".join(part for part in parts if part)


def alive(pid: int) -> bool:
    """Whether a process of that number is there."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def runs_in(parent: Path) -> list[RunFolder]:
    """The readable runs in a folder, newest first."""
    found = []
    if parent.is_dir():
        for path in parent.iterdir():
            if (path / INFO).is_file():
                try:
                    found.append(RunFolder.open(path))
                except RunProblem:
                    continue
    return sorted(found, key=lambda run: (run.info.started, run.info.number), reverse=True)


def create_numbered(parent: Path, document: Document, title: str, settings: TrainingSettings | None = None) -> RunFolder:
    """A new run `run-0007` in a folder of runs. RunProblem when the folder cannot be written."""
    number = 1 + max((run.info.number for run in runs_in(parent)), default=0)
    while (parent / f"run-{number:04d}").exists():
        number += 1
    return RunFolder.create(parent / f"run-{number:04d}", document, title, settings, number)
