"""history.csv: one row an epoch, only ever appended to, readable after a kill in the middle of a row."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

LEADING = ("epoch", "seconds", "learning_rate")


class History:
    """The epochs of a run. `columns` are settled by the first row; figures that come later under other names are left out."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, epoch: int, metrics: Mapping[str, float], learning_rate: float, seconds: float) -> None:
        """Add an epoch, counted from 1. OSError when the disk refuses."""
        columns = self._mended()
        fields: dict[str, float] = {"epoch": epoch, "seconds": round(seconds, 4), "learning_rate": learning_rate, **metrics}
        lines = [] if columns else [",".join(fields)]
        lines.append(",".join(_text(fields.get(name)) for name in columns or fields))
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write("".join(f"{line}\n" for line in lines))

    def read(self) -> list[dict[str, float]]:
        """The whole rows, oldest first; a value that is missing is left out. Empty when there is no file."""
        rows = list(csv.reader(io.StringIO("".join(self._whole_lines()))))
        if not rows:
            return []
        columns = rows[0]
        return [{name: float(cell) for name, cell in zip(columns, row, strict=True) if cell}
                for row in rows[1:] if len(row) == len(columns)]

    def cut(self, epochs: int) -> None:
        """Forget epochs after the first `epochs`: a resumed run takes them again."""
        lines = self._whole_lines()
        kept = lines[:1] + [line for line in lines[1:] if int(line.partition(",")[0]) <= epochs]
        if len(kept) < len(lines):
            self.path.write_text("".join(kept), encoding="utf-8", newline="")

    def _whole_lines(self) -> list[str]:
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def _mended(self) -> Sequence[str]:
        """The columns of the file, after a torn last line was cut off."""
        lines = self._whole_lines()
        whole = "".join(lines).encode()
        if self.path.exists() and self.path.stat().st_size > len(whole):
            with self.path.open("r+b") as file:
                file.truncate(len(whole))
        return lines[0].rstrip("\n").split(",") if lines else ()


def _text(value: float | None) -> str:
    if value is None or math.isnan(value):
        return ""
    return str(value) if isinstance(value, int) else repr(float(value))
