"""Every error of a job as one sentence for people; what trainers raise is told by `trainers.problems.explain`."""

from __future__ import annotations

import errno
import traceback

import msgspec

from graph_compiler.exporters.part import ExportProblem
from graph_compiler.graph.problems import FileProblem
from graph_compiler.messages import Failed
from graph_compiler.runs.folder import RunProblem
from graph_compiler.runs.lock import LockHeld
from graph_compiler.trainers.problems import explain


class Cancelled(BaseException):
    """The user stopped a job that has nothing to keep. No `except Exception` on the way may take it for a fault."""


class JobProblem(Exception):
    """A job cannot be done. `sentence` and `hint` for people."""

    def __init__(self, code: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.hint = code, sentence, hint


_DISK = {
    errno.ENOSPC: ("The disk is full.", "Free some space; what was saved before is kept."),
    errno.EDQUOT: ("Your share of the disk is used up.", "Free some space; what was saved before is kept."),
    errno.EROFS: ("The disk cannot be written to.", "Choose another folder."),
    errno.EACCES: ("The folder cannot be written to.", "Choose another folder."),
    errno.ENOTDIR: ("The folder cannot be made: a file is in its way.", "Choose another folder."),
    errno.EEXIST: ("The folder cannot be made: a file is in its way.", "Choose another folder."),
    errno.EPERM: ("The folder cannot be written to.", "Choose another folder."),
    errno.EIO: ("The disk reports a fault.", "Check the disk; the last good checkpoint may be whole."),
}


def failed(error: Exception | Cancelled, batch: int = 0) -> Failed:
    """The message of an error. `batch` is the batch size of a training, named when memory runs out; 0 for other jobs."""
    detail = "".join(traceback.format_exception(error))
    match error:
        case Cancelled():
            return Failed(code="cancelled", sentence="It was stopped; nothing half-done is left behind.")
        case JobProblem():
            return Failed(code=error.code, sentence=error.sentence, hint=error.hint)
        case ExportProblem():
            return Failed(code="export", sentence=error.sentence, hint=error.hint, node=error.node)
        case RunProblem():
            return Failed(code="run", sentence=error.sentence, hint=error.hint)
        case LockHeld():
            return Failed(code="busy", sentence="Another process is training this run.", hint="Wait for it, or stop it.")
        case FileProblem():
            return Failed(code="file", sentence=str(error), detail=detail)
        case OSError() if error.errno in _DISK and not isinstance(error, ConnectionError):
            sentence, hint = _DISK[error.errno]
            where = f" ({error.filename})" if error.filename else ""
            return Failed(code="disk", sentence=sentence.removesuffix(".") + where + ".", hint=hint, detail=detail)
        case _ if "No space left on device" in str(error):  # h5py and TensorFlow hide the number
            sentence, hint = _DISK[errno.ENOSPC]
            return Failed(code="disk", sentence=sentence, hint=hint, detail=detail)
    told = explain(error, batch)
    if told.code == "crash" and not batch:
        return msgspec.structs.replace(told, sentence=told.sentence.replace("Training broke off", "The job broke off", 1))
    return told
