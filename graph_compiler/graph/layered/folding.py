"""Long drawings in rows, as text is set in lines: cut where few wires pass, each row below the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

GRID, ROW_GAP = 8.0, 96.0
"""Free room between two rows, for the wires that run back, px."""
MOST = 2
"""A row ends only where no more wires than these go on."""

Span = tuple[float, float]


def rows_of(ranks: Sequence[Span], passing: Sequence[int], room: float) -> list[int]:
    """The row of each rank. `ranks` are begin and end along the flow, `passing` the wires from a rank on to later ones.

    A row is at most `room` long where there is a place to cut, and ends where the fewest wires pass, as late as it may.
    """
    rows, row, first = [0] * len(ranks), 0, 0
    while first < len(ranks):
        last = len(ranks) - 1
        if ranks[last][1] - ranks[first][0] > room:
            cuts = [r for r in range(first + 1, last) if passing[r] <= MOST]
            inside = [r for r in cuts if ranks[r][1] - ranks[first][0] <= room] or cuts[:1]
            last = min(inside, key=lambda r: (passing[r], -r), default=last)
        for r in range(first, last + 1):
            rows[r] = row
        row, first = row + 1, last + 1
    return rows


def even(length: float, room: float, pitch: float) -> float:
    """The room that makes rows about equally long, so that none is left with a card or two."""
    count = -(-length // room)
    return min(room, length / count + 0.75 * pitch)


def folded(rank: Sequence[int], along: Sequence[float], lengths: Sequence[float], across: Sequence[float],
           heights: Sequence[float], rows: Sequence[int], pitch: Callable[[float], float]) -> tuple[list[float], list[float]]:
    """Places along and across when every rank stands in its row, ranks of all rows in common columns.

    Cards are numbers, `rank` begins at 0, `pitch` says how far the next column is from one so wide.
    """
    ranks: list[list[int]] = [[] for _ in rows]
    for n, r in enumerate(rank):
        ranks[r].append(n)
    starts = [min(along[n] for n in here) for here in ranks]
    column = [r - rows.index(row) for r, row in enumerate(rows)]
    widest = [0.0] * (max(column) + 1)
    for here, start, c in zip(ranks, starts, column, strict=True):
        widest[c] = max([widest[c], *(along[n] + lengths[n] - start for n in here)])
    lefts = [0.0, *accumulate(pitch(width) for width in widest)]
    new_along, new_across, below = list(along), list(across), 0.0
    for row in range(max(rows) + 1):
        cards = [n for n, r in enumerate(rank) if rows[r] == row]
        top = min(across[n] for n in cards)
        for n in cards:
            new_along[n] = lefts[column[rank[n]]] + along[n] - starts[rank[n]]
            new_across[n] = across[n] - top + below
        below = -(-(max(new_across[n] + heights[n] for n in cards) + ROW_GAP) // GRID) * GRID
    return new_along, new_across
