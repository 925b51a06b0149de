"""Missing values are spoken of before training, with the rows that training will see, in `netloom check` and the drawing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.main import main
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.datasets.csv_scan import scan_csv
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.files import save
from graph_compiler.graph.model import Document
from graph_compiler.graph.plain import plain
from graph_compiler.specs.datasets import DataProblem, Place
from tests.helpers.drawing import drawing, fix


def flats(folder: Path, sizeless: int = 5, roomless: int = 0) -> Document:
    """A table of 60 flats in which each `sizeless`-th lacks its size, and a drawing that learns its rent.

    The flats after each `roomless`-th lack the number of their rooms; 0: none.
    """
    table = folder / "flats.csv"
    rows = (f"{i / 60 if i % sizeless else ''},{'' if roomless and i % roomless == 1 else i / 15},{i / 30}\n"
            for i in range(60))
    table.write_text("size,rooms,rent\n" + "".join(rows))
    made = drawing("flats CSV", "dense Dense units=1", "loss Loss", "flats.features > dense > loss.prediction",
                   "flats.rent > loss.target")
    for name, value in scan_csv(table).params("flats.csv").items():
        SetParam("flats", name, plain(value)).apply(made)
    save(made, folder / "flats.netloom")
    return made


def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and problems of `netloom check --json`."""
    code = main(["check", str(folder / "flats.netloom"), "--json"])
    return code, json.loads(capsys.readouterr().out)


def loaded(analysis: Analyzer, folder: Path) -> int:
    """How many rows training gets."""
    values = analysis.facts("flats").values  # type: ignore[union-attr]
    return registry().datasets["CSV"].load(values, Place(folder, folder)).rows


def test_rows_left_out_are_a_warning(tmp_path, capsys):
    analysis = Analyzer(flats(tmp_path), registry())
    code, (problem,) = check(tmp_path, capsys)
    assert (code, problem["severity"], problem["code"], problem["node"], problem["param"]) == (
        0, "warning", "missing-values", "flats", "missing")
    assert problem["title"] == "Missing values: size 12"
    assert problem["sentence"] == "Rows with a gap are left out; 48 of 60 rows are used. “missing” can fill them."
    assert problem["fixes"] == ["set missing to fill with mean", "set missing to fill with median"]
    assert loaded(analysis, tmp_path) == 48


def test_filled_gaps_are_a_note(tmp_path, capsys):
    analysis = Analyzer(flats(tmp_path), registry())
    fix(analysis, "missing-values", 1)
    save(analysis.document, tmp_path / "flats.netloom")
    code, (problem,) = check(tmp_path, capsys)
    assert (code, problem["severity"], problem["fixes"]) == (0, "note", [])
    assert problem["sentence"] == "They are filled with the median; 60 rows are used."
    assert loaded(analysis, tmp_path) == 60


def test_no_complete_row_is_an_error(tmp_path, capsys):
    analysis = Analyzer(flats(tmp_path, 2, 2), registry())
    code, problems = check(tmp_path, capsys)
    problem = next(p for p in problems if p["code"] == "missing-values")
    assert (code, problem["severity"], problem["title"]) == (1, "error", "No row is complete")
    assert problem["hint"] == "Fill missing values, or ignore the columns that lack them: size 30, rooms 30."
    assert problem["fixes"] == ["set missing to fill with mean", "set missing to fill with median"]
    with pytest.raises(DataProblem, match="is complete"):
        loaded(analysis, tmp_path)
    fix(analysis, "missing-values")
    assert loaded(analysis, tmp_path) == 60


@pytest.mark.parametrize(("old", "new", "title"), [
    ("rooms", "zimmer", "flats.csv has no column “rooms” any more"),
    ("\n", "\n0.5,2,7\n", "flats.csv has 61 rows now, 60 when it was read"),
    (None, None, "flats.csv is not where it was")])
def test_a_table_that_changed_or_went_is_an_error(tmp_path, capsys, old, new, title):
    flats(tmp_path)
    table = tmp_path / "flats.csv"
    if old is None:
        table.unlink()
    else:
        table.write_text(table.read_text().replace(old, new, 1))
    code, problems = check(tmp_path, capsys)
    assert (code, problems[0]["severity"], problems[0]["node"], problems[0]["title"]) == (1, "error", "flats", title)


def test_people_read_the_same(tmp_path, capsys):
    flats(tmp_path)
    assert main(["check", str(tmp_path / "flats.netloom")]) == 0
    out = capsys.readouterr().out
    assert "warning: flats: Missing values: size 12.\n    Rows with a gap are left out; 48 of 60 rows are used." in out
    assert out.endswith("flats.netloom: 1 warning.\n")
