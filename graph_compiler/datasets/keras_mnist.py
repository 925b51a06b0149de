"""All 70,000 digits of MNIST, downloaded once into Keras's cache."""

from __future__ import annotations

from zipfile import BadZipFile

from graph_compiler.arrays import np
from graph_compiler.datasets.download import have
from graph_compiler.datasets.image_sets import DIGITS, fixed, image_schema, image_table
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Download, Place, Table
from graph_compiler.specs.nodes import Values

DOWNLOADS = (Download("https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz", "mnist.npz", 11_490_434,
                      "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),)


def load(p: Values, place: Place) -> Table:
    """70,000 pictures 28×28×1 from the cache."""
    path, = have(DOWNLOADS, place, "KerasMNIST")
    try:
        with np.load(path, allow_pickle=False) as z:
            return image_table((z["x_train"], z["y_train"]), (z["x_test"], z["y_test"]))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise DataProblem("mnist.npz in the cache is damaged", code="damaged",
                          hint=f"Delete {path} and download it again.") from error


DATASET = DatasetSpec(
    name="KerasMNIST", title="MNIST", summary="All 70,000 handwritten digits (download)",
    text="White digits on black, 28×28 pixels: 60,000 to train on and 10,000 to test with. 11 MB, downloaded once.",
    origin="Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits", licence="CC BY-SA 3.0",
    schema=fixed(image_schema((28, 28, 1), DIGITS, 60_000, 10_000, label="The digit.")), load=load, thumbnails="image",
    downloads=DOWNLOADS, keywords=("digits", "handwriting", "image", "classification", "download"))
