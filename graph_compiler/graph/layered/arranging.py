"""From cards and wires to places: each group of cards that belong together by itself, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_compiler.graph.layered.folding import even, folded, rows_of
from graph_compiler.graph.layered.layers import Wire, layered
from graph_compiler.graph.layered.ranks import components, ranks, without_circles
from graph_compiler.graph.layered.straight import CARD_GAP, GRID, coordinates

PITCH, GAP = 256.0, 88.0
"""From one rank to the next at least, and the least room for a wire between them, px."""
GROUP_GAP = 80.0
ROW = 1100.0
"""Cards without wires stand in rows of about this length."""
ROUNDS = 12
JOINTS = 4
"""Joints a card that long wires may cost; the longest ones beyond that count for ranks only."""

Place = tuple[float, float]
"""Along and across the flow."""


@dataclass(frozen=True)
class Card:
    """Size of a card and where its first corner is now, along and across the flow, px."""

    along: float
    across: float
    at: Place = (0.0, 0.0)


@dataclass(frozen=True)
class Lead:
    """A wire: from which card to which, how far across each its port stands. A `loose` one counts for ranks only."""

    source: str
    target: str
    out: float = 20.0
    into: float = 20.0
    loose: bool = False


def arrange(cards: Mapping[str, Card], leads: Sequence[Lead], room: float = float("inf")) -> dict[str, Place]:
    """New places. The first corner of the whole stays where it is; what is arranged already stays as it is.

    Wires run forward, cards never overlap, chains are straight, and never do more wires cross than in the given order of
    the cards inside their ranks. Circles are laid out with one of their wires running back. What is longer than `room` goes
    on in another row, where few wires must run back for it.
    """
    names = list(cards)
    if not names:
        return {}
    number = {name: i for i, name in enumerate(names)}
    wires = [(number[w.source], number[w.target], w) for w in leads if w.source in number and w.target in number]
    groups = components(len(names), [(a, b) for a, b, _ in wires])
    of = {n: i for i, group in enumerate(groups) for n in group}
    inside: list[list[tuple[int, int, Lead]]] = [[] for _ in groups]
    for wire in wires:
        inside[of[wire[0]]].append(wire)
    left, top = (min(card.at[i] for card in cards.values()) for i in (0, 1))
    joined = [i for i, group in enumerate(groups) if len(group) > 1]
    joined.sort(key=lambda i: min(cards[names[n]].at[1] for n in groups[i]))
    found: dict[str, Place] = {}
    below = top
    for i in joined:
        places = _settle([cards[names[n]] for n in groups[i]], _renumbered(groups[i], inside[i]), room)
        for n, (along, across) in zip(groups[i], places, strict=True):
            found[names[n]] = (left + along, below + across)
        bottom = max(across + cards[names[n]].across for n, (_, across) in zip(groups[i], places, strict=True))
        below += _on_grid(bottom + GROUP_GAP)
    lone = [names[group[0]] for group in groups if len(group) == 1]
    found.update(_rows({name: cards[name] for name in lone}, left, below))
    return found


def _renumbered(group: Sequence[int], wires: Sequence[tuple[int, int, Lead]]) -> list[tuple[int, int, Lead]]:
    number = {n: i for i, n in enumerate(group)}
    return [(number[a], number[b], lead) for a, b, lead in wires]


def _settle(cards: Sequence[Card], wires: Sequence[tuple[int, int, Lead]], room: float) -> list[Place]:
    """Lay a group out until laying it out again changes nothing."""
    rank = ranks(len(cards), without_circles(len(cards), [(a, b) for a, b, _ in wires]))
    least = min(rank)
    rank = [r - least for r in rank]
    firm = _affordable(rank, [_forward(rank, a, b, lead) for a, b, lead in wires if not lead.loose and a != b])
    highest = min(card.at[1] for card in cards)
    across = [card.at[1] - highest for card in cards]
    sizes = [card.across for card in cards]
    layers, order = layered(rank, firm, across), list[list[int]]()
    seen: list[list[float]] = []
    while across not in seen and len(seen) < ROUNDS:
        seen.append(across)
        layers.stand(across)
        layers.reduce()
        if layers.order == order:  # in the same order everything stands where it stands now
            break
        order = layers.order
        fresh = coordinates(layers, sizes)[:len(cards)]
        least_across = min(fresh)
        across = [a - least_across for a in fresh]
    settled = min(seen[seen.index(across):]) if across in seen else across  # rounds may lead back to one before the last
    along = _columns(rank, cards, {wire[1] for wire in firm})
    length = max(a + card.along for a, card in zip(along, cards, strict=True))
    if length > room:
        lengths = [card.along for card in cards]
        spans = [(min(along[n] for n in here), max(along[n] + lengths[n] for n in here)) for here in _by_rank(rank)]
        rows = rows_of(spans, _passing(rank, firm), even(length, room, PITCH))
        along, settled = folded(rank, along, lengths, settled, sizes, rows, _pitch)
    return list(zip(along, settled, strict=True))


def _by_rank(rank: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(max(rank) + 1)]
    for n, r in enumerate(rank):
        found[r].append(n)
    return found


def _passing(rank: Sequence[int], wires: Sequence[Wire]) -> list[int]:
    """How many different ports send something from each rank, or from one before it, to a later one."""
    found: list[set[tuple[int, float]]] = [set() for _ in range(max(rank) + 1)]
    for source, target, out, _ in wires:
        for r in range(rank[source], rank[target]):
            found[r].add((source, out))
    return [len(ports) for ports in found]


def _forward(rank: Sequence[int], a: int, b: int, lead: Lead) -> Wire:
    """A wire in the direction in which the ranks grow."""
    return (a, b, lead.out, lead.into) if rank[a] < rank[b] else (b, a, lead.into, lead.out)


def _affordable(rank: Sequence[int], wires: list[Wire]) -> list[Wire]:
    """The wires in their order, without the longest ones when all together would cost too many joints."""
    room, kept = JOINTS * len(rank) + 64, set()
    joints = [rank[wire[1]] - rank[wire[0]] - 1 for wire in wires]
    if sum(joints) <= room:
        return wires
    for i in sorted(range(len(wires)), key=joints.__getitem__):
        room -= joints[i]
        if room < 0:
            break
        kept.add(i)
    return [wire for i, wire in enumerate(wires) if i in kept]


def _columns(rank: Sequence[int], cards: Sequence[Card], fed: set[int]) -> list[float]:
    """Where each card begins along the flow: at the beginning of its rank, at its end where nothing flows into the card."""
    longest = [0.0] * (max(rank) + 1)
    for r, card in zip(rank, cards, strict=True):
        longest[r] = max(longest[r], card.along)
    starts, at = [], 0.0
    for length in longest:
        starts.append(at)
        at += _pitch(length)
    return [starts[r] if n in fed else starts[r] + longest[r] - cards[n].along for n, r in enumerate(rank)]


def _pitch(length: float) -> float:
    """From the beginning of a rank so long to that of the next one."""
    return max(PITCH, _on_grid(length + GAP))


def _rows(cards: Mapping[str, Card], left: float, top: float) -> dict[str, Place]:
    """Cards without wires in rows, in the order in which they stand."""
    found: dict[str, Place] = {}
    x, y, deepest = left, top, 0.0
    for name in sorted(cards, key=lambda n: (cards[n].at[1], cards[n].at[0])):
        card = cards[name]
        if x > left and x + card.along > left + ROW:
            x, y, deepest = left, _on_grid(y + deepest + CARD_GAP), 0.0
        found[name] = (x, y)
        x = _on_grid(x - left + card.along + CARD_GAP) + left
        deepest = max(deepest, card.across)
    return found


def _on_grid(value: float) -> float:
    """The next line of the grid from here on."""
    return -(-value // GRID) * GRID
