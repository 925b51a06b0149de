"""How a view draws what it is given: choices of the person who looks, never part of the document."""

from __future__ import annotations

from dataclasses import dataclass

CURVED, STRAIGHT, ANGLED = "curved", "straight", "angled"
WIRES = (CURVED, STRAIGHT, ANGLED)


@dataclass(frozen=True)
class Appearance:
    """Choices of one view."""

    wires: str = CURVED
    """How wires run where nothing is in their way: one of `WIRES`."""
    down: bool = False
    """Data flows from top to bottom instead of from left to right."""
    only_selected: bool = False
    """While something is selected, only its wires are drawn."""
