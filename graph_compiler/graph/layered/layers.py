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

Near = list[list[tuple[int, float, float]]]
"""By item the wires to the layer before or behind: the item there, its port, the own port."""
Wire = tuple[int, int, float, float]
"""Source, target, and how far across their cards the ports stand."""


@dataclass
class Layers:
    """Items are numbers: cards first, then joints."""

    order: list[list[int]]
    rank: list[int]
    cards: int
    before: Near = field(default_factory=list)
    behind: Near = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    """Where an item stands in its layer."""

    def renumber(self) -> None:
        """Take places from the order."""
        for layer in self.order:
            self._number(layer)

    def _number(self, layer: list[int]) -> None:
        for i, item in enumerate(layer):
            self.place[item] = i

    def crossings(self) -> int:
        """How many pairs of wires between neighbouring layers cross."""
        return sum(self._counts())

    def _counts(self) -> list[int]:
        return [self._crossed(layer, self.behind) for layer in self.order[:-1]]

    def _crossed(self, layer: list[int], near: Near) -> int:
        """Wires to the layer near by that cross: their ends, in the order of their starts, are out of order so often."""
        place = self.place
        ends: list[float] = []
        for item in layer:
            wires = near[item]
            if len(wires) == 1:
                ends.append(place[wires[0][0]] + wires[0][1] * PORT)
            elif wires:
                ends += [end for _, end in sorted([(own, place[there] + port * PORT) for there, port, own in wires])]
        return inversions(ends)

    def sweep(self, forward: bool, counts: list[int], still: set[int]) -> set[int]:
        """Order each layer by the middle of what its items are joined to in the layer before (or behind).

        Gives the layers that are in another order now, and keeps `counts`, the crossings behind each layer, up to date.
        Layers of `still` are left out as long as what they are joined to does not move; into it come those that stay.
        """
        near, step = (self.before, 1) if forward else (self.behind, -1)
        moved: set[int] = set()
        for n in range(len(self.order))[::step]:
            layer, beside = self.order[n], n - step in moved
            if n not in still or beside:
                middles = self._middles(layer, near)
                fresh = [layer[i] for i in sorted(range(len(layer)), key=middles.__getitem__)]
                if fresh == layer:
                    still.add(n)
                else:
                    still.discard(n)
                    moved.add(n)
                    self.order[n] = layer = fresh
                    self._number(layer)
            if (n in moved or beside) and 0 <= n - step < len(self.order):
                counts[min(n, n - step)] = self._crossed(layer, near)
        return moved

    def _middles(self, layer: list[int], near: Near) -> list[float]:
        place = self.place
        middles: list[float] = []
        for item in layer:
            found = near[item]
            if len(found) == 1:
                middles.append(place[found[0][0]] + found[0][1] * PORT)
            elif found:
                middles.append(sum([place[there] + port * PORT for there, port, _ in found]) / len(found))
            else:
                middles.append(place[item])
        return middles

    def reduce(self) -> int:
        """Sweep to and fro and keep the best order; the number of crossings that are left. Never more than at first.

        Only what has moved is swept and counted again, so that the later sweeps, in which little moves, cost little.
        """
        counts, kept, idle = self._counts(), list(self.order), 0
        best, still = sum(counts), (set[int](), set[int]())
        for turn in range(SWEEPS):
            if not best or idle == PATIENCE:
                break
            forward = turn % 2 == 0
            moved = self.sweep(forward, counts, still[forward])
            still[not forward].difference_update(moved, {n - 1 if forward else n + 1 for n in moved})
            idle += 1
            if sum(counts) < best:
                best, kept, idle = sum(counts), list(self.order), 0
        self.order = kept
        self.renumber()
        return best


def inversions(values: Sequence[float]) -> int:
    """How many pairs stand in the wrong order; equal ones do not."""
    seen: list[float] = []
    count = 0
    for value in values:
        if not seen or value >= seen[-1]:
            seen.append(value)
        else:
            at_most = bisect_right(seen, value)
            count += len(seen) - at_most
            seen.insert(at_most, value)
    return count


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
    made.place = [0] * len(at)
    made.renumber()
    return made


def _join(made: Layers, a: int, b: int, out: float, into: float) -> None:
    made.behind[a].append((b, into, out))
    made.before[b].append((a, out, into))
