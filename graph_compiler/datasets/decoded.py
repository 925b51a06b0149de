"""Picture files as arrays, by the decoder that a `Place` brings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from graph_compiler.arrays import np
from graph_compiler.datasets.pictures import PictureStyle, fit_picture
from graph_compiler.specs.datasets import DataProblem, Place

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif"})
EVERY = 50
"""So many pictures go by between two words about progress."""
PLAIN = PictureStyle()
"""Cut to the proportions, scaled, nothing else."""

Decode: TypeAlias = "Callable[[bytes], np.ndarray]"


def decoder(place: Place) -> Decode:
    """The decoder of a place. DataProblem where there is none."""
    if place.decode is None:
        raise DataProblem("Pictures cannot be read here", code="no-decoder",
                          hint="Open the document in the window, or train it.")
    return place.decode


def picture_of(path: Path, decode: Decode) -> np.ndarray:
    """Pixels uint8 [h, w, channels] of a file. DataProblem when it cannot be read."""
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise DataProblem(f"{path.name} cannot be read", hint=f"{error.strerror}.", param="path") from None
    except ValueError:
        raise DataProblem(f"{path.name} is not a picture that can be read", param="path",
                          hint="Expected PNG, JPEG, BMP or GIF. Take it out of the folder or save it again.") from None


def pictures_of(paths: Sequence[Path], shape: tuple[int, int, int], place: Place) -> np.ndarray:
    """Pictures uint8 [files, *shape], each cut in the middle to the proportions of `shape` and scaled to its size."""
    decode, out = decoder(place), np.empty((len(paths), *shape), np.uint8)
    for i, path in enumerate(paths):
        if place.progress is not None and i % EVERY == 0:
            place.progress("Reading pictures", i / len(paths))
        pixels = picture_of(path, decode)
        try:
            out[i] = fit_picture(pixels, shape, PLAIN)
        except ValueError as error:
            raise DataProblem(f"{path.name} does not fit", hint=str(error), param="path") from None
    return out
