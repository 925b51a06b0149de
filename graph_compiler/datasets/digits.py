"""The 8×8 digits that ship with scikit-learn."""

from __future__ import annotations

from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import sklearn_lines
from graph_compiler.datasets.image_sets import DIGITS, fixed, image_schema, image_table
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values


@cache
def table() -> Table:
    """1,797 pictures 8×8×1 with grey values 0 to 16."""
    numbers = np.loadtxt(sklearn_lines("digits.csv.gz"), delimiter=",", dtype=np.float32)
    return image_table((numbers[:, :64].reshape(-1, 8, 8), numbers[:, 64]))


def load(p: Values, place: Place) -> Table:
    """Read from scikit-learn's folder."""
    return table()


DATASET = DatasetSpec(
    name="Digits", title="Digits 8×8", summary="Tiny handwritten digits, 8×8 pixels",
    text="1,797 digits of 43 writers, scanned and averaged down to 8×8 pixels with grey values from 0 to 16. Small enough to "
         "train in a second: rescale by 1 / 16.",
    origin="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits (UCI), test part", licence="CC BY 4.0",
    schema=fixed(image_schema((8, 8, 1), DIGITS, 1797, 0, image="Grey values 0 to 16.", label="The digit.")), load=load,
    default_split="fractions", default_stratify="label", thumbnails="image",
    keywords=("digits", "handwriting", "scikit-learn", "classification"))
