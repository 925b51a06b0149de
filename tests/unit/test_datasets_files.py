"""Picture files: a folder of the user, the photographs of scikit-learn, and the two decoders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from graph_compiler.catalog import registry
from graph_compiler.datasets.split import split_rows
from graph_compiler.specs.datasets import DataProblem, Place
from graph_compiler.worker.jobs.decoding import decode_picture as decode_in_worker
from tests.helpers.sources import NOWHERE, column, load
from widgets.plots.pictures import decode_picture

COLORS = {"cats": "#ff0000", "dogs": "#0000ff"}


def write(path, color, size=(40, 20)):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    assert image.save(str(path))


@pytest.fixture
def pets(tmp_path):
    for name, color in COLORS.items():
        for i in range(5):
            write(tmp_path / "pets" / name / f"{i}.png", color)
    (tmp_path / "pets" / "cats" / "notes.txt").write_text("no picture")
    (tmp_path / "pets" / "empty").mkdir()
    return tmp_path


def place(folder):
    return Place(folder, folder, decode=decode_picture)


def scanned(folder, p=None):
    return {"path": "pets", **registry().datasets["ImageFolder"].scan(folder / "pets", p)}


def test_a_folder_a_class(pets):
    kept = scanned(pets)
    assert (kept["classes"], kept["rows"], kept["parts"], kept["split"]) == (["cats", "dogs"], 10, None, "fractions")
    table, schema, p = load("ImageFolder", place(pets), **kept, size=[16, 24])
    assert column(schema, "image").shape == (16, 24, 3)
    assert table.arrays["label"].tolist() == [0] * 5 + [1] * 5
    assert (table.arrays["image"][0] == (255, 0, 0)).all() and (table.arrays["image"][9] == (0, 0, 255)).all()
    assert len(split_rows(table, p)["train"]) == 7
    grey, schema, _ = load("ImageFolder", place(pets), **kept, size=[8, 8], colours="grey")
    assert column(schema, "image").shape == (8, 8, 1)
    assert grey.arrays["image"][0].max() == round(255 * 0.299)


def test_the_same_pictures_are_read_once(pets):
    kept, read = scanned(pets), []

    def counting(raw):
        read.append(1)
        return decode_picture(raw)

    for _ in range(2):
        load("ImageFolder", Place(pets, pets, decode=counting), **kept)
    assert len(read) == 10


def test_folders_of_the_parts_are_the_split(tmp_path):
    for part, count in (("train", 4), ("val", 1), ("test", 2)):
        for name, color in COLORS.items():
            for i in range(count):
                write(tmp_path / "pets" / part / name / f"{i}.png", color)
    kept = scanned(tmp_path)
    assert (kept["parts"], kept["split"], kept["rows"]) == ([8, 2, 4], "given", 14)
    table, schema, p = load("ImageFolder", place(tmp_path), **kept)
    assert {part: len(rows) for part, rows in split_rows(table, p).items()} == {"train": 8, "validation": 2, "test": 4}
    assert schema.given == (8, 2, 4)
    assert table.arrays["label"][split_rows(table, p)["test"]].tolist() == [0, 0, 1, 1]


def test_what_is_wrong_with_a_folder_is_named(pets):
    kept = scanned(pets)
    write(pets / "pets" / "cats" / "new.png", "#00ff00")
    with pytest.raises(DataProblem, match="The pictures in pets have changed since they were found") as caught:
        load("ImageFolder", place(pets), **kept)
    assert caught.value.code == "data-changed"
    (pets / "pets" / "dogs" / "torn.jpg").write_bytes(b"\xff\xd8 torn")
    with pytest.raises(DataProblem, match=r"torn\.jpg is not a picture that can be read"):
        load("ImageFolder", place(pets), **scanned(pets))
    with pytest.raises(DataProblem, match="cats has no two folders with pictures") as caught:
        registry().datasets["ImageFolder"].scan(pets / "pets" / "cats", None)
    assert "folder of their own" in caught.value.hint
    with pytest.raises(DataProblem, match="lost is not a folder"):
        registry().datasets["ImageFolder"].scan(pets / "lost", None)
    (pets / "pets" / "dogs" / "torn.jpg").unlink()
    with pytest.raises(DataProblem, match="Pictures cannot be read here"):
        load("ImageFolder", Place(pets, pets), **scanned(pets))


def test_photographs_are_cut_into_patches_in_colour_and_grey():
    table, schema, p = load("Photographs", replace(NOWHERE, decode=decode_picture), size=32, stride=32)
    assert column(schema, "image").shape == (32, 32, 3)
    assert {part: len(rows) for part, rows in split_rows(table, p).items()} == dict(
        zip(("train", "validation", "test"), schema.given, strict=True))
    image, grey = table.arrays["image"].astype(np.float64), table.arrays["grey"][..., 0]
    assert np.abs(image @ (0.299, 0.587, 0.114) - grey).max() <= 0.51
    assert table.arrays["image"].std() > 40
    with pytest.raises(DataProblem, match="Pictures cannot be read here"):
        load("Photographs")


def test_window_and_worker_read_the_same_pixels(tmp_path):
    write(tmp_path / "a.png", "#336699")
    raw = (tmp_path / "a.png").read_bytes()
    assert np.array_equal(decode_in_worker(raw), decode_picture(raw))
    import sklearn

    photo = Path(sklearn.__file__).with_name("datasets").joinpath("images", "flower.jpg").read_bytes()
    both = decode_in_worker(photo).astype(int), decode_picture(photo).astype(int)
    assert both[0].shape == both[1].shape == (427, 640, 3)
    assert np.abs(both[0] - both[1]).mean() < 1.5
    for decode in (decode_in_worker, decode_picture):
        with pytest.raises(ValueError, match="not a picture"):
            decode(b"no picture at all")


def test_transparent_pictures_keep_their_fourth_channel(tmp_path):
    image = QImage(5, 3, QImage.Format.Format_ARGB32)
    image.fill(QColor(10, 20, 30, 128))
    assert image.save(str(tmp_path / "clear.png"))
    raw = (tmp_path / "clear.png").read_bytes()
    assert decode_picture(raw).shape == (3, 5, 4)
    assert decode_picture(raw)[0, 0].tolist() == decode_in_worker(raw)[0, 0].tolist() == [10, 20, 30, 128]
