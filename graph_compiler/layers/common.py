"""Parameters and arithmetic that several families share, with Keras's names and defaults."""

from __future__ import annotations

from typing import Any

from graph_compiler.specs.nodes import Inferred
from graph_compiler.specs.params import Bool, Choice, Float, Int, Param, Rules
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

ACTIVATIONS = (
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "sigmoid", "hard_sigmoid",
    "hard_silu", "log_sigmoid", "tanh", "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink", "softmax", "log_softmax",
    "softplus", "softsign", "squareplus", "exponential", "sparse_plus", "sparse_sigmoid", "sparsemax", "threshold", "glu")
"""Names `keras.activations` knows."""

_SEED = Int(name="seed", default=None, optional=True, minimum=0, summary="Seed of its random numbers.")
_MODES = Choice(name="mode", default="fan_in", options=("fan_in", "fan_out", "fan_avg"), summary="What the scale is divided by.")

INITIALIZERS: dict[str, tuple[Param, ...]] = {
    "GlorotUniform": (_SEED,), "GlorotNormal": (_SEED,), "HeUniform": (_SEED,), "HeNormal": (_SEED,),
    "LecunUniform": (_SEED,), "LecunNormal": (_SEED,), "Zeros": (), "Ones": (),
    "Constant": (Float(name="value", default=0.0, summary="The value."),),
    "RandomNormal": (Float(name="mean", default=0.0), Float(name="stddev", default=0.05, minimum=0.0), _SEED),
    "RandomUniform": (Float(name="minval", default=-0.05), Float(name="maxval", default=0.05), _SEED),
    "TruncatedNormal": (Float(name="mean", default=0.0), Float(name="stddev", default=0.05, minimum=0.0), _SEED),
    "VarianceScaling": (Float(name="scale", default=1.0, minimum=0.0, open_low=True), _MODES,
                        Choice(name="distribution", default="truncated_normal",
                               options=("truncated_normal", "untruncated_normal", "uniform")), _SEED),
    "Orthogonal": (Float(name="gain", default=1.0), _SEED),
    "Identity": (Float(name="gain", default=1.0),),
}
REGULARIZERS: dict[str, tuple[Param, ...]] = {
    "L1": (Float(name="l1", default=0.01, minimum=0.0),),
    "L2": (Float(name="l2", default=0.01, minimum=0.0),),
    "L1L2": (Float(name="l1", default=0.0, minimum=0.0), Float(name="l2", default=0.0, minimum=0.0)),
    "OrthogonalRegularizer": (Float(name="factor", default=0.01, minimum=0.0),
                              Choice(name="mode", default="rows", options=("rows", "columns"))),
}
_AXIS = Int(name="axis", default=0, minimum=0, summary="Axis the norm is taken along.")
CONSTRAINTS: dict[str, tuple[Param, ...]] = {
    "MaxNorm": (Float(name="max_value", default=2.0, minimum=0.0), _AXIS),
    "MinMaxNorm": (Float(name="min_value", default=0.0), Float(name="max_value", default=1.0), Float(name="rate", default=1.0), _AXIS),
    "NonNeg": (), "UnitNorm": (_AXIS,),
}


def initializer(name: str, default: str, what: str) -> Rules:
    """A parameter that names an initialiser."""
    return Rules(name=name, default=default, options=INITIALIZERS, summary=f"How {what} start.")


def regularizer(name: str, what: str) -> Rules:
    """A parameter that names a regulariser, or none."""
    return Rules(name=name, default=None, optional=True, options=REGULARIZERS, summary=f"Penalty on {what}.")


def constraint(name: str, what: str) -> Rules:
    """A parameter that names a constraint, or none."""
    return Rules(name=name, default=None, optional=True, options=CONSTRAINTS, summary=f"Limit on {what} after each step.")


def activation(default: str | None = None, key: bool = True) -> Choice:
    """Keras's `activation` parameter (None and `linear` are the same there)."""
    return Choice(name="activation", default=default, options=ACTIVATIONS, optional=True, key=key, summary="Function on the outputs.")


def weight_params(bias: bool = True) -> tuple[Param, ...]:
    """use_bias and the initialisers, regularisers and constraints of a layer with a kernel, in Keras's order."""
    return (
        *((Bool(name="use_bias", default=True, summary="Adds a learnt number to each output."),) if bias else ()),
        initializer("kernel_initializer", "GlorotUniform", "kernel weights"), initializer("bias_initializer", "Zeros", "biases"),
        regularizer("kernel_regularizer", "kernel weights"), regularizer("bias_regularizer", "biases"),
        regularizer("activity_regularizer", "the outputs"),
        constraint("kernel_constraint", "kernel weights"), constraint("bias_constraint", "biases"))


def need_rank(x: Tensor, rank: int, layer: str, words: str) -> None:
    """Refuse an input that has not `rank` axes besides the batch."""
    if x.rank != rank:
        raise Refusal("rank", f"{layer} needs {words}", expected=f"{words}: {rank} axes", received=f"{x.words} ({x.rank} axes)",
                      port="in", hint="Insert Reshape, or a layer that changes the number of axes.", rank=rank)


def like(x: Tensor, shape: Shape, dtype: str | None = None, masked: bool | None = None) -> Tensor:
    """A tensor of a new shape that is no longer the column it came from."""
    return Tensor(shape, dtype or ("float32" if not x.is_float else x.dtype), x.masked if masked is None else masked)


def times(*counts: int | None) -> int | None:
    """The product, None as soon as one count is unknown."""
    out = 1
    for count in counts:
        if count is None:
            return None
        out *= count
    return out


def same(x: Tensor, macs: Any = 0) -> Inferred:
    """The input passed on as float32 values that have changed their meaning."""
    return Inferred((like(x, x.shape),), macs=macs)
