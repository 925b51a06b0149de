"""What an export format declares. The exporter writes, the proof reopens; both run in the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Reopen(Protocol):
    """Opens a file in its runtime: a callable that takes arrays [rows, ...] by input name and gives a list in output order."""

    def __call__(self, path: Path, part: Any, threads: int = 1) -> Any:
        """The file, run by so many threads (0: as many as there are)."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice that a format offers: one of `values`, the first unless another is named."""

    name: str
    title: str
    values: tuple[str, ...]
    summary: str

    @property
    def default(self) -> str:
        """What holds without a choice."""
        return self.values[0]


ACCEPT = "accept the loss"
"""What the problem of a file says that can be kept although it is over its limits."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far a file of fewer bits may be from Keras, in shares of an output's range.

    `largest` bounds the largest difference, `usual` the mean one. `points` bounds the loss of a share such as accuracy,
    `relative` the growth of an error.
    """

    largest: float | None = None
    usual: float | None = None
    points: float = 0.01
    relative: float = 0.05


@dataclass(frozen=True, kw_only=True)
class ExporterSpec:
    """A format. `write(part, path, options)` makes the file, `reopen(path, part)` gives a callable that runs it.

    That callable takes arrays [rows, ...] by input name, gives a list of arrays in output order and has `output_names`.
    `write` finds in its options `description` (JSON for the app developer), `calibration` (arrays [rows, ...] of training
    rows by input name), `source` (the script of the drawing) and the chosen value of each `Option`.
    """

    name: str
    title: str
    suffix: str
    summary: str
    runs_on: str
    write: Callable[[Any, Path, dict[str, Any]], None]
    reopen: Reopen
    family: str = ""
    """The format whose operations it has: what cannot leave as `tflite` cannot leave as `tflite-int8` either."""
    usual: bool = True
    """Whether it is among the formats that are chosen unless somebody says otherwise."""
    tolerance: float = 1e-5
    """Allowed maximum difference, times max(1, largest Keras output)."""
    limits: Limits | None = None
    """For files of fewer bits, in place of the tolerance."""
    options: tuple[Option, ...] = ()
    calibrates: bool = False
    """Whether it wants training rows to find the ranges of what flows."""
    threaded: bool = True
    """Whether its runtime takes a number of threads; one that has its own idea of them is timed once."""
    scripts: bool = False
    """Whether it is written from the drawing itself, so that only the whole of it can leave."""
    instead: str = ""
    """What to do when a file is over its limits."""
    explain: Callable[[Any, Path, Mapping[str, Any], dict[str, Any]], tuple[tuple[str, float], ...]] | None = None
    """(part, file, arrays by input name, options) -> layers that make it differ, each with its share, the worst first."""

    @property
    def kin(self) -> str:
        """The family, or the format itself."""
        return self.family or self.name

    def chosen(self, given: Mapping[str, str]) -> dict[str, str]:
        """The value of each option. ValueError, for people, for a choice that is none."""
        known = {option.name: option for option in self.options}
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"{self.title} has no option “{name}”" + (f"; it has {', '.join(known)}." if known else "."))
            if value not in known[name].values:
                raise ValueError(f"“{value}” is no {name} of {self.title}: choose one of {', '.join(known[name].values)}.")
        return {name: given.get(name, option.default) for name, option in known.items()}
