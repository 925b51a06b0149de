"""The looks of one run by sight and epoch, read from its files when they are wanted."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from graph_compiler.messages import Sight
from graph_compiler.runs.sights import Look, NoLook, read, written

KEPT = 1000
"""Looks that stay in memory."""


@dataclass
class Row:
    """One sight: what it is, and its files by epoch, rising."""

    kind: str
    title: str
    paths: dict[int, Path] = field(default_factory=dict)


class Shelf:
    """Everything a run has shown so far."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._read: OrderedDict[Path, Look] = OrderedDict()

    @classmethod
    def of(cls, run: Path) -> Shelf:
        """What lies in a run folder."""
        shelf = cls()
        for name, paths in written(run).items():
            found = shelf._look(next(iter(paths.values())))
            if found is not None:
                shelf.rows[name] = Row(found.kind, found.title, paths)
        return shelf

    def take(self, message: Sight) -> None:
        """A look that has just been written."""
        row = self.rows.setdefault(message.name, Row(message.kind, message.title))
        path = Path(message.path)
        self._read.pop(path, None)
        row.paths = dict(sorted({**row.paths, message.epoch: path}.items()))

    def epochs(self, name: str) -> list[int]:
        """Epochs at which a sight was looked at; files may have gone since."""
        return list(self.rows[name].paths) if name in self.rows else []

    def newest(self) -> int:
        """The last epoch of all sights; -1 while there is none."""
        return max((epoch for row in self.rows.values() for epoch in row.paths), default=-1)

    def at(self, name: str, epoch: int | None = None) -> Look | None:
        """The look at an epoch or the one that came before it; the newest one without an epoch. None when there is none."""
        epochs = self.epochs(name)
        last = len(epochs) if epoch is None else bisect_right(epochs, epoch)
        for wanted in reversed(epochs[:last]):
            if (found := self._look(self.rows[name].paths[wanted])) is not None:
                return found
            del self.rows[name].paths[wanted]  # thinned out by the run, or lost
        return None

    def _look(self, path: Path) -> Look | None:
        if path not in self._read:
            try:
                self._read[path] = read(path)
            except NoLook:
                return None
            if len(self._read) > KEPT:
                self._read.popitem(last=False)
        return self._read[path]
