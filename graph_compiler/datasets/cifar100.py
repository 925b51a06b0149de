"""CIFAR-100: 60,000 small colour photographs of a hundred kinds of things, downloaded once into Keras's cache."""

from __future__ import annotations

from graph_compiler.datasets.download import cifar_batch, have
from graph_compiler.datasets.image_sets import image_schema, image_table
from graph_compiler.specs.datasets import DatasetSpec, Download, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Choice

FINE = (
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy", "bridge",
    "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud",
    "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl",
    "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man",
    "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear",
    "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road",
    "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel",
    "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor", "train",
    "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm")
COARSE = (
    "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables", "household_electrical_devices",
    "household_furniture", "insects", "large_carnivores", "large_man-made_outdoor_things", "large_natural_outdoor_scenes",
    "large_omnivores_and_herbivores", "medium_mammals", "non-insect_invertebrates", "people", "reptiles", "small_mammals",
    "trees", "vehicles_1", "vehicles_2")
DOWNLOADS = (Download("https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz", "cifar-100-python-target", 169_001_437,
                      "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7", extract=True),)
LABELS = Choice(name="label_mode", default="fine", options=("fine", "coarse"), key=True,
                summary="100 classes, or the 20 groups they belong to.")
_SCHEMAS = {mode: image_schema((32, 32, 3), classes, 50_000, 10_000, image="Red, green, blue, 0 to 255.")
            for mode, classes in (("fine", FINE), ("coarse", COARSE))}


def schema(p: Values) -> Schema:
    """100 or 20 classes."""
    return _SCHEMAS[p["label_mode"]]


def load(p: Values, place: Place) -> Table:
    """60,000 pictures 32×32×3 from the cache."""
    folder = have(DOWNLOADS, place, "CIFAR100")[0] / "cifar-100-python"
    labels = f"{p['label_mode']}_labels"
    return image_table(cifar_batch(folder / "train", labels), cifar_batch(folder / "test", labels))


DATASET = DatasetSpec(
    name="CIFAR100", title="CIFAR-100", summary="Small colour photographs, 100 classes (download)",
    text="60,000 photographs of 32×32 pixels, 600 of each of a hundred kinds, in twenty groups: 50,000 to train on and 10,000 "
         "to test with. 169 MB, downloaded once.",
    origin="A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009", licence="Free to use with citation",
    params=(LABELS,), schema=schema, load=load, thumbnails="image", downloads=DOWNLOADS,
    keywords=("photograph", "colour", "image", "classification", "download"))
