"""What of a network an exported file cannot have, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph_compiler.specs.tensors import Tensor

LONGEST_UNROLLED = 200
"""Steps of a recurrence that are still written out for whole numbers: at 200 a small LSTM is 2 MB."""
TFLITE, ONNX = "tflite", "onnx"
TITLES = {TFLITE: "TFLite", ONNX: "ONNX"}
"""Formats that lack operations, as people call them; a .keras file has everything."""

When = Callable[[Mapping[str, Any], Mapping[str, tuple[Tensor, ...]]], bool]


@dataclass(frozen=True)
class Stays:
    """A layer that a format has no operation for. `instead` says what to do, measured.

    Where it is `cut_off`, a file is made all the same: it begins behind the layer and takes what the layer gives.
    `when(values, inputs)` narrows it to some parameters and tensors.
    """

    formats: tuple[str, ...]
    why: str
    instead: str
    cut_off: bool = False
    when: When | None = None

    def holds(self, values: Mapping[str, Any], inputs: Mapping[str, tuple[Tensor, ...]]) -> bool:
        """Whether it holds for a layer with these parameters and inputs."""
        return self.when is None or self.when(values, inputs)

    @property
    def words(self) -> str:
        """The formats and what to do: `ONNX: compute the spectrogram first.`"""
        return f"{', '.join(TITLES[name] for name in self.formats)}: {self.instead}"
