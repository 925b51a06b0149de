"""How a job is told on standard error: a bar that redraws itself on a terminal, a line an epoch anywhere else."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from typing import TextIO

from graph_compiler.messages import Device, Epoch, Failed, Log, Message, Progress, Proof, Silence, Stage, Started
from graph_compiler.specs.exporters import ACCEPT
from widgets.words import count, duration, number, plural

FULL, EMPTY = "█", "░"
BAR = 20
STATES = {"writing": "writing", "reopening": "opening it again", "comparing": "comparing with Keras", "timing": "timing"}


class Teller:
    """Hears the messages of jobs and tells them. `close` leaves the terminal as it was found."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._moves = self._stream.isatty()
        self._drawn = False
        self._place = ""
        self._started = Started(epochs=1, steps=1, rows={}, parameters=0, metrics=())

    def hear(self, message: Message) -> None:
        """Tell one message, or keep quiet about it."""
        match message:
            case Started():
                self._begin(message)
            case Progress():
                self._bar(message)
            case Epoch():
                self._epoch(message)
            case Device():
                self._where(message.sentence)
            case Stage():
                self._passing(f"{message.text} …")
            case Proof():
                self._proof(message)
            case Silence() if message.seconds:
                self._passing(f"The worker has said nothing for {duration(message.seconds)} …")
            case Log() if message.level == "warning" and not _machine(message.text):
                self.line(f"warning: {message.text}")
            case Failed():
                self._clear()

    def line(self, text: str) -> None:
        """A line that stays."""
        self._clear()
        self._stream.write(text + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Take away what was not meant to stay."""
        self._clear()

    def _where(self, sentence: str) -> None:
        """Where a job runs, once for all jobs that run there."""
        if sentence != self._place:
            self._place = sentence
            self.line(sentence)

    def _begin(self, message: Started) -> None:
        self._started = message
        rows = ", ".join(f"{count(number_)} {part}" for part, number_ in message.rows.items())
        self.line(f"{plural(message.epochs, 'epoch')} of {plural(message.steps, 'step')}, {count(message.parameters)} weights, "
                  f"rows: {rows}")

    def _bar(self, message: Progress) -> None:
        if not self._moves:
            return
        share = min(1.0, message.step / max(1, self._started.steps))
        done = round(BAR * share)
        left = f"{duration(max(1, round(message.seconds_left)))} left" if message.seconds_left else ""
        parts = [f"Epoch {message.epoch + 1}/{self._started.epochs}", FULL * done + EMPTY * (BAR - done),
                 f"{100 * share:3.0f} %", figures(message.metrics), left]
        self._passing("  ".join(part for part in parts if part))

    def _epoch(self, message: Epoch) -> None:
        self.line(f"Epoch {message.epoch + 1}/{self._started.epochs}  {figures(message.metrics)}  {duration(message.seconds)}")

    def _proof(self, message: Proof) -> None:
        name = message.format if message.part in ("", "whole") else f"{message.format} of {message.part}"
        if message.state == "failed":
            kept = " --accept keeps it as it is." if ACCEPT in message.problem else ""
            self.line(f"{name}: {message.problem}{kept}")
        elif message.state != "proven":
            self._passing(f"{name}: {STATES.get(message.state, message.state)} …")

    def _passing(self, text: str) -> None:
        """A line that the next one replaces; nothing where lines cannot be replaced."""
        if not self._moves:
            return
        width = max(20, shutil.get_terminal_size().columns - 1)
        self._stream.write(f"\r\033[K{text[:width]}")
        self._stream.flush()
        self._drawn = True

    def _clear(self) -> None:
        if self._drawn:
            self._stream.write("\r\033[K")
            self._stream.flush()
            self._drawn = False


def figures(metrics: Mapping[str, float]) -> str:
    """Figures in one line: `loss 0.0421  accuracy 0.9876`."""
    return "  ".join(f"{name} {number(value)}" for name, value in metrics.items())


def _machine(text: str) -> bool:
    """Whether a line of the log is TensorFlow talking to itself."""
    return (text[:1] in "WIEF" and text[1:5].isdigit()) or text.startswith(("WARNING", "20"))
