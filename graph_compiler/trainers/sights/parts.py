"""Keras models of parts of a drawing: from its columns to some tensors, or from a tensor in the middle to one behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph_compiler.analysis.goals import End
from graph_compiler.build.compile import Compiled, one_or_list

BATCH = 256
"""Rows that are computed at once at most."""


class Part:
    """A model of some tensors. `columns` are what it reads, in order; a tensor it starts from comes first."""

    def __init__(self, model: Any, columns: tuple[End, ...]) -> None:
        self.model, self.columns = model, columns

    @classmethod
    def of(cls, compiled: Compiled, *ends: End) -> Part:
        """From the columns of the drawing to these tensors."""
        return cls(*compiled.part(ends))

    @classmethod
    def until(cls, compiled: Compiled, tensor: Any, node: str) -> Part:
        """From the columns to a tensor inside root node `node`."""
        import keras

        _, columns = compiled.part([next(end for end in compiled.tensors if end[0] == node)])
        return cls(keras.Model(one_or_list([compiled.tensors[end] for end in columns]), tensor), columns)

    @classmethod
    def behind(cls, compiled: Compiled, start: End, end: End, columns: tuple[End, ...]) -> Part:
        """From the tensor `start`, and from columns that are read beside it, to the tensor `end`."""
        import keras

        tensors = compiled.tensors
        inputs = (start, *columns)
        return cls(keras.Model(one_or_list([tensors[e] for e in inputs]), tensors[end]), inputs)

    def run(self, given: Mapping[End, np.ndarray], training: bool = False, batch: int = BATCH) -> list[np.ndarray]:
        """Its tensors [rows, ...], float32 where they are numbers with fractions, computed `batch` rows at a time."""
        rows = len(given[self.columns[0]])
        pieces = [self._called({end: given[end][start:start + batch] for end in self.columns}, training)
                  for start in range(0, rows, batch)]
        return [np.concatenate(found) for found in zip(*pieces, strict=True)]

    def _called(self, given: Mapping[End, np.ndarray], training: bool) -> list[np.ndarray]:
        found: Any = self.model(one_or_list([given[end] for end in self.columns]), training=training)
        return [_plain(y) for y in (found if isinstance(found, (list, tuple)) else [found])]

    def noisy(self, given: Mapping[End, np.ndarray]) -> list[np.ndarray]:
        """As `run`, with random layers at work as in training, the same way each time, and nothing left behind in them."""
        states = self._seeds()
        before = [state.numpy() for state in states]
        for number, state in enumerate(states):
            state.assign([number, 1])
        found = self.run(given, training=True)
        for state, value in zip(states, before, strict=True):
            state.assign(value)
        return found

    def _seeds(self) -> Sequence[Any]:
        """The states of the random generators of its layers."""
        return [v for v in self.model.non_trainable_variables if "seed_generator" in v.path]


def _plain(value: Any) -> np.ndarray:
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype.kind not in "iub" else array
