"""`.netloom` files: read with every bound checked, written atomically with the previous file kept as `name.netloom~`.

Opening a file executes nothing. Whatever is wrong is one `FileProblem` that says what and where.
"""

from __future__ import annotations

import contextlib
import glob
import json
import math
import os
import re
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import NoReturn

from graph_compiler.graph.migrations import migrate
from graph_compiler.graph.model import Document
from graph_compiler.graph.plain import LARGEST
from graph_compiler.graph.problems import FileProblem
from graph_compiler.graph.reading import document_of
from graph_compiler.graph.values import Json
from graph_compiler.graph.writing import dumps, snapshot

__all__ = ["FileProblem", "dumps", "load", "loads", "save", "snapshot", "sweep"]

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; a document of 5,000 nodes has about one million."""
DEEPEST = 64
LEFT_AFTER = 60.0
"""Seconds after which nobody is writing a temporary file any more."""
MOST_PARTS = 4_000_000
"""Texts, lists and objects in one file."""

_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def load(path: Path) -> Document:
    """Read a document. FileProblem when the file is not there, not readable or not a sound document."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileProblem("This is not a file with a document.", file=path.name)
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise FileProblem("The file does not exist.", file=path.name, hint="It may have been moved or renamed.") from None
    except IsADirectoryError:
        raise FileProblem("This is a folder, not a file.", file=path.name) from None
    except (OSError, ValueError) as error:
        raise FileProblem(f"The file cannot be read: {_reason(error)}.", file=path.name) from None
    try:
        return loads(data)
    except FileProblem as problem:
        raise problem.of(path.name) from None


def loads(data: bytes) -> Document:
    """The document in these bytes. FileProblem says what is wrong and where."""
    return document_of(migrate(_tree(data)))


def save(document: Document, path: Path) -> None:
    """Write a document: temporary file in the same folder, fsync, rename. The file that was there becomes `name~`.

    FileProblem when it cannot be written; the old file is then still whole in its place.
    """
    path = Path(path)
    try:
        data = dumps(document)
        write_atomically(path, data, keep=True)
    except OSError as error:
        raise FileProblem(f"The file cannot be written: {_reason(error)}.", file=path.name,
                          hint="Nothing was lost: the old file is as it was. Choose another place.") from None


def write_atomically(path: Path, data: bytes, keep: bool = False) -> None:
    """Put `data` at `path` in one step; with `keep` the file before it stays as `name~`. OSError: nothing has changed."""
    goal = path.resolve()
    mode = _mode(goal)
    handle, name = tempfile.mkstemp(prefix=f".{goal.name[:40]}.", suffix=".tmp", dir=goal.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        if keep and goal.exists():
            _keep(goal)
        temporary.replace(goal)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _settle(goal.parent)


def sweep(path: Path) -> None:
    """Take away what a process that was killed while it wrote `path` has left beside it, once it is older than a minute."""
    goal = Path(path).resolve()
    for one in goal.parent.glob(f".{glob.escape(goal.name[:40])}.*"):
        if one.suffix in (".tmp", ".old"):
            with contextlib.suppress(OSError):
                if time.time() - one.stat().st_mtime > LEFT_AFTER:
                    one.unlink()


def _mode(goal: Path) -> int:
    """The permissions of the new file: those of the old one, or what the system gives new files."""
    if goal.exists():
        effective = os.access in os.supports_effective_ids
        if not os.access(goal, os.W_OK, effective_ids=effective):
            raise PermissionError(13, "it is write-protected")
        return stat.S_IMODE(goal.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _keep(goal: Path) -> None:
    """Give the old file a second name, `name~`, without a moment in which one of the two is missing."""
    backup = goal.with_name(goal.name + "~")
    link = goal.with_name(f".{goal.name[:40]}.{os.getpid()}.old")
    link.unlink(missing_ok=True)
    try:
        try:
            os.link(goal, link)
        except OSError:  # a file system without hard links
            shutil.copy2(goal, link)
        link.replace(backup)
    finally:
        link.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Ask the system to write the folder's new entries to the disk, where it can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: Exception) -> str:
    words = getattr(error, "strerror", None) or str(error)
    return words[:1].lower() + words[1:].rstrip(".")


def _tree(data: bytes) -> dict[str, Json]:
    if len(data) > LARGEST_FILE:
        raise FileProblem(f"The file is larger than {LARGEST_FILE // 2**20} MB.", hint="This is not a document of Netloom.")
    if not data.strip():
        raise FileProblem("The file is empty.", hint="The backup beside it, named with a “~” at the end, may be whole.")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{":
        raise FileProblem("This is not a Netloom document.", hint="A document is a JSON object and begins with “{”.")
    _bounded(data)
    try:
        tree = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object, parse_float=_float, parse_int=_int,
                          parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise FileProblem("The file is not UTF-8 text.", where=f"byte {error.start:,}") from None
    except json.JSONDecodeError as error:
        raise FileProblem(f"The file is not sound JSON: {error.msg}.", where=f"line {error.lineno}, column {error.colno}",
                          hint="It may be cut off. The backup beside it, named with a “~” at the end, may be whole.") from None
    except RecursionError:
        raise _too_deep() from None
    return dict(tree)


def _bounded(data: bytes) -> None:
    """Refuse what nests too deep or has too many parts, before anything is built of it."""
    depth = parts = 0
    for match in _STRUCTURE.finditer(data):
        sign, parts = match[0], parts + 1
        if parts > MOST_PARTS:
            raise FileProblem(f"The file has more than {MOST_PARTS:,} parts.", hint="This is not a document of Netloom.")
        if sign in b"[{":
            depth += 1
            if depth > DEEPEST:
                raise _too_deep()
        elif sign in b"]}":
            depth -= 1


def _too_deep() -> FileProblem:
    return FileProblem(f"More than {DEEPEST} lists and objects stand inside one another.",
                       hint="This is not a document of Netloom.")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    out = dict(pairs)
    if len(out) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise FileProblem(f"The key “{twice[:40]}” stands twice in one object.")
    return out


def _int(text: str) -> int:
    if len(text) > 20 or abs(int(text)) >= LARGEST:
        raise FileProblem(f"The number {text[:20]}… is too large.")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise FileProblem(f"The number {text[:20]} is too large.")
    return value


def _constant(text: str) -> NoReturn:
    raise FileProblem(f"{text} is not a number that a document may hold.")
