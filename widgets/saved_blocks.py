"""My blocks: definitions kept as files of their own in a folder of the user, to be placed in any drawing.

A file that a person renames or copies there gives its block the new name.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from graph_compiler.graph.blocks import block_document, rename_block
from graph_compiler.graph.blocks.inside import INSTANCE
from graph_compiler.graph.blocks.names import fresh_name
from graph_compiler.graph.edits import EditRefused
from graph_compiler.graph.files import FileProblem, load, save
from graph_compiler.graph.model import Document
from widgets.offer import Entry, block_entry

SUFFIX = ".netloom"
MOST = 500
"""Files that are looked at."""


class SavedBlocks(QObject):
    """The blocks of one folder. Files are read when they are first asked for, and again when they have changed."""

    changed = Signal()
    told = Signal(str)
    """A file that cannot be used, in words."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._read: dict[Path, tuple[int, str, Document]] = {}
        self._damaged: dict[Path, int] = {}

    def entries(self) -> list[Entry]:
        """Every saved block, by name."""
        found = {name: document for _, name, document in self._look().values()}
        return [block_entry(found[name], name, saved=True) for name in sorted(found, key=str.lower)]

    def document(self, name: str) -> Document | None:
        """The file of a block: its definition, those it needs, and one instance."""
        return next((document for _, known, document in self._look().values() if known == name), None)

    def keep(self, document: Document, name: str) -> None:
        """Save a block of a document, in place of one of the same name. FileProblem when it cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblem(f"The folder of saved blocks cannot be made: {error.strerror}.", file=self.folder.name) from None
        save(block_document(document, name), self._place(name))
        self.changed.emit()

    def forget(self, name: str) -> None:
        """Take a block out of the folder; the file stays beside as `name.netloom~` until it is saved again."""
        path = next((path for path, (_, known, _) in self._look().items() if known == name), None)
        if path is not None:
            path.replace(path.with_name(f"{path.name}~"))
            self.changed.emit()

    def _place(self, name: str) -> Path:
        known = next((path for path, (_, other, _) in self._look().items() if other == name), None)
        taken = {path.stem for path in self.folder.glob(f"*{SUFFIX}")}
        return known or self.folder / f"{fresh_name(_stem(name), taken)}{SUFFIX}"

    def _look(self) -> dict[Path, tuple[int, str, Document]]:
        """The files as they are now."""
        stamps = {path: stamp for path in sorted(self.folder.glob(f"*{SUFFIX}"))[:MOST] if (stamp := _stamp(path))}
        self._read = {path: read for path, read in self._read.items() if stamps.get(path) == read[0]}
        for path, stamp in stamps.items():
            if path not in self._read and self._damaged.get(path) != stamp:
                self._take(path, stamp)
        return self._read

    def _take(self, path: Path, stamp: int) -> None:
        try:
            document = load(path)
        except FileProblem as problem:
            self._damaged[path] = stamp
            self.told.emit(f"{path.name}: {problem}")
            return
        instances = (node for node in document.graph.nodes.values() if node.type == INSTANCE)
        held = next((node.block for node in instances if node.block in document.blocks), "")
        if not held:
            self._damaged[path] = stamp
            self.told.emit(f"{path.name}: It holds no block. Save one to your blocks from its own drawing.")
            return
        self._read[path] = (stamp, self._named(path, document, held), document)

    def _named(self, path: Path, document: Document, held: str) -> str:
        """The name of a file's block: its own, unless a person has renamed or copied the file."""
        own = _stem(held)
        taken = {name for _, name, _ in self._read.values()}
        if re.fullmatch(rf"{re.escape(own)}(_\d+)?", path.stem) and held not in taken:
            return held
        name = fresh_name(path.stem, taken)
        try:
            rename_block(document, held, name).apply(document)
        except EditRefused:
            return held
        return name


def _stem(name: str) -> str:
    """What the file of a block is called, without its ending."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_") or "block"


def _stamp(path: Path) -> int:
    """When a file was last changed, 0 when it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
