"""A run is a folder. This makes them, reads them and keeps run.json true, whatever happens to the process that trains.

- run.json: what it was and how it ended (RunRecord); document.netloom: the drawing as it was trained
- environment.json: versions, system, processors; history.csv: one row an epoch
- checkpoints/: `epoch-0003-step-000000/` and, at the end, `final/`
- evaluation.json: figures of the test rows, with evaluation.npz beside it; exports/: files that left, with their proofs
- sights/: what was seen while it learnt (runs/sights.py)
- running.lock: held by the process that trains
"""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from graph_compiler.graph.files import load, save, write_atomically
from graph_compiler.graph.model import Document
from graph_compiler.graph.problems import FileProblem
from graph_compiler.runs.environment import environment
from graph_compiler.runs.hashing import document_hash
from graph_compiler.runs.history import History
from graph_compiler.runs.lock import Lock, is_held
from graph_compiler.runs.record import FINISHED, KILLED, RUNNING, RunRecord, ablation
from graph_compiler.runs.sights import FOLDER as SIGHTS

RECORD, DOCUMENT = "run.json", "document.netloom"
WEIGHTS = "model.weights.h5"
OWN = (RECORD, DOCUMENT, f"{DOCUMENT}~", "environment.json", "history.csv", "evaluation.json", "evaluation.npz", "running.lock")


class RunProblem(Exception):
    """A run folder cannot be made or read. `sentence` and `hint` for people."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(f"{sentence} {hint}".strip())
        self.sentence, self.hint = sentence, hint


class RunFolder:
    """One run. `record` is read anew each time; `update` is the only writer of run.json."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path).resolve()
        self._lock = Lock(self.path / "running.lock")

    @classmethod
    def create(cls, path: Path, document: Document, /, **facts: Any) -> RunFolder:
        """Make the folder with the frozen drawing; the note says what is muted. `facts` are further fields of the record.

        RunProblem when it cannot be.
        """
        run = cls(path)
        if (run.path / RECORD).exists():
            raise RunProblem(f"{path} holds a run already.", "Choose another folder.")
        try:
            run.path.mkdir(parents=True, exist_ok=True)
            save(document, run.path / DOCUMENT)
            run._write(RunRecord(**{
                "id": "/".join(run.path.parts[-2:]), "title": str(document.about.get("title") or run.path.parent.name),
                "document_hash": document_hash(document), "settings": msgspec.to_builtins(document.training),
                "note": ablation(document),
                "started": now(), **facts}))
        except OSError as error:
            raise RunProblem(f"The run folder {path} cannot be made: {_reason(error)}.", "Choose another place.") from None
        except FileProblem as problem:
            raise RunProblem(f"The run folder {path} cannot be made. {problem.what}", "Choose another place.") from None
        return run

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """A run that is there. RunProblem when the folder holds none or its record is broken."""
        run = cls(path)
        _ = run.record
        return run

    @property
    def record(self) -> RunRecord:
        """run.json as it is now; a run left `running` by a dead process comes as `killed`. RunProblem when unreadable."""
        record = self._read()
        if record.state == RUNNING and not self.alive:
            record = self._read()  # it may have ended between the two looks
        if record.state == RUNNING and not self.alive:
            record = msgspec.structs.replace(
                record, state=KILLED, reason=record.reason or "The process ended before the run was done.",
                epochs=max(record.epochs, len(self.history.read())))
        return record

    @property
    def title(self) -> str:
        """A line for lists: number, name or how it ended, time of day."""
        record = self.record
        ended = "" if record.state == FINISHED else record.state
        clock = ""
        with contextlib.suppress(ValueError):
            clock = datetime.fromisoformat(record.started).astimezone().strftime("%H:%M")
        number = self.path.name.lstrip("0") or self.path.name
        return " · ".join(part for part in (number, record.name, ended, clock) if part)

    @property
    def alive(self) -> bool:
        """Whether a process is at work on it."""
        return self._lock.held or is_held(self._lock.path)

    @property
    def history(self) -> History:
        """The curve of the epochs."""
        return History(self.path / "history.csv")

    @property
    def checkpoints(self) -> Path:
        """The folder of the checkpoints; it exists."""
        folder = self.path / "checkpoints"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def exports(self) -> Path:
        """Where exported files go unless another place was named."""
        return self.path / "exports"

    @property
    def evaluated(self) -> bool:
        """Whether its test rows have been measured."""
        return (self.path / "evaluation.json").is_file()

    @property
    def has_weights(self) -> bool:
        """Whether there is something to evaluate, go on from or export."""
        return self.last_good() is not None

    def saved(self) -> list[Path]:
        """Complete checkpoints, oldest first."""
        return sorted(p for p in (self.path / "checkpoints").glob("epoch-*-step-*") if (p / "state.json").is_file())

    def last_good(self) -> Path | None:
        """The weights to evaluate and export: the final ones, else the newest checkpoint's. None when there are none."""
        final = self.path / "checkpoints" / "final"
        folders = [final] if (final / WEIGHTS).is_file() else self.saved()[-1:]
        return folders[0] / WEIGHTS if folders else None

    def document(self) -> Document:
        """The drawing that was trained. FileProblem when it cannot be read."""
        return load(self.path / DOCUMENT)

    def begin(self) -> None:
        """Take the run to work in this process. LockHeld when another process is at it."""
        self._lock.take()
        self.update(state=RUNNING, reason="", rung="")
        data = msgspec.json.format(msgspec.json.encode(environment()), indent=1)
        write_atomically(self.path / "environment.json", data)

    def end(self, state: str, reason: str = "", **facts: Any) -> None:
        """Write down how it ended and let go of it."""
        self.update(state=state, reason=reason, **facts)
        self._lock.release()

    def update(self, **facts: Any) -> RunRecord:
        """Replace fields of the record, in one step."""
        record = msgspec.structs.replace(self.record, **facts)
        self._write(record)
        return record

    def remove(self) -> None:
        """Delete the run with everything in it (its folder stays when other things lie there)."""
        self._lock.release()
        for name in OWN:
            (self.path / name).unlink(missing_ok=True)
        for folder in ("checkpoints", "exports", SIGHTS):
            shutil.rmtree(self.path / folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def _read(self) -> RunRecord:
        path = self.path / RECORD
        try:
            return msgspec.json.decode(path.read_bytes(), type=RunRecord)
        except (FileNotFoundError, NotADirectoryError):
            raise RunProblem(f"{self.path} is not a run: it has no {RECORD}.", "Name the folder of a run.") from None
        except (OSError, msgspec.MsgspecError) as error:
            raise RunProblem(f"{path} cannot be read: {error}.", "The checkpoints beside it may be whole.") from None

    def _write(self, record: RunRecord) -> None:
        write_atomically(self.path / RECORD, msgspec.json.format(msgspec.json.encode(record), indent=1))


def now() -> str:
    """The present moment, UTC, in ISO form with seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _reason(error: OSError) -> str:
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]
