"""The exported script in a fresh process trains as the run did and writes files of its own."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from app.paths import template
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.script import python_script
from graph_compiler.catalog import registry
from graph_compiler.messages import Epoch, Export
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.export import export
from tests.helpers.training import run

pytestmark = pytest.mark.slow


def exported(name: str, folder: Path, epochs: int) -> tuple[Path, list[dict[str, float]]]:
    """A template after a few epochs as a script, and what the epochs came to."""
    document = template(name)
    document.training = msgspec.structs.replace(document.training, epochs=epochs)
    made = RunFolder.create(folder / "run", document, title="Net")
    told = run(document, made.path)
    answer = export(Export(run=str(made.path), formats=("python",), out=str(folder / "out")),
                    Context(lambda _: None, Control(), lambda: None))
    assert not answer["failed"] and answer["exports"][0]["max_abs_diff"] == 0.0
    return Path(answer["exports"][0]["path"]), [m.metrics for m in told.said(Epoch)]


def executed(folder: Path) -> list[dict[str, float]]:
    """The script's own history, from a process that knows nothing of the program."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-P", "train.py"], cwd=folder, env=environment, capture_output=True, text=True,
                          check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1].startswith("test {")
    with (folder / "history.csv").open(encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize(("name", "epochs", "rel"), [("house-prices", 3, 1e-3), ("digits-cnn", 1, 1e-2)])
def test_the_script_trains_as_the_run_did(name: str, epochs: int, rel: float, tmp_path: Path) -> None:
    """Scaled rows in the one; dropout and a moving learning rate, which rounds in float32, in the other."""
    folder, before = exported(name, tmp_path, epochs)
    after = executed(folder)
    assert len(after) == len(before) == epochs
    for mine, theirs in zip(after, before, strict=True):
        assert {key: mine[key] for key in theirs} == pytest.approx(theirs, rel=rel)
    assert sorted(path.name for path in folder.iterdir()) == [
        "data.npz", "history.csv", "model.keras", "model.tflite", "train.py"]


def test_the_rows_beside_it_are_those_of_the_run(tmp_path: Path) -> None:
    folder, _ = exported("house-prices", tmp_path, 1)
    with np.load(folder / "data.npz") as rows:
        parts: dict[str, Any] = {part: rows[f"{part}_features"].shape for part in ("train", "validation", "test")}
        assert parts["train"] == (354, 13) and sum(shape[0] for shape in parts.values()) == 506
        assert rows["train_price"].shape == (354, 1)


@pytest.mark.parametrize(("name", "words"), [
    ("dcgan", "it is trained by more than losses against columns"),
    ("vae", "it is trained by more than losses against columns"),
    ("latent-autoencoder", "a target is computed by the drawing itself"),
    ("date-tagger", "places of its target are left out"),
])
def test_what_a_script_cannot_train_is_said(name: str, words: str) -> None:
    with pytest.raises(BuildProblem, match=words) as caught:
        python_script(template(name), registry())
    assert caught.value.hint.startswith("Show as Python writes the model")


def test_a_script_can_be_read() -> None:
    for name in ("digits-cnn", "house-prices", "multi-task", "resnet"):
        text = python_script(template(name), registry()).text
        compile(text, "train.py", "exec")
        assert max(map(len, text.splitlines())) <= 128
