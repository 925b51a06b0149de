"""How a worker ended, as one clear sentence, and the rungs of the stop ladder."""

from __future__ import annotations

import enum
import signal
from dataclasses import dataclass

from graph_compiler.runs.environment import memory as total_memory

SMALLEST = 50_000_000
"""Bytes below which the memory of a worker is not worth a word."""


class Rung(enum.Enum):
    """How hard a worker had to be stopped."""

    NONE = ""
    ASK = "ask"
    TERMINATE = "terminate"
    KILL = "kill"


@dataclass(frozen=True)
class End:
    """The end of a worker. `sentence` is empty when it did what it was asked to; `answered` says that Done or Failed came."""

    rung: Rung
    exit_code: int | None
    sentence: str
    answered: bool = False
    tail: tuple[str, ...] = ()
    """The last lines it wrote to its log."""

    @property
    def ok(self) -> bool:
        """Whether nothing has to be said about it."""
        return not self.sentence


_CRASHES = {
    "SIGSEGV": "a segmentation fault", "SIGABRT": "it aborted itself", "SIGBUS": "a bus error", "SIGILL":
    "an instruction this processor does not know", "SIGFPE": "an arithmetic fault", "SIGTRAP": "a trap"}
_WINDOWS_CRASHES = {0xC0000005: "a segmentation fault", 0xC000001D: "an instruction this processor does not know",
                    0xC0000409: "it aborted itself", 0xC00000FD: "a stack overflow"}


def sentence_of(code: int | None, rung: Rung, answered: bool, busy: bool, memory: int, tail: tuple[str, ...]) -> str:
    """What to tell about an end nobody reported. `memory` are the bytes it last had; `busy` says that it had a job."""
    if answered or (rung is Rung.ASK and code == 0):
        return ""
    if rung is Rung.TERMINATE:
        return "It did not stop when asked and was terminated. The last checkpoint is kept."
    if rung is Rung.KILL:
        return "It did not stop by itself and was killed. The last checkpoint is kept."
    crash = crash_words(code, memory)
    if crash:
        return crash
    if code == 0 and not busy:
        return ""
    last = f" It last said: {tail[-1][:200]}" if tail else " The Log tab has the details."
    return f"The worker process ended before it was done (exit code {code}).{last}"


def crash_words(code: int | None, memory: int) -> str:
    """The sentence of a death by a signal, empty for every other end."""
    if code is None:
        return ""
    if code in _WINDOWS_CRASHES:
        return f"The worker process crashed: {_WINDOWS_CRASHES[code]}. The last checkpoint is kept."
    if code >= 0:
        return ""
    name = _name(-code)
    if name == "SIGKILL":
        return _killed(memory, total_memory()[0])
    if name == "SIGTERM":
        return "Another program terminated the worker process. The last checkpoint is kept."
    return f"The worker process crashed: {_CRASHES.get(name, name)}. The last checkpoint is kept."


def _killed(used: int, total: int) -> str:
    """A kill from outside: memory is the likely reason only for a process that had much of it."""
    words = f" It used {used / 1e9:.1f} GB." if used > SMALLEST else ""
    if used > SMALLEST and used * 8 < total:
        return f"The worker process was killed by another program, or by the system.{words} The last checkpoint is kept."
    return ("The system killed the worker process, most likely because memory ran out."
            f"{words} Use a smaller batch size or network; the last checkpoint is kept.")


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
