"""Layers that make learning harder on purpose, so that the network generalises. They act in training only."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.geometry import THINGS, data_format, need_axes, seed
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Rule, Values
from graph_compiler.specs.params import Float, Param, ShapeParam
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def steady(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...], the mask kept. Nothing is computed outside training."""
    return Inferred((Tensor(x.shape, "float32", x.masked),))


def dropout(p: Values, x: Tensor) -> Inferred:
    """As `steady`; a noise shape must stretch to the input."""
    noise = p["noise_shape"]
    if noise is not None:
        fits = len(noise) == x.rank + 1 and noise[0] in (None, 1)
        if not fits or any(n not in (None, 1, d) for n, d in zip(noise[1:], x.shape, strict=True)):
            raise Refusal("parameter", "noise_shape does not fit the input", param="noise_shape", port="in",
                          expected=f"null or 1 for the batch, then 1 or the size of each axis of {x.words}",
                          received=", ".join("null" if n is None else str(n) for n in noise),
                          hint="1 drops whole axes at once, null draws for each value.")
    return steady(p, x)


def explain_rate(p: Values, x: Tensor) -> str:
    """What the rate means."""
    rate = p["rate"]
    rest = f", the others grow × {1 / (1 - rate):.3g}" if rate < 1 else ""
    return f"in training {100 * rate:.3g} % become 0{rest}; outside it nothing happens"


def _rate(default: float, below_one: bool = False, what: str = "Share of values that are dropped.") -> Float:
    return Float(name="rate", default=default, minimum=0.0, maximum=1.0, open_high=below_one, key=True, summary=what)


def _noisy(name: str, summary: str, text: str, params: tuple[Param, ...], rule: Rule = steady, **more: Any) -> LayerSpec:
    return LayerSpec(name=name, family="regularisation", summary=summary, text=text, params=params, rule=rule, random=True,
                     accepts=FLOAT, **more)


NOISE_SHAPE = ShapeParam(
    name="noise_shape", default=None, optional=True, open=True, summary="Shape of the draws; 1 drops whole axes at once.")

DROPOUT = _noisy(
    "Dropout", "Drops random values in training",
    "In training a random share of the values is set to 0 and the rest grows, so that no unit can rely on another. Outside "
    "training it does nothing.",
    (_rate(0.5), NOISE_SHAPE, seed()), dropout, explain=explain_rate, keywords=("regularise", "overfitting", "drop"))

ALPHA_DROPOUT = _noisy(
    "AlphaDropout", "Dropout for SELU networks",
    "Like Dropout, but mean and variance stay as they are, as the SELU activation needs it.",
    (_rate(0.2, below_one=True), NOISE_SHAPE, seed()), dropout, keywords=("selu", "self-normalising"))

GAUSSIAN_DROPOUT = _noisy(
    "GaussianDropout", "Multiplies by noise around 1",
    "In training every value is multiplied by a random number around 1: a soft kind of Dropout.",
    (_rate(0.2, below_one=True, what="Strength: the spread is the root of rate / (1 − rate)."), seed()),
    keywords=("noise", "multiplicative"))

GAUSSIAN_NOISE = _noisy(
    "GaussianNoise", "Adds noise in training",
    "In training a random number is added to every value. Denoising autoencoders learn to take it away again.",
    (Float(name="stddev", default=0.1, minimum=0.0, maximum=1.0, key=True, summary="Standard deviation of the noise."), seed()),
    keywords=("noise", "jitter", "denoising"))

ACTIVITY_REGULARIZATION = LayerSpec(
    name="ActivityRegularization", family="regularisation", summary="Adds a penalty on large values to the loss",
    text="Values pass through unchanged, but large ones cost: l1 pushes many of them to 0, l2 keeps all of them small.",
    params=(Float(name="l1", default=0.0, minimum=0.0, key=True, summary="Weight of the sum of absolute values."),
            Float(name="l2", default=0.0, minimum=0.0, key=True, summary="Weight of the sum of squares.")),
    rule=steady, accepts=FLOAT, keywords=("penalty", "sparse", "l1", "l2"))


def spatial_dropout(axes: int) -> LayerSpec:
    """The spec of SpatialDropout1D, 2D or 3D."""
    name = f"SpatialDropout{axes}D"

    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., c] -> [..., c], the mask kept."""
        need_axes(x, axes + 1, name)
        return steady(p, x)

    form = (data_format(),) if axes > 1 else ()
    return _noisy(
        name, f"Drops whole channels of {THINGS[axes]}",
        "Neighbours look alike, so dropping single values takes little away. In training this drops whole channels.",
        (_rate(0.2, what="Share of channels that are dropped."), *form, seed()), rule,
        explain=explain_rate, keywords=("dropout", "feature map", "channel"))


SPECS: tuple[LayerSpec, ...] = (
    DROPOUT, ALPHA_DROPOUT, *map(spatial_dropout, (1, 2, 3)), GAUSSIAN_DROPOUT, GAUSSIAN_NOISE, ACTIVITY_REGULARIZATION)
