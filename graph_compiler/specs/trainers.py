"""What a way of training declares. `fits` reads the plan of a drawing; `train` runs in the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RecipeRow:
    """One phase of the recipe table: what is minimised, what is trained, what is held still, by which optimiser."""

    phase: str
    minimises: str
    trains: str
    held: str
    optimizer: str


@dataclass(frozen=True, kw_only=True)
class TrainerSpec:
    """A trainer. `fits(plan)` says whether the drawing is of its kind; `train(session)` runs it to the end.

    `recipe(plan, training settings)` gives the rows of the recipe table.
    """

    name: str
    summary: str
    fits: Callable[[Any], bool]
    train: Callable[[Any], dict[str, Any]]
    recipe: Callable[[Any, Any], tuple[RecipeRow, ...]]
