"""What is known of one node after analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.graph.values import Node
from graph_compiler.specs.nodes import NodeSpec, Port
from graph_compiler.specs.tensors import Tensor


class Facts(msgspec.Struct, frozen=True):
    """One node, analysed. `outputs` is empty while something upstream or at the node itself is wrong.

    `node` is the node as analysis saw it: its position may have moved since. Use `msgspec.structs.replace` for variants.

    `weights` counts all variables, `fixed` those no gradient moves; shared weights are counted at the first instance.
    `macs` are multiply-adds for one sample, None when a free axis hides the count.
    """

    node: Node
    path: str
    scope: str
    spec: NodeSpec | None
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    ports_in: tuple[Port, ...] = ()
    ports_out: tuple[Port, ...] = ()
    inputs: Mapping[str, tuple[Tensor, ...]] = msgspec.field(default_factory=dict)
    outputs: Mapping[str, Tensor] = msgspec.field(default_factory=dict)
    weights: int = 0
    fixed: int = 0
    macs: int | None = 0
    problems: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the node itself has an error."""
        return any(p.severity == "error" for p in self.problems)

    @property
    def output(self) -> Tensor | None:
        """The first output, None while unknown."""
        return next(iter(self.outputs.values()), None)


def column_role(facts: Facts, column: str) -> str:
    """What a column of the user's file is meant as, `feature` or `target`; empty where nobody has said so."""
    columns = facts.values.get("columns")
    found = columns if isinstance(columns, tuple) else ()
    return next((str(getattr(c, "role", "")) for c in found if getattr(c, "name", None) == column), "")


@dataclass(frozen=True)
class Totals:
    """Sums over the drawing. `training_bytes` estimates weights, gradients, optimiser and activations for one batch.

    `nodes` counts what works in the drawing itself: neither sources nor notes and frames. `partial` while the sums miss
    nodes of which nothing is known yet.
    """

    weights: int = 0
    trainable: int = 0
    macs: int = 0
    training_bytes: int = 0
    nodes: int = 0
    partial: bool = False
