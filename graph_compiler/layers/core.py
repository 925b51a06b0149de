"""Core layers: Dense, EinsumDense, Embedding, Identity, Masking, Activation."""

from __future__ import annotations

from graph_compiler.layers.common import activation, like, times, weight_params
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Int, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def dense(p: Values, x: Tensor) -> Inferred:
    """[..., n] -> [..., units]; weights n*units + units."""
    if x.rank < 1 or x.shape[-1] is None:
        raise Refusal("rank", "Dense needs a list of numbers", expected="at least one axis of known size", received=x.words,
                      port="in", hint="Join columns with Concatenate, or insert Reshape.")
    n, units = x.shape[-1], p["units"]
    weights = n * units + (units if p["use_bias"] else 0)
    return Inferred((like(x, (*x.shape[:-1], units)),), weights, macs=times(*x.shape[:-1], n, units))


def explain_dense(p: Values, x: Tensor) -> str:
    """The sum in words."""
    return f"{x.shape[-1]:,} × {p['units']:,} weights" + (f" + {p['units']:,} biases" if p["use_bias"] else "")


_QUANTIZATION: tuple[Param, ...] = (
    Int(name="lora_rank", default=None, optional=True, minimum=1, summary="Rank of a low-rank adapter for fine-tuning."),)

DENSE = LayerSpec(
    name="Dense", family="core", summary="Every input to every unit",
    text="Each unit adds up all inputs, each times a weight it learns, and applies the activation.",
    params=(Int(name="units", default=10, minimum=1, key=True, summary="How many outputs."), activation(), *weight_params()),
    rule=dense, explain=explain_dense, keywords=("fully connected", "linear", "fc"))

SPECS: tuple[LayerSpec, ...] = (DENSE,)
