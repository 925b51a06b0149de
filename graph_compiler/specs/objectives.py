"""What an objective declares: a loss that compares, a term that is made small by itself, or a contest of two nets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph_compiler.specs.nodes import Inferred, Inputs, NodeSpec, Values
from graph_compiler.specs.tensors import Tensor


@dataclass(frozen=True)
class Resolved:
    """The loss of one objective, settled: Keras class and arguments, metrics as (name, Keras class, arguments).

    `task` is classification, binary, multilabel, regression, reconstruction, embedding or transcription; Evaluate chooses its
    views by it. `joint` losses have no number for each single answer, so that classes cannot weigh differently in them.
    """

    loss: str
    arguments: dict[str, Any]
    metrics: tuple[tuple[str, str, dict[str, Any]], ...]
    task: str
    classes: tuple[str, ...] = ()
    joint: bool = False


@dataclass(frozen=True, kw_only=True)
class ObjectiveSpec(NodeSpec):
    """An objective, of one of three roles.

    `loss` compares: `resolve(p, prediction, target, activation)` settles the Keras loss or raises `Refusal`.
    `term` is a number computed from its inputs alone; `meet` refuses tensors that do not belong together.
    `contest` sets a discriminator against what makes its `fake` input; `judge(p, activation)` refuses scores that the
    chosen loss cannot use. `activation` is the last one on the path (`linear` when there is none).
    """

    kind: str = "objective"
    family: str = "objectives"
    role: str = "loss"
    resolve: Callable[[Values, Tensor, Tensor, str], Resolved] | None = None
    meet: Callable[[Values, Inputs], None] | None = None
    judge: Callable[[Values, str], None] | None = None

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        if self.meet is not None:
            self.meet(p, inputs)
        return Inferred(())
