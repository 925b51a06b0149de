"""Auto-layout with frames: what a frame holds is laid out by itself and counts as one card; no other card comes into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from graph_compiler.graph.layered import Card, Lead, arrange

Spot = tuple[float, float]


@dataclass(frozen=True)
class Margins:
    """What a frame leaves free around its cards, px: before and behind them along the flow, and across it."""

    before: float
    behind: float
    above: float
    below: float


@dataclass(frozen=True)
class Pack:
    """A frame laid out: its places from its corner on, and the card it counts as."""

    places: Mapping[str, Spot]
    card: Card


def arrange_framed(cards: Mapping[str, Card], leads: Sequence[Lead], frames: Mapping[str, Collection[str]], room: float,
                   margins: Margins) -> dict[str, Spot]:
    """Places of all cards. `frames` holds which cards stand in which frame; a card counts for the largest frame around it."""
    packs = {name: _pack(cards, leads, inside, room, margins) for name, inside in _apart(frames, leads).items()}
    home = {n: name for name, pack in packs.items() for n in pack.places}
    outer = {n: card for n, card in cards.items() if n not in home} | {name: pack.card for name, pack in packs.items()}

    def end(node_id: str, port: float) -> tuple[str, float]:
        name = home.get(node_id)
        return (node_id, port) if name is None else (name, packs[name].places[node_id][1] + port)

    between: list[Lead] = []
    for lead in leads:
        (source, out), (target, into) = end(lead.source, lead.out), end(lead.target, lead.into)
        if source != target:
            between.append(replace(lead, source=source, target=target, out=out, into=into))
    places = arrange(outer, between, room)
    found = {n: place for n, place in places.items() if n not in packs}
    for name, pack in packs.items():
        x, y = places.get(name, pack.card.at)
        found |= {n: (x + along, y + across) for n, (along, across) in pack.places.items()}
    return found


def _pack(cards: Mapping[str, Card], leads: Sequence[Lead], inside: Collection[str], room: float, margins: Margins) -> Pack:
    held = {n: cards[n] for n in inside}
    places = arrange(held, [lead for lead in leads if lead.source in held and lead.target in held], room)
    left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
    places = {n: (x - left + margins.before, y - top + margins.above) for n, (x, y) in places.items()}
    along = max(places[n][0] + held[n].along for n in held) + margins.behind
    across = max(places[n][1] + held[n].across for n in held) + margins.below
    corner = min(c.at[0] for c in held.values()) - margins.before, min(c.at[1] for c in held.values()) - margins.above
    return Pack(places, Card(along, across, corner))


def _apart(frames: Mapping[str, Collection[str]], leads: Sequence[Lead]) -> dict[str, Collection[str]]:
    """The frames that can count as one card: the outermost ones, of which no wire leads out and back in."""
    found: dict[str, Collection[str]] = {}
    for name, inside in sorted(frames.items(), key=lambda item: -len(item[1])):
        if any(set(inside) & set(other) for other in found.values()):
            continue
        if not _circular({**found, name: inside}, leads):
            found[name] = inside
    return found


def _circular(frames: Mapping[str, Collection[str]], leads: Sequence[Lead]) -> bool:
    """Whether wires make a circle once each frame is one card."""
    home = {n: name for name, inside in frames.items() for n in inside}
    after: dict[str, set[str]] = {}
    waiting: dict[str, int] = {}
    for lead in leads:
        source, target = home.get(lead.source, lead.source), home.get(lead.target, lead.target)
        waiting.setdefault(source, 0)
        waiting.setdefault(target, 0)
        if source != target and target not in after.setdefault(source, set()):
            after[source].add(target)
            waiting[target] += 1
    free = [n for n, count in waiting.items() if not count]
    done = 0
    while free:
        done += 1
        for target in after.get(free.pop(), ()):
            waiting[target] -= 1
            if not waiting[target]:
                free.append(target)
    return done < len(waiting)


