"""What all kinds of sights have in common: the plan of one, read from the drawing alone, and the sight itself at work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from graph_compiler.analysis.goals import ObjectivePlan
from graph_compiler.build.compile import Compiled
from graph_compiler.build.generating import Generator
from graph_compiler.trainers.data import Feed

Seen = tuple[dict[str, np.ndarray], dict[str, Any]]
"""Arrays by name, and facts (JSON values) about them."""


@dataclass(frozen=True)
class Sources:
    """Where sights look: the models of the run, its rows, and how it generates sequences."""

    compiled: Compiled
    feed: Feed
    generator: Callable[[], Generator] | None = None
    """Gives the generator of sequences that the run measures with."""


class Sight(Protocol):
    """One sight of a run. `look` computes it in inference, with the weights as they are now."""

    def look(self) -> Seen:
        """What is to be seen now."""


class SightPlan(Protocol):
    """A sight that a drawing has. `at` is the node it is about."""

    @property
    def kind(self) -> str:
        """The name of its kind."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def at(self) -> str:
        """The node id it is about."""

    def make(self, sources: Sources) -> Sight:
        """The sight at work."""


def name_of(plan: SightPlan) -> str:
    """A name for files: the kind and the node it is about."""
    return f"{plan.kind}-{re.sub(r'[^A-Za-z0-9_]', '_', plan.at)}"


def logits_of(loss: ObjectivePlan) -> bool:
    """Whether a prediction becomes probabilities only inside its loss."""
    return bool(loss.resolved.arguments.get("from_logits"))


def sigmoid(values: np.ndarray) -> np.ndarray:
    """Probabilities of scores, float32."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))), np.float32)
