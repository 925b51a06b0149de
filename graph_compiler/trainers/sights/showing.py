"""Shows the sights of a run: at the start, after epochs, at the end, and never for more than a small share of the time."""

from __future__ import annotations

import time

from graph_compiler.messages import Log
from graph_compiler.messages import Sight as SightMessage
from graph_compiler.runs import sights as files
from graph_compiler.trainers.session import Session
from graph_compiler.trainers.sights.base import Sight, SightPlan, Sources, name_of
from graph_compiler.trainers.sights.choosing import wanted

SHARE = 0.03
"""Share of the training's time that sights may take; epochs are passed over until they take no more."""
SECONDS = 1.0
"""Time between two looks at least."""
LATE = frozenset({"texts"})
"""Kinds that are not looked at before the first epoch: their models take long to make, and the first step should not wait."""


class Showing:
    """The sights of one run. `spent` are the seconds they took, `first` those of their first looks; `shown` counts looks."""

    def __init__(self, session: Session, sources: Sources) -> None:
        self._session, self._sources = session, sources
        self._folder = session.run.checkpoints.parent
        self._plans = list(wanted(sources.compiled.analysis))
        self._made: dict[str, Sight] = {}
        self._cost: float | None = None
        self._last = 0.0
        self._epoch = -1
        self.spent, self.first, self.shown = 0.0, 0.0, 0

    @property
    def record(self) -> dict[str, float]:
        """What it took, for the record of the run."""
        return {"looks": self.shown, "seconds": round(self.spent, 3), "first_seconds": round(self.first, 3)}

    def begin(self, epoch: int, step: int) -> None:
        """The run starts, or goes on, after so many epochs and steps: look at what is there, if it was not seen before."""
        files.cut(self._folder, epoch)
        seen = {name for name, found in files.written(self._folder).items() if epoch in found}
        early = [plan for plan in self._plans if epoch or plan.kind not in LATE]
        if step == 0 and not {name_of(plan) for plan in early} <= seen:
            self._show(early, epoch)
        self._epoch, self._last = epoch, time.monotonic()

    def epoch_done(self, epoch: int, elapsed: float) -> None:
        """So many epochs are done, `elapsed` seconds after the start: look if a look is due."""
        if not self._plans or time.monotonic() - self._last < SECONDS:
            return
        if self._cost is None or self.spent + 2 * self._cost <= SHARE * elapsed:  # one is kept back for the end
            self._show(self._plans, epoch)

    def end(self, epoch: int, step: int) -> None:
        """The run is over after so many epochs and steps: look once more if an epoch has just been done."""
        if self._plans and step == 0 and epoch != self._epoch:
            self._show(self._plans, epoch)

    def _show(self, plans: list[SightPlan], epoch: int) -> None:
        seconds, warm = 0.0, True
        for plan in list(plans):
            began, known = time.perf_counter(), name_of(plan) in self._made
            self._one(plan, epoch)
            taken = time.perf_counter() - began
            if known:
                seconds += taken
            else:  # the first look makes models and warms up
                self.first, warm = self.first + taken, False
        self._cost = seconds if warm else self._cost
        self.spent += seconds
        self.shown += 1
        self._epoch, self._last = epoch, time.monotonic()

    def _one(self, plan: SightPlan, epoch: int) -> None:
        name = name_of(plan)
        try:
            if name not in self._made:
                self._made[name] = plan.make(self._sources)
            arrays, facts = self._made[name].look()
            path = files.write(self._folder, files.Look(plan.kind, name, plan.title, epoch, arrays, facts))
        except Exception as error:  # what cannot be shown must not end a training
            self._plans.remove(plan)
            self._session.emit(Log(level="warning", text=f"“{plan.title}” cannot be shown: {error}"))
            return
        self._session.emit(SightMessage(kind=plan.kind, name=name, title=plan.title, epoch=epoch, path=str(path)))
