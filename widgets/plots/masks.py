"""Masks of classes as colours: a picture of their own, or laid over the picture they belong to."""

from __future__ import annotations

from PySide6.QtGui import QColor

from graph_compiler.arrays import np
from widgets.theme import theme

HUES = ("sky", "orange", "green", "vermilion", "purple", "blue", "grey", "yellow", "ink")
"""The colour of a class by its number."""
BACKGROUND = "background"
"""A class of this name has no colour."""


def mask_color(classes: tuple[str, ...], number: int) -> QColor:
    """The colour of a class; dark for the background."""
    if classes[number:number + 1] == (BACKGROUND,):
        return QColor("black")
    return QColor(theme().hues[HUES[number % len(HUES)]].strip)


def palette(classes: tuple[str, ...], size: int = 0) -> np.ndarray:
    """Colours uint8 [classes, 3], at least `size` of them."""
    colors = [mask_color(classes, i) for i in range(max(size, len(classes)))]
    return np.array([(c.red(), c.green(), c.blue()) for c in colors], np.uint8)


def painted(mask: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """A mask [h, w] of class numbers as a picture uint8 [h, w, 3]."""
    return np.asarray(palette(classes, int(mask.max()) + 1)[mask])


def overlaid(picture: np.ndarray, mask: np.ndarray, classes: tuple[str, ...], share: float = 0.55) -> np.ndarray:
    """The picture uint8 [h, w, 1 or 3] with its mask over it, so much of it colour; the background stays as it is."""
    ground = np.broadcast_to(picture, (*mask.shape, 3)).astype(np.float32)
    strength = np.array([0.0 if name == BACKGROUND else share for name in classes], np.float32)[mask][..., None]
    return np.asarray((ground * (1 - strength) + painted(mask, classes) * strength).astype(np.uint8))
