"""Cards in layers, with a joint in every layer a long wire passes; the order inside layers that makes few wires cross.

Items are numbers, and what belongs to an item lies in one tuple for each of its sides: a drawing of thousands of cards
stays in the processor's cache.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

SWEEPS = 12
PATIENCE = 4
"""So many sweeps in a row may bring nothing before the search ends."""
PORT = 1e-5
"""How much the place of a port on its card counts beside the place of the card, a pixel."""

Wire = tuple[int, int, float, float]
"""Source, target, and how far across their cards the ports stand."""
Ports = tuple[float, ...]


class Side:
    """What every item is joined to in the layer before, or in the one behind."""

    def __init__(self, count: int) -> None:
        self.there: list[tuple[int, ...]] = [()] * count
        """The items at the other ends."""
        self.ports: list[Ports] = [()] * count
        """Their ports, in the same order."""
        self.own: list[Ports] = [()] * count
        """The own ports."""
        self.shift: list[float] = [0.0] * count
        """What the ports there add to the middle of the places there."""
        self._kept: dict[Ports, tuple[Ports, float]] = {}

    def fill(self, item: int, there: tuple[int, ...], ports: Ports, own: Ports) -> None:
        """Say what an item is joined to. Equal ports are kept once."""
        kept = self._kept
        self.there[item] = there
        self.ports[item], self.shift[item] = kept.get(ports) or kept.setdefault(ports, (ports, sum(ports) * PORT / len(ports)))
        self.own[item] = (kept.get(own) or kept.setdefault(own, (own, sum(own) * PORT / len(own))))[0]

    def uneven(self) -> list[int]:
        """The items whose wires leave at different ports."""
        odd = {ports for ports, _ in self._kept.values() if min(ports) < max(ports)}
        return [item for item, own in enumerate(self.own) if own in odd] if odd else []


class Layers:
    """Items are numbers: cards first, then joints."""

    def __init__(self, rank: list[int], cards: int, before: Side, behind: Side, long: Sequence[tuple[Wire, range]]) -> None:
        self.rank, self.cards, self.before, self.behind = rank, cards, before, behind
        self.order: list[list[int]] = []
        self.place = [0] * len(rank)
        """Where an item stands in its layer."""
        self._long = long
        """Wires with joints, and those."""
        self._mixed = {rank[item] for item in behind.uneven()} | {rank[item] - 1 for item in before.uneven()}
        """Layers behind which the ports count for crossings, because wires of one card have different ones."""

    def stand(self, across: Sequence[float]) -> None:
        """Order the cards by where they stand, the joints by where the straight wire would pass."""
        at = [*across, *([0.0] * (len(self.rank) - self.cards))]
        for (source, target, out, into), joints in self._long:
            start, end, span = at[source] + out, at[target] + into, len(joints) + 1
            for step, joint in enumerate(joints, 1):
                at[joint] = start + (end - start) * step / span
        self.order = [[] for _ in range(max(self.rank, default=-1) + 1)]
        for item, layer in enumerate(self.rank):
            self.order[layer].append(item)
        for items in self.order:
            items.sort(key=at.__getitem__)
        self.renumber()

    def renumber(self) -> None:
        """Take places from the order."""
        for layer in self.order:
            self._number(layer)

    def _number(self, layer: list[int]) -> None:
        place = self.place
        for i, item in enumerate(layer):
            place[item] = i

    def crossings(self) -> int:
        """How many pairs of wires between neighbouring layers cross."""
        return sum(self._counts())

    def _counts(self) -> list[int]:
        return [self._crossed(layer, self.behind, n) for n, layer in enumerate(self.order[:-1])]

    def _crossed(self, layer: list[int], side: Side, gap: int) -> int:
        """Wires to the layer near by that cross: their ends, in the order of their starts, are out of order so often."""
        if gap not in self._mixed:
            return inversions(chain.from_iterable([self._spots(side.there[item]) for item in layer]))
        ends: list[float] = []
        for item in layer:
            there = [self.place[other] + port * PORT for other, port in zip(side.there[item], side.ports[item], strict=True)]
            ends += [end for _, end in sorted(zip(side.own[item], there, strict=True))]
        return inversions(ends)

    def _spots(self, items: tuple[int, ...]) -> list[int]:
        """The places of items, in order."""
        place = self.place
        if len(items) == 1:
            return [place[items[0]]]
        return sorted([place[item] for item in items])

    def sweep(self, forward: bool, counts: list[int], still: set[int]) -> set[int]:
        """Order each layer by the middle of what its items are joined to in the layer before (or behind).

        Gives the layers that are in another order now, and keeps `counts`, the crossings behind each layer, up to date.
        Layers of `still` are left out as long as what they are joined to does not move; into it come those that stay.
        """
        side, step = (self.before, 1) if forward else (self.behind, -1)
        moved: set[int] = set()
        for n in range(len(self.order))[::step]:
            layer, beside = self.order[n], n - step in moved
            if n in still and not beside:
                continue
            fresh, spots = self._by_middles(layer, side)
            if fresh == layer:
                still.add(n)
            else:
                still.discard(n)
                moved.add(n)
                self.order[n] = fresh
                self._number(fresh)
            if (n in moved or beside) and 0 <= n - step < len(self.order):
                gap = min(n, n - step)
                counts[gap] = self._crossed(fresh, side, gap) if gap in self._mixed else inversions(
                    chain.from_iterable([spots[item] for item in fresh]))
        return moved

    def _by_middles(self, layer: list[int], side: Side) -> tuple[list[int], dict[int, Sequence[int]]]:
        """A layer in the order of the middles, and the places that its items are joined to.

        An item that is joined to nothing there counts as where it is.
        """
        place, joined, shift = self.place, side.there, side.shift
        middles: dict[int, float] = {}
        spots: dict[int, Sequence[int]] = {}
        for item in layer:
            found = joined[item]
            if len(found) == 1:
                spot = place[found[0]]
                spots[item], middles[item] = (spot,), spot + shift[item]
            elif found:
                spots[item] = some = sorted([place[there] for there in found])
                middles[item] = sum(some) / len(some) + shift[item]
            else:
                spots[item], middles[item] = (), place[item]
        return sorted(layer, key=middles.__getitem__), spots

    def reduce(self) -> int:
        """Sweep to and fro and keep the best order; the number of crossings that are left. Never more than at first.

        Only what has moved is swept and counted again, so that the later sweeps, in which little moves, cost little. Sweeps
        to and fro that lead back to the best order would do so again, and end the search.
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
            crossed = sum(counts)
            if crossed < best:
                best, kept, idle = crossed, list(self.order), 0
            elif crossed == best and idle % 2 == 0 and self.order == kept:
                break
        self.order = kept
        self.renumber()
        return best


def inversions(values: Iterable[float]) -> int:
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
    ranks, steps, long = list(rank), list[Wire](), list[tuple[Wire, range]]()
    for wire in wires:
        source, target, out, into = wire
        span = rank[target] - rank[source]
        if span < 2:
            steps.append(wire)
            continue
        joints = range(len(ranks), len(ranks) + span - 1)
        ranks += range(rank[source] + 1, rank[target])
        steps.append((source, joints[0], out, 0.0))
        steps += [(a, b, 0.0, 0.0) for a, b in pairwise(joints)]
        steps.append((joints[-1], target, 0.0, into))
        long.append((wire, joints))
    made = Layers(ranks, len(rank), *_sides(len(ranks), steps), long)
    made.stand(across)
    return made


def _sides(count: int, steps: Sequence[Wire]) -> tuple[Side, Side]:
    """What leads to each item, and what leads away from it."""
    before, behind = Side(count), Side(count)
    ending: list[list[Wire]] = [[] for _ in range(count)]
    starting: list[list[Wire]] = [[] for _ in range(count)]
    for step in steps:
        starting[step[0]].append(step)
        ending[step[1]].append(step)
    for item in range(count):
        if ending[item]:
            there, _, ports, own = zip(*ending[item], strict=True)
            before.fill(item, there, ports, own)
        if starting[item]:
            _, there, own, ports = zip(*starting[item], strict=True)
            behind.fill(item, there, ports, own)
    return before, behind
