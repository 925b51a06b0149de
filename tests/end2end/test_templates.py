"""Each template: a few steps of training, every export reopened and proven, from the command line in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QImage

from app.paths import template_ids
from graph_compiler.exporters.model_file import Model
from graph_compiler.exporters.snippets import LANGUAGES, languages
from tests.helpers.snippets import problems

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("keras", "tflite", "onnx")
TEXT = "27 mars 1999"
RUN_ALL = """
import contextlib, io, json, pathlib, runpy, sys
said = {}
for path in sorted(pathlib.Path("examples").glob("*.py")):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(str(path))
    said[path.name] = out.getvalue().strip()
json.dump(said, open("said.json", "w"))
"""


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", template_ids())
def test_a_template_trains_exports_and_agrees(name, tmp_path):
    command = [sys.executable, "-m", "app.main", "run", name, "--limit-steps", "20", "--export", ",".join(FORMATS),
               "--part", "all", "--out", str(tmp_path / "run"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert answer["figure"]["name"]
    parts = {export["part"] for export in answer["exports"]}
    assert len(answer["exports"]) == len(parts) * len(FORMATS)
    for row in json.loads((tmp_path / "run" / "exports" / "proof.json").read_text()):
        assert Path(row["path"]).stat().st_size == row["bytes"]
        assert row["max_abs_diff"] <= row["allowed"]
        if row["before"] is not None:
            assert row["after"] == pytest.approx(row["before"], rel=1e-5)
    the_lines_beside_run(tmp_path / "run" / "exports", parts)
    if "step" in parts:
        the_loop_says_what_predict_says(name, tmp_path)


def the_lines_beside_run(folder, parts):
    """Every snippet of Python, as it stands, with the files it names."""
    told = json.loads((folder / "model.json").read_bytes())
    msgspec.json.decode((folder / "model.json").read_bytes(), type=Model)
    assert {part["name"] for part in told["parts"]} == parts
    files = [file for part in told["parts"] for file in part["files"]]
    assert {file["format"] for file in files} == set(FORMATS)
    for part in told["parts"]:
        for output in part["outputs"]:
            if labels := output.get("labels"):
                assert (folder / labels).read_text().splitlines() == output["classes"]
    for part in told["parts"]:
        for file in part["files"]:
            for language in languages(told, part["name"], file["format"]):
                text = (folder / "examples" / f"{file['file']}{LANGUAGES[language][1]}").read_text(encoding="utf-8")
                assert problems(text, language, part, file) == [], (part["name"], file["file"], language)
    done = subprocess.run([sys.executable, "-c", RUN_ALL, TEXT], capture_output=True, text=True, cwd=folder, check=False,
                          timeout=200, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads((folder / "said.json").read_text())
    assert set(said) == {f"{file['file']}.py" for file in files}
    assert all(said.values()) or "step" in parts
    for part in told["parts"]:  # the same answer in every runtime
        answers = {said[f"{file['file']}.py"] for file in part["files"]}
        assert len(answers) == 1 or part["outputs"][0].get("decoding", "none") in ("none", "threshold"), answers


def the_loop_says_what_predict_says(name, folder):
    told = json.loads((folder / "run" / "exports" / "model.json").read_bytes())
    step = next(part for part in told["parts"] if part["name"] == "step")
    asked = f"text:{TEXT}"
    if any(column.get("kind") == "image" for column in step["sequence"]["reads"]):
        picture = QImage(28, 28, QImage.Format.Format_Grayscale8)
        picture.fill(0)
        picture.save(str(folder / "black.png"))
        asked = str(folder / "black.png")
    command = [sys.executable, "-m", "app.main", "predict", name, "--weights", str(folder / "run"), "--input", asked, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads((folder / "run" / "exports" / "said.json").read_text())
    expected = json.loads(done.stdout.strip().splitlines()[-1])[0]["text"].strip()
    assert {text for file, text in said.items() if "-step" in file} == {expected}
