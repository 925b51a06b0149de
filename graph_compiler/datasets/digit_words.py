"""A handwritten digit and its English word, letter by letter, from the embedded sample of MNIST."""

from __future__ import annotations

from functools import cache

from graph_compiler.datasets import mnist
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.image_sets import fixed
from graph_compiler.datasets.tokens import characters, encode_rows
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LETTERS = "".join(sorted(set("".join(WORDS))))
WORD = characters("word", LETTERS, max(map(len, WORDS)) + 1, end=True, summary="The digit in English.")
IMAGE, _ = mnist.DATASET.schema({}).columns


@cache
def table() -> Table:
    """The rows and the split of the MNIST sample: pictures 28×28×1 and words of 6 places."""
    digits = mnist.table()
    words = encode_rows(WORDS, WORD)[digits.arrays["label"]]
    return Table({"image": digits.arrays["image"], "word": frozen(words)}, digits.given)


def load(p: Values, place: Place) -> Table:
    """The embedded sample."""
    return table()


DATASET = DatasetSpec(
    name="DigitWords", title="Digits and their words", summary="From a handwritten digit to its word",
    text="The 6,000 digits of the MNIST sample, each with its English word as letters: one picture becomes a sequence, as a "
         "caption does. Put Shift between word and the decoder, and word itself at the target.",
    origin="Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits", licence="CC BY-SA 3.0",
    schema=fixed(Schema((IMAGE, WORD), 6000, (5000, 0, 1000))), load=load, thumbnails="image",
    keywords=("digits", "handwriting", "caption", "one to many", "sequence", "text", "mnist"))
