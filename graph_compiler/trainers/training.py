"""The training loop: step by step through all phases, epoch by epoch; it can be held, stopped and resumed."""

from __future__ import annotations

import shutil
import time
from contextlib import nullcontext
from typing import Any

import numpy as np

from graph_compiler.build.weights import load_weights
from graph_compiler.messages import Checkpoint, Epoch, Log, Paused, Stage, Started
from graph_compiler.specs.trainers import TrainerSpec
from graph_compiler.trainers import checkpoints, recipe
from graph_compiler.trainers.checkpoints import FINAL, not_finite
from graph_compiler.trainers.device import Choice, choose
from graph_compiler.trainers.miniatures import Miniatures
from graph_compiler.trainers.pace import Pace
from graph_compiler.trainers.problems import Dropped
from graph_compiler.trainers.reporting import Reporter
from graph_compiler.trainers.session import Session
from graph_compiler.trainers.setup import Prepared, prepare
from graph_compiler.trainers.sights.base import Sources
from graph_compiler.trainers.sights.showing import Showing
from graph_compiler.trainers.stopping import larger_is_better

CHECKPOINT_SECONDS = 30.0
"""The longest time between two checkpoints."""


def train(session: Session) -> dict[str, Any]:
    """Train to the end and measure. The result has metrics, epochs, steps, seconds, the step mode and why it ended.

    Raises TrainProblem, BuildProblem, DataProblem, WeightsProblem, Refusal, or Dropped when the run is not to be kept.
    """
    import tensorflow as tf

    device = choose(session.settings.device)
    session.emit(device.message)
    started = time.monotonic()
    with tf.device(device.place) if device.is_gpu else nullcontext():
        training = Training(session, prepare(session, device), device)
        training.run()
        return training.finish(time.monotonic() - started)


class Training:
    """One run in work. `state` of what was prepared is kept up to date and goes into every checkpoint."""

    def __init__(self, session: Session, prepared: Prepared, device: Choice) -> None:
        self.session, self.prepared, self.device = session, prepared, device
        self.steps, self.state, self.settings = prepared.steps, prepared.state, prepared.settings
        self.folder = session.run.checkpoints
        self.pace = Pace(self.settings.step, sum(1 for layer in prepared.compiled.layers.values() if layer.weights))
        self.reporter = Reporter(session.emit, self.steps.steps, self.settings.epochs, self.settings.batch_size,
                                 prepared.feed.count("train"), lambda: self._resumed_at + self._elapsed())
        self.miniatures = Miniatures(session, prepared.compiled, prepared.feed, prepared.steps)
        self.sights = Showing(session, Sources(prepared.compiled, prepared.feed, lambda: prepared.measures.generator))
        self.stopped = ""
        self._limit = session.options.limit_steps
        self._saved = time.monotonic()
        self._resumed_at = prepared.state.seconds
        self._began = time.monotonic()
        self._paused = 0.0
        self._traced = False
        self._figures: dict[str, float] = {}

    def run(self) -> None:
        """Take all epochs, or as many as the user, early stopping or the step limit allow."""
        shutil.rmtree(self.folder / FINAL, ignore_errors=True)
        self.sights.begin(self.state.epoch, self.state.step)
        self._tell_start()
        while self.state.epoch < self.settings.epochs and not self.stopped:
            self._epoch()
        self.reporter.flush()
        self.sights.end(self.state.epoch, self.state.step)

    def finish(self, seconds: float) -> dict[str, Any]:
        """Bring back the best weights, measure validation and test rows once, keep the final weights, and sum up."""
        prepared, best, shown = self.prepared, self.folder / self.state.best, self._figures or self.state.figures
        if prepared.stopper is not None and self.state.best and best.is_dir():
            load_weights(prepared.compiled, best / checkpoints.WEIGHTS)
            shown = checkpoints.read_state(best).figures
        else:
            self.steps.take_averages()
        final = checkpoints.save(self.folder, FINAL, prepared.compiled, self.steps.optimizer_variables,
                                 self.steps.figures.variables, self.state)
        self.session.emit(Checkpoint(epoch=self.state.epoch, step=self.state.step, path=str(final)))
        self.session.emit(Stage(text="Measuring the test rows"))
        figures = {name: value for name, value in shown.items() if not name.startswith("val_")}
        for part, prefix in (("validation", "val_"), ("test", "test_")):
            figures |= {prefix + name: value for name, value in prepared.measures.of(part).items()}
        self.miniatures.finish(self.state.total_steps)
        return {"metrics": figures, "epochs": self.state.epoch, "steps": self.state.total_steps, "stopped": self.stopped,
                "best_epoch": prepared.stopper.best_epoch + 1 if prepared.stopper else None, "device": self.device.name,
                "seconds": {"train": round(seconds, 3)}, "step": self.pace.result, "checkpoint": str(final),
                "rows": prepared.feed.counts, "sights": self.sights.record}

    # One epoch.

    def _epoch(self) -> None:
        began, state = self._elapsed(), self.state
        order = self._order(state.epoch)
        if not state.step:
            self.steps.figures.reset()
        while state.step < self.steps.steps:
            self._call(order)
            self.miniatures.show(state.total_steps)
            if not self._may_go_on():
                break
        if state.step == self.steps.steps:
            self._epoch_done(began)

    def _order(self, epoch: int) -> np.ndarray:
        feed = self.prepared.feed
        return feed.shuffled(self.settings.seed, epoch) if self.settings.shuffle else feed.order("train")

    def _call(self, order: np.ndarray) -> None:
        """Some steps in one call of the graph. TrainProblem when the loss is no number any more."""
        state, first = self.state, self.state.step
        last = min(first + self.pace.size(self.reporter.seconds_per_step), self.steps.steps)
        if self._limit is not None:
            last = min(last, first + self._limit - state.total_steps)
        if self.pace.should_compile(self.reporter.seconds_per_step, self._steps_ahead()):
            self._try_compiled(order)
            return
        full = self.prepared.feed.count("train") // self.settings.batch_size
        jit = self.pace.compiled and first < full
        self._take(order, first, min(last, full) if jit else last, jit)

    def _take(self, order: np.ndarray, first: int, last: int, jit: bool) -> None:
        state, began = self.state, time.perf_counter()
        rates = self.prepared.schedule.rates(state.epoch, first, last)
        losses, values = self.steps.train(order, first, last, rates, jit, state.epoch)
        seconds = time.perf_counter() - began
        figures = self.steps.figures.named(values.tolist())
        if not np.isfinite(losses).all():
            bad = first + int(np.argmin(np.isfinite(losses).all(axis=1))) + 1
            raise not_finite(f"the loss is not a number any more in epoch {state.epoch + 1}, step {bad}")
        state.step, state.total_steps = last, state.total_steps + last - first
        self.reporter.steps_done(state.epoch, first, losses, figures, float(rates[-1]), seconds, traced=not self._traced)
        self._traced, self._figures = True, figures

    def _try_compiled(self, order: np.ndarray) -> None:
        """Compile the step, take a few with it, and keep it only if they are faster."""
        state, before = self.state, self.reporter.seconds_per_step
        full = self.prepared.feed.count("train") // self.settings.batch_size
        if full - state.step < 2:
            return
        self.session.emit(Stage(text="Compiling the step with XLA"))
        began = time.perf_counter()
        self._take(order, state.step, state.step + 1, jit=True)
        spent = time.perf_counter() - began
        count = min(max(1, self.pace.size(before)), full - state.step)
        began = time.perf_counter()
        self._take(order, state.step, state.step + count, jit=True)
        self.pace.tried(spent, (time.perf_counter() - began) / count, before)
        kept = "kept" if self.pace.compiled else "not kept: it is slower"
        self.session.emit(Log(text=f"XLA compiled the step in {spent:.1f} s; {kept}."))

    def _epoch_done(self, began: float) -> None:
        state, prepared, epoch = self.state, self.prepared, self.state.epoch
        measured = {f"val_{name}": value for name, value in prepared.measures.of("validation", whole=False).items()}
        state.figures = self._figures | measured
        rate = prepared.schedule.rate(epoch, self.steps.steps - 1)
        self.session.emit(Epoch(epoch=epoch, metrics=state.figures, learning_rate=rate, seconds=self._elapsed() - began))
        if prepared.schedule.monitor:
            name = prepared.schedule.monitor if prepared.schedule.monitor in state.figures else "loss"
            prepared.schedule.epoch_done(state.figures[name], larger_is_better(name))
        state.epoch, state.step = epoch + 1, 0
        if prepared.stopper is not None:
            if prepared.stopper.epoch_done(epoch, state.figures[prepared.stopper.monitor]):
                state.best = checkpoints.name_of(state)
            if prepared.stopper.enough:
                self.stopped = "early"
        self.steps.figures.reset()
        self._checkpoint()
        self.sights.epoch_done(state.epoch, self._elapsed())

    # Between two calls.

    def _may_go_on(self) -> bool:
        """Checkpoint when it is time, hold while asked to, and say whether to take further steps."""
        if self._limit is not None and self.state.total_steps >= self._limit:
            self.stopped = "limit"
        asked = self.session.control.poll()
        if asked == "pause":
            asked = self._hold()
        if asked == "drop":
            raise Dropped
        if asked == "stop":
            self.stopped = "user"
        inside = 0 < self.state.step < self.steps.steps
        if inside and (self.stopped or time.monotonic() - self._saved >= CHECKPOINT_SECONDS):
            self._checkpoint()
        return not self.stopped

    def _hold(self) -> str:
        if 0 < self.state.step < self.steps.steps:
            self._checkpoint()
        self.reporter.flush()
        began = time.monotonic()
        self.session.emit(Paused(paused=True))
        asked = self.session.control.wait_while_paused()
        self.session.emit(Paused(paused=False))
        self._paused += time.monotonic() - began
        return asked

    def _checkpoint(self) -> None:
        state, prepared = self.state, self.prepared
        state.schedule = prepared.schedule.state()
        state.stopper = prepared.stopper.state() if prepared.stopper else None
        state.seconds = self._resumed_at + self._elapsed()
        path = checkpoints.save(self.folder, checkpoints.name_of(state), prepared.compiled, self.steps.optimizer_variables,
                                self.steps.figures.variables, state)
        checkpoints.prune(self.folder, state.best)
        self._saved = time.monotonic()
        self.session.emit(Checkpoint(epoch=state.epoch, step=state.step, path=str(path)))

    def _elapsed(self) -> float:
        return time.monotonic() - self._began - self._paused

    def _steps_ahead(self) -> int:
        return (self.settings.epochs - self.state.epoch) * self.steps.steps - self.state.step

    def _tell_start(self) -> None:
        prepared, stopper = self.prepared, self.prepared.stopper
        if stopper is not None and stopper.monitor != stopper.settings.monitor:
            words = f"Early stopping watches {stopper.monitor}: there is no {stopper.settings.monitor}."
            self.session.emit(Log(level="warning", text=words))
        self.session.emit(Started(
            epochs=self.settings.epochs, steps=self.steps.steps, rows=prepared.feed.counts,
            parameters=prepared.compiled.model.count_params(), metrics=tuple(self.steps.figures.names),
            first_epoch=self.state.epoch))


SUPERVISED = TrainerSpec(
    name="supervised", summary="Minimises the objectives of the drawing", fits=lambda plan: plan.trainer == "supervised",
    train=train, recipe=recipe.recipe)
ADVERSARIAL = TrainerSpec(
    name="adversarial", summary="Trains discriminators and what they judge, one after the other in each step",
    fits=lambda plan: plan.trainer == "adversarial", train=train, recipe=recipe.recipe)
