"""Asking a network that generates a sequence: a text to translate or to go on from, a picture to name, a test row.

Words are `text:...`, `test:N`, or the file of a picture or a text. Answers are texts, the likeliest first;
a text that was given comes with `attention`, where the network looked while it wrote, if it has a layer that tells.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.analysis.goals import End
from graph_compiler.analysis.plan import InputPlan
from graph_compiler.build.generating import Generator
from graph_compiler.build.sequences import sequence_models
from graph_compiler.datasets.tokens import decode, encode, left_out, tokens_of
from graph_compiler.messages import Asking
from graph_compiler.specs.tensors import Column
from graph_compiler.trainers.sights.attention import Attention, looking_back
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.restored import Restored
from graph_compiler.worker.jobs.samples import PICTURES, fitted, test_place

TEXT = "text:"
MOST_SHOWN = 40
"""Characters of what is left out that are named."""
LONGEST = 100_000
"""Characters of a text that is given."""


class Speaker:
    """Answers with generated sequences. Only for drawings that have one."""

    def __init__(self, restored: Restored, scratch: Path) -> None:
        """`scratch` is a folder for pictures as the network sees them."""
        self.restored, self.plan, self._scratch = restored, restored.compiled.plan.sequence, scratch
        self.generator = Generator(sequence_models(restored.compiled))
        assert self.plan is not None
        self.target = self._column(self.plan.column)
        self._attention: dict[End, Attention | None] = {}
        """By the column that is given; made when the first text comes."""

    def answers(self, word: str, asking: Asking) -> list[dict[str, Any]]:
        """The answers to one word. JobProblem or DataProblem when it cannot be read."""
        began = time.perf_counter()
        columns, begin, told = self._given(word)
        texts, ids = self._made(columns, begin, asking)
        milliseconds = (time.perf_counter() - began) * 1000
        looked = {} if word.startswith("test:") else self._looked(columns, ids)
        return [{"input": word, **told, **texts, **looked, "milliseconds": round(milliseconds, 3)}]

    def _looked(self, columns: Mapping[End, np.ndarray], ids: np.ndarray) -> dict[str, Any]:
        """`attention`: tokens `given` and `made`, and `weights` [made][given] between 0 and 1.

        Empty without such a layer, and where nothing was written.
        """
        assert self.plan is not None
        end = next(iter(columns), None)
        if end is None or len(columns) > 1 or len(ids) != self.plan.length:
            return {}
        source = self._column(end)
        if end not in self._attention:
            self._attention[end] = looking_back(self.restored.compiled, self.plan, source)
        attention, arrays = self._attention[end], {**columns, self.plan.column: ids[None]}
        if attention is None or not set(attention.columns) <= set(arrays):
            return {}
        given, made = tokens_of(columns[end][0], source), tokens_of(ids, self.target)
        if not made:
            return {}
        weights = attention.weights(arrays)[0, :len(made), :len(given)]
        return {"attention": {"given": given, "made": made, "weights": weights.round(4).tolist()}}

    def _made(self, columns: Mapping[End, np.ndarray], begin: list[int], asking: Asking) -> tuple[dict[str, Any], np.ndarray]:
        """The texts, and the tokens of the first: int32 [length]."""
        assert self.plan is not None
        if asking.beam > 1 and self.generator.reads:
            tokens, sums = self.generator.beam(columns, asking.beam)
            texts = [self._text(row) for row in tokens[0]]
            beams = [{"text": text, "log_probability": round(float(score), 4)}
                     for text, score in zip(texts, sums[0], strict=True)]
            return {"text": texts[0], "beams": beams}, tokens[0][0]
        length = asking.length if self.plan.form == "state" and asking.length else None
        rows = max(1, asking.count)
        given = {end: np.repeat(array, rows, axis=0) for end, array in columns.items()}
        tokens = self.generator.sampled(given, asking.temperature, asking.seed, rows=rows, begin=begin, length=length)
        texts = [self._text(row) for row in tokens]
        return {"text": texts[0], **({"texts": texts} if rows > 1 else {})}, tokens[0]

    def _text(self, ids: np.ndarray) -> str:
        return decode(ids, self.target)

    # What is given.

    def _given(self, word: str) -> tuple[dict[End, np.ndarray], list[int], dict[str, Any]]:
        """Source columns [1, ...], tokens to begin with, and what is known of the answer."""
        if word.startswith("test:"):
            return self._row(word)
        if word.startswith(TEXT):
            return self._of_text(word.removeprefix(TEXT))
        path = Path(word)
        if path.suffix.lower() in PICTURES:
            return self._of_picture(path)
        if not path.is_file():
            raise JobProblem("input", f"“{word}” is neither a text, a file nor a test row.",
                             "Write text:… for a text, or test:0 for a test row.")
        return self._of_text(_read(path))

    def _row(self, word: str) -> tuple[dict[End, np.ndarray], list[int], dict[str, Any]]:
        restored = self.restored
        place = test_place(word, restored)
        columns = {end: restored.column(restored.part, end)[place:place + 1] for end in self.generator.reads}
        assert self.plan is not None
        wanted = restored.column(restored.part, self.plan.column)[place]
        told: dict[str, Any] = {"true": self._text(wanted), "place": place}
        for end, array in columns.items():
            column = self._column(end)
            if column.kind == "tokens":
                told["given"] = decode(array[0], column)
            elif column.kind == "image":
                told["seen"] = self._kept(array[0], f"given-{place}")
        begin = [] if self.generator.reads else wanted[:len(wanted) // 4].tolist()
        return columns, begin, told

    def _of_text(self, text: str) -> tuple[dict[End, np.ndarray], list[int], dict[str, Any]]:
        ends = self.generator.reads
        if not ends:
            begin = encode(text, self.target)[:len(text)]
            return {}, begin[begin != 0].tolist(), {"given": text, **_cut(text, self.target)}
        texts = [end for end in ends if self._column(end).kind == "tokens"]
        if len(ends) > 1 or not texts:
            raise JobProblem("input", f"This network reads {', '.join(end[1] for end in ends)}, not a text.",
                             "Give it a picture, or a test row such as test:0.")
        return {texts[0]: encode(text, self._column(texts[0]))[None]}, [], {"given": text, **_cut(text, self._column(texts[0]))}

    def _of_picture(self, path: Path) -> tuple[dict[End, np.ndarray], list[int], dict[str, Any]]:
        ends = self.generator.reads
        if len(ends) != 1 or self._column(ends[0]).kind != "image":
            raise JobProblem("input", f"“{path.name}” is a picture, but this network reads "
                             f"{', '.join(end[1] for end in ends) or 'a text'}.", "Write text:… for a text.")
        tensor = self.restored.compiled.analysis.engine.facts[ends[0][0]].outputs[ends[0][1]]
        pixels = fitted(path, InputPlan(ends[0][1], ends[0], tensor), self.restored)
        return {ends[0]: pixels[None]}, [], {"seen": self._kept(pixels, "given")}

    def _kept(self, pixels: np.ndarray, name: str) -> str:
        """Where a picture lies as the network sees it."""
        path = self._scratch / f"{name}.npy"
        np.save(path, pixels)
        return str(path)

    def _column(self, end: End) -> Column:
        tensor = self.restored.compiled.analysis.engine.facts[end[0]].outputs[end[1]]
        return tensor.column or Column(name=end[1])


def _cut(text: str, column: Column) -> dict[str, str]:
    """A note where a text is longer than what the network reads."""
    rest = left_out(text, column)
    if not rest:
        return {}
    unit = "letters" if column.tokeniser == "characters" else "words"
    most, shown = (column.shape[0] or 0) - bool(column.end), rest if len(rest) <= MOST_SHOWN else f"{rest[:MOST_SHOWN - 1]}…"
    return {"note": f"Only the first {most} {unit} are read: “{shown}” is left out."}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")[:LONGEST].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise JobProblem("input", f"“{path.name}” cannot be read as a text: {error}") from None
