"""From bytes to rows of cells: encoding, delimiter, decimal sign and header found; bad files named in one sentence."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from graph_compiler.datasets.csv_layout import Dialect
from graph_compiler.datasets.tables import VECTOR
from graph_compiler.specs.datasets import DataProblem

MOST_BYTES = 512 * 2**20
MOST_COLUMNS = 2000
SAMPLE_BYTES = 1 << 16
CHUNK_ROWS = 20_000
DELIMITERS = (",", ";", "\t", "|")
MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "#n/a", "missing"})

_MAGIC = {b"PK\x03\x04": "an Excel or zip file", b"\xd0\xcf\x11\xe0": "an old Excel file", b"%PDF": "a PDF",
          b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\x1f\x8b": "a packed file",
          b"PAR1": "a Parquet file", b"\x93NUMPY": "a numpy file"}
_SAVE_AS = {"CSV": "Save the table as CSV (comma-separated values) and choose that file.",
            "text": "Save it as plain text and choose that file."}
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+(e-?\d+)?", re.IGNORECASE)
_THOUSANDS = {".": re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?"), ",": re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")}


def readable(path: Path, wanted: str = "CSV") -> Path:
    """The path, if a file of reasonable size is there. DataProblem otherwise."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise DataProblem(f"{path.name} is not a file", hint=f"Choose a {wanted} file.", param="path", code="data-missing")
    except OSError:
        raise DataProblem(f"{path.name} is not where it was", code="data-missing", param="path",
                          hint=f"It was looked for in {path.parent}. Choose the file again.") from None
    if size == 0:
        raise DataProblem(f"{path.name} is empty", param="path",
                          hint="Choose a file with a heading and rows." if wanted == "CSV" else "Choose a file with text.")
    if size > MOST_BYTES:
        raise DataProblem(f"{path.name} has {size / 1e9:.1f} GB, more than the 0.5 GB that are read", param="path",
                          hint="Keep what you need of it in a smaller file.")
    return path


@lru_cache(maxsize=32)
def _fingerprint(path: Path, modified: int, size: int, wanted: str) -> tuple[str, str]:
    """(sha256, encoding) of a file: one pass over its bytes."""
    import hashlib

    digest = hashlib.sha256()
    with path.open("rb") as file:
        start = file.read(4)
        _refuse_binary(path, start, wanted)
        encoding = _marked(start)
        decoder = codecs.getincrementaldecoder(encoding or "utf-8")()
        file.seek(0)
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            if encoding is None and b"\0" in chunk:
                raise _binary(path, "no text", wanted)
            encoding = encoding if _decodes(decoder, chunk, encoding) else "cp1252"
    return digest.hexdigest(), encoding or "utf-8"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, settled: str | None) -> bool:
    if settled == "cp1252":
        return True
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _marked(start: bytes) -> str | None:
    """The encoding a byte order mark tells."""
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _refuse_binary(path: Path, start: bytes, wanted: str) -> None:
    for magic, words in _MAGIC.items():
        if start.startswith(magic[:4]):
            raise _binary(path, words, wanted)


def _binary(path: Path, words: str, wanted: str) -> DataProblem:
    return DataProblem(f"{path.name} is {words}, not a {wanted} file", param="path", hint=_SAVE_AS[wanted])


def fingerprint(path: Path, wanted: str = "CSV") -> tuple[str, str]:
    """(sha256, encoding) of a readable file, remembered while the file stays as it is. DataProblem when it is no text.

    `wanted` is `CSV` or `text`, for the words.
    """
    try:
        stat = readable(path, wanted).stat()
        return _fingerprint(path, stat.st_mtime_ns, stat.st_size, wanted)
    except OSError as error:
        raise DataProblem(f"{path.name} cannot be read", hint=f"{error.strerror}.", param="path") from error


def find_dialect(path: Path) -> Dialect:
    """Delimiter, encoding, decimal sign and header of a readable file, from its first 64 KB."""
    _, encoding = fingerprint(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        text = file.read(SAMPLE_BYTES)
    if len(text) == SAMPLE_BYTES:
        text = text[:text.rfind("\n") + 1] or text
    lines = text.splitlines(keepends=True)
    if not any(line.strip() for line in lines):
        raise DataProblem(f"{path.name} holds nothing but blank lines", param="path",
                          hint="Choose a file with a heading and rows.")
    delimiter = max(DELIMITERS, key=lambda d: _agreement(lines, d))
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if row][:200]
    decimal = _decimal(rows[1:], delimiter)
    return Dialect(delimiter=delimiter, encoding=encoding, decimal=decimal, header=_has_header(rows, decimal))


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How well a delimiter fits: the share of rows that agree on more than one value, then how many values."""
    try:
        widths = Counter(len(row) for row in list(csv.reader(lines, delimiter=delimiter))[:200] if row)
    except csv.Error:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (count / widths.total(), width) if width > 1 else (0.0, 0)


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    cells = [cell.strip() for row in rows for cell in row]
    commas = sum(_DECIMAL_COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum("." in cell and is_number(cell, ".") for cell in cells)
    return "," if commas > points else "."


def _has_header(rows: list[list[str]], decimal: str) -> bool:
    """The first row names the columns when none of its cells is a number."""
    return not any(is_number(cell, decimal) for cell in rows[0])


def parse_number(cell: str, decimal: str) -> float:
    """The number a cell holds; thousands may be grouped. ValueError when it is none."""
    text = cell.strip()
    try:
        return float(text if decimal == "." else text.replace(",", ".") if "." not in text else "x")
    except ValueError:
        if _THOUSANDS[decimal].fullmatch(text):
            return float(text.replace("," if decimal == "." else ".", "").replace(",", "."))
        if decimal == ",":
            return float(text)
        raise


def is_number(cell: str, decimal: str) -> bool:
    """Whether a cell holds a number (a missing value does not)."""
    if cell.strip().lower() in MISSING_WORDS:
        return False
    try:
        parse_number(cell, decimal)
    except ValueError:
        return False
    return True


def read_rows(path: Path, dialect: Dialect) -> Iterator[list[list[str]]]:
    """Rows of cells in chunks, the heading first (made up when the file has none). DataProblem names the guilty line."""
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        width, chunk = 0, []
        try:
            for row in reader:
                if not row or (len(row) == 1 != width and not row[0].strip()):
                    continue
                if not width:
                    width = _check_width(path, row)
                    yield [names_of(row, dialect.header)]
                    if dialect.header:
                        continue
                if len(row) != width:
                    raise _ragged(path, reader.line_num, len(row), width)
                chunk.append(row)
                if len(chunk) == CHUNK_ROWS:
                    yield chunk
                    chunk = []
        except csv.Error as error:
            words = "a quotation mark does not close or stands in the wrong place"
            if "field limit" in str(error):
                words = f"a value of more than {csv.field_size_limit():,} letters, or a quotation mark that does not close"
            raise DataProblem(f"{path.name}, line {reader.line_num:,}: {words}",
                              hint="Write a quotation mark inside a quoted value twice.", param="path") from None
        yield chunk


def _check_width(path: Path, row: list[str]) -> int:
    if len(row) > MOST_COLUMNS:
        raise DataProblem(f"{path.name} has {len(row):,} columns, more than the {MOST_COLUMNS:,} that are read", param="path",
                          hint="Keep the columns you need.")
    return len(row)


def _ragged(path: Path, line: int, found: int, width: int) -> DataProblem:
    values = "1 value" if found == 1 else f"{found} values"
    return DataProblem(f"{path.name}, line {line:,}: {values}, where the first line has {width}", param="path",
                       hint="Quote values that contain the delimiter, or mend the line.")


def names_of(first: list[str], header: bool) -> list[str]:
    """Names of the columns, each its own: from the heading, or `column_1` and so on."""
    taken, names = {VECTOR}, []
    for i, cell in enumerate(first, start=1):
        base = (cell.strip() if header else "") or f"column_{i}"
        name, n = base, 2
        while name in taken:
            name, n = f"{base}_{n}", n + 1
        taken.add(name)
        names.append(name)
    return names
