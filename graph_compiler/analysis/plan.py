"""The plan: what a drawing trains. Built from the facts; the compiler, the trainers and Evaluate all read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.graph.model import Document
from graph_compiler.specs.objectives import Resolved
from graph_compiler.specs.tensors import Tensor

End = tuple[str, str]
"""An output port of a node at the root: (node id, port name)."""


@dataclass(frozen=True)
class ObjectivePlan:
    """One objective that is settled: which tensors meet and under which loss."""

    node: str
    weight: float
    prediction: End
    target: End
    prediction_tensor: Tensor
    target_tensor: Tensor
    resolved: Resolved


@dataclass(frozen=True)
class OutputPlan:
    """One tensor the exported model returns, under its safe name."""

    name: str
    end: End
    tensor: Tensor
    decoding: str = "none"


@dataclass(frozen=True)
class InputPlan:
    """One column that the model reads (not one that is only a target), under its safe name."""

    name: str
    end: End
    tensor: Tensor


@dataclass(frozen=True)
class Plan:
    """What is trained, read and exported. `trainer` is the name of a trainer, empty while the drawing has none."""

    objectives: tuple[ObjectivePlan, ...] = ()
    inputs: tuple[InputPlan, ...] = ()
    outputs: tuple[OutputPlan, ...] = ()
    sources: tuple[str, ...] = ()
    """Source nodes that matter to the objectives; the first drives the epoch."""
    trainable: tuple[str, ...] = ()
    """Root nodes whose weights the objectives move, in order."""
    held: tuple[str, ...] = ()
    trainer: str = ""
    reason: str = ""
    """Why there is no trainer, in words."""
    notes: tuple[str, ...] = field(default=())


def make_plan(document: Document, engine: GraphEngine) -> tuple[Plan, list[Diagnostic]]:
    """The plan of the root graph and what stands in its way."""
    return Plan(reason="Add a Loss."), []
