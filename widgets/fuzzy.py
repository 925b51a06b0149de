"""Search that forgives: which node types a few typed letters mean, best first, and which letters of the name to light."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph_compiler.specs.nodes import NodeSpec


@dataclass(frozen=True)
class Match:
    """A node type that fits. `lit` are places in its name; a larger `score` is better."""

    spec: NodeSpec
    score: float
    lit: tuple[int, ...] = ()


def search(query: str, specs: Iterable[NodeSpec]) -> list[Match]:
    """Types that fit every word of the query, best first; an empty query fits all, in their own order."""
    words = query.lower().split()
    found = [match for spec in specs if (match := _match(words, spec)) is not None]
    return sorted(found, key=lambda m: (-m.score, dimensions(m.spec)))


def dimensions(spec: NodeSpec) -> int:
    """Order among equals: images first, then series, then volumes; what has no number in its name stays in front."""
    return next((rank for rank, mark in ((1, "1D"), (2, "3D")) if mark in spec.name), 0)


def _match(words: list[str], spec: NodeSpec) -> Match | None:
    score, lit = 0.0, set[int]()
    for word in words:
        part = _word(word, spec)
        if part is None:
            return None
        score += part[0]
        lit.update(part[1])
    return Match(spec, score - len(spec.name) / 100, tuple(sorted(lit)))


def _word(word: str, spec: NodeSpec) -> tuple[float, tuple[int, ...]] | None:
    """Score and lit letters of one word: in the name, as its hump letters, in keywords, family, summary, or scattered."""
    name = spec.name.lower()
    place = name.find(word)
    if place >= 0:
        start = place == 0 or spec.name[place].isupper()
        return (100 if place == 0 else 80 if start else 60), tuple(range(place, place + len(word)))
    if any(key.startswith(word) for keyword in spec.keywords for key in (keyword.lower(), *keyword.lower().split())):
        return 50, ()
    humps = _humps(word, spec.name)
    if humps:
        return 45, humps
    if word in spec.family or any(part.startswith(word) for part in spec.summary.lower().split()):
        return 20, ()
    scattered = _scattered(word, name)
    return (10, scattered) if len(word) > 2 and scattered and scattered[0] == 0 else None


def _humps(word: str, name: str) -> tuple[int, ...]:
    """Places of the word's letters where each begins a part of the name or follows the last one (`bn`, `maxp2`, `gap2`)."""
    places: list[int] = []
    for letter in word:
        after = places[-1] + 1 if places else 0
        options = [i for i in range(after, len(name)) if name[i].lower() == letter
                   and (i == after or name[i].isupper() or name[i].isdigit())]
        if not options:
            return ()
        places.append(options[0])
    return tuple(places) if places[0] == 0 else ()


def _scattered(word: str, name: str) -> tuple[int, ...]:
    places, at = [], -1
    for letter in word:
        at = name.find(letter, at + 1)
        if at < 0:
            return ()
        places.append(at)
    return tuple(places)
