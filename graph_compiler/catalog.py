"""The one list of node types and data sets. Adding a layer or a data set adds its module here and nothing else."""

from __future__ import annotations

from functools import cache

from graph_compiler.datasets import (
    air_passengers,
    boston_housing,
    breast_cancer,
    california_housing,
    cifar10,
    cifar100,
    csv_file,
    date_language,
    date_tags,
    dates,
    diabetes,
    digit_pairs,
    digit_words,
    digits,
    fashion_mnist,
    image_folder,
    iris,
    keras_fashion_mnist,
    keras_imdb,
    keras_mnist,
    keras_reuters,
    mnist,
    mnist_traits,
    moving_shapes,
    nuclei,
    photographs,
    points2d,
    street_scenes,
    sunspots,
    text,
    time_series,
    weather,
    wine,
)
from graph_compiler.layers import (
    activations,
    attention,
    audio,
    augmentation,
    bidirectional,
    categories,
    convolution,
    convolutional_recurrent,
    core,
    merge,
    normalisation,
    objectives,
    operations,
    pooling,
    preprocessing,
    recurrent,
    regularisation,
    reshape,
    structure,
    texts,
    wrappers,
)
from graph_compiler.specs.datasets import source_of
from graph_compiler.specs.registry import Registry

SOURCES = (mnist, fashion_mnist, digit_words, digit_pairs, mnist_traits, digits, boston_housing, california_housing, iris, wine,
           breast_cancer, diabetes, points2d, text, dates, date_language, date_tags, weather, air_passengers, sunspots,
           street_scenes, moving_shapes, nuclei, photographs, csv_file, time_series, image_folder, keras_mnist,
           keras_fashion_mnist, cifar10, cifar100, keras_imdb, keras_reuters)


@cache
def registry() -> Registry:
    """Everything this program can draw, load, train and export."""
    families = (preprocessing, categories, texts, audio, augmentation, convolution, pooling, core, recurrent,
                convolutional_recurrent, bidirectional, wrappers, attention, activations, normalisation, regularisation,
                reshape, merge, operations, objectives, structure)
    datasets = [module.DATASET for module in SOURCES]
    layers = [spec for family in families for spec in family.SPECS]
    return Registry.of(nodes=[*map(source_of, datasets), *layers], datasets=datasets)
