"""Texts that a network writes: what it was given, what was wanted, what it made of it, and where it looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from graph_compiler.trainers.sights.base import Seen

KIND = "texts"


@dataclass(frozen=True)
class Written:
    """One text in tokens (characters or words). `wanted` is empty where anything may come (a text that goes on).

    `attention` float [made tokens, given tokens]: how much each token that was made looked at each that was given.
    """

    given: Sequence[str]
    wanted: Sequence[str]
    made: Sequence[str]
    attention: np.ndarray | None = None


class Texts:
    """`write` gives the texts of fixed rows, with the weights as they are now; `joint` stands between tokens."""

    def __init__(self, write: Callable[[], Sequence[Written]], joint: str = "") -> None:
        self._write, self._joint = write, joint

    def look(self) -> Seen:
        """`attention_0` ... float32 [made, given] of the lines that have one; facts: `lines` of tokens, the `joint`."""
        lines = self._write()
        arrays = {f"attention_{i}": np.asarray(line.attention, np.float32) for i, line in enumerate(lines)
                  if line.attention is not None}
        told = [{"given": list(line.given), "wanted": list(line.wanted), "made": list(line.made)} for line in lines]
        return arrays, {"lines": told, "joint": self._joint}
