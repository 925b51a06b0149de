"""The traced functions of a run: many gradient steps a call, and a whole measurement a call.

Columns are tensors in memory; a step gathers its rows by number, and draws noise anew. The loop over steps is part of the
TensorFlow graph, so that Python is entered once a call. One trace serves every batch, the short last one of an epoch
included. Arithmetic and order are those of Keras's `fit`; only the compiled variant (XLA) rounds differently.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graph_compiler.analysis.goals import End
from graph_compiler.build.compile import Compiled
from graph_compiler.trainers.data import Feed
from graph_compiler.trainers.figures import Figures
from graph_compiler.trainers.noise import drawn
from graph_compiler.trainers.phases import Phase

MEASURE_BATCH = 128
"""Least rows a batch when nothing is learnt (no gradients are kept, so more fit)."""
_KEEP_ON_HOST = 512 * 2**20
"""Tables larger than this stay in main memory when a GPU computes."""


class Steps:
    """The functions of one run. `figures` are those of training; measuring has its own.

    Losses of a step come one a phase, that of the generator (or the only one) first.
    """

    def __init__(self, compiled: Compiled, feed: Feed, phases: Sequence[Phase], batch_size: int, seed: int = 0) -> None:
        self.compiled, self.feed, self.phases = compiled, feed, list(phases)
        self.batch_size, self.seed = batch_size, seed
        self.figures, self._measured = Figures(compiled.plan), Figures(compiled.plan)
        self._ends = [*compiled.columns, *compiled.target_columns]
        self._columns = self._on_device(self._ends)
        self._noise = {end: compiled.analysis.engine.facts[end[0]].values for end in compiled.columns if end in feed.noise}
        self._run: Callable[..., Any] | None = None
        self._compiled_run: Callable[..., Any] | None = None
        self._measure: Callable[..., Any] | None = None

    @property
    def steps(self) -> int:
        """Steps of an epoch; the last may be short."""
        return -(-self.feed.count("train") // self.batch_size)

    @property
    def optimizer_variables(self) -> list[Any]:
        """What all optimisers remember, in one list."""
        return [v for phase in self.phases for group in phase.groups for v in group.optimizer.variables]

    def take_averages(self) -> None:
        """Put the moving averages in place of the weights, where an optimiser keeps them (`use_ema`)."""
        for group in (group for phase in self.phases for group in phase.groups):
            inner = getattr(group.optimizer, "inner_optimizer", group.optimizer)
            if inner.use_ema:
                inner.finalize_variable_values(group.variables)

    def train(self, order: Any, first: int, last: int, rates: np.ndarray, jit: bool = False,
              epoch: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Take steps `first` to `last` (not included) of an epoch whose rows come in `order` int32 [sources, rows].

        `rates` are the learning rates [last - first]. Returns losses [steps, phases] and the figures of the epoch so far.
        """
        import tensorflow as tf

        run = self._function(jit)
        losses, figures = run(tf.constant(order), tf.constant(first), tf.constant(last), tf.constant(rates),
                              tf.constant(epoch * self.steps))
        return losses.numpy(), figures.numpy()

    def measure(self, part: str) -> dict[str, float]:
        """Figures over `train`, `validation` or `test` rows, measured once, in inference. Empty without rows."""
        import tensorflow as tf

        if not self.feed.count(part):
            return {}
        if self._measure is None:
            self._measure = self._traced_measure()
        return self._measured.named(self._measure(tf.constant(self.feed.order(part))).numpy().tolist())

    def _on_device(self, ends: Sequence[End]) -> list[tuple[int, Any]]:
        """(number of the source, tensor [all rows, ...]) of each column; a column used twice is there once."""
        import tensorflow as tf

        made: dict[End, Any] = {}
        for end in ends:
            array = self.feed.columns[end]
            if end not in made and array.nbytes > _KEEP_ON_HOST:
                with tf.device("/CPU:0"):
                    made[end] = tf.constant(array)
            elif end not in made:
                made[end] = tf.constant(array)
        return [(self.feed.sources.index(end[0]), made[end]) for end in ends]

    def _batch(self, rows: Any) -> tuple[dict[End, Any], dict[End, Any]]:
        """Model inputs and target columns of rows int32 [sources, batch], by column."""
        import tensorflow as tf

        found = [tf.gather(column, rows[source]) for source, column in self._columns]
        cut = len(self.compiled.columns)
        return dict(zip(self._ends[:cut], found[:cut], strict=True)), dict(zip(self._ends[cut:], found[cut:], strict=True))

    def _traced(self, loop: Callable[..., Any], jit: bool) -> Callable[..., Any]:
        import tensorflow as tf

        signature = [tf.TensorSpec([len(self.feed.sources), None], tf.int32), tf.TensorSpec([], tf.int32),
                     tf.TensorSpec([], tf.int32), tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.int32)]
        step = tf.function(self._step, jit_compile=True, autograph=False) if jit else self._step

        def run(order: Any, first: Any, last: Any, rates: Any, before: Any) -> Any:
            losses = loop(order, first, last, rates, before, step)
            return losses, self.figures.results()

        return _concrete(run, signature)

    def _loop(self, order: Any, first: Any, last: Any, rates: Any, before: Any, step: Callable[..., Any]) -> Any:
        import tensorflow as tf

        count, size = tf.shape(order)[1], self.batch_size

        def body(number: Any, losses: Any) -> tuple[Any, Any]:
            rows = order[:, number * size:tf.minimum((number + 1) * size, count)]
            loss = step(rates[number - first], before + number, *self._batch(rows))
            return number + 1, losses.write(number - first, loss)

        return self._while(first, last, body)

    def _full_batches(self, order: Any, first: Any, last: Any, rates: Any, before: Any, step: Callable[..., Any]) -> Any:
        """The loop for compiled steps: every batch has its full, fixed size."""
        import tensorflow as tf

        def body(number: Any, losses: Any) -> tuple[Any, Any]:
            rows = tf.slice(order, [0, number * self.batch_size], [len(self.feed.sources), self.batch_size])
            loss = step(rates[number - first], before + number, *self._batch(rows))
            return number + 1, losses.write(number - first, loss)

        return self._while(first, last, body)

    def _while(self, first: Any, last: Any, body: Callable[..., Any]) -> Any:
        import tensorflow as tf

        losses = tf.TensorArray(tf.float32, size=last - first, element_shape=[len(self.phases)])
        _, losses = tf.while_loop(lambda number, _: number < last, body, (first, losses), parallel_iterations=1)
        return losses.stack()

    def _step(self, rate: Any, number: Any, inputs: dict[End, Any], columns: dict[End, Any]) -> Any:
        """One step of every phase on a batch; `number` counts the steps of the whole run. Losses [phases]."""
        import tensorflow as tf

        rows = tf.shape(next(iter((inputs or columns).values())))[0]
        losses = {}
        for place, phase in enumerate(self.phases):
            seed = tf.stack([tf.constant(self.seed * 16 + place, tf.int32), number])
            batch = {**inputs, **{end: drawn(values, rows, seed + 1000 * (n + 1))
                                  for n, (end, values) in enumerate(self._noise.items())}}
            losses[phase.plan.name] = self._phase(phase, rate, number, batch, columns, seed, rows)
        return tf.stack([losses[phase.plan.name] for phase in reversed(self.phases)])

    def _phase(self, phase: Phase, rate: Any, number: Any, batch: dict[End, Any], columns: dict[End, Any], seed: Any,
               rows: Any) -> Any:
        import tensorflow as tf

        if phase.every == 1:
            return phase.step(rate, batch, columns, self.figures, seed, rows)
        return tf.cond(tf.equal(number % phase.every, phase.every - 1),
                       lambda: phase.step(rate, batch, columns, self.figures, seed, rows),
                       lambda: tf.cast(self.figures.metrics["loss"].result(), tf.float32))

    def _function(self, jit: bool) -> Callable[..., Any]:
        """The traced loop, made when it is first needed."""
        if jit:
            self._compiled_run = self._compiled_run or self._traced(self._full_batches, jit=True)
            return self._compiled_run
        self._run = self._run or self._traced(self._loop, jit=False)
        return self._run

    def _traced_measure(self) -> Callable[..., Any]:
        import tensorflow as tf

        size = max(self.batch_size, MEASURE_BATCH)

        def run(order: Any) -> Any:
            self._measured.reset()
            count = tf.shape(order)[1]

            def body(start: Any) -> tuple[Any]:
                end = tf.minimum(start + size, count)
                inputs, columns = self._batch(order[:, start:end])
                for phase in self.phases:
                    total, parts = phase.losses(phase.values(inputs, training=False), columns, self._measured)
                    self._measured.take(phase.plan, total, parts, end - start)
                return (start + size,)

            tf.while_loop(lambda start: start < count, body, (tf.constant(0),), parallel_iterations=1)
            return self._measured.results()

        signature = [tf.TensorSpec([len(self.feed.sources), None], tf.int32)]
        return _concrete(run, signature)


def _concrete(function: Callable[..., Any], signature: list[Any]) -> Callable[..., Any]:
    """One trace of a function; it is never traced again."""
    import tensorflow as tf

    traced: Callable[..., Any] = tf.function(function, input_signature=signature, autograph=False).get_concrete_function()
    return traced
