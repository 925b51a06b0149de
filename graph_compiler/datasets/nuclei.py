"""A microscope's picture of cell nuclei, cut into patches, with what is nucleus and what is not. Embedded."""

from __future__ import annotations

from functools import lru_cache

from graph_compiler.arrays import np
from graph_compiler.datasets import patches
from graph_compiler.datasets.embedded import frozen, read_npz
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Int
from graph_compiler.specs.tensors import Column

EDGE = 512
BANDS = {"train": (0, 288), "validation": (288, 384), "test": (384, EDGE)}
"""The columns of the picture each part is cut from: no pixel of the test is in a training patch."""
CLASSES = ("background", "nucleus")


@lru_cache(maxsize=64)
def _schema(size: int, stride: int) -> Schema:
    counts = patches.counts(patches.corners(EDGE, BANDS, size, stride))
    image = Column(name="image", kind="image", shape=(size, size, 1), summary="Fluorescence, 0 to 235 as the camera counted.")
    mask = Column(name="mask", kind="mask", shape=(size, size), classes=CLASSES, summary="Whether a pixel is of a nucleus.")
    return Schema((image, mask), sum(counts), counts)


def schema(p: Values) -> Schema:
    """`image` [size, size, 1] and `mask` [size, size]."""
    return _schema(p["size"], p["stride"])


@lru_cache(maxsize=2)
def table(size: int, stride: int) -> Table:
    """Patches of training, validation and test.

    The camera's numbers (uint16) reach from 0 to 235, so they are kept as they are as uint8.
    """
    z = read_npz("seg_nuclei.npz")
    pixels, inside = z["x"].clip(0, 255).astype(np.uint8), (z["instances"] > 0).astype(np.int32)
    found = patches.corners(EDGE, BANDS, size, stride)
    images, masks = patches.cut([pixels[..., None]], found, size), patches.cut([inside], found, size)
    return Table({"image": frozen(images), "mask": frozen(masks)}, patches.given(found))


def load(p: Values, place: Place) -> Table:
    """The embedded picture, cut."""
    return table(p["size"], p["stride"])


DATASET = DatasetSpec(
    name="Nuclei", title="Cell nuclei", summary="Where are the nuclei of cells? Patches of a real picture",
    text="Patches of one fluorescence picture with 125 nuclei that experts outlined. Patches of one part overlap; those of "
         "the test come from the right quarter of the picture, which no training patch touches. Few pictures, so turn and "
         "flip them.",
    origin="stardist (U. Schmidt, M. Weigert and others), test data", licence="BSD 3-Clause",
    params=(Int(name="size", default=64, minimum=16, maximum=96, key=True, summary="Pixels of an edge."),
            Int(name="stride", default=16, minimum=1, maximum=96, key=True, summary="Pixels from one patch to the next.")),
    schema=schema, load=load, splits=("given",), thumbnails="image",
    keywords=("segmentation", "mask", "microscopy", "cells", "biology", "image", "u-net"))
