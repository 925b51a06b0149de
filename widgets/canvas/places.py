"""Where cards stand, as plain numbers sorted into columns: answers which cards lie between two abscissae without a search."""

from __future__ import annotations

from collections.abc import Iterator

COLUMN = 512.0
"""Width of one column of the index, px."""

Place = tuple[float, float, float, float]
"""left, top, right, bottom"""


class Places:
    """Rectangles by node id."""

    def __init__(self) -> None:
        self._all: dict[str, Place] = {}
        self._columns: dict[int, dict[str, Place]] = {}
        self._changed: list[tuple[float, float]] = []

    def put(self, node_id: str, place: Place) -> None:
        """Store or move a card."""
        if self._all.get(node_id) == place:
            return
        self.drop(node_id)
        self._all[node_id] = place
        self._changed.append((place[0], place[2]))
        for column in self._range(place[0], place[2]):
            self._columns.setdefault(column, {})[node_id] = place

    def drop(self, node_id: str) -> None:
        """Forget a card."""
        old = self._all.pop(node_id, None)
        if old is not None:
            self._changed.append((old[0], old[2]))
            for column in self._range(old[0], old[2]):
                self._columns[column].pop(node_id, None)

    def take_changed(self) -> list[tuple[float, float]]:
        """From where to where (x) cards came, went or moved since the last call."""
        changed, self._changed = self._changed, []
        return changed

    def between(self, left: float, right: float) -> Iterator[tuple[str, Place]]:
        """Cards that touch the upright band from `left` to `right`, each once."""
        found: dict[str, Place] = {}
        if right - left > COLUMN * len(self._columns):
            found = self._all
        else:
            for column in self._range(left, right):
                found |= self._columns.get(column, {})
        return ((n, p) for n, p in found.items() if p[0] < right and p[2] > left)

    @staticmethod
    def _range(left: float, right: float) -> range:
        return range(int(left // COLUMN), int(right // COLUMN) + 1)
