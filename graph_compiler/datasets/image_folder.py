"""The user's own pictures: a folder with a folder of pictures for each class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph_compiler.arrays import np
from graph_compiler.datasets.csv_file import READ_AGAIN, file_of
from graph_compiler.datasets.csv_layout import FileParam
from graph_compiler.datasets.decoded import ENDINGS, pictures_of
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.split import PARTS
from graph_compiler.specs.datasets import FOLDER, DataProblem, DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Choice, Int, Ints, Names, Text
from graph_compiler.specs.tensors import Column

NAMES = {"train": ("train", "training"), "validation": ("validation", "valid", "val"), "test": ("test", "testing")}
"""Names of folders that hold the classes of one part."""
MOST_PICTURES = 50_000
_kept: dict[tuple[Any, ...], Table] = {}
"""The last tables that were read."""


def part_folders(path: Path) -> dict[str, Path]:
    """Folders of the parts where the pictures are split already, empty where they are not."""
    found = {part: path / name for part, names in NAMES.items() for name in names if (path / name).is_dir()}
    return found if "train" in found else {}


def listing(path: Path) -> dict[str, dict[str, list[Path]]]:
    """Picture files by part and class, in the order of their names; the part is empty where there is no split.

    DataProblem when there are not two classes with pictures.
    """
    if not path.is_dir():
        raise DataProblem(f"{path.name} is not a folder that is there", code="data-missing", param="path",
                          hint=f"It was looked for in {path.parent}. Choose the folder again.")
    found = {part: _classes(folder) for part, folder in (part_folders(path) or {"": path}).items()}
    names = {name for classes in found.values() for name in classes}
    if len(names) < 2:
        raise DataProblem(f"{path.name} has no two folders with pictures", param="path", code="no-classes",
                          hint="Put the pictures of each class into a folder of their own, named like the class.")
    if sum(len(files) for classes in found.values() for files in classes.values()) > MOST_PICTURES:
        raise DataProblem(f"{path.name} has more than {MOST_PICTURES:,} pictures", param="path", hint="Take some out.")
    return found


def _classes(folder: Path) -> dict[str, list[Path]]:
    try:
        inside = {sub.name: sorted(f for f in sub.iterdir() if f.suffix.lower() in ENDINGS and f.is_file())
                  for sub in sorted(folder.iterdir()) if sub.is_dir() and not sub.name.startswith(".")}
    except OSError as error:
        raise DataProblem(f"{folder.name} cannot be read", hint=f"{error.strerror}.", param="path") from None
    return {name: files for name, files in inside.items() if files}


def fingerprint(path: Path, found: Mapping[str, Mapping[str, list[Path]]]) -> str:
    """sha256 of the names and sizes of all pictures: what can be known without reading them."""
    import hashlib

    digest = hashlib.sha256()
    for classes in found.values():
        for files in classes.values():
            for file in files:
                digest.update(f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\n".encode())
    return digest.hexdigest()


def scan(path: Path, p: Values | None) -> Mapping[str, Any]:
    """What the document keeps of a folder: classes, pictures of each part, a hash of the listing."""
    found = listing(path)
    counts = {part: sum(map(len, classes.values())) for part, classes in found.items()}
    classes = sorted({name for inside in found.values() for name in inside})
    parts = [counts.get(part, 0) for part in PARTS] if "" not in counts else None
    how = {} if p is not None else {"split": "given" if parts else "fractions"}
    return {"classes": classes, "rows": sum(counts.values()), "parts": parts, "sha256": fingerprint(path, found), **how}


def check(p: Values, place: Place) -> None:
    """DataProblem when the folder has gone or holds other pictures than those that were found."""
    path = file_of(p, place.folder)
    if fingerprint(path, listing(path)) != p["sha256"]:
        raise DataProblem(f"The pictures in {path.name} have changed since they were found", hint=READ_AGAIN, param="path",
                          code="data-changed")


def _shape(p: Values) -> tuple[int, int, int]:
    height, width = p["size"]
    return height, width, 3 if p["colours"] == "colour" else 1


def schema(p: Values) -> Schema:
    """`image` and `label`; none while no folder was looked through."""
    if not p["classes"]:
        return Schema(())
    columns = (Column(name="image", kind="image", shape=_shape(p), summary="Cut in the middle and scaled to this size."),
               Column(name="label", kind="category", classes=p["classes"], summary="The folder the picture is in."))
    return Schema(columns, p["rows"], p["parts"])


def load(p: Values, place: Place) -> Table:
    """All pictures, read and scaled; kept in memory until others are asked for."""
    check(p, place)
    path, shape = file_of(p, place.folder), _shape(p)
    key = (path, p["sha256"], shape, place.decode)
    if key not in _kept:
        table = _read(listing(path), p["classes"], shape, place)
        _kept.clear()
        _kept[key] = table
    return _kept[key]


def _read(found: Mapping[str, Mapping[str, list[Path]]], classes: tuple[str, ...], shape: tuple[int, int, int],
          place: Place) -> Table:
    files: list[Path] = []
    labels: list[int] = []
    rows: dict[str, np.ndarray] = {}
    for part in (*PARTS, ""):
        first = len(files)
        for name, inside in found.get(part, {}).items():
            files += inside
            labels += [classes.index(name)] * len(inside)
        rows[part] = np.arange(first, len(files))
    given = None if "" in found else {part: rows[part] for part in PARTS}
    return Table({"image": frozen(pictures_of(files, shape, place)), "label": frozen(np.array(labels, np.int32))}, given)


DATASET = DatasetSpec(
    name="ImageFolder", title="Folder of pictures", summary="Your own pictures, a folder for each class",
    text="A folder with a folder of pictures for each class, named like the class. Folders named train and test (and "
         "validation) around them are taken as the split. Every picture is cut in the middle and scaled to one size. PNG, "
         "JPEG, BMP and GIF are read.",
    params=(FileParam(name="path", default="", key=True, summary="The folder, relative to the document."),
            Ints(name="size", default=[64, 64], minimum=8, maximum=512, key=True, summary="Height and width in pixels."),
            Choice(name="colours", default="colour", options=("colour", "grey"), key=True, summary="Three channels, or one."),
            Names(name="classes", default=[], kept=True, summary="The names of the classes."),
            Int(name="rows", default=0, minimum=0, kept=True, summary="How many pictures there are."),
            Ints(name="parts", default=None, length=3, minimum=0, optional=True, kept=True,
                 summary="Pictures of each part where the folder is split already."),
            Text(name="sha256", default="", kept=True, summary="Hash of the names and sizes of the files.")),
    schema=schema, load=load, check=check, scan=scan, files=FOLDER, default_split="fractions", default_stratify="label",
    splits=("given", "fractions"), thumbnails="image",
    keywords=("own data", "image", "photograph", "directory", "classes", "classification"))
