"""What an export of ticked parts and formats would write: files with their names, weights and readiness, known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.analysis.readiness import PartReady
from graph_compiler.specs.readiness import UNROLLED
from widgets.pages.format_card import FormatChoice
from widgets.pages.proof_table import Name
from widgets.words import size_words

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

    def size(self, name: str, ticked: Sequence[str]) -> str:
        """What the files of a format will weigh, in words; empty where nobody knows. Steps that are written out add to it."""
        parts, choice = self.parts_of(name, ticked), self._formats[name]
        stored = sum(self._parts[part].weights for part in parts) * choice.bits // 8
        if not stored:
            return ""
        known, (file, node) = self.ready(name, ticked), choice.frame
        least = any(said.words == UNROLLED.words for ready in known for said in ready.noted)
        beside = len(parts) * file + sum(ready.nodes for ready in known) * node
        return f"{'at least' if least else 'about'} {size_words(stored + beside)}"

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
