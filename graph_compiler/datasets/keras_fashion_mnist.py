"""All 70,000 articles of Fashion-MNIST, downloaded once into Keras's cache."""

from __future__ import annotations

import zlib
from pathlib import Path

from graph_compiler.arrays import np
from graph_compiler.datasets.download import have
from graph_compiler.datasets.fashion_mnist import CLASSES
from graph_compiler.datasets.image_sets import fixed, image_schema, image_table
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Download, Place, Table
from graph_compiler.specs.nodes import Values

_BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
DOWNLOADS = tuple(Download(_BASE + name, name, size, folder="datasets/fashion-mnist") for name, size in (
    ("train-images-idx3-ubyte.gz", 26_421_880), ("train-labels-idx1-ubyte.gz", 29_515),
    ("t10k-images-idx3-ubyte.gz", 4_422_102), ("t10k-labels-idx1-ubyte.gz", 5_148)))


def _values(path: Path, header: int, shape: tuple[int, ...]) -> np.ndarray:
    """The numbers of an IDX file behind its `header` bytes."""
    import gzip

    try:
        return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header).reshape(shape)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataProblem(f"{path.name} in the cache is damaged", code="damaged",
                          hint=f"Delete {path} and download it again.") from error


def load(p: Values, place: Place) -> Table:
    """70,000 pictures 28×28×1 from the cache."""
    x_train, y_train, x_test, y_test = have(DOWNLOADS, place, "KerasFashionMNIST")
    return image_table((_values(x_train, 16, (60_000, 28, 28)), _values(y_train, 8, (60_000,))),
                       (_values(x_test, 16, (10_000, 28, 28)), _values(y_test, 8, (10_000,))))


DATASET = DatasetSpec(
    name="KerasFashionMNIST", title="Fashion-MNIST", summary="All 70,000 clothes and shoes (download)",
    text="Clothes, shoes and bags, grey on black, 28×28 pixels: 60,000 to train on and 10,000 to test "
         "with. 31 MB, downloaded once.",
    origin="H. Xiao, K. Rasul, R. Vollgraf (Zalando): Fashion-MNIST, 2017", licence="MIT",
    schema=fixed(image_schema((28, 28, 1), CLASSES, 60_000, 10_000, label="The article.")), load=load, thumbnails="image",
    downloads=DOWNLOADS, keywords=("clothes", "zalando", "image", "classification", "download"))
