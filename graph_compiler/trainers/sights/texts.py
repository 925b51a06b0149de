"""Texts that a network writes: what it was given, what was wanted, what it made of it, and where it looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import End
from graph_compiler.analysis.sequences import SequencePlan
from graph_compiler.build.generating import Generator
from graph_compiler.build.sequences import sequence_models
from graph_compiler.datasets.tokens import tokens_of
from graph_compiler.specs.tensors import Column
from graph_compiler.trainers.sights.attention import looking_back
from graph_compiler.trainers.sights.base import Seen, Sources
from graph_compiler.trainers.sights.reading import column_of, kind_of, read_by
from graph_compiler.trainers.sights.rows import fixed

ROWS = 6
CANDIDATES = 30
"""Beginnings that are looked through for those with the most letters."""
TEMPERATURES = (0.5, 0.8, 1.0)
"""How freely texts go on that have nothing to be compared with."""
BEGIN, FURTHER = 24, 120
"""Tokens that such a text begins with, and that are written after them."""


@dataclass(frozen=True)
class TextsPlan:
    """The generated sequence of a drawing, and the column it is generated from, if any."""

    sequence: SequencePlan
    given: End | None
    title: str
    kind: str = "texts"

    @property
    def at(self) -> str:
        """The Loss."""
        return self.sequence.objective

    def make(self, sources: Sources) -> Texts:
        """At work."""
        return Texts(self, sources)


def plans(analysis: Analyzer) -> Iterator[TextsPlan]:
    """One for the generated sequence of a drawing."""
    sequence, engine = analysis.plan.sequence, analysis.engine
    if sequence is None or column_of(engine, sequence.column) is None:
        return
    read = [end for end in read_by(engine, sequence.prediction) if end != sequence.column]
    texts = [end for end in read if kind_of(engine, end) == "tokens"]
    pictures = [end for end in read if kind_of(engine, end) == "image"]
    title = "Translations" if texts else "Captions" if pictures else "Generated text" if not read else "Generated sequences"
    yield TextsPlan(sequence, next(iter([*texts, *pictures]), None), title)


class Texts:
    """Six fixed rows, greedily; or a text that goes on from fixed beginnings at three temperatures."""

    def __init__(self, plan: TextsPlan, sources: Sources) -> None:
        self._plan, self._feed, engine = plan, sources.feed, sources.compiled.analysis.engine
        self._generator = sources.generator() if sources.generator else Generator(sequence_models(sources.compiled))
        target = column_of(engine, plan.sequence.column)
        assert target is not None
        self._target: Column = target
        self._source = column_of(engine, plan.given) if plan.given is not None else None
        self._attention = looking_back(sources.compiled, plan.sequence, self._source)
        self._free = not self._generator.reads
        columns = {*self._generator.reads, plan.sequence.column, *(self._attention.columns if self._attention else ())}
        self._given = fixed(sources.feed, columns, CANDIDATES if self._free else ROWS)

    def look(self) -> Seen:
        """`attention_0` ... float32 [made, given] of the lines that have one, `pictures` uint8 where those are given.

        Facts: `lines` with the tokens `given`, `wanted` and `made` and `words` about each, and the `joint` between tokens.
        """
        lines = self._going_on() if self._free else self._answers()
        arrays: dict[str, np.ndarray] = {}
        if self._attention is not None:
            arrays = {f"attention_{i}": weights for i, weights in enumerate(self._weights(lines))}
        elif self._source is not None and self._source.kind == "image" and self._plan.given is not None:
            arrays["pictures"] = self._given[self._plan.given].astype(np.uint8)
        told = [{"given": line.given, "wanted": line.wanted, "made": line.made, "words": line.words} for line in lines]
        return arrays, {"lines": told, "joint": "" if self._target.tokeniser == "characters" else " "}

    def _answers(self) -> list[_Line]:
        """Every fixed row through the network, greedily."""
        made = self._generator.greedy({end: self._given[end] for end in self._generator.reads})
        wanted = self._given[self._plan.sequence.column]
        given = self._given[self._plan.given] if self._source is not None and self._plan.given is not None else None
        text = self._source is not None and self._source.kind == "tokens"
        return [_Line(tokens_of(given[i], self._source) if text and given is not None and self._source is not None else [],
                      tokens_of(wanted[i], self._target), tokens_of(ids, self._target), ids) for i, ids in enumerate(made)]

    def _going_on(self) -> list[_Line]:
        """Texts that begin as fixed rows do, one a temperature, drawn with the same numbers each time."""
        plan, lines = self._plan.sequence, []
        begins = [row[row != 0][:min(BEGIN, plan.length // 2)].tolist() for row in self._given[plan.column]]
        begins.sort(key=lambda ids: -sum(token.isalpha() for token in tokens_of(ids, self._target)))
        for i, temperature in enumerate(TEMPERATURES):
            begin = begins[min(i, len(begins) - 1)]
            size = len(begin) + FURTHER if plan.form == "state" else plan.length
            ids = self._generator.sampled({}, temperature, seed=i, rows=1, begin=begin, length=size)[0]
            lines.append(_Line(tokens_of(begin, self._target), [], tokens_of(ids[len(begin):], self._target), ids,
                               f"temperature {temperature:g}"))
        return lines

    def _weights(self, lines: Sequence[_Line]) -> list[np.ndarray]:
        """Where each token of each line looked, as far as there are tokens."""
        assert self._attention is not None
        made = np.stack([line.ids for line in lines])
        found = self._attention.weights({**self._given, self._plan.sequence.column: made})
        return [weights[:len(line.made), :len(line.given)] for weights, line in zip(found, lines, strict=True)]


@dataclass(frozen=True)
class _Line:
    """One text in tokens, and the ids that were made."""

    given: list[str]
    wanted: list[str]
    made: list[str]
    ids: np.ndarray
    words: str = ""
