"""Parameters and arithmetic that several families share, with Keras's names and defaults."""

from __future__ import annotations

from functools import cache

from graph_compiler.specs.nodes import Inferred
from graph_compiler.specs.params import Bool, Choice, Float, Int, Param, Rules
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

ACTIVATIONS = (
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "sigmoid", "hard_sigmoid",
    "hard_silu", "log_sigmoid", "tanh", "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink", "softmax", "log_softmax",
    "softplus", "softsign", "squareplus", "exponential", "sparse_plus", "sparse_sigmoid", "sparsemax")
"""Names `keras.activations` knows, without `threshold` (cannot be called by name: it needs arguments) and `glu` (halves the
last axis, while every Keras layer with an `activation` announces the whole)."""

ACROSS_CHANNELS = frozenset({"softmax", "log_softmax", "sparsemax"})
"""Activations that look at all numbers of the last axis at once."""

_SEED = Int(name="seed", default=None, optional=True, minimum=0, summary="Seed of its random numbers.")
_MODES = Choice(name="mode", default="fan_in", options=("fan_in", "fan_out", "fan_avg"),
                summary="What the scale is divided by.")
_STDDEV = Float(name="stddev", default=0.05, minimum=0.0, summary="Standard deviation.")
_MEAN = Float(name="mean", default=0.0, summary="Mean.")

INITIALIZERS: dict[str, tuple[Param, ...]] = {
    "GlorotUniform": (_SEED,), "GlorotNormal": (_SEED,), "HeUniform": (_SEED,), "HeNormal": (_SEED,),
    "LecunUniform": (_SEED,), "LecunNormal": (_SEED,), "Zeros": (), "Ones": (),
    "Constant": (Float(name="value", default=0.0, summary="The value."),),
    "RandomNormal": (_MEAN, _STDDEV, _SEED),
    "RandomUniform": (Float(name="minval", default=-0.05, summary="Lower end."),
                      Float(name="maxval", default=0.05, summary="Upper end."), _SEED),
    "TruncatedNormal": (_MEAN, _STDDEV, _SEED),
    "VarianceScaling": (Float(name="scale", default=1.0, minimum=0.0, open_low=True, summary="Factor of the variance."), _MODES,
                        Choice(name="distribution", default="truncated_normal", summary="Shape of the distribution.",
                               options=("truncated_normal", "untruncated_normal", "uniform")), _SEED),
    "Orthogonal": (Float(name="gain", default=1.0, summary="Factor on the weights."), _SEED),
    "Identity": (Float(name="gain", default=1.0, summary="Factor on the weights."),),
}
"""Initialisers by name. `Orthogonal` needs weights of two axes or more, `Identity` of exactly two."""

REGULARIZERS: dict[str, tuple[Param, ...]] = {
    "L1": (Float(name="l1", default=0.01, minimum=0.0, summary="Factor of the absolute values."),),
    "L2": (Float(name="l2", default=0.01, minimum=0.0, summary="Factor of the squares."),),
    "L1L2": (Float(name="l1", default=0.0, minimum=0.0, summary="Factor of the absolute values."),
             Float(name="l2", default=0.0, minimum=0.0, summary="Factor of the squares.")),
    "OrthogonalRegularizer": (Float(name="factor", default=0.01, minimum=0.0, summary="Strength."),
                              Choice(name="mode", default="rows", options=("rows", "columns"), summary="What is kept apart.")),
}
"""Regularisers by name. `OrthogonalRegularizer` needs weights of exactly two axes."""

CONSTRAINTS = ("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm")
"""Names of constraints; all but `NonNeg` take a norm along one axis."""


@cache
def _initializers(rank: int) -> dict[str, tuple[Param, ...]]:
    fits = {"Orthogonal": rank >= 2, "Identity": rank == 2}
    return {name: params for name, params in INITIALIZERS.items() if fits.get(name, True)}


@cache
def _regularizers(rank: int) -> dict[str, tuple[Param, ...]]:
    return {name: params for name, params in REGULARIZERS.items() if rank == 2 or name != "OrthogonalRegularizer"}


@cache
def _constraints(rank: int) -> dict[str, tuple[Param, ...]]:
    axis = Int(name="axis", default=0, minimum=0, maximum=max(rank - 1, 0), summary="Axis the norm is taken along.")
    most = Float(name="max_value", default=2.0, minimum=0.0, summary="Largest norm.")
    both = (Float(name="min_value", default=0.0, minimum=0.0, summary="Smallest norm."),
            Float(name="max_value", default=1.0, minimum=0.0, summary="Largest norm."),
            Float(name="rate", default=1.0, minimum=0.0, maximum=1.0, summary="How strictly, 1 at once."))
    return {"MaxNorm": (most, axis), "MinMaxNorm": (*both, axis), "NonNeg": (), "UnitNorm": (axis,)}


def initializer(name: str, default: str, what: str, rank: int = 1) -> Rules:
    """A parameter that names an initialiser for weights of `rank` axes."""
    return Rules(name=name, default=default, options=_initializers(rank), summary=f"How {what} start.")


def regularizer(name: str, what: str, rank: int = 1) -> Rules:
    """A parameter that names a regulariser for weights of `rank` axes, or none."""
    return Rules(name=name, default=None, optional=True, options=_regularizers(rank), summary=f"Penalty on {what}.")


def constraint(name: str, what: str, rank: int = 1) -> Rules:
    """A parameter that names a constraint for weights of `rank` axes, or none."""
    return Rules(name=name, default=None, optional=True, options=_constraints(rank),
                 summary=f"Limit on {what} after each step.")


def activation(default: str | None = None, key: bool = True) -> Choice:
    """Keras's `activation` parameter (None and `linear` are the same there)."""
    return Choice(name="activation", default=default, options=ACTIVATIONS, optional=True, key=key,
                  summary="Function on the outputs.")


def use_bias() -> Bool:
    """Keras's `use_bias` parameter."""
    return Bool(name="use_bias", default=True, summary="Adds a learnt number to each output.")


def weight_params(rank: int = 2, kernels: tuple[str, ...] = ("kernel",), activity: bool = True) -> tuple[Param, ...]:
    """Initialisers, regularisers and constraints of kernels of `rank` axes and of the biases, in Keras's order."""
    words = {kernel: f"{kernel} weights" for kernel in kernels}
    return (
        *(initializer(f"{k}_initializer", "GlorotUniform", words[k], rank) for k in kernels),
        initializer("bias_initializer", "Zeros", "biases"),
        *(regularizer(f"{k}_regularizer", words[k], rank) for k in kernels), regularizer("bias_regularizer", "biases"),
        *((regularizer("activity_regularizer", "the outputs"),) if activity else ()),
        *(constraint(f"{k}_constraint", words[k], rank) for k in kernels), constraint("bias_constraint", "biases"))


def need_rank(x: Tensor, rank: int, layer: str, words: str) -> None:
    """Refuse an input that has not `rank` axes besides the batch."""
    if x.rank != rank:
        raise Refusal("rank", f"{layer} needs {words}", expected=f"{words}: {rank} axes",
                      received=f"{x.words} ({_axes(x.rank)})",
                      port="in", hint="Insert Reshape, or a layer that changes the number of axes.", rank=rank)


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"


def check_softmax(activation: str | None, rank: int, layer: str) -> None:
    """Refuse softmax on more axes than TensorFlow's kernel takes: five, the batch included."""
    if activation == "softmax" and rank > 4:
        raise Refusal("rank", f"{layer} cannot apply softmax to so many axes", expected="at most 4 axes besides the batch",
                      received=_axes(rank), port="in", hint="Join axes with Reshape first.")


def axis_index(axis: int, x: Tensor, layer: str, param: str = "axis") -> int:
    """The place in `x.shape` of an axis counted Keras's way (0 is the batch, negative from the end). Refusal when none."""
    index = axis - 1 if axis >= 0 else x.rank + axis
    if 0 <= index < x.rank:
        return index
    batch = axis == 0 or index == -1
    raise Refusal("axis", f"{layer} has no such axis",
                  expected=f"an axis from 1 to {x.rank}, or negative from the end" if x.rank
                  else "an input with an axis besides the batch",
                  received=f"{axis}, the batch" if batch else f"{axis} for {x.words}", param=param,
                  hint="Samples of a batch must not mix: choose another axis." if batch else f"Change {param}.")


def axis_indices(axis: int | tuple[int, ...], x: Tensor, layer: str, param: str = "axis") -> tuple[int, ...]:
    """Places in `x.shape` of one axis or several, in rising order. Refusal for one that is missing or named twice."""
    given = (axis,) if isinstance(axis, int) else axis
    found = sorted(axis_index(a, x, layer, param) for a in given)
    if len(set(found)) < len(found):
        raise Refusal("axis", f"{layer} has an axis twice", expected="each axis once", received=str(list(given)), param=param,
                      hint=f"Change {param}.")
    return tuple(found)


def known_size(x: Tensor, index: int, layer: str, what: str) -> int:
    """The size at a place of `x.shape`. Refusal when it is free: weights of that size could not be made."""
    size = x.shape[index]
    if size is None:
        raise Refusal("free-axis", f"{layer} must know {what}", expected=f"a fixed size for {what}", received=x.words,
                      port="in", hint="Fix the size at the source, or insert Reshape.")
    return size


def like(x: Tensor, shape: Shape, dtype: str | None = None, masked: bool | None = None) -> Tensor:
    """A tensor of a new shape that is no longer the column it came from. Keras computes in float32 unless told otherwise."""
    return Tensor(shape, dtype or "float32", x.masked if masked is None else masked)


def times(*counts: int | None) -> int | None:
    """The product, None as soon as one count is unknown."""
    out = 1
    for count in counts:
        if count is None:
            return None
        out *= count
    return out


def same(x: Tensor, macs: int | None = 0) -> Inferred:
    """The input passed on as float32 values that have changed their meaning."""
    return Inferred((Tensor(x.shape, "float32", x.masked),), macs=macs)
