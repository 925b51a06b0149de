"""What is exported: a Keras model whose inputs and outputs carry the names people gave them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from graph_compiler.build.compile import as_graph

Arrays = Mapping[str, np.ndarray]


class ExportProblem(Exception):
    """A file cannot be made or is not right. `sentence` for people; `node` is the guilty layer when one is known."""

    def __init__(self, sentence: str, *, hint: str = "", node: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.node = node


@dataclass(frozen=True)
class Part:
    """A model to export. `model` maps inputs to outputs in the order of the two name lists; the first axis is the batch."""

    name: str
    model: Any
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]

    @cached_property
    def _converted(self) -> dict[object, Any]:
        return {}

    def once(self, asked: object, convert: Callable[[], Any]) -> Any:
        """What a converter makes of this part, converted once for all formats that ask for the same."""
        if asked not in self._converted:
            self._converted[asked] = convert()
        return self._converted[asked]

    def run(self, inputs: Arrays) -> list[np.ndarray]:
        """Outputs of the Keras model in inference, in output order. `inputs` are arrays [rows, ...] by input name."""
        chunks = [self._run(part) for part in batches(inputs, 512)]
        return [np.concatenate(columns) for columns in zip(*chunks, strict=True)]

    @cached_property
    def _traced(self) -> Any:
        return as_graph(self.model)

    def _run(self, inputs: Arrays) -> list[np.ndarray]:
        given = [inputs[name] for name in self.input_names]
        out = self._traced(given if len(given) > 1 else given[0])
        return [np.asarray(y) for y in as_list(out)]


def as_list(value: Any) -> list[Any]:
    """Outputs of a Keras model as a list."""
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else [value]


def batches(inputs: Arrays, size: int) -> list[dict[str, np.ndarray]]:
    """The rows in pieces of at most `size`."""
    rows = len(next(iter(inputs.values())))
    return [{name: values[start:start + size] for name, values in inputs.items()} for start in range(0, rows, size)]


def rows_of(arrays: Sequence[np.ndarray]) -> int:
    """How many rows the outputs have."""
    return len(arrays[0]) if arrays else 0
