"""Ranks: how far along the flow each card stands, so that every wire runs forward; and which cards belong together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[int, int]


def without_circles(count: int, pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs, those turned round that close a circle on a walk in depth from the first card on; without loops."""
    out: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs:
        out[a].append(b)
    state, found = [0] * count, []
    for root in range(count):
        if state[root]:
            continue
        state[root], walk = 1, [(root, iter(out[root]))]
        while walk:
            here, targets = walk[-1]
            for there in targets:
                if there == here:
                    continue
                found.append((there, here) if state[there] == 1 else (here, there))
                if not state[there]:
                    state[there] = 1
                    walk.append((there, iter(out[there])))
                    break
            else:
                state[here] = 2
                walk.pop()
    return found


def ranks(count: int, pairs: Sequence[Pair]) -> list[int]:
    """One more than the last predecessor; what nothing flows into stands before its first reader. Pairs have no circles."""
    out: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for a, b in pairs:
        out[a].append(b)
        waiting[b] += 1
    ready = [n for n in range(count) if not waiting[n]]
    starts, rank = list(ready), [0] * count
    while ready:
        here = ready.pop()
        for there in out[here]:
            rank[there] = max(rank[there], rank[here] + 1)
            waiting[there] -= 1
            if not waiting[there]:
                ready.append(there)
    for start in starts:
        if out[start]:
            rank[start] = min(rank[there] for there in out[start]) - 1
    return rank


def components(count: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """Groups of cards that wires join, each in order, by their first card."""
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs:
        near[a].append(b)
        near[b].append(a)
    seen, found = [False] * count, []
    for root in range(count):
        if seen[root]:
            continue
        seen[root], group, todo = True, [root], [root]
        while todo:
            for there in near[todo.pop()]:
                if not seen[there]:
                    seen[there] = True
                    group.append(there)
                    todo.append(there)
        found.append(sorted(group))
    return found
