"""Asking a generator: `draw:16` makes sixteen samples, `walk:10` goes from one point of its noise to another in ten steps.

Answers hold the path of a .npy file with pictures uint8 [samples, h, w, c]; with `save` a PNG of all of them is written too.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.analysis.goals import End
from graph_compiler.messages import Asking
from graph_compiler.trainers.noise import table
from graph_compiler.trainers.sights.base import sigmoid
from graph_compiler.trainers.sights.chain import pixels_of
from graph_compiler.trainers.sights.parts import Part
from graph_compiler.trainers.sights.reading import kind_of, read_by
from graph_compiler.trainers.sights.rows import fixed
from graph_compiler.trainers.sights.samples import SamplesPlan, plans
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.restored import Restored

DRAW, WALK = "draw:", "walk:"
MOST = 400
"""Samples of one answer."""
GAP = 4
"""Pixels between the pictures of a sheet."""


def asks(word: str) -> bool:
    """Whether a word asks a generator."""
    return word.startswith((DRAW, WALK))


class Drawer:
    """Draws samples of what a drawing generates. JobProblem when it generates no pictures."""

    def __init__(self, restored: Restored) -> None:
        self.restored = restored
        engine = restored.compiled.analysis.engine
        found = next(plans(restored.compiled.analysis), None)
        if found is None:
            raise JobProblem("draw", "This network generates no pictures.",
                             "Draw from a generator of a contest, or from the decoder of a variational autoencoder.")
        self.plan: SamplesPlan = found
        pixels = pixels_of(engine, found.end, found.like, restored.feed.columns)
        assert pixels is not None
        self._pixels = pixels
        if found.start is None:
            self._part = Part.of(restored.compiled, found.end)
        else:
            beside = tuple(read_by(engine, found.end, frozenset([found.start[0]])))
            self._part = Part.behind(restored.compiled, found.start, found.end, beside)

    def answers(self, word: str, asking: Asking, scratch: Path) -> list[dict[str, Any]]:
        """One answer to `draw:N` or `walk:N`."""
        began = time.perf_counter()
        count = _count(word)
        values = self._part.run(self._given(count, word.startswith(WALK), asking))[0]
        if self.plan.logits:
            values = sigmoid(values)
        pictures = self._pixels.drawn(values)
        path = scratch / f"drawn-{asking.seed}-{count}.npy"
        np.save(path, pictures)
        answer: dict[str, Any] = {"input": word, "pictures": str(path), "count": count, "labels": self._labels(count, asking)}
        if asking.save:
            answer["saved"] = str(_save(sheet(pictures), Path(asking.save)))
        return [{**answer, "milliseconds": round((time.perf_counter() - began) * 1000 / count, 3)}]

    def _given(self, count: int, walk: bool, asking: Asking) -> Mapping[End, np.ndarray]:
        """What is read, [count, ...]: noise, labels, and everything else from fixed rows."""
        engine, plan = self.restored.compiled.analysis.engine, self.plan
        values: dict[End, np.ndarray] = {}
        rest: list[End] = []
        for number, end in enumerate(self._part.columns):
            facts = engine.facts[end[0]]
            if end == plan.start:
                shape = tuple(int(d or 1) for d in facts.outputs[end[1]].shape)
                values[end] = self._points(count, walk, lambda rows, shape=shape, seed=asking.seed: np.random.default_rng(
                    seed).standard_normal((rows, *shape)).astype(np.float32))
            elif kind_of(engine, end) == "noise":
                values[end] = self._points(count, walk, lambda rows, p=facts.values, seed=asking.seed + number: table(
                    p, rows, seed))
            elif end == plan.labels:
                values[end] = self._asked(count, asking)
            else:
                rest.append(end)
        if rest:
            few = fixed(self.restored.feed, rest, count)
            values |= {end: np.resize(array, (count, *array.shape[1:])) for end, array in few.items()}
        return values

    @staticmethod
    def _points(count: int, walk: bool, draw: Any) -> np.ndarray:
        """Random points, or a way between two of them on which the length stays what it is (spherical interpolation)."""
        if not walk:
            return np.asarray(draw(count))
        a, b = (point.astype(np.float64) for point in draw(2))
        cosine = float(np.clip((a * b).sum() / max(np.linalg.norm(a) * np.linalg.norm(b), 1e-9), -1, 1))
        angle = math.acos(cosine)
        shares = np.linspace(0, 1, count)
        if angle < 1e-6:
            way = [a + share * (b - a) for share in shares]
        else:
            way = [(math.sin((1 - s) * angle) * a + math.sin(s * angle) * b) / math.sin(angle) for s in shares]
        return np.stack(way).astype(np.float32)

    def _asked(self, count: int, asking: Asking) -> np.ndarray:
        """Class numbers: the one that is asked for, or all in turn."""
        if not asking.label:
            return np.arange(count, dtype=np.int32) % max(1, len(self.plan.classes))
        if asking.label not in self.plan.classes:
            raise JobProblem("draw", f"There is no class “{asking.label}”.", f"Choose of {', '.join(self.plan.classes)}.")
        return np.full(count, self.plan.classes.index(asking.label), np.int32)

    def _labels(self, count: int, asking: Asking) -> list[str]:
        return [self.plan.classes[i] for i in self._asked(count, asking)] if self.plan.labels else []


def _count(word: str) -> int:
    text = word.partition(":")[2]
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        raise JobProblem("draw", f"“{word}” does not say how many.",
                         f"Write {word.partition(':')[0]}:16; 1 to {MOST} are drawn.")
    return int(text)


def sheet(pictures: np.ndarray) -> np.ndarray:
    """All pictures [n, h, w, c] on one white sheet uint8 [H, W, c], in rows of about as many as there are rows."""
    n, high, wide, channels = pictures.shape
    across = math.ceil(math.sqrt(n))
    down = math.ceil(n / across)
    page = np.full((down * (high + GAP) + GAP, across * (wide + GAP) + GAP, channels), 255, np.uint8)
    for number, picture in enumerate(pictures):
        y, x = GAP + number // across * (high + GAP), GAP + number % across * (wide + GAP)
        page[y:y + high, x:x + wide] = picture
    return page


def _save(page: np.ndarray, path: Path) -> Path:
    import tensorflow as tf

    try:
        path.write_bytes(tf.io.encode_png(page).numpy())
    except OSError as error:
        raise JobProblem("draw", f"The picture cannot be saved as {path}: {error.strerror or error}.",
                         "Choose another place.") from None
    return path

