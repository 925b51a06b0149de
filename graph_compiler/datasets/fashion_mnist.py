"""Fashion-MNIST, the sample that ships with the program: 5,000 articles to train on and 1,000 to test with."""

from __future__ import annotations

from functools import cache

from graph_compiler.datasets.embedded import read_npz
from graph_compiler.datasets.image_sets import fixed, image_schema, image_table
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


@cache
def table() -> Table:
    """6,000 pictures 28×28×1, 500 and 100 a class."""
    z = read_npz("fashion_mnist_6k.npz")
    return image_table((z["x_train"], z["y_train"]), (z["x_test"], z["y_test"]))


def load(p: Values, place: Place) -> Table:
    """The embedded sample."""
    return table()


DATASET = DatasetSpec(
    name="FashionMNIST", title="Fashion-MNIST sample", summary="Clothes and shoes, a sample of 6,000",
    text="Photographs of clothes, shoes and bags, grey on black, 28×28 pixels. This is a sample of 5,000 + 1,000 of the 70,000 "
         "pictures, the same number of each class, that needs no download. KerasFashionMNIST fetches all of them.",
    origin="H. Xiao, K. Rasul, R. Vollgraf (Zalando): Fashion-MNIST, 2017", licence="MIT",
    schema=fixed(image_schema((28, 28, 1), CLASSES, 5000, 1000, label="The article.")), load=load, thumbnails="image",
    keywords=("clothes", "zalando", "image", "classification"))
