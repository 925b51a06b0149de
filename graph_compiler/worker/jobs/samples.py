"""What a person gives to be predicted, as raw columns: `test:N`, a picture, rows of a CSV file, arrays of numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from graph_compiler.analysis.plan import InputPlan
from graph_compiler.datasets.csv_text import find_dialect, is_number, parse_number, read_rows, readable
from graph_compiler.datasets.pictures import fit_picture, style_of
from graph_compiler.specs.datasets import DataProblem
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.decoding import decode_picture
from graph_compiler.worker.jobs.measuring import feature_names
from graph_compiler.worker.jobs.restored import Restored

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif"})
MOST_ROWS = 10_000
MOST_PICTURE_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Sample:
    """Rows to predict: arrays [rows, ...] by input name, and what is known of them.

    `seen` is a picture as the network sees it.
    """

    word: str
    inputs: Mapping[str, np.ndarray]
    seen: np.ndarray | None = None
    facts: tuple[dict[str, int], ...] = field(default=())
    """For rows of the table: `place` among the test rows and `row` in the table."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.inputs.values())))


def sample_of(word: str, restored: Restored) -> Sample:
    """The rows a word stands for. JobProblem or DataProblem says why there are none."""
    if word.startswith("test:"):
        return _test_row(word, restored)
    path, ending = Path(word), Path(word).suffix.lower()
    if not path.is_file():
        raise JobProblem("input", f"“{word}” is neither a file nor a test row.", "Name a file, or a row such as test:0.")
    if ending in PICTURES:
        return _picture(word, _decoded(path), restored)
    if ending == ".npy":
        return _array(word, path, restored)
    if ending == ".npz":
        return _arrays(word, path, restored)
    return _csv(word, path, restored)


def test_place(word: str, restored: Restored) -> int:
    """The N of `test:N`. JobProblem when there is no such row."""
    count = restored.feed.count(restored.part)
    text = word.removeprefix("test:")
    if not text.isdigit() or int(text) >= count:
        raise JobProblem("input", f"There is no row “{word}”.", f"Rows go from test:0 to test:{count - 1}.")
    return int(text)


def _test_row(word: str, restored: Restored) -> Sample:
    place, inputs = test_place(word, restored), restored.compiled.plan.inputs
    arrays = {i.name: restored.column(restored.part, i.end)[place:place + 1] for i in inputs}
    row = int(restored.rows(restored.part, inputs[0].end)[place])
    return Sample(word, arrays, facts=({"place": place, "row": row},))


# Pictures.


def _the_picture_input(restored: Restored, word: str) -> InputPlan:
    inputs = restored.compiled.plan.inputs
    if len(inputs) != 1 or inputs[0].tensor.column is None or inputs[0].tensor.column.kind != "image":
        wanted = " and ".join(i.name for i in inputs)
        raise JobProblem("input", f"“{Path(word).name}” is a picture, but this network reads {wanted}.",
                         "Give it a CSV file with these columns, or an .npz file with these arrays.")
    return inputs[0]


def _decoded(path: Path) -> np.ndarray:
    """Pixels uint8 [H, W, C] of a picture file."""
    if path.stat().st_size > MOST_PICTURE_BYTES:
        raise JobProblem("input", f"“{path.name}” is too large for a picture.", "Scale it down first.")
    try:
        return decode_picture(path.read_bytes())
    except ValueError:
        raise JobProblem("input", f"“{path.name}” is not a picture this program can read.",
                         "Expected PNG, JPEG, BMP or GIF.") from None


def fitted(path: Path, planned: InputPlan, restored: Restored) -> np.ndarray:
    """A picture file as the network sees it, uint8 [H, W, C]. JobProblem when it cannot be."""
    return _fit(path.name, _decoded(path), planned, restored)


def _fit(name: str, pixels: np.ndarray, planned: InputPlan, restored: Restored) -> np.ndarray:
    train = restored.column("train", planned.end, 500)
    try:
        return fit_picture(pixels, planned.tensor.shape, style_of(train))
    except ValueError as error:
        raise JobProblem("input", f"“{name}” does not fit: {error}") from None


def _picture(word: str, pixels: np.ndarray, restored: Restored) -> Sample:
    planned = _the_picture_input(restored, word)
    seen = _fit(Path(word).name, pixels, planned, restored)
    return Sample(word, {planned.name: seen[None]}, seen)


# Arrays.


def _array(word: str, path: Path, restored: Restored) -> Sample:
    array = _loaded(path)
    if not isinstance(array, np.ndarray):
        raise JobProblem("input", f"“{path.name}” is no numpy array.", "Save one with numpy.save.")
    planned = restored.compiled.plan.inputs[0]
    raw = array.ndim == len(planned.tensor.shape) + 1 and _fits(array, planned)
    picture = planned.tensor.column is not None and planned.tensor.column.kind == "image"
    if picture and not raw and array.ndim in (2, 3) and array.dtype == np.uint8:
        return _picture(word, array, restored)
    return _raw(word, {planned.name: array}, restored)


def _arrays(word: str, path: Path, restored: Restored) -> Sample:
    loaded = _loaded(path)
    if isinstance(loaded, np.ndarray):
        raise JobProblem("input", f"“{path.name}” holds one array without a name.", "Save it with numpy.savez.")
    arrays = {}
    for planned in restored.compiled.plan.inputs:
        found = next((name for name in (planned.name, planned.end[1]) if name in loaded), None)
        if found is None:
            raise JobProblem("input", f"“{path.name}” has no array “{planned.name}”.",
                             f"It has {', '.join(loaded) or 'none'}; the network reads "
                             f"{', '.join(i.name for i in restored.compiled.plan.inputs)}.")
        arrays[planned.name] = loaded[found]
    return _raw(word, arrays, restored)


def _loaded(path: Path) -> np.ndarray | dict[str, np.ndarray]:
    try:
        with path.open("rb") as file:
            found = np.load(file, allow_pickle=False)
            return found if isinstance(found, np.ndarray) else {name: found[name] for name in found.files}
    except (OSError, ValueError, EOFError) as error:
        raise JobProblem("input", f"“{path.name}” cannot be read: {error}") from None


def _raw(word: str, arrays: Mapping[str, np.ndarray], restored: Restored) -> Sample:
    """Raw columns, checked against what the network reads."""
    out = {}
    for planned in restored.compiled.plan.inputs:
        array = arrays[planned.name]
        if not _fits(array, planned):
            raise JobProblem("input", f"“{planned.name}” has the shape {_shape(array.shape)}.",
                             f"The network reads rows of {_shape(planned.tensor.shape)} ({planned.tensor.dtype}).")
        out[planned.name] = array.astype(str if planned.tensor.dtype == "string" else planned.tensor.dtype)
    counts = {len(a) for a in out.values()}
    if len(counts) != 1 or not counts.pop():
        raise JobProblem("input", f"The arrays of “{Path(word).name}” have no rows, or not equally many.")
    return Sample(word, {name: a[:MOST_ROWS] for name, a in out.items()})


def _fits(array: np.ndarray, planned: InputPlan) -> bool:
    shape = planned.tensor.shape
    return array.ndim == len(shape) + 1 and all(d in (None, n) for d, n in zip(shape, array.shape[1:], strict=True))


def _shape(shape: tuple[int | None, ...]) -> str:
    return "×".join("any" if d is None else str(d) for d in shape) or "one number"


# CSV.


def _csv(word: str, path: Path, restored: Restored) -> Sample:
    """Rows of a table whose headings are the columns the network reads (their order and others do not matter)."""
    dialect = find_dialect(readable(path))
    names: list[str] = []
    rows: list[list[str]] = []
    for number, chunk in enumerate(read_rows(path, dialect)):
        if number == 0:
            names = chunk[0]
        else:
            rows += chunk
        if len(rows) >= MOST_ROWS:
            break
    if not rows:
        raise JobProblem("input", f"“{path.name}” has no rows.", "Give it a heading and rows.")
    cells = dict(zip(names, zip(*rows[:MOST_ROWS], strict=True), strict=True))
    return Sample(word, {p.name: _column(path, p, cells, dialect.decimal, restored, dialect.header)
                         for p in restored.compiled.plan.inputs})


def _column(path: Path, planned: InputPlan, cells: Mapping[str, tuple[str, ...]], decimal: str, restored: Restored,
            header: bool) -> np.ndarray:
    kind = planned.tensor.column.kind if planned.tensor.column is not None else ""
    if kind not in ("number", "category", "text") or planned.tensor.rank > 1:
        raise JobProblem("input", f"“{path.name}” is a table, but this network reads “{planned.name}”.",
                         "Give it a picture, or an .npz file.")
    parts = feature_names(restored, planned.end) or (planned.end[1],)
    if not header and len(cells) == len(parts) and kind == "number":
        parts = tuple(cells)  # a table without headings: its columns in order
    missing = [name for name in parts if name not in cells]
    if missing:
        raise DataProblem(f"{path.name} has no column{'s' if len(missing) > 1 else ''} {_listed(missing)}",
                          hint=f"Its columns are {_listed(list(cells))}.")
    if kind == "text":
        return np.array([cell.strip() for cell in cells[parts[0]]], str)
    if kind == "category":
        return _classes(path, planned, cells[parts[0]])
    numbers = np.array([[_number(path, name, row, cell, decimal) for row, cell in enumerate(cells[name])] for name in parts],
                       np.float32)
    return numbers.T if planned.tensor.shape else numbers[0]


def _number(path: Path, name: str, row: int, cell: str, decimal: str) -> float:
    if not is_number(cell, decimal):
        found = f"“{cell[:20]}”" if cell.strip() else "empty"
        raise DataProblem(f"{path.name}, row {row + 1}: “{name}” is {found}, not a number", hint="Write a number there.")
    return parse_number(cell, decimal)


def _classes(path: Path, planned: InputPlan, cells: tuple[str, ...]) -> np.ndarray:
    assert planned.tensor.column is not None
    places = {name: i for i, name in enumerate(planned.tensor.column.classes)}
    unknown = next((cell for cell in cells if cell.strip() not in places), None)
    if unknown is not None:
        raise DataProblem(f"{path.name}: “{unknown[:20]}” is no class of {planned.name}",
                          hint=f"Known are {_listed(list(places))}.")
    return np.array([places[cell.strip()] for cell in cells], np.int32)


def _listed(names: list[str], most: int = 8) -> str:
    return ", ".join(f"“{name}”" for name in names[:most]) + (" and more" if len(names) > most else "")
