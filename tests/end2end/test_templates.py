"""Each template: a few steps of training, then `netloom export` makes every file that is offered, of every part.

A file is there, proven in its own runtime, or refused: as the page announced it beforehand, or, of those with fewer bits, for
what it loses. The lines beside the files run, all of them in one process that has TensorFlow loaded.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QImage

from app.cli.report import figure
from app.paths import template, template_ids
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.metadata import line_of
from graph_compiler.exporters.model_file import Model
from graph_compiler.exporters.proof import size_of
from graph_compiler.exporters.snippets import LANGUAGES, languages
from graph_compiler.messages import Done, Train
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.train import train
from tests.benchmarks.exports import announced, offered
from tests.benchmarks.exports_bounds import EXACT, LOSS
from tests.benchmarks.figures import templates
from tests.helpers.snippets import Examples, problems

ROOT = Path(__file__).resolve().parents[2]
FEWER = tuple(name for name in FORMATS if name not in EXACT)
ROWS = 48
"""Held-out rows a file is compared on here; trained runs are compared on all, in tests/benchmarks."""
TEXT = "27 mars 1999"


@pytest.fixture(scope="module")
def examples() -> Iterator[Examples]:
    with Examples(TEXT) as process:
        yield process


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", template_ids())
def test_every_offered_file_of_a_template_is_proven_or_refused_in_words(name, tmp_path, examples):
    trained(name, tmp_path / "run")
    folder, content = tmp_path / "run" / "exports", templates()[name]
    answer = exported(name, tmp_path / "run")
    made = [(file["part"], file["format"]) for file in answer["exports"]]
    refused = {(file["part"], file["format"]): file["problem"] for file in answer["failed"]}
    assert sorted([*made, *refused]) == sorted(offered(content))
    known = announced(content)
    assert [place for place in made if place in known] == [], "announced as impossible, and there"
    assert {place: words for place, words in refused.items() if place not in known and not too_far(place[1], words)} == {}
    for row in json.loads((folder / "proof.json").read_text()):
        the_proof_is_right(row)
    said = the_lines_beside_run(folder, set(made), examples)
    if "step" in {part for part, _ in made}:
        the_loop_says_what_predict_says(name, tmp_path, said)


def trained(name, folder):
    """Twenty steps, written down as a run is."""
    RunFolder.create(folder, template(name), title=template(name).about["title"])
    ended = train(Train(run=str(folder), limit_steps=20), Context(lambda _: None, Control(), lambda: None))
    assert isinstance(ended, Done), ended
    told = figure(template(name).about, ended.result["metrics"])
    assert told is not None and told["name"]


def exported(name, run):
    """All files of all parts: the last line of the command."""
    command = [sys.executable, "-m", "app.main", "export", name, "--weights", str(run), "--to", ",".join(FORMATS),
               "--part", "all", "--rows", str(ROWS), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=1100)
    assert done.stdout and "Traceback" not in done.stderr, done.stderr[-2000:]
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert done.returncode == (3 if answer["failed"] else 0), done.stderr[-2000:]
    return answer


def too_far(kind, words):
    """Whether a file of fewer bits is refused for what it loses: nets that are hardly trained may lose much."""
    return kind in FEWER and LOSS in words


def the_proof_is_right(row):
    path = Path(row["path"])
    assert size_of(path) == row["bytes"] > 0
    assert 0 < row["rows"] <= ROWS and row[row["judged"]] <= row["allowed"]
    if row["before"] is not None and row["format"] in EXACT:
        assert row["after"] == pytest.approx(row["before"], rel=1e-5)


def the_lines_beside_run(folder, made, examples):
    """Every snippet of Python, as it stands, with the files it names. What each said, by its name."""
    told = json.loads((folder / "model.json").read_bytes())
    msgspec.json.decode((folder / "model.json").read_bytes(), type=Model)
    assert {(part["name"], file["format"]) for part in told["parts"] for file in part["files"]} == made
    for part in told["parts"]:
        for output in part["outputs"]:
            if labels := output.get("labels"):
                assert (folder / labels).read_text().splitlines() == list(map(line_of, output["classes"]))
    written = {name: text for part in told["parts"] for file in part["files"]
               for name, text in sound_lines(folder, told, part, file).items()}
    said = examples.run(folder)
    assert set(said) == set(written)
    assert all(said.values()) or "step" in {part for part, _ in made}
    for part in told["parts"]:  # the same answer in every runtime
        answers = {said[name] for name in exact(part)}
        assert len(answers) <= 1 or part["outputs"][0].get("decoding", "none") in ("none", "threshold"), answers
    return said


def sound_lines(folder, told, part, file):
    """The snippet of Python of a file by its name, none of a script; those of other languages are read through."""
    found = {}
    for language in () if FORMATS[file["format"]].scripts else LANGUAGES:
        path = folder / "examples" / f"{file['file']}{LANGUAGES[language][1]}"
        assert path.is_file() == (language in languages(told, part["name"], file["format"])), path.name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert problems(text, language, part, file) == [], path.name
            found |= {path.name: text} if language == "python" else {}
    assert found or FORMATS[file["format"]].scripts
    return found


def exact(part):
    """Names of the snippets of files that say the same as Keras, whatever was learnt."""
    return [f"{file['file']}.py" for file in part["files"] if file["format"] in EXACT and not FORMATS[file["format"]].scripts]


def the_loop_says_what_predict_says(name, folder, said):
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
    expected = json.loads(done.stdout.strip().splitlines()[-1])[0]["text"].strip()
    assert {said[file] for file in exact(step)} == {expected}
