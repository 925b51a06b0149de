"""Shows the sights of a run: at the start, after epochs, at the end, and never for more than a small share of the time."""

from __future__ import annotations

import time

from graph_compiler.build.compile import Compiled
from graph_compiler.messages import Log
from graph_compiler.messages import Sight as SightMessage
from graph_compiler.runs import sights as files
from graph_compiler.trainers.data import Feed
from graph_compiler.trainers.session import Session
from graph_compiler.trainers.sights.base import Sight, SightPlan, Sources, name_of
from graph_compiler.trainers.sights.choosing import wanted

SHARE = 0.03
"""Share of the training's time that sights may take; epochs are passed over until they take no more."""
SECONDS = 1.0
"""Time between two looks at least."""


class Showing:
    """The sights of one run. `spent` are the seconds they took after the first look; `shown` counts looks."""

    def __init__(self, session: Session, compiled: Compiled, feed: Feed) -> None:
        self._session, self._compiled, self._feed = session, compiled, feed
        self._folder = session.run.checkpoints.parent
        self._sights: list[tuple[SightPlan, Sight]] = []
        self._cost: float | None = None
        self._last = 0.0
        self._epoch = -1
        self.spent, self.shown = 0.0, 0

    def begin(self, epoch: int, step: int) -> None:
        """The run starts, or goes on, after so many epochs and steps: look at what is there, if it was not seen before."""
        files.cut(self._folder, epoch)
        sources = Sources(self._compiled, self._feed)
        for plan in wanted(self._compiled.analysis):
            self._make(plan, sources)
        seen = {name for name, found in files.written(self._folder).items() if epoch in found}
        if step == 0 and not {name_of(plan) for plan, _ in self._sights} <= seen:
            self._show(epoch)
        self._epoch = epoch
        self._last = time.monotonic()

    def epoch_done(self, epoch: int, elapsed: float) -> None:
        """So many epochs are done, `elapsed` seconds after the start: look if a look is due."""
        if not self._sights or time.monotonic() - self._last < SECONDS:
            return
        if self._cost is None or self.spent + self._cost <= SHARE * elapsed:
            self._show(epoch)

    def end(self, epoch: int, step: int) -> None:
        """The run is over after so many epochs and steps: look once more if an epoch has just been done."""
        if self._sights and step == 0 and epoch != self._epoch:
            self._show(epoch)

    def _make(self, plan: SightPlan, sources: Sources) -> None:
        try:
            self._sights.append((plan, plan.make(sources)))
        except Exception as error:  # what cannot be shown must not end a training
            self._give_up(plan, error)

    def _show(self, epoch: int) -> None:
        began = time.perf_counter()
        for plan, sight in list(self._sights):
            self._one(plan, sight, epoch)
        seconds = time.perf_counter() - began
        if self.shown:  # the first look also warms up
            self._cost = seconds
            self.spent += seconds
        self.shown += 1
        self._epoch, self._last = epoch, time.monotonic()

    def _one(self, plan: SightPlan, sight: Sight, epoch: int) -> None:
        name = name_of(plan)
        try:
            arrays, facts = sight.look()
            path = files.write(self._folder, files.Look(plan.kind, name, plan.title, epoch, arrays, facts))
        except Exception as error:  # what cannot be shown must not end a training
            self._sights.remove((plan, sight))
            self._give_up(plan, error)
            return
        self._session.emit(SightMessage(kind=plan.kind, name=name, title=plan.title, epoch=epoch, path=str(path)))

    def _give_up(self, plan: SightPlan, error: Exception) -> None:
        self._session.emit(Log(level="warning", text=f"“{plan.title}” cannot be shown: {error}"))
