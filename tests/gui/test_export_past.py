"""What left a run stays known: one proof a file, whichever export made it, on the page of a run that is opened again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.exporting import format_choices, offer
from graph_compiler.catalog import registry
from graph_compiler.exporters.proofs import PROOFS, keep_proof, read_proofs
from graph_compiler.runs.folder import RunFolder
from tests.helpers.drawings import iris
from widgets.pages.export import ExportPage


def file_with_proof(folder: Path, name: str, kind: str, difference: float = 1e-7) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"x" * 1000)
    row = {"format": kind, "part": "whole", "path": str(folder / name), "bytes": 1000, "rows": 30, "max_abs_diff": difference,
           "mean_abs_diff": difference / 9, "allowed": 1e-5, "agreement": 1.0, "metric": "accuracy", "before": 0.96,
           "after": 0.96, "latency_ms": 0.1, "latency_p95_ms": 0.2, "seconds": 1.0}
    keep_proof(folder, row)
    return row


@pytest.fixture
def made(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", iris(), title="Net")


def test_a_later_export_keeps_the_rows_of_earlier_files(made: RunFolder) -> None:
    first = file_with_proof(made.exports, "net.tflite", "tflite")
    second = file_with_proof(made.exports, "net.onnx", "onnx")
    again = file_with_proof(made.exports, "net.tflite", "tflite", difference=2e-7)
    assert read_proofs(made.exports) == [second, again] and first["max_abs_diff"] != again["max_abs_diff"]


def test_rows_of_files_that_are_gone_go_with_the_next_file(made: RunFolder) -> None:
    file_with_proof(made.exports, "net.tflite", "tflite")
    (made.exports / "net.tflite").unlink()
    assert read_proofs(made.exports) == []
    kept = file_with_proof(made.exports, "net.keras", "keras")
    assert json.loads((made.exports / PROOFS).read_text()) == [kept]


def test_a_folder_that_was_moved_keeps_its_proofs(made: RunFolder, tmp_path: Path) -> None:
    file_with_proof(made.exports, "net.onnx", "onnx")
    moved = made.exports.rename(tmp_path / "elsewhere")
    assert [row["path"] for row in read_proofs(moved)] == [str(moved / "net.onnx")]


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"path": "net.onnx"}]', '{"a": 1}'])
def test_a_damaged_table_says_nothing_and_is_replaced(made: RunFolder, text: str) -> None:
    file_with_proof(made.exports, "net.onnx", "onnx")
    (made.exports / PROOFS).write_text(text)
    assert read_proofs(made.exports) == []
    kept = file_with_proof(made.exports, "net.keras", "keras")
    assert read_proofs(made.exports) == [kept]


def test_the_page_of_a_run_that_is_opened_again_has_every_file(made: RunFolder, qtbot: Any) -> None:
    file_with_proof(made.exports, "net.onnx", "onnx")
    file_with_proof(made.exports, "net.tflite", "tflite")
    file_with_proof(made.exports, "net.keras", "keras")
    (made.exports / "net.keras").unlink()
    page = ExportPage(format_choices())
    qtbot.addWidget(page)
    offer(page, made, "net", registry())
    assert [row["format"] for row in page.table.lines] == ["tflite", "onnx"]
    files = [line.split("`")[1] for line in page.table.report.splitlines() if "`" in line]
    assert files == ["net.tflite", "net.onnx"]
