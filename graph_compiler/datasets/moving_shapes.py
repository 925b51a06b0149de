"""Short clips of a shape that moves: which way? Generated."""

from __future__ import annotations

from functools import lru_cache

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import frozen
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Float, Int
from graph_compiler.specs.tensors import Column

MOTIONS = ("left", "right", "up", "down", "clockwise", "anticlockwise", "grows", "shrinks")
"""In pairs: a clip that is played backwards shows the other of its pair, so no single frame and no set of frames can tell."""

SHAPES = ("circle", "square", "triangle", "cross")
CHUNK = 256
"""Clips that are painted at once."""


@lru_cache(maxsize=64)
def _schema(rows: int, frames: int, size: int) -> Schema:
    clip = Column(name="clip", kind="video", shape=(frames, size, size, 1), summary="Frames of grey values 0 to 255.")
    return Schema((clip, Column(name="shape", kind="category", classes=SHAPES, summary="What moves."),
                   Column(name="motion", kind="category", classes=MOTIONS, summary="How it moves.")), rows)


def schema(p: Values) -> Schema:
    """`clip` [frames, size, size, 1], `shape` and `motion`."""
    return _schema(p["rows"], p["frames"], p["size"])


def paths(motions: np.ndarray, frames: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and radius [clips, frames] of the shapes, in edges of the picture, for motions [clips] by number."""
    clips, pair, backwards = len(motions), motions // 2, motions % 2 == 1
    time = np.linspace(-0.5, 0.5, frames)[None] * random.uniform(0.7, 1.0, (clips, 1))
    time = np.where(backwards[:, None], -time, time)
    x, y = (random.uniform(0.3, 0.7, (clips, 1)) + np.zeros((1, frames)) for _ in range(2))
    radius = random.uniform(0.13, 0.2, (clips, 1)) + np.zeros((1, frames))
    angle = random.uniform(0, 2 * np.pi, (clips, 1)) + time * random.uniform(1.6, 3.0, (clips, 1))
    away = random.uniform(0.2, 0.3, (clips, 1))
    moved = [(x - 0.45 * time, y, radius), (x, y - 0.45 * time, radius),
             (0.5 + away * np.cos(angle), 0.5 + away * np.sin(angle), radius), (x, y, radius * (1 + 0.9 * time))]
    found = [np.choose(pair[:, None], [each[i] for each in moved]) for i in range(3)]
    return found[0], found[1], found[2]


def _beyond(shape: str, dx: np.ndarray, dy: np.ndarray, r: np.ndarray) -> np.ndarray:
    """How far a pixel lies outside a shape of radius `r`, negative inside, seen from its middle."""
    ax, ay = np.abs(dx), np.abs(dy)
    if shape == "circle":
        return np.asarray(np.sqrt(dx * dx + dy * dy) - r)
    if shape == "square":
        return np.asarray(np.maximum(ax, ay) - 0.85 * r)
    if shape == "triangle":
        return np.asarray(np.maximum(dy - 0.7 * r, 0.87 * ax - 0.5 * dy - 0.6 * r))
    return np.asarray(np.minimum(np.maximum(ax - r, ay - 0.35 * r), np.maximum(ay - r, ax - 0.35 * r)))


def _painted(shapes: np.ndarray, x: np.ndarray, y: np.ndarray, radius: np.ndarray, size: int) -> np.ndarray:
    """How much of each pixel is covered, float32 [clips, frames, size, size]; edges are one pixel soft."""
    middle = ((np.arange(size) + 0.5) / size).astype(np.float32)
    out = np.empty((len(shapes), x.shape[1], size, size), np.float32)
    for number, name in enumerate(SHAPES):
        mine = shapes == number
        dx = middle[None, None, None] - x[mine, :, None, None].astype(np.float32)
        dy = middle[None, None, :, None] - y[mine, :, None, None].astype(np.float32)
        out[mine] = (0.5 - _beyond(name, dx, dy, radius[mine, :, None, None].astype(np.float32)) * size).clip(0, 1)
    return out


@lru_cache(maxsize=2)
def clips(rows: int, frames: int, size: int, noise: float, seed: int) -> Table:
    """The clips, uint8 [rows, frames, size, size, 1], as many of each motion."""
    random = np.random.default_rng(seed)
    motions = random.permutation(np.arange(rows) % len(MOTIONS)).astype(np.int32)
    shapes = random.integers(0, len(SHAPES), rows).astype(np.int32)
    pixels = np.empty((rows, frames, size, size, 1), np.uint8)
    for first in range(0, rows, CHUNK):
        at = slice(first, min(first + CHUNK, rows))
        cover = _painted(shapes[at], *paths(motions[at], frames, random), size)
        ground, ink = random.uniform(0, 0.35, (2, len(cover), 1, 1, 1)).astype(np.float32)
        grey = ground + (1 - ink - ground) * cover
        grey += random.standard_normal(grey.shape, np.float32) * np.float32(noise)
        pixels[at, ..., 0] = (grey.clip(0, 1) * 255).astype(np.uint8)
    return Table({"clip": frozen(pixels), "shape": frozen(shapes), "motion": frozen(motions)})


def load(p: Values, place: Place) -> Table:
    """Painted anew for the same parameters, kept in memory until others are asked for."""
    return clips(p["rows"], p["frames"], p["size"], p["noise"], p["seed"])


DATASET = DatasetSpec(
    name="MovingShapes", title="Moving shapes (generated)", summary="Clips of a shape: which way does it move? (generated)",
    text="A circle, square, triangle or cross moves left, right, up or down, runs round in a circle, grows or shrinks. Played "
         "backwards each clip shows another motion, so the order of the frames has to be understood: one frame is not enough, "
         "and neither are all of them without their order.",
    origin="Generated by this program", licence="None needed",
    params=(Int(name="rows", default=1600, minimum=16, maximum=50_000, key=True, summary="How many clips."),
            Int(name="frames", default=8, minimum=2, maximum=64, key=True, summary="Frames in a clip."),
            Int(name="size", default=24, minimum=12, maximum=128, key=True, summary="Pixels of an edge."),
            Float(name="noise", default=0.08, minimum=0.0, maximum=1.0, summary="Spread of the noise, 1 is all of the range."),
            Int(name="seed", default=0, minimum=0, summary="Seed of the clips.")),
    schema=schema, load=load, default_split="fractions", default_stratify="motion", thumbnails="clip",
    keywords=("video", "frames", "motion", "sequence", "timedistributed", "lstm", "many to one", "synthetic"))
