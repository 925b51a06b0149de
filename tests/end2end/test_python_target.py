"""The exported script in a fresh process trains as the run did and writes files of its own."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from app.paths import template, template_ids
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.script import python_script
from graph_compiler.catalog import registry
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import OptimizerSettings, ScheduleSettings, TrainingSettings
from graph_compiler.messages import Epoch, Export
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.export import export
from tests.helpers.contests import CRITIC, contest
from tests.helpers.drawing import drawing, graph
from tests.helpers.sequences import caption, transformer, translator
from tests.helpers.training import run

pytestmark = pytest.mark.slow
FILES = ["data.npz", "history.csv", "model.keras", "model.tflite", "train.py"]


def exported(document: Document, folder: Path) -> tuple[Path, list[dict[str, float]]]:
    """The script of a run, and what its epochs came to."""
    made = RunFolder.create(folder / "run", document, title="Net")
    told = run(document, made.path)
    answer = export(Export(run=str(made.path), formats=("python",), out=str(folder / "out")),
                    Context(lambda _: None, Control(), lambda: None))
    assert not answer["failed"] and answer["exports"][0]["max_abs_diff"] == 0.0
    return Path(answer["exports"][0]["path"]), [m.metrics for m in told.said(Epoch)]


def executed(folder: Path) -> tuple[list[dict[str, float]], str]:
    """The script's own history and what it said, from a process that knows nothing of the program."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-P", "train.py"], cwd=folder, env=environment, capture_output=True, text=True,
                          check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    assert any(line.startswith("test {") for line in done.stdout.splitlines())
    with (folder / "history.csv").open(encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)], done.stdout


def shorter(name: str, **training: Any) -> Document:
    """A template with other settings."""
    document = template(name)
    document.training = msgspec.structs.replace(document.training, **training)
    return document


def cloud() -> Document:
    """A small variational autoencoder of 8×8 digits: a computed target, a term, samples, a rate that falls."""
    made = drawing(
        "digits Digits", "flat Flatten", "scaled Rescaling scale=0.0625", "wide Dense units=24 activation=relu",
        "mean Dense units=3", "logvar Dense units=3", "drawn Sampling", "out Dense units=64 activation=sigmoid",
        "loss Loss loss=BinaryCrossentropy", "kl GaussianKL weight=0.01",
        "digits.image > flat > scaled > wide > mean > drawn.mean", "wide > logvar > drawn.logvar",
        "drawn > out > loss.prediction", "scaled > loss.target", "mean > kl.mean", "logvar > kl.logvar")
    made.training = TrainingSettings(batch_size=64, epochs=2, seed=4, schedule=ScheduleSettings(kind="cosine"))
    return made


def slopes() -> Document:
    """A contest with a gradient penalty, two steps of the critic for one of the generator, and averaged weights."""
    made = contest(discriminator=CRITIC, loss="wasserstein", penalty="gradient", discriminator_steps=2)
    averaged = OptimizerSettings(learning_rate=0.002, params={"use_ema": True, "ema_momentum": 0.9})
    made.training = msgspec.structs.replace(made.training, optimizers={**made.training.optimizers, "": averaged})
    return made


def looking() -> Document:
    """Attention in blocks, which draws its weights when it is first called, with dropout."""
    inside = BlockDefinition(graph("x BlockInput", "look MultiHeadAttention num_heads=2 key_dim=4 dropout=0.2", "sum Add",
                                   "wide Dense units=8", "y BlockOutput", "x > look.query", "x > look.value", "x > sum.in#0",
                                   "look > sum.in#1", "sum > wide > y"))
    made = drawing("digits Digits", "scaled Rescaling scale=0.0625", "rows Reshape target_shape=[8,8]",
                   "one Block block=inside", "two Block block=inside",
                   "mean GlobalAveragePooling1D", "scores Dense units=10 activation=softmax", "loss Loss",
                   "digits.image > scaled > rows > one.x", "one.y > two.x", "two.y > mean > scores > loss.prediction",
                   "digits.label > loss.target", inside=inside)
    made.training = TrainingSettings(batch_size=64, epochs=1, seed=5)
    return made


DRAWINGS: dict[str, tuple[Callable[[], Document], float]] = {
    "scaled-rows": (lambda: shorter("house-prices", epochs=3), 1e-3),
    "dropout": (lambda: shorter("digits-mlp", epochs=1), 1e-2),
    "cloud": (cloud, 1e-3),
    "attention-in-blocks": (looking, 1e-3),
    "contest": (contest, 2e-3),
    "slopes": (slopes, 2e-3),
    "padding-and-states": (translator, 1e-3),
    "looking-back": (transformer, 1e-3),
    "caption": (caption, 1e-3),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_script_trains_as_the_run_did(name: str, tmp_path: Path) -> None:
    """Every figure of every epoch is the run's, as near as sums in another order come to."""
    made, rel = DRAWINGS[name]
    folder, before = exported(made(), tmp_path)
    after, said = executed(folder)
    assert len(after) == len(before)
    generated = {"exact_match", "free_accuracy", "bits", "unigram_share"}
    for mine, theirs in zip(after, before, strict=True):
        wanted = {key: value for key, value in theirs.items() if key.removeprefix("val_") not in generated}
        assert {key: mine[key] for key in wanted} == pytest.approx(wanted, rel=rel, abs=1e-4)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert ("generated [" in said) is (name in ("padding-and-states", "looking-back", "caption"))


def test_the_rows_beside_it_are_those_of_the_run(tmp_path: Path) -> None:
    folder, _ = exported(shorter("house-prices", epochs=1), tmp_path)
    with np.load(folder / "data.npz") as rows:
        parts: dict[str, Any] = {part: rows[f"{part}_features"].shape for part in ("train", "validation", "test")}
        assert parts["train"] == (354, 13) and sum(shape[0] for shape in parts.values()) == 506
        assert rows["train_price"].shape == (354, 1)


@pytest.mark.parametrize("name", template_ids())
def test_every_template_has_a_script_that_can_be_read(name: str) -> None:
    made = python_script(template(name), registry())
    compile(made.text, "train.py", "exec")
    assert max(map(len, made.text.splitlines())) <= 128
    assert "netloom" not in made.text.replace('package="Netloom"', "").replace("Made by Netloom", "").lower()
    assert made.columns and len({column.name for column in made.columns}) == len(made.columns)


def test_a_contest_is_written_out_in_two_phases() -> None:
    text = python_script(template("wgan-gp"), registry()).text
    assert all(line in text for line in ("def first_phase(", "def second_phase(", "def penalty(self, ", "step % 2 == 1"))
    column = next(c for c in python_script(template("dcgan"), registry()).columns if c.drawn)
    assert column.name == "noise"


@pytest.mark.parametrize(("settings", "words"), [
    ({"l2": 0.1}, "it has penalties on every kernel"), ({"class_weights": "balanced"}, "its classes are balanced")])
def test_what_a_script_cannot_train_is_said(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(BuildProblem, match=words) as caught:
        python_script(shorter("iris", **settings), registry())
    assert caught.value.hint.startswith("Show as Python writes the model")


