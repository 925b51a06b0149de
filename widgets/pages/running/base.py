"""What the pages of generating networks have in common: what is known of the run, and questions that never pile up."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from graph_compiler.messages import Asking
from widgets.words import duration

PATIENCE = 500
"""Milliseconds without an answer after which the page says what is going on."""
STARTING, AT_WORK = "Starting TensorFlow", "The network is at work"
Answers = tuple[dict[str, Any], ...]
_tickets = itertools.count(-1, -1)
"""Below zero, so that they never meet those of the drawing pad."""


@dataclass(frozen=True)
class Running:
    """What a run generates, read from its own drawing.

    `form` is sequence, text or samples; `reads` is text or picture where a person can give it something, else empty.
    """

    folder: str
    form: str
    reads: str = ""
    length: int = 0
    """Tokens of a sequence as it was trained."""
    longest: int = 0
    """Tokens that can be asked for."""
    token: str = "character"
    classes: tuple[str, ...] = ()
    """Classes that pictures can be asked of."""
    figures: tuple[tuple[str, str], ...] = ()
    """(caption, value) pairs of the bar."""


class Slot(QObject):
    """One place that asks. One question is out at a time; of the wishes that come meanwhile only the newest is sent."""

    sent = Signal(object, object, int)
    answered = Signal(object)
    failed = Signal(str)
    waiting = Signal(str)
    """What is going on, once it takes long; empty when it is over."""

    def __init__(self, parent: QObject, patience: int = PATIENCE) -> None:
        super().__init__(parent)
        self.ticket = 0
        self._next: tuple[tuple[str, ...], Asking] | None = None
        self._words = STARTING
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(patience)
        self._tick.timeout.connect(self._say_waiting)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self.ticket != 0

    def ask(self, inputs: tuple[str, ...], asking: Asking) -> None:
        """Ask now, or as soon as the question that is out is answered."""
        if self.busy:
            self._next = (inputs, asking)
            return
        self.ticket = next(_tickets)
        self._clock.start()
        self._tick.start()
        self.sent.emit(list(inputs), asking, self.ticket)

    def take(self, ticket: int, answers: Answers) -> None:
        """An answer; one to another question is passed over."""
        if not self.busy or ticket != self.ticket or not answers:
            return
        self._end()
        problems = [str(answer["problem"]) for answer in answers if answer.get("problem")]
        if len(problems) == len(answers):
            self.failed.emit(problems[0])
        else:
            self.answered.emit(tuple(answer for answer in answers if not answer.get("problem")))
        if self._next is not None and not self.busy:
            wish, self._next = self._next, None
            self.ask(*wish)

    def stage(self, words: str) -> None:
        """What the worker is at."""
        self._words = words

    def lose(self, sentence: str) -> None:
        """There will be no answer."""
        self._next = None
        if self.busy:
            self._end()
            self.failed.emit(sentence)

    def _end(self) -> None:
        self.ticket = 0
        self._tick.stop()
        self.waiting.emit("")

    def _say_waiting(self) -> None:
        seconds = self._clock.elapsed() // 1000
        self.waiting.emit(f"{self._words}, {duration(float(seconds))} …" if seconds else f"{self._words} …")


class Runner(QWidget):
    """A page for one run. `asked(inputs, asking, ticket)` is the wish, `answer` the fulfilment."""

    asked = Signal(object, object, int)

    def __init__(self, running: Running) -> None:
        super().__init__()
        self.running = running
        self._slots: list[Slot] = []

    def slot(self) -> Slot:
        """A further place that asks."""
        slot = Slot(self)
        slot.sent.connect(self.asked)
        self._slots.append(slot)
        return slot

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return any(slot.busy for slot in self._slots)

    def start(self) -> None:
        """Ask the first questions."""
        raise NotImplementedError

    def answer(self, ticket: int, answers: Answers) -> None:
        """The worker's answer to a wish."""
        self.stage(AT_WORK)
        for slot in self._slots:
            slot.take(ticket, answers)

    def stage(self, words: str) -> None:
        """What the worker is at."""
        for slot in self._slots:
            slot.stage(words)

    def say(self, sentence: str) -> None:
        """The worker cannot answer any more; the next question starts another one."""
        self.stage(STARTING)
        for slot in self._slots:
            slot.lose(sentence)

    def drop_file(self, path: Path) -> None:
        """A file of the user's."""
        raise NotImplementedError
