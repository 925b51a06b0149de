"""The journal under SIGKILL: the real program is edited in and saved by keys, killed at a random moment, and opened again.

Three programs at a time, each in a user's folder of its own. Edits come every 25 ms, savings every twelfth edit. What an edit
costs the GUI thread is told in processor time, which other programs do not change.
"""

from __future__ import annotations

import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from graph_compiler.graph.edits import AddNode
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from tests.benchmarks.canvas import big
from tests.helpers.hand import LAYER
from tests.helpers.killing import ALLOWED, Killed, killed

KILLS, TOGETHER = 100, 3
SHORTEST, LONGEST = 0.1, 4.5
"""Seconds of editing before a kill."""
LARGE = 4
"""So many of the kills hit a drawing of 1,000 nodes."""


def run() -> list[dict[str, Any]]:
    """Kills that lost more than is allowed, files that were damaged, and what the journal takes of the GUI thread."""
    with ThreadPoolExecutor(TOGETHER) as pool:
        kills = list(pool.map(_kill, range(KILLS)))
    small, large = kills[LARGE:], kills[:LARGE]
    losses = sorted(kill.lost for kill in kills)
    damaged = [kill.damaged for kill in kills if kill.damaged]
    over = sum(loss > ALLOWED for loss in losses)
    lost = f"of {KILLS}: lost at most {losses[-1]:.2f} s, in the middle {losses[KILLS // 2]:.2f} s"
    wall = f"processor; {_longest(small, 'wall'):.1f} ms on the wall beside the other programs"
    return [
        {"name": f"kills that lost more than {ALLOWED:g} s", "value": over, "bound": 0, "unit": "", "note": lost},
        {"name": "damaged files", "value": len(damaged), "bound": 0, "unit": "", "note": damaged[0] if damaged else ""},
        {"name": "longest work of the journal on the GUI thread", "value": _longest(small, "journal"), "bound": 2.0,
         "unit": "ms", "note": wall},
        {"name": "the same with 1,000 nodes", "value": _longest(large, "journal"), "bound": None, "unit": "ms", "note": ""}]


def _kill(number: int) -> Killed:
    chance = random.Random(number)
    with tempfile.TemporaryDirectory() as home:
        return killed(Path(home), chance.uniform(SHORTEST, LONGEST), _large() if number < LARGE else None)


def _large() -> Document:
    document = big(1000, 2000, 25)
    AddNode(Node(id=LAYER, type="Dense", x=-600.0)).apply(document)
    return document


def _longest(kills: list[Killed], what: str) -> float:
    return max(edit[what] for kill in kills for edit in kill.edits)
