"""Coordinates across the flow: chains become straight lines, which then move as wholes to where their wires are short.

The choice of straight wires follows Brandes and Köpf (2001): a card is in line with at most one card before and one
behind it, and straight wires never cross. Lines are then moved, each between its neighbours, to the median of what pulls.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

from graph_compiler.graph.layered.layers import Layers

CARD_GAP, WIRE_GAP = 56.0, 28.0
PASSES = 6
GRID = 8.0
FAR = float("inf")
DIRECT, BENT = 1 << 20, 1 << 21
"""How much later a wire between two cards may choose, and one from a joint to a card, than the piece of a long wire."""


def coordinates(layers: Layers, sizes: Sequence[float]) -> list[float]:
    """The edge of every item across the flow, on the grid; items of a layer keep their order and their gaps."""
    line, away = _lines(layers)
    place = _Lines(layers, sizes, line, away)
    place.pack()
    for turn in range(PASSES):
        if not place.pull(turn % 2 == 0):
            break
    return place.settled()


def _lines(layers: Layers) -> tuple[list[int], list[float]]:
    """The line each item belongs to (named by its first item), and how far it stands from the line's own place."""
    count, place, before = len(layers.rank), layers.place, layers.before
    line, away = list(range(count)), [0.0] * count
    for layer in layers.order[1:]:
        taken: set[int] = set()
        starts: list[int] = []
        ends: list[int] = []
        for _, item, number in _wishes(layers, layer):
            there = before.there[item][number]
            if item in taken or there in taken:
                continue
            start, end = place[there], place[item]
            i = bisect_left(starts, start)
            if (i and ends[i - 1] >= end) or (i < len(ends) and ends[i] <= end):
                continue
            starts.insert(i, start)
            ends.insert(i, end)
            taken.add(there)
            taken.add(item)
            line[item], away[item] = line[there], away[there] + before.ports[item][number] - before.own[item][number]
    return line, away


def _wishes(layers: Layers, layer: Sequence[int]) -> list[tuple[int, int, int]]:
    """Wires into a layer, those first that should be straight: long ones, then the first one into each card.

    Each is its turn, the item, and the number of the wire among those that come to the item.
    """
    joined, cards = layers.before.there, layers.cards
    found = []
    for item in layer:
        there = joined[item]
        if item >= cards:
            found.append((0 if there[0] >= cards else BENT, item, 0))
        elif there:
            found += [((DIRECT if other < cards else BENT) + number, item, number) for number, other in enumerate(there)]
    found.sort(key=itemgetter(0))
    return found


class _Lines:
    """Lines with their places. An item stands at the place of its line plus `away`."""

    def __init__(self, layers: Layers, sizes: Sequence[float], line: list[int], away: list[float]) -> None:
        number = {first: n for n, first in enumerate(sorted(set(line)))}
        self._line, self._away = [number[first] for first in line], away
        self._under: list[list[int]] = [[] for _ in number]
        """The lines that must stay below a line, and at most how far from their places it may stand."""
        self._under_gap: list[list[float]] = [[] for _ in number]
        self._over: list[list[int]] = [[] for _ in number]
        """The lines that must stay above it, and at least how far from their places it stands."""
        self._over_gap: list[list[float]] = [[] for _ in number]
        self._pulls: list[list[int]] = [[] for _ in number]
        """Other ends of wires, as often as the wire counts, and the distances at which the wires would be straight."""
        self._shift: list[list[float]] = [[] for _ in number]
        self._keep_apart(layers, [*sizes, *([0.0] * (len(line) - layers.cards))])
        self._tie(layers)
        self._order = self._sorted()
        self._at = [0.0] * len(number)

    def _keep_apart(self, layers: Layers, sizes: Sequence[float]) -> None:
        line, away, cards = self._line, self._away, layers.cards
        gaps: dict[tuple[int, int], float] = {}
        for layer in layers.order:
            for a, b in pairwise(layer):
                gap = sizes[a] + (CARD_GAP if a < cards and b < cards else WIRE_GAP) + away[a] - away[b]
                pair = (line[a], line[b])
                gaps[pair] = max(gap, gaps.pop(pair, -FAR))
        for (over, under), gap in gaps.items():
            self._under[over].append(under)
            self._under_gap[over].append(-gap)
            self._over[under].append(over)
            self._over_gap[under].append(gap)

    def _tie(self, layers: Layers) -> None:
        line, away, cards, behind = self._line, self._away, layers.cards, layers.behind
        for item, joined in enumerate(behind.there):
            here = line[item]
            for there, port, own in zip(joined, behind.ports[item], behind.own[item], strict=True):
                other = line[there]
                if here != other:
                    shift = away[item] + own - away[there] - port
                    weight = 1 + (item >= cards) + (there >= cards)
                    self._pulls[other] += [here] * weight
                    self._shift[other] += [shift] * weight
                    self._pulls[here] += [other] * weight
                    self._shift[here] += [-shift] * weight

    def _sorted(self) -> list[int]:
        """Lines so that each comes after all that stand over it."""
        waiting = [len(over) for over in self._over]
        ready, found = [n for n in reversed(range(len(waiting))) if not waiting[n]], []
        while ready:
            here = ready.pop()
            found.append(here)
            for there in self._under[here]:
                waiting[there] -= 1
                if not waiting[there]:
                    ready.append(there)
        return found

    def pack(self) -> None:
        """Every line as high up as those over it allow."""
        for n in self._order:
            self._at[n] = max(_apart(self._at, self._over[n], self._over_gap[n]), default=0.0)

    def pull(self, down: bool) -> bool:
        """Move each line towards the median of its wires, as far as its neighbours let it. Whether any has moved."""
        at, moved = self._at, False
        for n in self._order if not down else reversed(self._order):
            if pulls := self._pulls[n]:
                low = max(_apart(at, self._over[n], self._over_gap[n]), default=-FAR)
                high = min(_apart(at, self._under[n], self._under_gap[n]), default=FAR)
                there = max(min(_median(_apart(at, pulls, self._shift[n]), at[n]), high), low)
                if there != at[n]:
                    at[n], moved = there, True
        return moved

    def settled(self) -> list[float]:
        """Places on the grid that still keep the gaps."""
        settled = [0.0] * len(self._at)
        for n in self._order:
            low = max(_apart(settled, self._over[n], self._over_gap[n]), default=-FAR)
            at = round(self._at[n] / GRID) * GRID
            settled[n] = at if at >= low else -(-low // GRID) * GRID
        return [settled[line] + away for line, away in zip(self._line, self._away, strict=True)]


def _apart(at: Sequence[float], lines: Sequence[int], gaps: Sequence[float]) -> list[float]:
    return [at[line] + gap for line, gap in zip(lines, gaps, strict=True)]


def _median(wishes: list[float], now: float) -> float:
    """The median; between two of them the one nearer to `now`."""
    wishes.sort()
    middle = len(wishes) // 2
    if len(wishes) % 2:
        return wishes[middle]
    return min(max(now, wishes[middle - 1]), wishes[middle])
