"""Predict with a run. The worker stays for further questions, so that a drawing pad is answered in milliseconds."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.build.compile import one_or_list
from graph_compiler.messages import Answer, Predict
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.failures import JobProblem, failed
from graph_compiler.worker.jobs.answers import answer_of, truth_of
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.drawn import Drawer, asks
from graph_compiler.worker.jobs.restored import Restored, bring_back
from graph_compiler.worker.jobs.samples import Sample, sample_of
from graph_compiler.worker.jobs.spoken import Speaker

BATCH = 256


def predict(request: Predict, context: Context) -> dict[str, Any]:
    """Answer this request and those that follow, until there are none. A question that cannot be answered says why."""
    scratch = Path(tempfile.mkdtemp(prefix="netloom-seen-"))
    try:
        oracle: _Oracle | None = None
        following: Predict | None = request
        while following is not None:
            if oracle is None or oracle.run != Path(following.run):
                oracle = _Oracle(following, context, scratch)
            context.emit(Answer(ticket=following.ticket, answers=tuple(oracle.answers(following))))
            given = context.following()
            if given is not None and not isinstance(given, Predict):
                raise JobProblem("protocol", "A worker that predicts takes no other job.", "Start another worker.")
            following = given
        return {}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class _Oracle:
    """The models of one run, ready to answer."""

    def __init__(self, request: Predict, context: Context, scratch: Path) -> None:
        self.run = Path(request.run)
        self.restored = bring_back(RunFolder.open(self.run), request.document_folder, context)
        context.stage("Preparing the first answer")
        generates = self.restored.compiled.plan.sequence is not None
        self._speaker = Speaker(self.restored, scratch) if generates else None
        self._model = None if generates else _traced(self.restored)
        self._drawer: Drawer | None = None
        self._scratch, self._pictures = scratch, 0

    def answers(self, request: Predict) -> list[dict[str, Any]]:
        """One answer a row of every input, in order."""
        out: list[dict[str, Any]] = []
        for word in request.inputs:
            try:
                if asks(word):
                    self._drawer = self._drawer or Drawer(self.restored)
                    out += self._drawer.answers(word, request.asking, self._scratch)
                elif self._speaker is not None:
                    out += self._speaker.answers(word, request.asking)
                else:
                    out += self._of(sample_of(word, self.restored))
            except Exception as error:  # one bad input must not take the others with it
                problem = failed(error)
                out.append({"input": word, "problem": " ".join(p for p in (problem.sentence, problem.hint) if p)})
        return out

    def _of(self, sample: Sample) -> list[dict[str, Any]]:
        assert self._model is not None
        began = time.perf_counter()
        outputs = self._model(sample)
        milliseconds = (time.perf_counter() - began) * 1000 / sample.rows
        out = []
        for row in range(sample.rows):
            answer: dict[str, Any] = {"input": sample.word, **answer_of(self.restored, outputs, row)}
            answer["milliseconds"] = round(milliseconds, 3)
            if sample.facts:
                answer |= sample.facts[row]
                answer |= truth_of(self.restored, self.restored.part, sample.facts[row]["place"])
            out.append(answer)
        if sample.seen is not None:
            out[0]["seen"] = str(self._kept(sample.seen))
        return out

    def _kept(self, picture: np.ndarray) -> Path:
        """Where a picture lies as the network sees it: the last few are kept."""
        self._pictures += 1
        path = self._scratch / f"seen-{self._pictures % 8}.npy"
        np.save(path, picture)
        return path


def _traced(restored: Restored) -> Callable[[Sample], list[np.ndarray]]:
    """The inference model as a function of a sample, traced once and run once, so that the first answer is quick too."""
    import tensorflow as tf

    plan, model = restored.compiled.plan, restored.compiled.model
    signature = [tf.TensorSpec([None, *i.tensor.shape], i.tensor.dtype) for i in plan.inputs]

    def run(*columns: Any) -> list[Any]:
        found = model(one_or_list(columns), training=False)
        return list(found) if isinstance(found, (list, tuple)) else [found]

    function = tf.function(run, input_signature=signature, autograph=False)

    def call(sample: Sample) -> list[np.ndarray]:
        pieces = []
        for start in range(0, sample.rows, BATCH):
            found = function(*(tf.constant(sample.inputs[i.name][start:start + BATCH], i.tensor.dtype) for i in plan.inputs))
            pieces.append([np.asarray(y) for y in found])
        return [np.concatenate(parts) for parts in zip(*pieces, strict=True)]

    first = {i.name: restored.column(restored.part, i.end, 1) for i in plan.inputs}
    call(Sample("", first))
    return call
