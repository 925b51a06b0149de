"""What an export of ticked parts and formats would write: files with their names, weights and readiness, known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.analysis.readiness import PartReady
from widgets.pages.format_card import FormatChoice
from widgets.pages.proof_table import Name

WHOLE = "whole"


@dataclass(frozen=True)
class PartChoice:
    """A part that may leave: what a file name says of it, its weights, whether it is ticked at first, and how ready it is."""

    name: str
    suffix: str
    weights: int
    usual: bool = True
    ready: Mapping[str, PartReady] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ExportWish:
    """What is to be written: `options` by format, and formats whose loss is `accepted`."""

    run: str
    formats: tuple[str, ...]
    parts: tuple[str, ...]
    folder: str
    options: Mapping[str, Mapping[str, str]]
    accepted: tuple[str, ...] = ()


class ExportOffer:
    """Parts that can leave, whose files begin with `stem`. `description` tells of the whole; empty where only the files
    will know. `whole` is what scripts are of where none of the parts is the whole.
    """

    def __init__(self, formats: Iterable[FormatChoice], stem: str = "model", description: Mapping[str, Any] | None = None,
                 parts: Sequence[PartChoice] = (), whole: PartChoice | None = None) -> None:
        self.stem, self.description = stem, dict(description or {})
        self._formats = {choice.name: choice for choice in formats}
        self._parts = {part.name: part for part in (*parts, *([whole] if whole is not None else []))}
        self._scripted = whole is not None

    def parts_of(self, name: str, ticked: Sequence[str]) -> list[str]:
        """The ticked parts that leave in a format. A script is of the whole drawing, also where that leaves in parts only."""
        if not self._formats[name].only_whole:
            return list(ticked)
        return [WHOLE] if WHOLE in ticked or self._scripted else []

    def files(self, formats: Sequence[str], ticked: Sequence[str]) -> list[Name]:
        """(part, format) of every file that would be written, part by part."""
        own = {name: self.parts_of(name, ticked) for name in formats}
        parts = dict.fromkeys(part for found in (ticked, *own.values()) for part in found)
        return [(part, name) for part in parts for name, found in own.items() if part in found]

    def file_name(self, part: str, name: str) -> str:
        """What a file will be called."""
        return f"{self.stem}{self._parts[part].suffix}{self._formats[name].suffix}"

    def weights(self, name: str, ticked: Sequence[str]) -> int:
        """How many weights are in the files of a format."""
        return sum(self._parts[part].weights for part in self.parts_of(name, ticked))

    def bytes(self, name: str, ticked: Sequence[str]) -> int:
        """What the files of a format will weigh, about; 0 where nobody knows."""
        return self.weights(name, ticked) * self._formats[name].bits // 8

    def ready(self, name: str, ticked: Sequence[str]) -> list[PartReady]:
        """How ready each ticked part is in a format."""
        found = (self._parts[part].ready.get(name) for part in self.parts_of(name, ticked))
        return [ready for ready in found if ready is not None]

    def told(self, formats: Sequence[str], ticked: Sequence[str]) -> dict[str, Any]:
        """What `model.json` will hold, as far as the drawing says."""
        from graph_compiler.exporters.beside import part_of, told_of

        known = bool(self.description) and WHOLE in ticked
        parts = [part_of(WHOLE, self.description, [self._foreseen(name) for part, name in self.files(formats, ticked)
                                                   if part == WHOLE])] if known else []
        parts += [{"name": part, "title": part, "inputs": [], "outputs": [], "files": []}
                  for part in ticked if part != WHOLE or not known]
        return told_of(self.stem, parts)

    def _foreseen(self, name: str) -> dict[str, Any]:
        tensors = {key: [{"name": t["name"], "shape": t["shape"], "dtype": t["dtype"]} for t in self.description[key]]
                   for key in ("inputs", "outputs")}
        return {"file": self.file_name(WHOLE, name), "format": name, "bytes": 0, **tensors}
