"""Pairs of handwritten digits: are they the same digit? Made from the embedded sample of MNIST."""

from __future__ import annotations

from functools import lru_cache

from graph_compiler.arrays import np
from graph_compiler.datasets import mnist
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.split import PARTS
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Int
from graph_compiler.specs.tensors import Column

COLUMNS = (Column(name="a", kind="image", shape=(28, 28, 1), summary="The first digit, grey values 0 to 255."),
           Column(name="b", kind="image", shape=(28, 28, 1), summary="The second digit, grey values 0 to 255."),
           Column(name="same", kind="category", classes=("no", "yes"), summary="Whether both are the same digit."))
HELD = 500
"""So many of the 5,000 training pictures make the pairs for validation, and no others."""


def shares(rows: int) -> tuple[int, int, int]:
    """Pairs for training, validation and test: 80, 10 and 10 %."""
    tenth = rows // 10
    return rows - 2 * tenth, tenth, tenth


def _pools(seed: int) -> dict[str, np.ndarray]:
    """The pictures each part is made of, as rows of the MNIST sample."""
    given = mnist.table().given
    assert given is not None
    mixed = np.random.default_rng((seed, 0)).permutation(given["train"])
    return {"train": mixed[HELD:], "validation": mixed[:HELD], "test": given["test"]}


def _pairs(pool: np.ndarray, labels: np.ndarray, rows: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rows [rows, 2] of pictures and whether they match [rows], every second pair does."""
    by_digit = [pool[labels[pool] == digit] for digit in range(10)]
    same = random.permutation(np.arange(rows) % 2)
    first = random.integers(0, 10, rows)
    second = np.where(same == 1, first, (first + random.integers(1, 10, rows)) % 10)
    pairs = np.empty((rows, 2), np.intp)
    for row, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        if one == other:
            pairs[row] = random.choice(by_digit[one], 2, replace=False)
        else:
            pairs[row] = random.choice(by_digit[one]), random.choice(by_digit[other])
    return pairs, same.astype(np.int32)


@lru_cache(maxsize=4)
def drawn(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Pictures [rows, 2] as rows of the MNIST sample, whether they match, and the pairs of each part."""
    labels, pools = mnist.table().arrays["label"], _pools(seed)
    parts, found, first = {}, [], 0
    for number, (part, count) in enumerate(zip(PARTS, shares(rows), strict=True)):
        found.append(_pairs(pools[part], labels, count, np.random.default_rng((seed, 1, number))))
        parts[part] = np.arange(first, first + count)
        first += count
    return np.concatenate([pairs for pairs, _ in found]), np.concatenate([same for _, same in found]), parts


def schema(p: Values) -> Schema:
    """`a`, `b` and `same`."""
    return Schema(COLUMNS, p["rows"], shares(p["rows"]))


def load(p: Values, place: Place) -> Table:
    """Pairs drawn from the embedded sample; pictures of one part are in no other."""
    pairs, same, parts = drawn(p["rows"], p["seed"])
    images = mnist.table().arrays["image"]
    return Table({"a": frozen(images[pairs[:, 0]]), "b": frozen(images[pairs[:, 1]]), "same": frozen(same)}, parts)


DATASET = DatasetSpec(
    name="DigitPairs", title="Pairs of digits", summary="Are two handwritten digits the same?",
    text="Two digits of the MNIST sample and whether they are the same digit, half of the pairs are. The pictures of the test "
         "were never seen in training, in no pair. One block that is placed twice, with shared weights, looks at both.",
    origin="Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits", licence="CC BY-SA 3.0",
    params=(Int(name="rows", default=10_000, minimum=100, maximum=200_000, key=True, summary="How many pairs."),
            Int(name="seed", default=0, minimum=0, summary="Seed of the pairs.")),
    schema=schema, load=load, splits=("given",), thumbnails="a",
    keywords=("digits", "siamese", "twin", "verification", "similarity", "contrastive", "mnist"))
