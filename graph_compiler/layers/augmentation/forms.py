"""What augmentation layers share: their parameters, and the rules of layers that leave the size of a picture alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_compiler.layers.geometry import data_format, need_axes, seed
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Rule, Values
from graph_compiler.specs.params import Choice, Float, Floats, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

Check = Callable[[Values, Tensor, str], None]
"""A condition on a picture: parameters, picture, name of the layer. Refusal when it does not hold."""

COLOURS = 3
VALUE_RANGE = Floats(name="value_range", default=[0, 255], length=2, key=True,
                     summary="Lowest and highest value of the picture.")


def picture(name: str, *checks: Check) -> Rule:
    """The rule of a layer that leaves the size of a picture alone: [h, w, c] -> [h, w, c] float32."""

    def rule(p: Values, x: Tensor) -> Inferred:
        need_axes(x, 3, name)
        for check in checks:
            check(p, x, name)
        return Inferred((Tensor(x.shape, "float32"),))

    return rule


def known_place(p: Values, x: Tensor, name: str) -> None:
    """Refuse pictures whose height or width is free."""
    if None in places(p, x):
        raise Refusal("free-axis", f"{name} needs pictures of one size", expected="a known height and width", port="in",
                      received=x.words, hint="Insert Resizing before it.")


def places(p: Values, x: Tensor) -> tuple[int | None, ...]:
    """Height and width of a picture."""
    return x.shape[1:] if p.get("data_format") == "channels_first" else x.shape[:-1]


def channels(p: Values, x: Tensor) -> int | None:
    """How many channels a picture has."""
    return x.shape[0] if p.get("data_format") == "channels_first" else x.shape[-1]


def coloured(p: Values, x: Tensor, name: str) -> None:
    """Refuse pictures that do not have red, green and blue."""
    if channels(p, x) != COLOURS:
        raise Refusal("channels", f"{name} needs pictures in colour", expected="3 channels: red, green, blue",
                      received=_channel_words(channels(p, x)), port="in", hint="Leave it out: grey pictures have no colours.")


def grey_or_coloured(p: Values, x: Tensor, name: str) -> None:
    """Refuse pictures of other than 1 or 3 channels."""
    if channels(p, x) not in (1, COLOURS):
        raise Refusal("channels", f"{name} needs grey or coloured pictures", expected="1 channel, or 3: red, green, blue",
                      received=_channel_words(channels(p, x)), port="in", hint="Choose other channels with Slice.")


def _channel_words(count: int | None) -> str:
    return "a free number of channels" if count is None else "1 channel" if count == 1 else f"{count:,} channels"


def ranged(p: Values, x: Tensor, name: str) -> None:
    """Refuse a range of values that ends before it begins."""
    value_range = p["value_range"]
    if not isinstance(value_range, tuple) or value_range[0] >= value_range[1]:
        raise Refusal("parameter", "value_range is not a range", param="value_range", received=f"{value_range}",
                      expected="the lowest and the highest value", hint="Behind a Rescaling by 1/255 it is 0 to 1.")


def factor(name: str, default: float | list[float] | None, summary: str, minimum: float = -1.0, key: bool = True) -> Floats:
    """A number, or lower and upper bound, of which a random value is drawn."""
    return Floats(name=name, default=default, optional=default is None, length=2, minimum=minimum, maximum=1.0, key=key,
                  summary=summary)


def chance(default: float = 1.0) -> Floats:
    """The `factor` of layers that act on some pictures and leave the others alone."""
    return factor("factor", default, "How likely it acts: drawn from 0 to this, or between two bounds.", minimum=0.0)


def interpolation() -> Choice:
    """Keras's `interpolation` parameter."""
    return Choice(name="interpolation", default="bilinear", options=("nearest", "bilinear"),
                  summary="How new pixels come about.")


def fill_value() -> Float:
    """Keras's `fill_value` parameter."""
    return Float(name="fill_value", default=0.0, summary="Value outside, with fill_mode “constant”.")


def border() -> tuple[Param, ...]:
    """Parameters of layers that move pixels in from outside."""
    return (Choice(name="fill_mode", default="reflect", options=("reflect", "wrap", "constant", "nearest"),
                   summary="What comes in from outside."), interpolation(), seed(), fill_value(), data_format())


def augmentation(name: str, summary: str, text: str, params: tuple[Param, ...], rule: Rule, **more: Any) -> LayerSpec:
    """The spec of a layer that acts in training only."""
    more["keywords"] = ("augmentation", *more["keywords"])
    return LayerSpec(
        name=name, family="preprocessing", summary=summary, text=text, params=params, rule=rule, **{"random": True, **more})


def colour(name: str, summary: str, text: str, params: tuple[Param, ...], *checks: Check, **more: Any) -> LayerSpec:
    """The spec of an augmentation that changes values between the ends of `value_range`."""
    told = f"{text} Behind a Rescaling, set value_range to 0 and 1."
    return augmentation(name, summary, told, params, picture(name, ranged, *checks), accepts=FLOAT, **more)
