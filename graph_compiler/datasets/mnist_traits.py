"""A handwritten digit, which one it is, and what holds for it: several answers at once, from the embedded sample of MNIST."""

from __future__ import annotations

from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets import mnist
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.image_sets import fixed
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

DIGITS_WITH = {"even": (0, 2, 4, 6, 8), "above 4": (5, 6, 7, 8, 9), "prime": (2, 3, 5, 7), "loop": (0, 6, 8, 9)}
"""The digits each trait holds for."""

TRAITS = Column(name="traits", kind="number", shape=(len(DIGITS_WITH),), channels=tuple(DIGITS_WITH),
                summary="1 where it holds: " + ", ".join(DIGITS_WITH) + " (a closed line).")


@cache
def table() -> Table:
    """The rows and the split of the MNIST sample: pictures, labels, and traits float32 [6000, 4] of 0 and 1."""
    digits = mnist.table()
    holds = np.array([[float(digit in digits_with) for digits_with in DIGITS_WITH.values()] for digit in range(10)], np.float32)
    return Table({**digits.arrays, "traits": frozen(holds[digits.arrays["label"]])}, digits.given)


def load(p: Values, place: Place) -> Table:
    """The embedded sample."""
    return table()


DATASET = DatasetSpec(
    name="MNISTTraits", title="Digits and their traits", summary="Which digit, and is it even, prime …?",
    text="The 6,000 digits of the MNIST sample with two targets: the digit, of which one is right, and four traits, any of "
         "which may hold: even, above 4, prime, and with a loop. Take softmax for the first and a sigmoid with "
         "BinaryCrossentropy for the second.",
    origin="Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits", licence="CC BY-SA 3.0",
    schema=fixed(Schema((*mnist.DATASET.schema({}).columns, TRAITS), 6000, (5000, 0, 1000))), load=load, thumbnails="image",
    keywords=("digits", "multi-task", "multi-label", "two outputs", "mnist"))
