"""MNIST, the sample that ships with the program: 5,000 digits to train on and 1,000 to test with."""

from __future__ import annotations

from functools import cache

from graph_compiler.datasets.embedded import read_npz
from graph_compiler.datasets.image_sets import DIGITS, fixed, image_schema, image_table
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values


@cache
def table() -> Table:
    """6,000 pictures 28×28×1, 500 and 100 a class."""
    z = read_npz("mnist_6k.npz")
    return image_table((z["x_train"], z["y_train"]), (z["x_test"], z["y_test"]))


def load(p: Values, place: Place) -> Table:
    """The embedded sample."""
    return table()


DATASET = DatasetSpec(
    name="MNIST", title="MNIST sample", summary="Handwritten digits, a sample of 6,000",
    text="White digits on black, 28×28 pixels, written by school children and office workers. This is a sample of 5,000 + "
         "1,000 of the 70,000 pictures, the same number of each digit, that needs no download. KerasMNIST fetches all of them.",
    origin="Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits", licence="CC BY-SA 3.0",
    schema=fixed(image_schema((28, 28, 1), DIGITS, 5000, 1000, label="The digit.")), load=load, thumbnails="image",
    keywords=("digits", "handwriting", "image", "classification"))
