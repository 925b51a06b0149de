"""Paints one street scene: sky, houses, plants, a road in perspective with its lane marks and pavements, cars, people.

Everything that stands on the ground has a nearness: 0 at the horizon, 1 at the lower edge. Sizes grow with it, and what is
nearer covers what is farther.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from graph_compiler.arrays import np
from graph_compiler.datasets.raster import Canvas, Place

CLASSES = ("sky", "building", "plants", "car", "lane mark", "person", "road", "pavement")
SKY, BUILDING, PLANTS, CAR, MARK, PERSON, ROAD, PAVEMENT = range(8)

_HOUSES = ((0.72, 0.50, 0.40), (0.78, 0.70, 0.58), (0.60, 0.60, 0.64), (0.82, 0.78, 0.72), (0.55, 0.42, 0.38))
_CARS = ((0.75, 0.12, 0.12), (0.12, 0.25, 0.65), (0.85, 0.85, 0.87), (0.12, 0.12, 0.14), (0.85, 0.70, 0.15),
         (0.35, 0.55, 0.45))
_CLOTHES = ((0.80, 0.25, 0.20), (0.20, 0.35, 0.70), (0.85, 0.80, 0.30), (0.30, 0.25, 0.30), (0.75, 0.45, 0.65))
_SKIN = ((0.90, 0.72, 0.60), (0.65, 0.47, 0.35), (0.40, 0.28, 0.20))


@dataclass(frozen=True)
class View:
    """Where the camera looks. Lengths are shares of the picture's height (`horizon`) or width."""

    size: int
    horizon: float
    vanishing: float
    """Where the road meets the horizon."""
    middle: float
    """Where the middle of the road meets the lower edge."""
    half: float
    """Half the width of the road at the lower edge."""
    side: float
    """Width of a pavement, in half roads."""

    @classmethod
    def drawn(cls, size: int, random: np.random.Generator) -> View:
        """A view of its own for each scene."""
        return cls(size, random.uniform(0.34, 0.5), random.uniform(0.3, 0.7), random.uniform(0.35, 0.65),
                   random.uniform(0.38, 0.6), random.uniform(0.3, 0.5))

    def y(self, near: float) -> float:
        """The height on the screen of the ground that is so near."""
        return self.size * (self.horizon + (1 - self.horizon) * near)

    def x(self, across: float, near: float) -> float:
        """Where a place on the ground is: `across` is −1 and 1 at the edges of the road."""
        return self.size * (self.vanishing + (self.middle - self.vanishing + across * self.half) * near)

    def width(self, near: float) -> float:
        """Half the road in pixels, there."""
        return self.size * self.half * near


def _one_of(colors: tuple[tuple[float, float, float], ...], random: np.random.Generator) -> np.ndarray:
    """Red, green, blue float64 [3]."""
    return np.array(colors[random.integers(len(colors))])


def paint(size: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A picture uint8 [size, size, 3] and its mask int32 [size, size]."""
    canvas, view = Canvas(size, size), View.drawn(size, random)
    haze = random.uniform(0.75, 0.95, 3) * (1.0, 1.0, 1.05)
    _sky(canvas, view, haze, random)
    _skyline(canvas, view, haze, random)
    _ground(canvas, view, random)
    _houses(canvas, view, random)
    _things(canvas, view, random)
    return _seen(canvas, view, haze, random), canvas.mask


def _sky(canvas: Canvas, view: View, haze: np.ndarray, random: np.random.Generator) -> None:
    top = np.array((random.uniform(0.25, 0.6), random.uniform(0.45, 0.7), random.uniform(0.7, 0.95)))
    share = (canvas.y / (view.size * view.horizon))[:, None, None].clip(0, 1)
    canvas.picture[:] = top * (1 - share) + haze * share
    canvas.mask[:] = SKY
    for _ in range(random.integers(0, 4)):
        across = random.uniform(0.08, 0.25) * view.size
        place, inside = canvas.in_ellipse(random.uniform(0, view.size), random.uniform(0, view.horizon) * view.size, across,
                                          across * 0.35)
        canvas.shade(place, inside, random.uniform(1.05, 1.2))


def _skyline(canvas: Canvas, view: View, haze: np.ndarray, random: np.random.Generator) -> None:
    """Houses and trees far away, behind everything."""
    ground, x = view.y(0) + 1, 0.0
    while x < view.size:
        width = random.uniform(0.06, 0.16) * view.size
        kind = random.random()
        if kind < 0.5:
            color = _one_of(_HOUSES, random) * 0.6 + haze * 0.4
            canvas.rectangle(x, ground - random.uniform(0.05, 0.16) * view.size, x + width, ground, color, BUILDING)
        elif kind < 0.85:
            green = np.array((0.22, 0.38, 0.2)) * random.uniform(0.8, 1.2) * 0.75 + haze * 0.25
            canvas.ellipse(x + width / 2, ground, width * 0.7, random.uniform(0.04, 0.1) * view.size, green, PLANTS)
        x += width


def _ground(canvas: Canvas, view: View, random: np.random.Generator) -> None:
    """Grass, pavements, the road and its marks, row by row from the horizon down."""
    first = int(view.y(0) + 0.5)
    near = ((canvas.y[first:] / view.size - view.horizon) / (1 - view.horizon))[:, None].clip(1e-3, None)
    left = view.size * (view.vanishing + (view.middle - view.vanishing) * near)
    across = (canvas.x[None] - left) / (view.size * view.half * near)
    place, grey = (slice(first, None), slice(None)), random.uniform(0.28, 0.42)
    shape = across.shape
    rough = 1 + 0.04 * random.standard_normal((*shape, 1), np.float32)
    grass = np.array((0.3, 0.46, 0.22)) * random.uniform(0.75, 1.25) * rough
    canvas.fill(place, np.ones(shape, bool), grass, PLANTS)
    stone = np.array((0.62, 0.6, 0.58)) * random.uniform(0.85, 1.15)
    canvas.fill(place, np.abs(across) <= 1 + view.side, stone * rough, PAVEMENT)
    canvas.fill(place, np.abs(across) <= 1, np.array((grey, grey, grey * 1.05)) * rough, ROAD)
    _marks(canvas, place, across, near, random)


def _marks(canvas: Canvas, place: Place, across: np.ndarray, near: np.ndarray, random: np.random.Generator) -> None:
    """A dashed line in the middle, in most scenes solid ones at the edges."""
    paint, half = random.uniform(0.78, 0.95) * np.array((1.0, 1.0, random.choice((0.55, 1.0)))), random.uniform(0.035, 0.06)
    dashed = (random.uniform(0.7, 1.4) / near + random.random()) % 1 < random.uniform(0.45, 0.65)
    visible = near > 0.08
    canvas.fill(place, (np.abs(across) <= half) & dashed & visible, paint, MARK)
    if random.random() < 0.7:
        canvas.fill(place, (np.abs(np.abs(across) - 0.9) <= half * 0.8) & visible, paint, MARK)


def _houses(canvas: Canvas, view: View, random: np.random.Generator) -> None:
    """Rows of houses at both sides, their fronts running towards the vanishing point, far ones first."""
    for side in (-1, 1):
        if random.random() < 0.2:
            continue
        base, near = side * (1 + view.side + random.uniform(0.05, 0.6)), random.uniform(0.1, 0.25)
        while near < 1.6:
            far, near = near, near * random.uniform(1.35, 1.9)
            if random.random() < 0.8:
                _front(canvas, view, base, far, near, random)


def _front(canvas: Canvas, view: View, base: float, far: float, near: float, random: np.random.Generator) -> None:
    tall, color = random.uniform(0.9, 2.2), _one_of(_HOUSES, random) * random.uniform(0.8, 1.15)
    (x0, y0), (x1, y1) = (view.x(base, far), view.y(far)), (view.x(base, near), view.y(near))
    h0, h1 = tall * view.width(far), tall * view.width(near)
    if x0 < x1:
        canvas.rectangle(x1, y1 - h1, x1 + 4 * h1, y1, color * 0.8, BUILDING)
        place, inside = canvas.in_polygon([(x0, y0 - h0), (x1, y1 - h1), (x1, y1), (x0, y0)])
    else:
        canvas.rectangle(x1 - 4 * h1, y1 - h1, x1, y1, color * 0.8, BUILDING)
        place, inside = canvas.in_polygon([(x1, y1 - h1), (x0, y0 - h0), (x0, y0), (x1, y1)])
    if not inside.any():
        return
    canvas.fill(place, inside, color, BUILDING)
    along = (canvas.x[place[1]][None] - x0) / ((x1 - x0) or 1.0)
    ground, height = y0 + (y1 - y0) * along, h0 + (h1 - h0) * along
    up = (ground - canvas.y[place[0]][:, None]) / np.maximum(height, 1e-3)
    floors = random.integers(2, 5)
    window = ((up * floors) % 1 > 0.35) & ((up * floors) % 1 < 0.8) & ((along * floors * 1.5) % 1 > 0.4)
    canvas.shade(place, inside & window, random.uniform(0.45, 0.75))


def _things(canvas: Canvas, view: View, random: np.random.Generator) -> None:
    """Trees, cars and people, the farthest first."""
    found: list[tuple[float, Thing]] = []
    for thing, least, most, low, high in THINGS:
        found += [(low + (high - low) * random.random() ** 1.3, thing) for _ in range(random.integers(least, most + 1))]
    for near, thing in sorted(found, key=lambda f: f[0]):
        thing(canvas, view, near, random)


def _tree(canvas: Canvas, view: View, near: float, random: np.random.Generator) -> None:
    side = random.choice((-1, 1)) * (1 + view.side * random.uniform(0.7, 1.6))
    x, y, unit = view.x(side, near), view.y(near), view.width(near)
    tall, thick = random.uniform(0.7, 1.1) * unit, 0.045 * unit
    canvas.rectangle(x - thick, y - tall, x + thick, y, np.array((0.35, 0.25, 0.17)) * random.uniform(0.8, 1.2), PLANTS)
    green = np.array((0.2, 0.42, 0.18)) * random.uniform(0.7, 1.3)
    for _ in range(3):
        spread = random.uniform(0.22, 0.36) * unit
        canvas.ellipse(x + random.normal(0, 0.1) * unit, y - tall + random.normal(0, 0.1) * unit, spread, spread,
                       green * random.uniform(0.9, 1.1), PLANTS)


def _car(canvas: Canvas, view: View, near: float, random: np.random.Generator) -> None:
    """A car from behind or from the front, on one of the lanes."""
    x, y = view.x(random.choice((-0.47, 0.47)) + random.normal(0, 0.05), near), view.y(near)
    half = random.uniform(0.26, 0.34) * view.width(near)
    tall, color = half * random.uniform(1.1, 1.7), _one_of(_CARS, random) * random.uniform(0.8, 1.2)
    place, inside = canvas.in_ellipse(x, y, half * 1.15, half * 0.2)
    canvas.shade(place, inside, 0.5)
    for wheel in (-0.72, 0.72):
        canvas.rectangle(x + wheel * half - 0.18 * half, y - 0.35 * half, x + wheel * half + 0.18 * half, y, (0.06,) * 3, CAR)
    roof, belt, sill = y - tall, y - tall * 0.52, y - 0.14 * half
    body = [(x - 0.7 * half, roof), (x + 0.7 * half, roof), (x + 0.95 * half, belt), (x - 0.95 * half, belt)]
    canvas.polygon(body, color, CAR)
    canvas.rectangle(x - half, belt, x + half, sill, color, CAR)
    glass = np.array((0.25, 0.3, 0.36)) * random.uniform(0.6, 1.4)
    canvas.polygon([(x - 0.6 * half, roof + 0.1 * tall), (x + 0.6 * half, roof + 0.1 * tall), (x + 0.75 * half, belt),
                    (x - 0.75 * half, belt)], glass, CAR)
    lights = random.choice(((0.95, 0.2, 0.15), (1.0, 0.95, 0.8)))
    for lamp in (-0.8, 0.8):
        canvas.rectangle(x + lamp * half - 0.14 * half, belt + 0.12 * tall, x + lamp * half + 0.14 * half, belt + 0.26 * tall,
                         lights, CAR)


def _person(canvas: Canvas, view: View, near: float, random: np.random.Generator) -> None:
    """Somebody on a pavement, now and then on the road."""
    aside = random.choice((-1, 1)) * (1 + view.side * random.uniform(0.2, 0.9))
    side = random.uniform(-0.8, 0.8) if random.random() < 0.25 else aside
    x, y, tall = view.x(side, near), view.y(near), random.uniform(0.5, 0.62) * view.width(near)
    half = tall * random.uniform(0.15, 0.19)
    shirt, legs = (_one_of(_CLOTHES, random) * random.uniform(0.7, 1.2) for _ in range(2))
    canvas.rectangle(x - half * 0.8, y - tall * 0.5, x + half * 0.8, y, legs, PERSON)
    canvas.rectangle(x - half, y - tall * 0.84, x + half, y - tall * 0.45, shirt, PERSON)
    canvas.ellipse(x, y - tall * 0.9, tall * 0.1, tall * 0.12, _one_of(_SKIN, random), PERSON)


Thing: TypeAlias = "Callable[[Canvas, View, float, np.random.Generator], None]"
THINGS: tuple[tuple[Thing, int, int, float, float], ...] = (
    (_tree, 0, 4, 0.15, 0.9), (_car, 1, 4, 0.18, 0.95), (_person, 0, 3, 0.3, 1.0))
"""What stands on the ground: at least and at most so many, as far and as near as this."""


def _seen(canvas: Canvas, view: View, haze: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The scene as a camera sees it: haze in the distance, light of its own colour and strength, noise."""
    near = ((canvas.y / view.size - view.horizon) / (1 - view.horizon)).clip(0, 1)
    fog = (random.uniform(0, 0.45) * (1 - near) ** 3).astype(np.float32)[:, None, None] * (canvas.mask != SKY)[..., None]
    picture = canvas.picture + (haze.astype(np.float32) - canvas.picture) * fog
    light = random.uniform(0.5, 1.1) * (1 + random.normal(0, 0.07, 3))
    slope = 1 + random.uniform(-0.2, 0.2) * (canvas.x / view.size - 0.5)
    picture *= (light * slope[:, None]).astype(np.float32) * 255
    picture += random.standard_normal(picture.shape, np.float32) * np.float32(random.uniform(2.5, 13))
    return np.asarray(picture.clip(0, 255).astype(np.uint8))
