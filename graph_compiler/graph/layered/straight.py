"""Coordinates across the flow: chains become straight lines, which then move as wholes to where their wires are short.

The choice of straight wires follows Brandes and Köpf (2001): a card is in line with at most one card before and one
behind it, and straight wires never cross. Lines are then moved, each between its neighbours, to the median of what pulls.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from graph_compiler.graph.layered.layers import Layers

CARD_GAP, WIRE_GAP = 56.0, 28.0
PASSES = 6
GRID = 8.0


def coordinates(layers: Layers, sizes: Sequence[float]) -> list[float]:
    """The edge of every item across the flow, on the grid; items of a layer keep their order and their gaps."""
    line, away = _lines(layers)
    place = _Lines(layers, sizes, line, away)
    place.pack()
    for turn in range(PASSES):
        place.pull(turn % 2 == 0)
    return place.settled()


def _lines(layers: Layers) -> tuple[list[int], list[float]]:
    """The line each item belongs to (named by its first item), and how far it stands from the line's own place."""
    count = len(layers.rank)
    line, away = list(range(count)), [0.0] * count
    for layer in layers.order[1:]:
        taken_before: set[int] = set()
        taken: set[int] = set()
        chosen: list[tuple[float, float]] = []
        for item, there, port, own in _wishes(layers, layer):
            if there in taken_before or item in taken:
                continue
            pair = (layers.place[there], layers.place[item])
            i = bisect_left(chosen, pair)
            if (i and chosen[i - 1][1] >= pair[1]) or (i < len(chosen) and chosen[i][1] <= pair[1]):
                continue
            chosen.insert(i, pair)
            taken_before.add(there)
            taken.add(item)
            line[item], away[item] = line[there], away[there] + port - own
    return line, away


def _wishes(layers: Layers, layer: Sequence[int]) -> list[tuple[int, int, float, float]]:
    """Wires into a layer, those first that should be straight: long ones, then the first one into each card."""
    found = []
    for item in layer:
        for number, (there, port, own) in enumerate(layers.before[item]):
            inner = item >= layers.cards and there >= layers.cards
            joint = item >= layers.cards or there >= layers.cards
            found.append(((not inner, joint, number, layers.place[item]), (item, there, port, own)))
    found.sort()
    return [wish for _, wish in found]


class _Lines:
    """Lines with their places. An item stands at the place of its line plus `away`."""

    def __init__(self, layers: Layers, sizes: Sequence[float], line: list[int], away: list[float]) -> None:
        self._layers, self._line, self._away = layers, line, away
        self._sizes = [*sizes, *([0.0] * (len(line) - layers.cards))]
        self._under: dict[int, list[tuple[int, float]]] = {n: [] for n in sorted(set(line))}
        """What must stay below a line: the other line and the least distance between their places."""
        self._over: dict[int, list[tuple[int, float]]] = {n: [] for n in self._under}
        self._pulls: dict[int, list[tuple[int, float]]] = {n: [] for n in self._under}
        """Wires to other lines: the line, and the distance at which the wire would be straight; as often as the wire counts."""
        self._gather()
        self._order = self._sorted()
        self._at = dict.fromkeys(self._under, 0.0)

    def _gather(self) -> None:
        line, away, cards = self._line, self._away, self._layers.cards
        for layer in self._layers.order:
            for a, b in pairwise(layer):
                gap = self._sizes[a] + (CARD_GAP if a < cards and b < cards else WIRE_GAP) + away[a] - away[b]
                self._under[line[a]].append((line[b], gap))
                self._over[line[b]].append((line[a], gap))
        for item, behind in enumerate(self._layers.behind):
            for there, port, own in behind:
                if line[item] != line[there]:
                    shift = away[item] + own - away[there] - port
                    weight = 1 + (item >= cards) + (there >= cards)
                    self._pulls[line[there]] += [(line[item], shift)] * weight
                    self._pulls[line[item]] += [(line[there], -shift)] * weight

    def _sorted(self) -> list[int]:
        """Lines so that each comes after all that stand over it."""
        waiting = {n: len(over) for n, over in self._over.items()}
        ready, found = [n for n in reversed(waiting) if not waiting[n]], []
        while ready:
            here = ready.pop()
            found.append(here)
            for there, _ in self._under[here]:
                waiting[there] -= 1
                if not waiting[there]:
                    ready.append(there)
        return found

    def pack(self) -> None:
        """Every line as high up as those over it allow."""
        for n in self._order:
            self._at[n] = max((self._at[other] + gap for other, gap in self._over[n]), default=0.0)

    def pull(self, down: bool) -> None:
        """Move each line towards the median of its wires, as far as its neighbours let it."""
        at = self._at
        for n in self._order if not down else reversed(self._order):
            if pulls := self._pulls[n]:
                low = max([at[other] + gap for other, gap in self._over[n]], default=float("-inf"))
                high = min([at[other] - gap for other, gap in self._under[n]], default=float("inf"))
                at[n] = max(min(_median([at[other] + shift for other, shift in pulls], at[n]), high), low)

    def settled(self) -> list[float]:
        """Places on the grid that still keep the gaps."""
        settled: dict[int, float] = {}
        for n in self._order:
            low = max((settled[other] + gap for other, gap in self._over[n]), default=float("-inf"))
            at = round(self._at[n] / GRID) * GRID
            settled[n] = at if at >= low else -(-low // GRID) * GRID
        return [settled[line] + away for line, away in zip(self._line, self._away, strict=True)]


def _median(wishes: list[float], now: float) -> float:
    """The median; between two of them the one nearer to `now`."""
    wishes.sort()
    middle = len(wishes) // 2
    if len(wishes) % 2:
        return wishes[middle]
    return min(max(now, wishes[middle - 1]), wishes[middle])
