"""What an objective declares: how a prediction and a target meet, and which Keras loss and metrics come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph_compiler.specs.nodes import NodeSpec, Values
from graph_compiler.specs.tensors import Tensor


@dataclass(frozen=True)
class Resolved:
    """The loss of one objective, settled: Keras class and arguments, metrics as (name, Keras class, arguments).

    `task` is classification, binary, multilabel, regression or reconstruction; Evaluate chooses its views by it.
    """

    loss: str
    arguments: dict[str, Any]
    metrics: tuple[tuple[str, str, dict[str, Any]], ...]
    task: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ObjectiveSpec(NodeSpec):
    """An objective. `resolve(p, prediction, target, activation)` settles the loss or raises `Refusal`.

    `activation` is the name of the last activation on the prediction's path (`linear` when there is none).
    """

    kind: str = "objective"
    family: str = "objectives"
    resolve: Callable[[Values, Tensor, Tensor, str], Resolved] | None = None
