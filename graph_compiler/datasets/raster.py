"""A small painter of flat shapes: each paints a picture and, with the same pixels, the mask of its classes. numpy only.

Coordinates are pixels from the upper left corner; a pixel belongs to a shape when its middle lies inside. Shapes that reach
beyond the edges are cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from graph_compiler.arrays import np

Color: TypeAlias = "Sequence[float] | np.ndarray"
"""Red, green, blue between 0 and 1; as an array [rows, columns, 3] a colour for each pixel of a place."""

Place = tuple[slice, slice]
"""Rows and columns of a canvas."""


class Canvas:
    """A picture float32 [height, width, 3] and its mask int32 [height, width]; later shapes cover earlier ones."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.picture = np.zeros((height, width, 3), np.float32)
        self.mask = np.zeros((height, width), np.int32)
        self.y, self.x = (np.arange(n, dtype=np.float32) + 0.5 for n in (height, width))

    def fill(self, place: Place, inside: np.ndarray, color: Color, number: int) -> None:
        """Paint the pixels of `place` that are `inside`."""
        np.copyto(self.picture[place], color, where=inside[..., None], casting="same_kind")
        np.copyto(self.mask[place], number, where=inside)

    def shade(self, place: Place, inside: np.ndarray, factor: float) -> None:
        """Make pixels darker (below 1) or lighter without changing what they belong to."""
        part = self.picture[place]
        np.multiply(part, factor, out=part, where=inside[..., None])

    def place(self, left: float, top: float, right: float, bottom: float) -> Place:
        """The pixels whose middles lie between these edges."""
        rows = slice(_first(top, self.height), _first(bottom, self.height))
        return rows, slice(_first(left, self.width), _first(right, self.width))

    def rectangle(self, left: float, top: float, right: float, bottom: float, color: Color, number: int) -> None:
        """An upright rectangle."""
        place = self.place(left, top, right, bottom)
        self.picture[place] = color
        self.mask[place] = number

    def in_ellipse(self, x: float, y: float, across: float, down: float) -> tuple[Place, np.ndarray]:
        """The pixels around an ellipse with these half axes, and which of them are inside."""
        place = self.place(x - across, y - down, x + across, y + down)
        u, v = (self.x[place[1]] - x) / across, (self.y[place[0]] - y) / down
        return place, v[:, None] ** 2 + u[None] ** 2 <= 1

    def ellipse(self, x: float, y: float, across: float, down: float, color: Color, number: int) -> None:
        """An ellipse with its middle at (x, y) and these half axes."""
        place, inside = self.in_ellipse(x, y, across, down)
        self.fill(place, inside, color, number)

    def in_polygon(self, corners: Sequence[tuple[float, float]]) -> tuple[Place, np.ndarray]:
        """The pixels around a convex polygon, and which of them are inside; corners (x, y) run clockwise on the screen."""
        across, down = [c[0] for c in corners], [c[1] for c in corners]
        place = self.place(min(across), min(down), max(across), max(down))
        x, y = self.x[place[1]][None], self.y[place[0]][:, None]
        inside = np.ones((y.shape[0], x.shape[1]), bool)
        if inside.size:
            for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
                inside &= (x1 - x0) * (y - y0) >= (y1 - y0) * (x - x0)
        return place, inside

    def polygon(self, corners: Sequence[tuple[float, float]], color: Color, number: int) -> None:
        """A convex polygon; corners (x, y) run clockwise on the screen."""
        place, inside = self.in_polygon(corners)
        self.fill(place, inside, color, number)


def _first(edge: float, size: int) -> int:
    """The first pixel whose middle is not before an edge."""
    return min(max(math.ceil(edge - 0.5), 0), size)
