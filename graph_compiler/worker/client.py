"""The other end of a worker's pipes: starts it, hears it, watches its heartbeat, stops it. Free of Qt.

`on_message` and `on_end` are called from threads of the client, one call at a time, `on_end` once and last.
A window gives them a `Mailbox` (see `mailbox`); the command line and the tests do so too. A run that was being trained
has its end written into run.json before `on_end` is called.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from graph_compiler.messages import (
    VERSION,
    Alive,
    Done,
    Evaluate,
    Export,
    Failed,
    Fetch,
    Hello,
    Job,
    Log,
    Message,
    Predict,
    Probe,
    Quit,
    Request,
    Silence,
    Stop,
    Train,
    Verify,
    Warm,
)
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.ending import End, Rung, sentence_of
from graph_compiler.worker.launch import command, start
from graph_compiler.worker.lines import TooLong, Torn, lines, shown
from graph_compiler.worker.protocol import LONGEST_LINE, decode_message, encode

if TYPE_CHECKING:
    import subprocess
from graph_compiler.worker.settle import settle

JOBS = (Train, Evaluate, Predict, Export, Verify, Fetch, Probe)
TAIL = 40
"""Log lines kept for the sentence of an end nobody reported."""
LONGEST_TEXT = 4000
"""Characters of one line of the log."""


@dataclass(frozen=True)
class Limits:
    """Seconds the client waits: without a line before it speaks of silence, and on each rung of the stop ladder."""

    silence: float = 20.0
    ask: float = 30.0
    terminate: float = 5.0
    drain: float = 5.0
    """For what is left in the pipes after the process has ended."""


class WorkerClient:
    """One worker process. Every method may be called from any thread."""

    def __init__(self, on_message: Callable[[Message], None], on_end: Callable[[End], None], folder: Path, *,
                 line: list[str] | None = None, limits: Limits | None = None, spare: bool = False) -> None:
        self.folder, self.limits = Path(folder), limits or Limits()
        self._line = line or command(spare)
        self._on_message, self._on_end = on_message, on_end
        self._process: subprocess.Popen[bytes] | None = None
        self._state = threading.Condition()
        self._calls = threading.RLock()
        self._write = threading.Lock()
        self._tail: deque[str] = deque(maxlen=TAIL)
        self._heard = time.monotonic()
        self._silent = False
        self._deadline: float | None = None
        self._rung = Rung.NONE
        self._memory = 0
        self._broken = ""
        self._over: set[str] = set()
        self._greeting: list[Message] = []
        self.job: Job | None = None
        """The job it was given."""
        self.answered = False
        """Whether Done or Failed came."""
        self.end: End | None = None

    # What it is doing.

    @property
    def pid(self) -> int:
        """The process id, 0 before it was started."""
        return self._process.pid if self._process else 0

    @property
    def warm(self) -> bool:
        """Whether TensorFlow is imported."""
        return any(isinstance(message, Warm) for message in self._greeting)

    @property
    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self.end is None

    @property
    def rung(self) -> Rung:
        """How far the stop ladder has been climbed."""
        return self._rung

    # What it is asked.

    def start(self) -> None:
        """Start the process. When it cannot be, `on_end` says so."""
        try:
            self._process = start(self._line, self.folder)
        except OSError as error:
            self._finish(End(Rung.NONE, None, f"The worker process could not be started: {error.strerror or error}."))
            return
        for target in (self._read, self._read_log, self._wait, self._watch):
            threading.Thread(target=target, name=f"worker-{target.__name__.strip('_')}", daemon=True).start()

    def send(self, request: Request) -> bool:
        """Send a request. False when the worker is gone (its end is told by `on_end`)."""
        if self._process is None or self._process.stdin is None:
            return False
        if isinstance(request, JOBS):
            self.job = request
        try:
            with self._write:
                self._process.stdin.write(encode(request))
        except (OSError, ValueError):
            return False
        return True

    def stop(self, keep: bool = True) -> None:
        """Ask it to end its job soon; when it does not within the limits, terminate it, then kill it."""
        if self._rung is Rung.NONE:
            self._climb(Rung.ASK)
        self.send(Stop(keep=keep) if self.job is not None else Quit())

    def quit(self) -> None:
        """End a worker that waits or predicts; the ladder follows when it does not go."""
        self._climb(Rung.ASK)
        self.send(Quit())

    def escalate(self) -> None:
        """Climb to the next rung now."""
        self._climb({Rung.NONE: Rung.ASK, Rung.ASK: Rung.TERMINATE}.get(self._rung, Rung.KILL))
        if self._rung is Rung.ASK:
            self.send(Stop())

    def kill(self) -> None:
        """End it at once, with its children."""
        self._climb(Rung.KILL)

    def wait(self, timeout: float | None = None) -> End | None:
        """Wait for the end. None when it did not come in time."""
        with self._state:
            self._state.wait_for(lambda: self.end is not None, timeout)
        return self.end

    def adopt(self, on_message: Callable[[Message], None], on_end: Callable[[End], None]) -> None:
        """Report to others from now on. They hear at once what they missed: Hello and Warm, or the end."""
        with self._calls:
            self._on_message, self._on_end = on_message, on_end
            for message in self._greeting:
                on_message(message)
            if self.end is not None:
                on_end(self.end)

    # The pipes.

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        with self._process.stdout as pipe:
            try:
                for line in lines(pipe, LONGEST_LINE):
                    self._take(decode_message(line))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                self._break(f"The worker process sent something that is not a message: “{shown(line)}”.")
            except TooLong as problem:
                self._break(f"The worker process sent a line without an end: “{shown(problem.args[0])}”.")
            except Torn as problem:
                self._tail.append(f"(a torn message: {shown(problem.args[0])})")
        self._note("out")

    def _read_log(self) -> None:
        assert self._process is not None and self._process.stderr is not None
        with self._process.stderr as pipe:
            while True:
                try:
                    for line in lines(pipe, LONGEST_LINE):
                        self._log(line)
                    break
                except TooLong as problem:  # what a worker prints must never hold it up
                    self._log(problem.args[0])
                except Torn as problem:  # last words without a newline
                    self._log(problem.args[0])
                    break
        self._note("log")

    def _log(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()[:LONGEST_TEXT]
        if text:
            self._tail.append(text)
            self._say(Log(text=text, level=_level(text)))

    def _take(self, message: Message) -> None:
        self._heard = time.monotonic()
        if isinstance(message, Alive):
            self._memory = message.memory
        elif isinstance(message, Hello) and message.version != VERSION:
            self._break(f"The worker process speaks protocol {message.version}, this program {VERSION}. "
                        "Two versions of Netloom are mixed; install it anew.")
        elif isinstance(message, (Done, Failed)):
            self.answered = True
        if self._silent:
            self._silent = False
            self._say(Silence(seconds=0))
        self._say(message)

    def _say(self, message: Message) -> None:
        with self._calls:
            if self.end is not None or self._broken:
                return
            if isinstance(message, (Hello, Warm)):
                self._greeting.append(message)
            self._on_message(message)

    def _break(self, sentence: str) -> None:
        """The pipe cannot be trusted any more: end the worker and say why."""
        self._broken = self._broken or sentence
        self._climb(Rung.TERMINATE)

    # The process.

    def _wait(self) -> None:
        assert self._process is not None
        self._process.wait()
        self._note("process")

    def _note(self, what: str) -> None:
        """One of process, out and log has come to its end."""
        with self._state:
            self._over.add(what)
            self._state.notify_all()

    def _watch(self) -> None:
        """Wait for the end, and meanwhile for the time-outs: silence and the rungs of the ladder."""
        while True:
            with self._state:
                if "process" in self._over or self._state.wait_for(lambda: "process" in self._over, self._next()):
                    break
                silence = self._look()
            if silence is not None:  # said without the lock: whoever hears it may call us
                self._say(silence)
        self._drain()
        self._finish(self._made_end())

    def _next(self) -> float:
        """Seconds until something has to be looked at."""
        now, patience = time.monotonic(), self.limits.silence
        due = [now + patience if self._silent else self._heard + patience]
        if self._deadline is not None:
            due.append(self._deadline)
        elif "out" in self._over:
            return 0.0
        return max(0.0, min(due) - now)

    def _look(self) -> Silence | None:
        now = time.monotonic()
        if "out" in self._over and self._deadline is None:
            if not self.answered:
                self._broken = self._broken or "The worker process closed its pipe without an answer."
            self._set(Rung.ASK, self.limits.drain)
        elif self._deadline is not None and now >= self._deadline:
            self._set(Rung.TERMINATE if self._rung is Rung.ASK else Rung.KILL)
        elif now - self._heard >= self.limits.silence and not self._silent:
            self._silent = True
            return Silence(seconds=round(now - self._heard, 1))
        return None

    def _drain(self) -> None:
        """Hear what is left in the pipes, as long as something comes (a grandchild may hold them open for ever)."""
        with self._state:
            while not self._state.wait_for(lambda: {"out", "log"} <= self._over, self.limits.drain):
                if time.monotonic() - self._heard >= self.limits.drain:
                    break

    def _climb(self, rung: Rung) -> None:
        """Go to a rung, unless a higher one is reached."""
        order = list(Rung)
        with self._state:
            if order.index(rung) > order.index(self._rung) and self.end is None:
                self._set(rung)
                self._state.notify_all()

    def _set(self, rung: Rung, patience: float | None = None) -> None:
        self._rung = rung
        times = {Rung.ASK: self.limits.ask, Rung.TERMINATE: self.limits.terminate, Rung.KILL: self.limits.terminate}
        self._deadline = time.monotonic() + (times[rung] if patience is None else patience)
        if self._process is not None and rung is Rung.TERMINATE:
            self._process.terminate()
        elif self._process is not None and rung is Rung.KILL:
            _kill_group(self._process)

    def _made_end(self) -> End:
        assert self._process is not None and self._process.stdin is not None
        _kill_group(self._process)  # children it left behind
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        code, tail = self._process.returncode, tuple(self._tail)
        said = self._broken or sentence_of(code, self._rung, self.answered, self.job is not None, self._memory, tail)
        return End(self._rung, code, said, self.answered, tail)

    def _finish(self, end: End) -> None:
        if isinstance(self.job, Train):
            settle(RunFolder(Path(self.job.run)), end)
        with self._calls:
            if self.end is None:
                try:
                    self._on_end(end)
                finally:  # whoever waits must not wait for ever because a listener failed
                    with self._state:
                        self.end = end
                        self._state.notify_all()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _level(text: str) -> str:
    """The level of a line of the log, by the letter TensorFlow puts first or the words Python uses."""
    if text.startswith(("Traceback", "Error", "Fatal")):
        return "error"
    return "warning" if text.startswith("W0") or "Warning" in text[:200] else "info"
