"""Layers that show the network ever new variants of its pictures. They act in training only."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.geometry import data_format, need_axes, number, product, seed, spatial
from graph_compiler.layers.preprocessing import resized
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Rule, Values, keras_arguments
from graph_compiler.specs.params import Choice, Float, Floats, Int, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def picture(name: str) -> Rule:
    """The rule of a layer that leaves the size of a picture alone: [h, w, c] -> [h, w, c] float32."""

    def rule(p: Values, x: Tensor) -> Inferred:
        need_axes(x, 3, name)
        return Inferred((Tensor(x.shape, "float32"),))

    return rule


def zoom(p: Values, x: Tensor) -> Inferred:
    """[h, w, c] -> [h, w, c]. Keras cannot zoom by -1 or less."""
    need_axes(x, 3, "RandomZoom")
    for name in ("height_factor", "width_factor"):
        factor = p[name]
        if factor is not None and -1.0 in (factor if isinstance(factor, tuple) else (factor,)):
            raise Refusal("parameter", f"{name} does not fit", param=name, expected="more than -1 and at most 1", received="-1",
                          hint="-0.5 shows the picture twice as large, 0.5 half again as small.")
    return Inferred((Tensor(x.shape, "float32"),))


def pixels(name: str) -> Rule:
    """The rule of a layer that changes brightness or contrast and clips to a range of values."""

    def rule(p: Values, x: Tensor) -> Inferred:
        need_axes(x, 3, name)
        value_range = p["value_range"]
        if not isinstance(value_range, tuple) or value_range[0] >= value_range[1]:
            raise Refusal("parameter", "value_range is not a range", param="value_range", received=f"{value_range}",
                          expected="the lowest and the highest value", hint="Behind a Rescaling by 1/255 it is 0 to 1.")
        return Inferred((Tensor(x.shape, "float32"),))

    return rule


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


def factor(name: str, default: float | None, summary: str, minimum: float = -1.0) -> Floats:
    """A number, or lower and upper bound, of which a random value is drawn."""
    return Floats(name=name, default=default, optional=default is None, length=2, minimum=minimum, maximum=1.0, key=True,
                  summary=summary)


def _border() -> tuple[Param, ...]:
    return (Choice(name="fill_mode", default="reflect", options=("reflect", "wrap", "constant", "nearest"),
                   summary="What comes in from outside."),
            Choice(name="interpolation", default="bilinear", options=("nearest", "bilinear"),
                   summary="How new pixels come about."),
            seed(), Float(name="fill_value", default=0.0, summary="Value outside, with fill_mode “constant”."), data_format())


def _random(name: str, summary: str, text: str, params: tuple[Param, ...], rule: Rule, **more: Any) -> LayerSpec:
    more["keywords"] = ("augmentation", *more["keywords"])
    return LayerSpec(
        name=name, family="preprocessing", summary=summary, text=text, params=params, rule=rule, random=True, **more)


_RANGE = Floats(name="value_range", default=[0, 255], length=2, key=True, summary="Lowest and highest value of the picture.")
_MODES = ("horizontal_and_vertical", "horizontal", "vertical")

RANDOM_FLIP = _random(
    "RandomFlip", "Mirrors pictures at random",
    "In training half of the pictures are mirrored. Good for things that look the same from both sides; not for digits or "
    "letters.",
    (Choice(name="mode", default="horizontal_and_vertical", options=_MODES, key=True,
            summary="Left and right, top and bottom, or both."), seed(), data_format()),
    picture("RandomFlip"), keywords=("mirror",))

RANDOM_ROTATION = _random(
    "RandomRotation", "Turns pictures a little",
    "In training every picture is turned by a random angle. 0.1 means up to 36° either way.",
    (factor("factor", 0.1, "Share of a full turn, or lower and upper bound."), *_border()), picture("RandomRotation"),
    explain=explain_degrees, keywords=("rotate", "turn", "angle"))

RANDOM_ZOOM = _random(
    "RandomZoom", "Zooms in or out a little",
    "In training every picture is shown a little larger or smaller.",
    (factor("height_factor", 0.1, "How far: positive is smaller, negative larger; or lower and upper bound."),
     factor("width_factor", None, "The same for the width; nothing keeps the proportions."), *_border()), zoom,
    keywords=("scale",))

RANDOM_TRANSLATION = _random(
    "RandomTranslation", "Shifts pictures a little",
    "In training every picture is moved by a random share of its height and width.",
    (factor("height_factor", 0.1, "Share of the height, or lower and upper bound."),
     factor("width_factor", 0.1, "Share of the width, or lower and upper bound."), *_border()), picture("RandomTranslation"),
    keywords=("shift", "move"))

RANDOM_CONTRAST = _random(
    "RandomContrast", "Changes the contrast at random",
    "In training light and dark move apart or together around the mean. Behind a Rescaling, set value_range to 0 and 1.",
    (factor("factor", 0.1, "How much, or lower and upper bound.", minimum=0.0), _RANGE, seed()), pixels("RandomContrast"),
    accepts=FLOAT, keywords=("light",))

RANDOM_BRIGHTNESS = _random(
    "RandomBrightness", "Changes the brightness at random",
    "In training every picture becomes a little lighter or darker. Behind a Rescaling, set value_range to 0 and 1.",
    (factor("factor", 0.1, "Share of the range, or lower and upper bound."), _RANGE, seed()), pixels("RandomBrightness"),
    accepts=FLOAT, keywords=("light", "exposure"))

RANDOM_CROP = _random(
    "RandomCrop", "Cuts out a random part",
    "In training a part of the picture is cut out at a random place; outside training it is the middle.",
    (Int(name="height", default=24, minimum=1, key=True, summary="Height kept, in pixels."),
     Int(name="width", default=24, minimum=1, key=True, summary="Width kept, in pixels."), seed(), data_format()),
    random_crop, explain=explain_crop, make=make_random_crop, source=source_random_crop, keywords=("cut",))

SPECS: tuple[LayerSpec, ...] = (
    RANDOM_FLIP, RANDOM_ROTATION, RANDOM_ZOOM, RANDOM_TRANSLATION, RANDOM_CONTRAST, RANDOM_BRIGHTNESS, RANDOM_CROP)
