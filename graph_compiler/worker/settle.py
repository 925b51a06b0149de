"""The end of a process, written into the run it was training: nobody else can say it when the process is dead."""

from __future__ import annotations

import contextlib

from graph_compiler.runs.folder import RunFolder, RunProblem
from graph_compiler.runs.record import FAILED, KILLED, WAITING
from graph_compiler.worker.ending import End, Rung

FORCED = (Rung.TERMINATE, Rung.KILL)


def settle(run: RunFolder, end: End) -> None:
    """Note the rung that was needed, and how a run ended that could not say so itself. A dropped run is no error."""
    with contextlib.suppress(RunProblem, OSError):
        record = run.record
        if record.state not in (KILLED, WAITING):
            if end.rung is not Rung.NONE and not record.rung:
                run.update(rung=end.rung.value)
            return
        crashed = end.rung is Rung.NONE and end.exit_code not in (-9, -15)
        reason = end.sentence or record.reason or "The process ended before the run was done."
        run.update(state=FAILED if crashed else KILLED, reason=reason, rung=end.rung.value)
