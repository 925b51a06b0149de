"""Cards in layers, with a joint in every layer a long wire passes; the order inside layers that makes few wires cross."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

SWEEPS = 12
PATIENCE = 4
"""So many sweeps in a row may bring nothing before the search ends."""
PORT = 1e-5
"""How much the place of a port on its card counts beside the place of the card, a pixel."""

Wire = tuple[int, int, float, float]
"""Source, target, and how far across their cards the ports stand."""


@dataclass
class Layers:
    """Items are numbers: cards first, then joints. `before` and `behind` hold (item, its port, own port)."""

    order: list[list[int]]
    rank: list[int]
    cards: int
    before: list[list[tuple[int, float, float]]] = field(default_factory=list)
    behind: list[list[tuple[int, float, float]]] = field(default_factory=list)
    place: list[float] = field(default_factory=list)
    """Where an item stands in its layer."""

    def renumber(self) -> None:
        """Take places from the order."""
        for layer in self.order:
            for i, item in enumerate(layer):
                self.place[item] = float(i)

    def crossings(self) -> int:
        """How many pairs of wires between neighbouring layers cross."""
        return sum(self._between(layer) for layer in self.order[:-1])

    def _between(self, layer: list[int]) -> int:
        place, ends = self.place, []
        for item in layer:
            at = place[item]
            ends += [(at + own * PORT, place[there] + port * PORT) for there, port, own in self.behind[item]]
        ends.sort()
        seen: list[float] = []
        count = 0
        for _, end in ends:
            at_most = bisect_right(seen, end)
            count += len(seen) - at_most
            seen.insert(at_most, end)
        return count

    def sweep(self, forward: bool) -> None:
        """Order each layer by the middle of what its items are joined to in the layer before (or behind)."""
        near = self.before if forward else self.behind
        place = self.place
        for layer in self.order if forward else reversed(self.order):
            middle = {}
            for item in layer:
                found = near[item]
                middle[item] = (sum([place[there] + port * PORT for there, port, _ in found]) / len(found) if found
                                else place[item])
            layer.sort(key=middle.__getitem__)
            for i, item in enumerate(layer):
                place[item] = float(i)

    def reduce(self) -> int:
        """Sweep to and fro and keep the best order; the number of crossings that are left. Never more than at first."""
        best, kept, idle = self.crossings(), [list(layer) for layer in self.order], 0
        for turn in range(SWEEPS):
            if not best or idle == PATIENCE:
                break
            self.sweep(turn % 2 == 0)
            count, idle = self.crossings(), idle + 1
            if count < best:
                best, kept, idle = count, [list(layer) for layer in self.order], 0
        self.order = kept
        self.renumber()
        return best


def layered(rank: Sequence[int], wires: Sequence[Wire], across: Sequence[float]) -> Layers:
    """Cards by rank, ordered by where they stand now; joints where the straight wire would pass. Ranks begin at 0."""
    made = Layers([[] for _ in range(max(rank, default=-1) + 1)], list(rank), len(rank))
    made.before, made.behind = [[] for _ in rank], [[] for _ in rank]
    at = [float(a) for a in across]
    for source, target, out, into in wires:
        here, port, span = source, out, rank[target] - rank[source]
        start, end = at[source] + out, at[target] + into
        for step in range(1, span):
            joint = len(at)
            at.append(start + (end - start) * step / span)
            made.rank.append(rank[source] + step)
            made.before.append([])
            made.behind.append([])
            _join(made, here, joint, port, 0.0)
            here, port = joint, 0.0
        _join(made, here, target, port, into)
    for item, layer in enumerate(made.rank):
        made.order[layer].append(item)
    for items in made.order:
        items.sort(key=at.__getitem__)
    made.place = [0.0] * len(at)
    made.renumber()
    return made


def _join(made: Layers, a: int, b: int, out: float, into: float) -> None:
    made.behind[a].append((b, into, out))
    made.before[b].append((a, out, into))
