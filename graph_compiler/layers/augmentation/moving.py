"""Augmentations that move pixels: where things are changes, what they are does not."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.augmentation.forms import (
    VALUE_RANGE,
    augmentation,
    border,
    chance,
    factor,
    fill_value,
    interpolation,
    known_place,
    picture,
    places,
    ranged,
)
from graph_compiler.layers.augmentation.together import alike
from graph_compiler.layers.geometry import data_format, need_axes, number, product, seed, spatial
from graph_compiler.layers.preprocessing import resized
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values, keras_arguments
from graph_compiler.specs.params import Choice, Float, Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def zoom(p: Values, x: Tensor) -> Inferred:
    """[h, w, c] -> [h, w, c]. Keras cannot zoom by -1 or less."""
    need_axes(x, 3, "RandomZoom")
    for name in ("height_factor", "width_factor"):
        factor = p[name]
        if factor is not None and -1.0 in (factor if isinstance(factor, tuple) else (factor,)):
            raise Refusal("parameter", f"{name} does not fit", param=name, expected="more than -1 and at most 1", received="-1",
                          hint="-0.5 shows the picture twice as large, 0.5 half again as small.")
    return Inferred((Tensor(x.shape, "float32"),))


def random_crop(p: Values, x: Tensor) -> Inferred:
    """[h, w, c] -> [height, width, c] float32, at random in training and from the middle outside it."""
    need_axes(x, 3, "RandomCrop")
    old = tuple(x.shape[i] for i in spatial(p["data_format"], 3))
    for name, size in zip(("height", "width"), old, strict=True):
        if size is None:
            raise Refusal("free-axis", "RandomCrop needs pictures of one size", expected="a known height and width", port="in",
                          received=x.words, hint="Insert Resizing before it.")
        if p[name] > size:
            raise Refusal("crop-size", "RandomCrop cannot enlarge", expected=f"at most {size:,}", received=f"{p[name]:,}",
                          param=name, port="in", hint="Choose a smaller size, or insert Resizing before it.", **{name: size})
    return Inferred((Tensor(resized(x.shape, p["data_format"], p["height"], p["width"]), "float32"),))


def explain_crop(p: Values, x: Tensor) -> str:
    """In how many places the crop can stand."""
    height, width = (x.shape[i] for i in spatial(p["data_format"], 3))
    places = None if height is None or width is None else (height - p["height"] + 1) * (width - p["width"] + 1)
    return f"{product((height, width))} becomes {p['height']:,} × {p['width']:,}, in {number(places)} places"


def explain_degrees(p: Values, x: Tensor) -> str:
    """The factor as an angle."""
    factor = p["factor"]
    low, high = sorted(factor) if isinstance(factor, tuple) else (-abs(factor), abs(factor))
    return f"{low * 360:+.3g}° to {high * 360:+.3g}°"


def make_random_crop(keras: Any, p: Values, name: str) -> Any:
    """RandomCrop, then CenterCrop. Outside training Keras's RandomCrop returns the whole picture; CenterCrop mends that."""
    arguments = keras_arguments(keras, RANDOM_CROP, p)
    centre = {key: value for key, value in arguments.items() if key != "seed"}
    return keras.Sequential([keras.layers.RandomCrop(**arguments), keras.layers.CenterCrop(**centre)], name=name)


def source_random_crop(p: Values, name: str) -> str:
    """The same as Python source."""
    size = f"{p['height']}, {p['width']}"
    form = f", data_format={p['data_format']!r}" if p["data_format"] else ""
    drawn = f", seed={p['seed']}" if p["seed"] is not None else ""
    return (f"keras.Sequential([keras.layers.RandomCrop({size}{drawn}{form}), keras.layers.CenterCrop({size}{form})], "
            f"name={name!r})")



def sheared(given: dict[str, Any]) -> dict[str, Any]:
    """Factors as pairs, from 0 on: Keras 3.15.1 draws the sign by itself, and cannot read a layer back that got one number."""
    def pair(value: Any) -> Any:
        if isinstance(value, str):
            return value if "," in value else f"(0.0, {value})"
        return (0.0, value) if isinstance(value, float) else value

    return {name: pair(value) if name in ("x_factor", "y_factor") else value for name, value in given.items()}


def _two_pixels(p: Values, x: Tensor, name: str) -> None:
    """Corners that are one and the same cannot move apart."""
    if 1 in places(p, x):
        raise Refusal("picture-size", f"{name} needs more than one pixel each way", expected="at least 2 × 2 pixels", port="in",
                      received=x.words, hint="Leave it out.")


_MODES = ("horizontal_and_vertical", "horizontal", "vertical")

RANDOM_FLIP = alike(augmentation(
    "RandomFlip", "Mirrors pictures at random",
    "In training half of the pictures are mirrored. Good for things that look the same from both sides; not for digits or "
    "letters.",
    (Choice(name="mode", default="horizontal_and_vertical", options=_MODES, key=True,
            summary="Left and right, top and bottom, or both."), seed(), data_format()),
    picture("RandomFlip"), keywords=("mirror",)), "mask", "boxes")

RANDOM_ROTATION = alike(augmentation(
    "RandomRotation", "Turns pictures a little",
    "In training every picture is turned by a random angle. 0.1 means up to 36° either way.",
    (factor("factor", 0.1, "Share of a full turn, or lower and upper bound."), *border()), picture("RandomRotation"),
    explain=explain_degrees, keywords=("rotate", "turn", "angle")), "mask", "boxes")

RANDOM_ZOOM = alike(augmentation(
    "RandomZoom", "Zooms in or out a little",
    "In training every picture is shown a little larger or smaller.",
    (factor("height_factor", 0.1, "How far: positive is smaller, negative larger; or lower and upper bound."),
     factor("width_factor", None, "The same for the width; nothing keeps the proportions."), *border()), zoom,
    keywords=("scale",)), "mask", "boxes")

RANDOM_TRANSLATION = alike(augmentation(
    "RandomTranslation", "Shifts pictures a little",
    "In training every picture is moved by a random share of its height and width.",
    (factor("height_factor", 0.1, "Share of the height, or lower and upper bound."),
     factor("width_factor", 0.1, "Share of the width, or lower and upper bound."), *border()), picture("RandomTranslation"),
    keywords=("shift", "move")), "mask", "boxes")

RANDOM_CROP = alike(augmentation(
    "RandomCrop", "Cuts out a random part",
    "In training a part of the picture is cut out at a random place; outside training it is the middle.",
    (Int(name="height", default=24, minimum=1, key=True, summary="Height kept, in pixels."),
     Int(name="width", default=24, minimum=1, key=True, summary="Width kept, in pixels."), seed(), data_format()),
    random_crop, explain=explain_crop, make=make_random_crop, source=source_random_crop, keywords=("cut",)), "mask", crops=True)

RANDOM_SHEAR = alike(augmentation(
    "RandomShear", "Slants pictures a little",
    "In training every picture is slanted, as italics are. 0.2 moves the top row by up to a fifth of the height.",
    (factor("x_factor", 0.0, "How far sideways, or lower and upper bound.", minimum=0.0),
     factor("y_factor", 0.0, "How far up or down, or lower and upper bound.", minimum=0.0), *border()), picture("RandomShear"),
    to_keras=sheared, keywords=("slant", "skew", "italic", "affine")), "mask")

RANDOM_PERSPECTIVE = alike(augmentation(
    "RandomPerspective", "Shows pictures at an angle",
    "In training the corners of a picture are moved apart, as if it were seen from the side.",
    (chance(), Float(name="scale", default=1.0, minimum=0.0, maximum=1.0, key=True, summary="How far corners move at most."),
     interpolation(), fill_value(), seed(), data_format()), picture("RandomPerspective", known_place, _two_pixels),
    keywords=("tilt", "view", "angle", "homography")), "mask", "boxes")

RANDOM_ELASTIC_TRANSFORM = augmentation(
    "RandomElasticTransform", "Bends pictures like rubber",
    "In training neighbouring pixels are pushed about together, as if the picture were printed on rubber. Good for "
    "handwriting. Behind a Rescaling, set value_range to 0 and 1.",
    (chance(), factor("scale", 1.0, "How far: drawn from 0 to this, or between two bounds.", minimum=0.0), VALUE_RANGE,
     *border()),
    picture("RandomElasticTransform", known_place, ranged), keywords=("elastic", "distort", "warp", "rubber", "handwriting"))

SPECS: tuple[LayerSpec, ...] = (
    RANDOM_FLIP, RANDOM_ROTATION, RANDOM_ZOOM, RANDOM_TRANSLATION, RANDOM_CROP, RANDOM_SHEAR, RANDOM_PERSPECTIVE,
    RANDOM_ELASTIC_TRANSFORM)
