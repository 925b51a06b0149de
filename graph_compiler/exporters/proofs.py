"""`proof.json`: the proofs of all files that lie in a folder, one row a file, whichever export made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graph_compiler.exporters.beside import write

PROOFS = "proof.json"
Row = dict[str, Any]
"""See `proof.Proof`."""


def read_proofs(folder: Path) -> list[Row]:
    """The rows of files that are still there, in the order they were made, `path` as the folder lies now.

    None when the table is missing or damaged.
    """
    try:
        rows = [{**row, "path": str(folder / Path(row["path"]).name)}
                for row in json.loads((folder / PROOFS).read_text(encoding="utf-8"))]
        return [row for row in rows if row["format"] and row["part"] and Path(row["path"]).exists()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def keep_proof(folder: Path, row: Row) -> None:
    """Add the row of a file, in place of an older one of the same file; rows of files that are gone go too."""
    kept = [old for old in read_proofs(folder) if Path(old["path"]).name != Path(row["path"]).name]
    write(folder / PROOFS, json.dumps([*kept, row], indent=2, ensure_ascii=False))
