"""Layers that even out light and dark: AutoContrast and CLAHE everywhere, Equalization in training only."""

from __future__ import annotations

from graph_compiler.layers.augmentation.forms import VALUE_RANGE, channels, colour, known_place, places
from graph_compiler.layers.custom.registry import custom_class
from graph_compiler.layers.geometry import data_format
from graph_compiler.layers.staying import NO_EXTREMES, NO_STRETCHING, rough
from graph_compiler.specs.leaving import INT8
from graph_compiler.specs.nodes import LayerSpec, Values
from graph_compiler.specs.params import Float, Int, Ints
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def _fits_tiles(p: Values, x: Tensor, name: str) -> None:
    """Keras fills the last tile up with the picture's own border, which must be long enough."""
    for size, tiles in zip(places(p, x), p["tile_grid_size"], strict=True):
        if size is not None and -(-size // tiles) * tiles - size > size:
            raise Refusal("parameter", "tile_grid_size is too fine", param="tile_grid_size", port="in", received=f"{tiles:,}",
                          expected=f"at most {2 * size:,} tiles for {size:,} pixels", hint="Choose fewer tiles.")


def _known_channels(p: Values, x: Tensor, name: str) -> None:
    """Keras goes through the channels one by one while it draws the graph."""
    if channels(p, x) is None:
        raise Refusal("free-axis", f"{name} needs a known number of channels", expected="a size of the channel axis",
                      received=x.words, port="in", hint="Choose channels_last, or give the axis a size with Reshape.")


AUTO_CONTRAST = colour(
    "AutoContrast", "Stretches light and dark to the ends",
    "The darkest place of each channel becomes the lowest value, the brightest the highest. It acts outside training too.",
    (VALUE_RANGE,), random=False, stays=(NO_STRETCHING,), keywords=("stretch", "light", "normalise"))

CLAHE = colour(
    "ContrastLimitedAdaptiveHistogramEqualization", "Evens out contrast place by place",
    "Each tile of the picture gets a contrast of its own, so that details show in light and in shadow. It acts outside "
    "training too and takes much memory.",
    (VALUE_RANGE, Float(name="clip_limit", default=4.0, minimum=0.0, key=True, summary="Limit of the contrast; 0 is none."),
     Ints(name="tile_grid_size", default=[8, 8], key=True, summary="Tiles down and across."), data_format()),
    known_place, _fits_tiles, random=False, stays=(NO_EXTREMES,), tells=(rough(INT8),),
    keywords=("clahe", "histogram", "contrast", "tiles"))

EQUALIZATION = colour(
    "Equalization", "Spreads light and dark evenly",
    "In training the values of each channel are spread so that all are equally frequent, counted over the whole batch.",
    (VALUE_RANGE, Int(name="bins", default=256, minimum=2, key=True, summary="Levels that are counted."), data_format()),
    _known_channels,
    defined_as="Equalization", make=lambda keras, p, name: custom_class(keras, "Equalization")(name=name, **p),
    keywords=("histogram", "contrast", "equalise", "equalize"))

SPECS: tuple[LayerSpec, ...] = (AUTO_CONTRAST, CLAHE, EQUALIZATION)
