"""Augmentations that change values: light, contrast, colour, sharpness."""

from __future__ import annotations

from graph_compiler.layers.augmentation.forms import (
    VALUE_RANGE,
    augmentation,
    chance,
    channels,
    colour,
    coloured,
    factor,
    grey_or_coloured,
    known_place,
    picture,
)
from graph_compiler.layers.geometry import data_format, seed
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import LayerSpec, Values
from graph_compiler.specs.params import Float, Floats, Ints, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def _some_colour(p: Values, x: Tensor, name: str) -> None:
    """Saturation and hue exist only in colour."""
    if p["saturation_factor"] is not None or p["hue_factor"] is not None:
        coloured(p, x, name)


def _last_channels(p: Values, x: Tensor, name: str) -> None:
    """Keras hands `data_format` to none of the four layers inside."""
    if p["data_format"] == "channels_first":
        raise Refusal("parameter", f"{name} needs channels last", param="data_format", expected="channels_last or none",
                      received="channels_first", hint="Insert Permute before it.")


def _odd(p: Values, x: Tensor, name: str) -> None:
    """A window has a middle."""
    if any(size % 2 == 0 for size in p["kernel_size"]):
        raise Refusal("parameter", "kernel_size must be odd", param="kernel_size", expected="odd numbers, such as 3 or 5",
                      received=f"{p['kernel_size']}", hint="Add 1.")


def _fits_erasing(p: Values, x: Tensor, name: str) -> None:
    """A colour to fill with has as many numbers as the picture has channels."""
    if isinstance(p["fill_value"], tuple) and (channels(p, x) != len(p["fill_value"]) or p["data_format"] == "channels_first"):
        raise Refusal("parameter", "fill_value does not fit the picture", param="fill_value", port="in",
                      expected="one number, or 3 for a picture in colour, channels last", received=f"3 numbers for {x.words}",
                      hint="Give one number, or none for noise.")


def _tail(value_range: bool = True) -> tuple[Param, ...]:
    return (*((VALUE_RANGE,) if value_range else ()), data_format(), seed())


RANDOM_CONTRAST = colour(
    "RandomContrast", "Changes the contrast at random",
    "In training light and dark move apart or together around the mean.",
    (factor("factor", 0.1, "How much, or lower and upper bound.", minimum=0.0), VALUE_RANGE, seed()), keywords=("light",))

RANDOM_BRIGHTNESS = colour(
    "RandomBrightness", "Changes the brightness at random", "In training every picture becomes a little lighter or darker.",
    (factor("factor", 0.1, "Share of the range, or lower and upper bound."), VALUE_RANGE, seed()),
    keywords=("light", "exposure"))

RANDOM_HUE = colour(
    "RandomHue", "Turns the colours at random",
    "In training all colours of a picture are turned along the rainbow by the same amount.",
    (factor("factor", 0.1, "Share of half a turn, or lower and upper bound.", minimum=0.0), *_tail()), coloured,
    keywords=("colour", "color", "tint", "rainbow"))

RANDOM_SATURATION = colour(
    "RandomSaturation", "Makes colours stronger or weaker",
    "In training a picture becomes more or less colourful. 0.5 leaves it as it is, 0 makes it grey.",
    (factor("factor", [0.4, 0.6], "0 grey, 0.5 unchanged, 1 all colour; lower and upper bound.", minimum=0.0), *_tail()),
    coloured, keywords=("colour", "color", "vivid"))

RANDOM_COLOR_DEGENERATION = colour(
    "RandomColorDegeneration", "Takes some of the colour away",
    "In training a picture is mixed with a grey one of its own.",
    (factor("factor", 0.5, "How far to grey, or lower and upper bound."), *_tail()), coloured,
    keywords=("colour", "color", "grey", "gray", "fade"))

RANDOM_COLOR_JITTER = colour(
    "RandomColorJitter", "Light, contrast and colour at once",
    "In training brightness, contrast, saturation and hue of a picture change, those that have a factor.",
    (VALUE_RANGE, factor("brightness_factor", None, "As the factor of RandomBrightness; none leaves it out."),
     factor("contrast_factor", None, "As the factor of RandomContrast; none leaves it out.", minimum=0.0),
     factor("saturation_factor", None, "As the factor of RandomSaturation; none leaves it out.", minimum=0.0, key=False),
     factor("hue_factor", None, "As the factor of RandomHue; none leaves it out.", minimum=0.0, key=False), seed(),
     data_format()), _last_channels, _some_colour, keywords=("colour", "color", "brightness", "contrast"))

RANDOM_GRAYSCALE = augmentation(
    "RandomGrayscale", "Makes some pictures grey",
    "In training some pictures lose their colours; they keep three channels that say the same. So a network does not rely on "
    "colour alone.",
    (Float(name="factor", default=0.5, minimum=0.0, maximum=1.0, key=True, summary="Share of the pictures."),
     *_tail(value_range=False)), picture("RandomGrayscale", grey_or_coloured), accepts=FLOAT,
    keywords=("grey", "gray", "black and white"))

RANDOM_SHARPNESS = colour(
    "RandomSharpness", "Blurs or sharpens at random",
    "In training edges become softer or harder. 0 blurs, 0.5 leaves a picture as it is, 1 sharpens.",
    (factor("factor", [0.3, 0.7], "0 blurred, 0.5 unchanged, 1 sharpened; lower and upper bound.", minimum=0.0), *_tail()),
    keywords=("blur", "edges", "focus"))

RANDOM_GAUSSIAN_BLUR = colour(
    "RandomGaussianBlur", "Blurs some pictures",
    "In training some pictures are seen as if out of focus.",
    (chance(), Ints(name="kernel_size", default=3, length=2, key=True, summary="Size of the window, odd."),
     factor("sigma", 1.0, "Width of the blur: drawn from 0 to this, or between two bounds.", minimum=0.0, key=False),
     *_tail()), _odd, keywords=("blur", "gaussian", "focus"))

RANDOM_INVERT = colour(
    "RandomInvert", "Turns some pictures negative",
    "In training light and dark of some pictures trade places.", (chance(), *_tail()), keywords=("negative", "invert"))

RANDOM_POSTERIZATION = colour(
    "RandomPosterization", "Leaves few levels of each colour",
    "In training the finest steps of light are taken away. Of two numbers the smaller one to just below the larger is drawn.",
    (Ints(name="factor", default=4, length=2, minimum=1, maximum=8, key=True, summary="Bits kept of 8: one number, or two."),
     *_tail()), keywords=("bits", "levels", "poster"))

SOLARIZATION = colour(
    "Solarization", "Turns bright places negative",
    "In training places brighter than a random threshold turn negative, as film exposed twice.",
    (factor("addition_factor", 0.0, "Light added first: drawn from 0 to this, or between two bounds.", minimum=0.0),
     factor("threshold_factor", 0.0, "Threshold: drawn from 0 to this, or between two bounds.", minimum=0.0), VALUE_RANGE,
     seed()), keywords=("solarize", "negative", "threshold"))

RANDOM_ERASING = colour(
    "RandomErasing", "Covers a random patch",
    "In training a patch of some pictures is covered with noise or a colour, so that a network looks at more than one detail.",
    (chance(), factor("scale", [0.02, 0.33], "Share of the area that is covered, lower and upper bound.", minimum=0.0),
     Floats(name="fill_value", default=None, optional=True, length=3, summary="What covers it; none is noise."), *_tail()),
    known_place, _fits_erasing, keywords=("cutout", "occlusion", "erase", "patch"))

SPECS: tuple[LayerSpec, ...] = (
    RANDOM_CONTRAST, RANDOM_BRIGHTNESS, RANDOM_HUE, RANDOM_SATURATION, RANDOM_COLOR_DEGENERATION, RANDOM_COLOR_JITTER,
    RANDOM_GRAYSCALE, RANDOM_SHARPNESS, RANDOM_GAUSSIAN_BLUR, RANDOM_INVERT, RANDOM_POSTERIZATION, SOLARIZATION, RANDOM_ERASING)
