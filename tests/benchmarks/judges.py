"""Figures of nets that have no target to be compared with: what a digit reader says of drawn samples, and the like.

A template's figure names its judge under `by`. A judge gets the folder of a finished run and gives figures by name.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.specs.datasets import Place

SAMPLES = 1000
PAIRS = 2000
"""Pairs of pictures a class, at most, whose distance is measured."""


class Trained:
    """A run brought back: its models, its rows, and what stands in its drawing."""

    def __init__(self, folder: Path) -> None:
        from graph_compiler.catalog import registry
        from graph_compiler.runs.folder import RunFolder
        from graph_compiler.trainers.checkpoints import restored

        self.run = RunFolder.open(folder)
        self.compiled = restored(self.run.document(), registry(), folder)
        self.plan = self.compiled.plan

    def of_type(self, name: str) -> str:
        """The only node of a type."""
        found = [n.id for n in self.compiled.analysis.engine.graph.nodes.values() if n.type == name]
        assert len(found) == 1, (name, found)
        return found[0]

    def values(self, node: str) -> Any:
        """Checked parameters of a node."""
        return self.compiled.analysis.engine.facts[node].values

    def column(self, part: str, name: str) -> np.ndarray:
        """A column of a part of the table, whether the net reads it or not."""
        from graph_compiler.trainers.data import load_feed

        end = (self.plan.sources[0], name)
        feed = load_feed(self.compiled.analysis, [end], Place(self.run.path, self.run.path))
        return feed.part(part, [end])[end]

    def pixels(self, made: np.ndarray) -> np.ndarray:
        """Values as the net computes them -> uint8 pictures, by the drawing's own Rescaling turned around."""
        p = self.values(self.of_type("Rescaling"))
        return np.clip(np.round((made - p["offset"]) / p["scale"]), 0, 255).astype(np.uint8)


@cache
def reader() -> Callable[[np.ndarray], np.ndarray]:
    """A digit reader: the template digits-cnn, trained once; uint8 pictures [n, 28, 28, 1] -> probabilities [n, 10]."""
    folder = Path(tempfile.mkdtemp(prefix="netloom-judge-")) / "run"
    command = [sys.executable, "-m", "app.main", "run", "digits-cnn", "--epochs", "12", "--out", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    accuracy = json.loads(done.stdout.strip().splitlines()[-1])["metrics"]["test_accuracy"]
    assert accuracy > 0.97, accuracy
    trained = Trained(folder)
    return lambda pictures: _run(trained.compiled.model, [pictures])


def _run(model: Any, inputs: list[np.ndarray]) -> np.ndarray:
    pieces = [np.asarray(model([i[start:start + 250] for i in inputs] if len(inputs) > 1 else inputs[0][start:start + 250],
                               training=False)) for start in range(0, len(inputs[0]), 250)]
    return np.concatenate(pieces)


def drawn(trained: Trained, rows: int, labels: np.ndarray | None = None) -> np.ndarray:
    """Samples uint8 [rows, 28, 28, 1]: of the generator of a contest, or of what stands behind the Sampling of a VAE."""
    import keras

    from graph_compiler.trainers.noise import table

    compiled = trained.compiled
    if trained.plan.contests:
        noise = table(trained.values(trained.of_type("Noise")), rows, 99)
        given = {"noise": noise, "label": labels}
        return trained.pixels(_run(compiled.model, [given[name] for name in compiled.input_names]))
    start = compiled.tensors[trained.of_type("Sampling"), "out"]
    decoder = keras.Model(start, compiled.tensors[trained.plan.objectives[0].prediction])
    z = np.random.default_rng(99).standard_normal((rows, start.shape[-1])).astype(np.float32)
    return trained.pixels(_run(decoder, [z]))


def distance(pictures: np.ndarray) -> float:
    """Mean distance of pairs of pictures, pixels from 0 to 1."""
    flat = pictures.reshape(len(pictures), -1).astype(np.float64) / 255
    if len(flat) < 2:
        return 0.0
    a, b = np.random.default_rng(0).integers(0, len(flat), (2, PAIRS))
    keep = a != b
    return float(np.linalg.norm(flat[a[keep]] - flat[b[keep]], axis=1).mean())


def variety(pictures: np.ndarray, said: np.ndarray, trained: Trained) -> tuple[float, float]:
    """Share of the rarest class, and how far samples of a class lie apart as a share of real ones: mean over the classes."""
    real, labels = trained.column("test", "image"), trained.column("test", "label")
    shares = np.bincount(said, minlength=10) / len(said)
    ratios = [distance(pictures[said == k]) / distance(real[labels == k]) for k in range(10)]
    return float(shares.min()), float(np.mean(ratios))


def samples(folder: Path) -> dict[str, float]:
    """How sure the reader is of samples, and how varied they are."""
    trained = Trained(folder)
    pictures = drawn(trained, SAMPLES, np.arange(SAMPLES, dtype=np.int32) % 10)
    probabilities = reader()(pictures)
    rarest, spread = variety(pictures, probabilities.argmax(1), trained)
    return {"judge_sure": float(probabilities.max(1).mean()), "rarest_class": rarest, "diversity": spread}


def labels(folder: Path) -> dict[str, float]:
    """How often the reader sees the digit that was asked for."""
    trained = Trained(folder)
    asked = np.arange(SAMPLES, dtype=np.int32) % 10
    pictures = drawn(trained, SAMPLES, asked)
    said = reader()(pictures).argmax(1)
    rarest, spread = variety(pictures, asked, trained)
    return {"judge_agrees": float((said == asked).mean()), "rarest_class": rarest, "diversity": spread}


def denoising(folder: Path) -> dict[str, float]:
    """Mean peak signal-to-noise ratio over the test pictures, in dB: gained over pictures with the drawing's own noise."""
    trained = Trained(folder)
    clean = trained.column("test", "image").astype(np.float64) / 255
    sigma = trained.values(trained.of_type("GaussianNoise"))["stddev"]
    noisy = np.clip(clean + np.random.default_rng(7).normal(0, sigma, clean.shape), 0, 1)
    made = _run(trained.compiled.model, [np.round(noisy * 255).astype(np.uint8)]).astype(np.float64)

    def ratio(found: np.ndarray) -> float:
        error = np.maximum(((found - clean) ** 2).reshape(len(clean), -1).mean(axis=1), 1e-10)
        return float((-10 * np.log10(error)).mean())

    return {"psnr_gain": ratio(made) - ratio(noisy), "psnr": ratio(made), "psnr_noisy": ratio(noisy)}


def neighbours(folder: Path) -> dict[str, float]:
    """How often the five nearest training codes name the digit of a test code."""
    from sklearn.neighbors import KNeighborsClassifier

    from graph_compiler.build.blocks import block_model

    trained = Trained(folder)
    engine = trained.compiled.analysis.engine
    node = next(n for n in engine.order if engine.graph.nodes[n].block == "encoder")
    encoder, scale = block_model(trained.compiled, engine, node), trained.values(trained.of_type("Rescaling"))

    def codes(part: str) -> np.ndarray:
        return _run(encoder, [trained.column(part, "image").astype(np.float32) * scale["scale"] + scale["offset"]])

    found = KNeighborsClassifier(5).fit(codes("train"), trained.column("train", "label"))
    return {"neighbours": float(found.score(codes("test"), trained.column("test", "label")))}


JUDGES: dict[str, Callable[[Path], dict[str, float]]] = {
    "samples": samples, "labels": labels, "denoising": denoising, "neighbours": neighbours}
