"""One run as a row of the table, and the columns that show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from widgets.figures import figure_title, figure_words
from widgets.words import duration, number

STATE_WORDS = {"finished": ("Finished", "ok", "check"), "stopped": ("Stopped, kept", "text2", "stop"),
               "failed": ("Failed", "error", "error"), "killed": ("Ended early", "warn", "warning"),
               "running": ("Running", "accent", "play"), "waiting": ("Waiting", "text3", "clock")}
"""State of a run -> words, colour token, icon."""


@dataclass(frozen=True)
class RunRow:
    """What the table knows of a run. `started` in seconds since 1970, `seconds` of work, `metrics` by their full names."""

    folder: str
    number: str
    drawing: str = ""
    name: str = ""
    note: str = ""
    started: float = 0.0
    state: str = "finished"
    reason: str = ""
    epochs: int = 0
    planned: int = 0
    seconds: float = 0.0
    metrics: Mapping[str, float] = field(default_factory=dict)
    own: bool = True
    """Whether it is a run of the open drawing."""
    usable: bool = True
    """Whether it has weights to evaluate, export and go on from."""

    @property
    def title(self) -> str:
        """`run 7`, with the drawing's name for a run of another drawing."""
        return f"run {self.number}" if self.own else f"{self.drawing}, run {self.number}"

    def figure(self) -> tuple[str, float] | None:
        """Its best known figure besides the loss: on test rows, else on validation rows, else on training rows."""
        for prefix in ("test_", "val_", ""):
            for name, value in self.metrics.items():
                plain = name.removeprefix(prefix)
                if name.startswith(prefix) and plain != "loss" and (prefix or not name.startswith(("test_", "val_"))):
                    return name, value
        return None

    def loss(self) -> float | None:
        """The loss on validation rows, else on training rows."""
        return self.metrics.get("val_loss", self.metrics.get("loss"))

    @property
    def loss_part(self) -> str:
        """The rows that loss is of."""
        return "val." if "val_loss" in self.metrics else "train"

    def searched(self) -> str:
        """All words a filter looks in."""
        return " ".join((self.number, self.drawing, self.name, self.note, STATE_WORDS[self.state][0], self.state)).lower()


def when_words(started: float, now: datetime | None = None) -> str:
    """`20:11`, `yesterday 20:11`, `Tue 20:11`, `12 Nov`, `12 Nov 2025`."""
    if not started:
        return ""
    then, today = datetime.fromtimestamp(started), now or datetime.now()
    days = (today.date() - then.date()).days
    if days < 7:
        return {0: "", 1: "yesterday "}.get(days, f"{then:%a} ") + f"{then:%H:%M}"
    return f"{then.day} {then:%b}" if then.year == today.year else f"{then.day} {then:%b %Y}"


def figure_heading(name: str) -> str:
    """`test_accuracy` -> `Accuracy, test`."""
    for prefix, words in (("test_", ", test"), ("val_", ", val.")):
        if name.startswith(prefix):
            return figure_title(name.removeprefix(prefix)) + words
    return figure_title(name)


@dataclass(frozen=True)
class Column:
    """A column of the table: heading, text and sort key of a row."""

    id: str
    heading: str
    text: Callable[[RunRow], str]
    key: Callable[[RunRow], float | str]
    right: bool = False
    width: int = 92


def columns(rows: Sequence[RunRow]) -> tuple[Column, ...]:
    """The columns these rows need; that of the figure is named by the figure most of them have."""
    named = Counter(found[0] for row in rows if (found := row.figure()) is not None)
    figure = named.most_common(1)[0][0] if named else ""

    def figure_text(row: RunRow) -> str:
        found = row.figure()
        if found is None:
            return "–"
        plain = found[0].removeprefix("test_").removeprefix("val_")
        words = figure_words(plain, found[1])
        return words if found[0] == figure else f"{figure_heading(found[0])} {words}"

    def figure_key(row: RunRow) -> float:
        found = row.figure()
        return found[1] if found is not None else float("-inf")

    parts = Counter(row.loss_part for row in rows if row.loss() is not None)
    usual = parts.most_common(1)[0][0] if parts else ""

    def loss_text(row: RunRow) -> str:
        loss = row.loss()
        other = "" if row.loss_part == usual else f"{row.loss_part} "
        return f"{other}{number(loss, 3)}" if loss is not None else "–"

    drawing = (Column("drawing", "Drawing", lambda r: r.drawing, lambda r: r.drawing.lower(), width=128),)
    return (
        Column("run", "Run", lambda r: f"{r.number} · {r.name}" if r.name else r.number, lambda r: r.number.zfill(8),
               width=104),
        *(drawing if any(not row.own for row in rows) else ()),
        Column("when", "When", lambda r: when_words(r.started), lambda r: r.started, width=120),
        Column("figure", figure_heading(figure) if figure else "Figure", figure_text, figure_key, True, 118),
        Column("loss", f"Loss, {usual}" if usual else "Loss", loss_text,
               lambda r: v if (v := r.loss()) is not None else float("inf"), True, 92),
        Column("epochs", "Epochs", lambda r: f"{r.epochs} of {r.planned}" if r.planned > r.epochs else str(r.epochs),
               lambda r: r.epochs, True, 76),
        Column("time", "Time", lambda r: duration(r.seconds) if r.seconds else "–", lambda r: r.seconds, True, 76),
        Column("state", "State", lambda r: STATE_WORDS[r.state][0], lambda r: r.state, width=124),
        Column("note", "Note", lambda r: r.note, lambda r: r.note.lower(), width=96))
