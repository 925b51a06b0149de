"""Why a training cannot go on, in words, and how other rooms' problems are told."""

from __future__ import annotations

import traceback

from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.weights import WeightsProblem
from graph_compiler.messages import Failed
from graph_compiler.specs.datasets import DataProblem
from graph_compiler.specs.refusal import Refusal


class TrainProblem(Exception):
    """Training stops here. `code` for programs, `sentence` and `hint` for people, `node` when one is guilty."""

    def __init__(self, code: str, sentence: str, hint: str = "", node: str = "") -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.hint, self.node = code, sentence, hint, node


class Dropped(Exception):
    """The user stopped the run and does not want it kept."""


def explain(error: Exception, batch: int = 0) -> Failed:
    """The message of any error of a job. `batch` is the batch size in force, named when memory runs out."""
    detail = "".join(traceback.format_exception(error))
    if isinstance(error, TrainProblem):
        return Failed(code=error.code, sentence=error.sentence, hint=error.hint, node=error.node)
    if isinstance(error, BuildProblem):
        return Failed(code="build", sentence=error.sentence, hint=error.hint, node=error.node)
    if isinstance(error, DataProblem):
        return Failed(code=error.code, sentence=f"{error.title}.", hint=error.hint)
    if isinstance(error, Refusal):
        words = f"{error.title}: expected {error.expected}, received {error.received}." if error.expected else f"{error.title}."
        return Failed(code=error.code, sentence=words, hint=error.hint)
    if isinstance(error, WeightsProblem):
        hint = "Start a fresh run, or undo the change of these layers." if error.layers else "Take another file or checkpoint."
        return Failed(code="weights", sentence=error.sentence, hint=hint)
    if out_of_memory(error):
        return _memory(batch, detail)
    return Failed(code="crash", sentence=f"Training broke off: {type(error).__name__}: {_first_line(error)}",
                  hint="The Log tab has the details.", detail=detail)


def out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, on a GPU or on the machine."""
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"


def _memory(batch: int, detail: str) -> Failed:
    smaller = max(1, batch // 2)
    what = f"A batch size of {batch} needs more memory than there is." if batch else "There is not enough memory."
    hint = f"Set the batch size to {smaller}, or make the network smaller." if batch > 1 else "Make the network smaller."
    return Failed(code="memory", sentence=what, hint=hint, detail=detail)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else "no reason given"
