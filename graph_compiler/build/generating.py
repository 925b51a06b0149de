"""Running a generated sequence freely: each token is chosen from the scores that its predecessors led to.

`Generator` holds one traced function a way of choosing; greedy and with temperature run for many rows at once inside the
TensorFlow graph, beam search keeps the likeliest beginnings of each row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph_compiler.analysis.goals import End
from graph_compiler.build.compile import one_or_list
from graph_compiler.build.sequences import SequenceModels

ROWS = 256
"""Rows that run side by side."""
FORBIDDEN = -1e9


class Generator:
    """Generates with the models of a sequence. `columns` arguments are arrays [rows, ...] by source column."""

    def __init__(self, models: SequenceModels) -> None:
        self.models, self.plan = models, models.plan
        self._run: Any = None
        self._read: Any = None
        self._stepped: Any = None

    @property
    def reads(self) -> tuple[End, ...]:
        """The source columns that a generation starts from; none where it starts from nothing."""
        return tuple(dict.fromkeys((*self.models.columns, *(p for p in self.models.passed if isinstance(p, tuple)))))

    def greedy(self, columns: Mapping[End, np.ndarray], rows: int | None = None) -> np.ndarray:
        """The likeliest token at each place: int32 [rows, length], zeros after the end mark."""
        return self.sampled(columns, 0.0, 0, rows)

    def sampled(self, columns: Mapping[End, np.ndarray], temperature: float, seed: int = 0, rows: int | None = None,
                begin: Sequence[int] = (), length: int | None = None) -> np.ndarray:
        """Tokens drawn from the scores divided by `temperature` (0: greedy): int32 [rows, length].

        `begin` are tokens that stand first in every row. `length` may be any number for the form `state`, at most the
        drawing's length for the form `prefix`.
        """
        import tensorflow as tf

        count = rows if rows is not None else len(next(iter(columns.values())))
        size = length or self.plan.length
        first = np.zeros(size, np.int32)
        first[:len(begin)] = np.asarray(begin, np.int32)[:size]
        pieces = []
        for start in range(0, count, ROWS):
            piece = [columns[end][start:start + ROWS] for end in self.reads]
            inside = min(ROWS, count - start)
            if self._run is None:
                self._run = tf.function(self._loop, autograph=False, reduce_retracing=True)
            found = self._run([tf.constant(array) for array in piece], tf.constant(inside), tf.constant(float(temperature)),
                              tf.constant([seed, start]), tf.constant(first), tf.constant(min(len(begin), size)))
            pieces.append(found.numpy())
        return np.concatenate(pieces) if pieces else np.zeros((0, size), np.int32)

    def beam(self, columns: Mapping[End, np.ndarray], width: int = 4) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest whole sequences that a search of `width` beginnings a row finds.

        int32 [rows, width, length] and their log probabilities [rows, width], best first (Graves 2012).
        """
        count = len(next(iter(columns.values())))
        found = [self._beam({end: array[row:row + 1] for end, array in columns.items()}, width) for row in range(count)]
        return np.stack([tokens for tokens, _ in found]), np.stack([score for _, score in found])

    # Inside a traced function.

    def context(self, columns: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """Context tensors in the step's order, and what states start from (None: zeros)."""
        import tensorflow as tf

        given, models = dict(zip(self.reads, columns, strict=True)), self.models
        outputs: list[Any] = []
        if models.encoder is not None:
            made = models.encoder(one_or_list([given[end] for end in models.columns]), training=False)
            made = made if isinstance(made, (list, tuple)) else [made]
            outputs = [tf.identity(tensor) for tensor in made]  # without the mask Keras attaches: it comes as a tensor
        context = [given[place] if isinstance(place, tuple) else outputs[place] for place in models.passed]
        return context, [None if place is None else outputs[place] for place in models.starts]

    def states(self, starts: Sequence[Any], rows: Any) -> list[Any]:
        import tensorflow as tf

        return [tf.zeros(tf.stack([rows, state.units])) if start is None else start
                for state, start in zip(self.plan.states, starts, strict=True)]

    def step(self, tokens: Any, place: Any, states: Sequence[Any], context: Sequence[Any]) -> tuple[Any, list[Any]]:
        """Log probabilities [rows, tokens] of the token at `place`, and new states. `tokens` int32 [rows, length] so far."""
        import tensorflow as tf

        rows = tf.shape(tokens)[0]
        before = tf.where(place > 0, tf.gather(tokens, tf.maximum(place - 1, 0), axis=1), self.plan.start)
        if self.plan.form == "state":
            lead = [before[:, None]]
        else:
            shifted = tf.concat([tf.fill(tf.stack([rows, 1]), self.plan.start), tokens[:, :-1]], axis=1)
            lead = [tf.ensure_shape(shifted, (None, self.plan.length)), tf.fill(rows[None], place)]
        made = self.models.step([*lead, *states, *context], training=False)
        scores, *after = made if isinstance(made, (list, tuple)) else [made]
        scores = tf.cast(scores, tf.float32)
        logs = tf.nn.log_softmax(scores) if self.models.logits else tf.math.log(tf.maximum(scores, 1e-12))
        never = tf.one_hot(tf.constant([0, self.plan.start]), self.plan.tokens)
        return logs + FORBIDDEN * tf.reduce_max(never, axis=0), list(after)

    def _loop(self, columns: list[Any], rows: Any, temperature: Any, seed: Any, first: Any, given: Any) -> Any:
        import tensorflow as tf

        context, starts = self.context(columns)
        size = tf.shape(first)[0]

        def body(place: Any, tokens: Any, open_: Any, states: list[Any]) -> tuple[Any, Any, Any, list[Any]]:
            logs, after = self.step(tokens, place, states, context)
            drawn = tf.random.stateless_categorical(logs / tf.maximum(temperature, 1e-6), 1, seed + place, dtype=tf.int32)[:, 0]
            chosen = tf.where(temperature > 0, drawn, tf.argmax(logs, axis=-1, output_type=tf.int32))
            chosen = tf.where(place < given, first[place], chosen) * open_
            still = tf.where(tf.equal(chosen, self.plan.end), 0, open_) if self.plan.end else open_
            return place + 1, tokens + chosen[:, None] * tf.one_hot(place, size, dtype=tf.int32), still, after

        tokens = tf.zeros(tf.stack([rows, size]), tf.int32)
        shapes = (tf.TensorShape([]), tf.TensorShape([None, first.shape[0]]), tf.TensorShape([None]),
                  [tf.TensorShape([None, state.units]) for state in self.plan.states])
        _, tokens, _, _ = tf.while_loop(
            lambda place, *_: place < size, body,
            (tf.constant(0), tokens, tf.ones(rows[None], tf.int32), self.states(starts, rows)), shape_invariants=shapes,
            parallel_iterations=1)
        return tokens

    def _beam(self, columns: Mapping[End, np.ndarray], width: int) -> tuple[np.ndarray, np.ndarray]:
        import tensorflow as tf

        if self._stepped is None:
            self._read, self._stepped = (tf.function(part, autograph=False, reduce_retracing=True)
                                         for part in (self.context, self.step))
        context, starts = self._read([tf.constant(columns[end]) for end in self.reads])
        context = [tf.repeat(tensor, width, axis=0) for tensor in context]
        states = [tf.repeat(state, width, axis=0) for state in self.states(starts, 1)]
        tokens = np.zeros((width, self.plan.length), np.int32)
        total = np.full(width, -np.inf)
        total[0], done = 0.0, np.zeros(width, bool)
        for place in range(self.plan.length):
            logs, after = self._stepped(tf.constant(tokens), tf.constant(place), states, context)
            each = np.where(done[:, None], np.where(np.arange(self.plan.tokens) == 0, 0.0, -np.inf), logs.numpy())
            sums = (total[:, None] + each).reshape(-1)
            best = np.argsort(-sums, kind="stable")[:width]
            parent, token = np.divmod(best, self.plan.tokens)
            tokens, total, done = tokens[parent], sums[best], done[parent]
            tokens[:, place] = token
            done = done | ((token == self.plan.end) if self.plan.end else False)
            states = [tf.gather(state, parent) for state in after]
            if done.all():
                break
        return tokens, total
