"""CIFAR-10: 60,000 small colour photographs of ten kinds of things, downloaded once into Keras's cache."""

from __future__ import annotations

from graph_compiler.arrays import np
from graph_compiler.datasets.download import cifar_batch, have
from graph_compiler.datasets.image_sets import fixed, image_schema, image_table
from graph_compiler.specs.datasets import DatasetSpec, Download, Place, Table
from graph_compiler.specs.nodes import Values

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
DOWNLOADS = (Download("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz", "cifar-10-batches-py-target", 170_498_071,
                      "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce", extract=True),)


def load(p: Values, place: Place) -> Table:
    """60,000 pictures 32×32×3 from the cache."""
    folder = have(DOWNLOADS, place, "CIFAR10")[0] / "cifar-10-batches-py"
    batches = [cifar_batch(folder / f"data_batch_{i}", "labels") for i in range(1, 6)]
    train = np.concatenate([x for x, _ in batches]), np.concatenate([y for _, y in batches])
    return image_table(train, cifar_batch(folder / "test_batch", "labels"))


DATASET = DatasetSpec(
    name="CIFAR10", title="CIFAR-10", summary="Small colour photographs, 10 classes (download)",
    text="60,000 photographs of 32×32 pixels: 50,000 to train on and 10,000 to test with. 170 MB, downloaded once.",
    origin="A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009", licence="Free to use with citation",
    schema=fixed(image_schema((32, 32, 3), CLASSES, 50_000, 10_000, image="Red, green, blue, 0 to 255.")), load=load,
    thumbnails="image", downloads=DOWNLOADS, keywords=("photograph", "colour", "image", "classification", "download"))
