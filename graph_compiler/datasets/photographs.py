"""Patches of the two photographs that ship with scikit-learn, in colour and in grey."""

from __future__ import annotations

from functools import lru_cache
from importlib import util
from pathlib import Path

from graph_compiler.arrays import np
from graph_compiler.datasets import patches
from graph_compiler.datasets.decoded import Decode, decoder, picture_of
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.pictures import to_grey
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Int
from graph_compiler.specs.tensors import Column

FILES = ("china.jpg", "flower.jpg")
HEIGHT, WIDTH = 427, 640
BANDS = {"train": (0, 384), "validation": (384, 480), "test": (480, WIDTH)}
"""The columns of each photograph that a part is cut from."""


def _folder() -> Path:
    found = util.find_spec("sklearn")
    for place in (found.submodule_search_locations if found else None) or ():
        folder = Path(place, "datasets", "images")
        if folder.is_dir():
            return folder
    raise DataProblem("The photographs of scikit-learn are missing", hint="Install scikit-learn: they ship with it.")


@lru_cache(maxsize=64)
def _schema(size: int, stride: int) -> Schema:
    found = patches.corners(HEIGHT, BANDS, size, stride)
    counts = patches.counts(found, len(FILES))
    columns = (Column(name="image", kind="image", shape=(size, size, 3), summary="Red, green, blue, 0 to 255."),
               Column(name="grey", kind="image", shape=(size, size, 1), summary="The same in grey, as the eye weighs colours."))
    return Schema(columns, sum(counts), counts)


def schema(p: Values) -> Schema:
    """`image` [size, size, 3] and `grey` [size, size, 1]."""
    return _schema(p["size"], p["stride"])


@lru_cache(maxsize=2)
def table(size: int, stride: int, decode: Decode) -> Table:
    """Patches of both photographs; no pixel of the test is in training."""
    found, folder = patches.corners(HEIGHT, BANDS, size, stride), _folder()
    images = patches.cut([picture_of(folder / name, decode)[..., :3] for name in FILES], found, size)
    grey = (to_grey(images) + 0.5).astype(np.uint8)[..., None]
    return Table({"image": frozen(images), "grey": frozen(grey)}, patches.given(found, len(FILES)))


def load(p: Values, place: Place) -> Table:
    """Read from scikit-learn's folder and cut."""
    return table(p["size"], p["stride"], decoder(place))


DATASET = DatasetSpec(
    name="Photographs", title="Two photographs", summary="Patches to take noise from, to colour or to sharpen",
    text="Patches of two photographs, a Chinese temple and a flower, in colour and in grey. Add noise and let a network take "
         "it away, give it grey and ask for colour, or scale it down and ask for what is lost. Test patches come from the "
         "right quarter of both, which no training patch touches.",
    origin="danielbuechele (china.jpg) and vultilion (flower.jpg) on Flickr", licence="CC BY 2.0",
    params=(Int(name="size", default=48, minimum=16, maximum=96, key=True, summary="Pixels of an edge."),
            Int(name="stride", default=24, minimum=1, maximum=96, key=True, summary="Pixels from one patch to the next.")),
    schema=schema, load=load, splits=("given",), thumbnails="image",
    keywords=("image", "colour", "denoising", "colouring", "super-resolution", "autoencoder", "scikit-learn"))
