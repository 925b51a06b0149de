"""Makes any picture look like the pictures of a data set, so that a network sees what it was trained on. numpy only.

`style_of` measures a data set once (background, range of grey, how its content is placed); `fit_picture` then scales, greys,
inverts and centres as that style asks. For MNIST this gives back its own recipe: a 20×20 box, centred by mass.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph_compiler.arrays import np
from graph_compiler.specs.tensors import Shape

_GREY = (0.299, 0.587, 0.114)
"""ITU-R BT.601 luma, what Pillow and MNIST's tools use."""

_INK = 0.15
"""Share of the range from which a pixel counts as content."""


@dataclass(frozen=True)
class PictureStyle:
    """How the pictures of a data set look. `box` 0 leaves the content where it is, else its longer side has `box` pixels."""

    dark: bool = True
    plain: bool = False
    """Whether there is one even background behind the content."""
    top: int = 255
    box: int = 0
    by_mass: bool = False
    """Whether the centre of mass, not of the box, is put into the middle."""
    offset: tuple[float, float] = (0.0, 0.0)
    """Where that centre lies on average, (down, right) of the picture's middle in pixels (MNIST: about half a pixel)."""


def style_of(images: np.ndarray, most: int = 500) -> PictureStyle:
    """Measure uint8 [n, h, w, c] pictures; the first `most` of them tell enough."""
    sample = np.asarray(images[:most])
    if not len(sample):
        return PictureStyle()
    top = int(sample.max()) or 255
    grey = to_grey(sample) / top
    border = _border(grey)
    dark = bool(np.median(border) < 0.5)
    content = grey if dark else 1.0 - grey
    plain = bool((content[:, [0, 0, -1, -1], [0, -1, 0, -1]] < _INK).mean() > 0.8)
    top = top if top <= 128 else 255
    if not plain:
        return PictureStyle(dark, False, top)
    boxes = [b for b in map(_box, content) if b is not None]
    if not boxes:
        return PictureStyle(dark, True, top)
    longer = np.median([max(y1 - y0, x1 - x0) for y0, y1, x0, x1 in boxes])
    mass, box = _centres(content)
    middle = np.array(content.shape[1:]) / 2
    by_mass = bool(np.std(mass, axis=0).sum() < np.std(box, axis=0).sum())
    down, right = ((mass if by_mass else box).mean(axis=0) - middle).tolist()
    return PictureStyle(dark, True, top, int(longer), by_mass, (down, right))


def fit_picture(picture: np.ndarray, shape: Shape, style: PictureStyle) -> np.ndarray:
    """A picture uint8 [h, w], [h, w, 1], [h, w, 3] or [h, w, 4] as the data set would hold it: uint8 of `shape` (h, w, c).

    ValueError when the picture has no pixels, another number of channels, or `shape` a free axis.
    """
    height, width, channels = _sizes(shape)
    picture = _flat(picture, style)
    if channels == 1:
        picture = to_grey(picture)[..., None]
    elif picture.shape[-1] == 1:
        picture = np.repeat(picture, channels, axis=-1)
    if not style.plain:
        return _scaled(resize_area(_squared(picture, height / width), (height, width)), style)
    if (np.median(_border(picture[None].mean(axis=-1))) < 0.5) != style.dark:
        picture = 1.0 - picture
    content = picture if style.dark else 1.0 - picture
    placed = _placed(content, (height, width), style)
    return _scaled(placed if style.dark else 1.0 - placed, style)


def to_grey(images: np.ndarray) -> np.ndarray:
    """[..., 1] or [..., 3] -> [...] float32, weighted as the eye weighs."""
    images = np.asarray(images, np.float32)
    return np.asarray(images[..., 0] if images.shape[-1] == 1 else images[..., :3] @ np.array(_GREY, np.float32))


def resize_area(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """[h, w, c] -> [*size, c]: each new pixel is the mean of the area it covers; larger sizes are interpolated linearly."""
    out: np.ndarray = np.asarray(picture, np.float32)
    for axis, new in enumerate(size):
        old = out.shape[axis]
        if new != old:
            spread = np.tensordot(_weights(old, new), out, axes=(1, axis))
            out = np.moveaxis(np.asarray(spread), 0, axis)
    return out


def _weights(old: int, new: int) -> np.ndarray:
    """[new, old] rows of weights that add up to 1."""
    if new > old:
        at = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        weights = np.maximum(0.0, 1.0 - np.abs(at[:, None] - np.arange(old)))
    else:
        edges = np.arange(new + 1) * old / new
        low, high = edges[:-1, None], edges[1:, None]
        cell = np.arange(old)
        weights = np.clip(np.minimum(high, cell + 1) - np.maximum(low, cell), 0, 1)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def _sizes(shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3 or any(d is None for d in shape):
        raise ValueError(f"A picture column has three known sizes, received {shape}.")
    height, width, channels = (d or 0 for d in shape)
    return height, width, channels


def _flat(picture: np.ndarray, style: PictureStyle) -> np.ndarray:
    """float32 [h, w, 1 or 3] in 0 to 1; what is transparent becomes the background."""
    picture = np.asarray(picture, np.float32) / 255.0
    if picture.ndim == 2:
        picture = picture[..., None]
    if picture.ndim != 3 or picture.shape[-1] not in (1, 3, 4) or 0 in picture.shape:
        raise ValueError(f"A picture has one, three or four channels, received the shape {picture.shape}.")
    if picture.shape[-1] == 4:
        alpha, colours = picture[..., 3:], picture[..., :3]
        seen = alpha[..., 0] > _INK
        light = bool(seen.any()) and to_grey(colours)[seen].mean() > 0.5
        ground = (0.0 if light else 1.0) if (alpha < 0.5).any() else (0.0 if style.dark else 1.0)
        picture = colours * alpha + ground * (1.0 - alpha)
    return picture


def _border(grey: np.ndarray) -> np.ndarray:
    """The outermost pixels of [n, h, w] pictures."""
    return np.concatenate([grey[:, 0].ravel(), grey[:, -1].ravel(), grey[:, :, 0].ravel(), grey[:, :, -1].ravel()])


def _box(grey: np.ndarray) -> tuple[int, int, int, int] | None:
    """Rows and columns [y0, y1, x0, x1) that hold the content, None when there is none."""
    ink = grey > _INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _centres(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres of mass and centres of the boxes, [n, 2] each, of the [n, h, w] pictures that hold something."""
    found = [(_centre(one), box) for one, box in ((one, _box(one)) for one in grey) if box is not None]
    boxes = [((y0 + y1) / 2, (x0 + x1) / 2) for _, (y0, y1, x0, x1) in found]
    return np.array([mass for mass, _ in found]), np.array(boxes)


def _centre(grey: np.ndarray) -> np.ndarray:
    """The centre of mass (y, x) in pixels from the upper left corner."""
    total = grey.sum() or 1.0
    y = (grey.sum(axis=1) * (np.arange(grey.shape[0]) + 0.5)).sum() / total
    x = (grey.sum(axis=0) * (np.arange(grey.shape[1]) + 0.5)).sum() / total
    return np.array([y, x])


def _squared(picture: np.ndarray, ratio: float) -> np.ndarray:
    """The largest middle part with height / width = `ratio`."""
    height, width = picture.shape[:2]
    new_height, new_width = min(height, max(1, round(width * ratio))), min(width, max(1, round(height / ratio)))
    y, x = (height - new_height) // 2, (width - new_width) // 2
    return picture[y:y + new_height, x:x + new_width]


def _placed(content: np.ndarray, size: tuple[int, int], style: PictureStyle) -> np.ndarray:
    """Light content on black, cut out, scaled to the style's box and centred on a canvas of `size`."""
    canvas = np.zeros((*size, content.shape[-1]), np.float32)
    grey = content.mean(axis=-1)
    found = _box(grey / max(float(grey.max()), 1e-6))
    if found is None:
        return canvas
    y0, y1, x0, x1 = found
    cut = content[y0:y1, x0:x1]
    scale = min(style.box or min(size), *size) / max(cut.shape[:2])
    cut = resize_area(cut, (max(1, round(cut.shape[0] * scale)), max(1, round(cut.shape[1] * scale))))
    grey = cut.mean(axis=-1)
    middle = _centre(grey) if style.by_mass else np.array(grey.shape) / 2
    at = np.round(np.array(size) / 2 + style.offset - middle).astype(int)
    at = np.clip(at, 0, np.array(size) - grey.shape)
    canvas[at[0]:at[0] + cut.shape[0], at[1]:at[1] + cut.shape[1]] = cut
    return canvas


def _scaled(picture: np.ndarray, style: PictureStyle) -> np.ndarray:
    return np.clip(np.round(picture * style.top), 0, style.top).astype(np.uint8)
