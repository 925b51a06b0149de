"""Masked series written out step by step, for whole numbers.

Keras chooses at each step between the new state and the one before. In whole numbers both sides of such a choice have one
scale, so the zeros a series begins with get that of the states, and their product with the weights, which is zero too, one so
small that a runtime refuses it. The first step is therefore multiplied by its mask, and the zeros meet nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from graph_compiler.exporters.in_place import in_place
from graph_compiler.exporters.part import Arrays
from graph_compiler.exporters.recurrent import recurrent_layers

FULL = 16
"""Rows without padding that a converter is shown besides."""
WRITTEN_OUT = "written_out"
"""The attribute of a layer that was a loop, and whose steps are written out for the file."""


@contextmanager
def masked_steps() -> Iterator[None]:
    """Inside, unrolled recurrences with a mask are traced so."""
    import keras

    zeros: list[Any] = []

    def remembered(begin: Any) -> Any:
        def get_initial_state(self: Any, batch_size: Any) -> Any:
            found = begin(self, batch_size)
            zeros.extend(_listed(found))
            return found
        return get_initial_state

    def written(inner: Any) -> Any:
        def inner_loop(self: Any, sequences: Any, initial_state: Any, mask: Any, training: Any = False) -> Any:
            mask = mask[0] if isinstance(mask, (list, tuple)) else mask
            if mask is None or not self.unroll:
                return inner(self, sequences, initial_state, mask, training=training)
            states = _listed(initial_state)
            return _written_out(self, sequences, states, mask, all(any(state is zero for zero in zeros) for state in states))
        return inner_loop

    with in_place(keras.layers.RNN, "get_initial_state", remembered), in_place(keras.layers.RNN, "inner_loop", written):
        yield


def _written_out(layer: Any, sequences: Any, states: list[Any], mask: Any, blank: bool) -> Any:
    """(last output, all outputs, states) as `RNN.inner_loop` gives them; `blank` where the states begin as zeros.

    Where Keras writes steps out in reverse order itself, it takes the mask as it came to zero the outputs; its loop turns it
    round. A layer that was a loop when it learnt has to stay what it was.
    """
    from keras import ops

    order = list(range(sequences.shape[1]))[::-1 if layer.go_backwards else 1]
    output, outputs = None, []
    for place, step in enumerate(order):
        seen = mask[:, step]
        found, new = layer.cell(sequences[:, step], states)
        first = output is None
        output = _times(ops, seen, found) if first else _chosen(ops, seen, found, output)
        states = [_times(ops, seen, one) if first and blank else _chosen(ops, seen, one, old)
                  for one, old in zip(_listed(new), states, strict=True)]
        shown = seen if getattr(layer, WRITTEN_OUT, False) else mask[:, place]
        outputs.append(_times(ops, shown, output) if layer.zero_output_for_mask else output)
    last = _times(ops, seen, output) if layer.zero_output_for_mask else output
    return last, ops.stack(outputs, axis=1), states


def _chosen(ops: Any, seen: Any, new: Any, old: Any) -> Any:
    """[rows, ...] of the new state where a row is seen [rows], of the old one elsewhere."""
    return ops.where(_beside(ops, seen, new), new, old)


def _times(ops: Any, seen: Any, x: Any) -> Any:
    """The same where what was before is zero."""
    return x * ops.cast(_beside(ops, seen, x), x.dtype)


def _beside(ops: Any, seen: Any, x: Any) -> Any:
    return ops.reshape(seen, (-1, *(1 for _ in x.shape[1:])))


def _listed(states: Any) -> list[Any]:
    return list(states) if isinstance(states, (list, tuple)) else [states]


def with_full_rows(model: Any, rows: Arrays) -> Arrays:
    """Rows [rows, steps, ...] and a few of them whose padding is filled up with their own steps, where a model skips padding.

    A step that no row has would show the converter nothing but zeros, and get a scale that a runtime refuses.
    """
    skips = any(getattr(layer, "mask_zero", False) or type(layer).__name__ == "Masking" for layer in model._flatten_layers())
    if not skips or not recurrent_layers(model):
        return rows
    return {name: np.concatenate([values, _filled(values[:FULL])]) for name, values in rows.items()}


def _filled(rows: np.ndarray) -> np.ndarray:
    """Rows whose steps of zeros are others of the same row, in their order."""
    if rows.ndim < 2:
        return rows
    full = rows.copy()
    for row in full:
        seen = np.flatnonzero(row.reshape(len(row), -1).any(axis=1))
        if 0 < len(seen) < len(row):
            row[:] = row[np.resize(seen, len(row))]
    return full
