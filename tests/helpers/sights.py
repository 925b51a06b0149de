"""Small drawings that have something to see: autoencoders, a variational one, denoising, segmentation of two classes."""

from __future__ import annotations

from functools import cache

import numpy as np

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import RemoveNode
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.specs.datasets import DatasetSpec, Schema, Table, source_of
from graph_compiler.specs.registry import Registry
from graph_compiler.specs.tensors import Column
from tests.helpers.contests import GENERATOR, contest
from tests.helpers.drawing import drawing

DIGITS = ("digits Digits", "scaled Rescaling scale=0.0625")


def trained(*lines: str, epochs: int = 1, batch_size: int = 128, **blocks: BlockDefinition) -> Document:
    """A drawing with settings for a short run."""
    document = drawing(*lines, **blocks)
    document.training = TrainingSettings(epochs=epochs, batch_size=batch_size, seed=3)
    return document


def autoencoder(code: int = 2) -> Document:
    """Pictures of 8 x 8 digits through a code and back; flattened on the way."""
    return trained(*DIGITS, "flat Flatten", "a Dense units=16 activation=relu", f"code Dense units={code}",
                   "b Dense units=16 activation=relu", "c Dense units=64 activation=sigmoid",
                   "back Reshape target_shape=[8,8,1]", "loss Loss",
                   "digits.image > scaled > flat > a > code > b > c > back > loss.prediction", "scaled > loss.target")


def denoiser() -> Document:
    """Noise on the pictures, a small convolution takes it away."""
    return trained(*DIGITS, "noise GaussianNoise stddev=0.5", "clip Clip", "c Conv2D filters=1 padding=same activation=sigmoid",
                   "loss Loss", "digits.image > scaled > noise > clip > c > loss.prediction", "scaled > loss.target")


def variational(latent: int = 3) -> Document:
    """Mean, logarithm of the variance, a draw, and a decoder that gives scores before the sigmoid."""
    return trained(*DIGITS, "flat Flatten", "a Dense units=16 activation=relu", f"mean Dense units={latent}",
                   f"logvar Dense units={latent}", "z Sampling", "b Dense units=16 activation=relu", "c Dense units=64",
                   "loss Loss loss=BinaryCrossentropy from_logits=true", "kl GaussianKL weight=0.01",
                   "digits.image > scaled > flat > a > mean > z.mean", "a > logvar > z.logvar", "z > b > c > loss.prediction",
                   "flat > loss.target", "mean > kl.mean", "logvar > kl.logvar")


def _scenes() -> Table:
    """Sixty pictures 8 x 8 with a bright square on dark ground, and where it is."""
    rng = np.random.default_rng(0)
    masks = np.zeros((60, 8, 8), np.int32)
    for mask in masks:
        y, x = rng.integers(0, 5, 2)
        mask[y:y + 4, x:x + 4] = 1
    images = (40 + 160 * masks + rng.integers(0, 40, masks.shape)).astype(np.uint8)
    return Table({"image": images[..., None], "mask": masks})


_COLUMNS = (Column(name="image", kind="image", shape=(8, 8, 1)),
            Column(name="mask", kind="mask", shape=(8, 8), classes=("ground", "square")))
SCENES = DatasetSpec(name="Squares", title="Squares", summary="Squares on dark ground", default_split="fractions",
                     schema=lambda p: Schema(_COLUMNS, rows=60), load=lambda p, place: _scenes())


def playground(task: str = "spirals") -> Document:
    """Two numbers to two classes, as one probability; or to two scores when `task` is "scores"."""
    head = "c Dense units=2" if task == "scores" else "c Dense units=1 activation=sigmoid"
    return trained("points Points2D rows=200", "a Dense units=8 activation=tanh", head, "loss Loss",
                   "points.features > a > c > loss.prediction", "points.label > loss.target", batch_size=32)


def points_contest() -> Document:
    """A contest whose generator makes points in a plane."""
    document = contest("points Points2D rows=200", "points.features > judge_real.x",
                       generator=tuple(line.replace("units=64", "units=2") for line in GENERATOR),
                       without=("digits.image > flat > scaled > judge_real.x",))
    for node in ("digits", "flat", "scaled"):
        RemoveNode(node).apply(document)
    return document


@cache
def with_scenes() -> Registry:
    """The program's registry with the source `Squares`: pictures and masks."""
    own = registry()
    return Registry.of(nodes=[*own.nodes.values(), source_of(SCENES)], datasets=[*own.datasets.values(), SCENES])


def segmentation(yes_no: bool = False) -> Document:
    """A convolution that finds the squares: two scores a place, or one."""
    head = "c Conv2D filters=1 padding=same" if yes_no else "c Conv2D filters=2 padding=same"
    return trained("squares Squares", "scaled Rescaling", head, "loss Loss", "squares.image > scaled > c > loss.prediction",
                   "squares.mask > loss.target")
