"""Core layers: Dense, EinsumDense, Embedding, Identity, Masking, Activation."""

from __future__ import annotations

from graph_compiler.layers.common import (
    ACROSS_CHANNELS,
    activation,
    check_softmax,
    constraint,
    initializer,
    like,
    regularizer,
    same,
    times,
    use_bias,
    weight_params,
)
from graph_compiler.layers.einsum import EINSUM_DENSE
from graph_compiler.layers.staying import NO_BOOL_ROWS, NO_UINT8_ROWS
from graph_compiler.specs.dtypes import ANY, FLOAT, WHOLE
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Bool, Float, Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def dense(p: Values, x: Tensor) -> Inferred:
    """[..., n] -> [..., units]; weights n*units + units."""
    if x.rank < 1 or x.shape[-1] is None:
        raise Refusal("rank", "Dense needs a list of numbers", expected="at least one axis of known size", received=x.words,
                      port="in", hint="Join columns with Concatenate, or insert Reshape.")
    check_softmax(p["activation"], x.rank, "Dense")
    n, units = x.shape[-1], p["units"]
    weights = n * units + (units if p["use_bias"] else 0)
    return Inferred((like(x, (*x.shape[:-1], units)),), weights, macs=times(*x.shape[:-1], n, units))


def explain_dense(p: Values, x: Tensor) -> str:
    """The sum in words."""
    return f"{x.shape[-1]:,} × {p['units']:,} weights" + (f" + {p['units']:,} biases" if p["use_bias"] else "")


def embedding(p: Values, x: Tensor) -> Inferred:
    """[...] whole numbers -> [..., output_dim]; weights input_dim*output_dim. Masks where a token is 0 and mask_zero is on."""
    rows, column = p["input_dim"], x.column
    if column is not None and (known := len(column.vocabulary or column.classes)) > rows:
        raise Refusal("vocabulary", f"Embedding knows {rows:,} tokens, “{column.name}” has {known:,}", param="input_dim",
                      expected=f"input_dim of at least {known:,}", received=f"{rows:,}", hint=f"Set input_dim to {known:,}.",
                      input_dim=known)
    out = Tensor((*x.shape, p["output_dim"]), "float32", p["mask_zero"])
    return Inferred((out,), p["input_dim"] * p["output_dim"])


def explain_embedding(p: Values, x: Tensor) -> str:
    """The table in words."""
    return f"{p['input_dim']:,} tokens × {p['output_dim']:,} numbers each = {p['input_dim'] * p['output_dim']:,} weights"


def identity(p: Values, x: Tensor) -> Inferred:
    """The tensor itself, of any dtype."""
    return Inferred((x,))


def masking(p: Values, x: Tensor) -> Inferred:
    """The tensor itself, with a mask over its last axis."""
    if x.rank < 1:
        raise Refusal("rank", "Masking needs a series", expected="a series, steps × channels", received=x.words, port="in",
                      hint="Connect a series, or insert Reshape.")
    return Inferred((like(x, x.shape, masked=True),))


def activate(p: Values, x: Tensor) -> Inferred:
    """The function on every number; shape unchanged."""
    if x.rank < 1 and p["activation"] in ACROSS_CHANNELS:
        raise Refusal("rank", f"{p['activation']} needs a list of numbers", expected="at least one axis besides the batch",
                      received=x.words, port="in", hint="Choose sigmoid for one number, or insert Reshape.")
    check_softmax(p["activation"], x.rank, "Activation")
    return same(x)


DENSE = LayerSpec(
    name="Dense", family="core", summary="Every input to every unit",
    text="Each unit adds up all inputs, each times a weight it learns, and applies the activation.",
    params=(Int(name="units", default=10, minimum=1, key=True, summary="How many outputs."), activation(), use_bias(),
            *weight_params()),
    rule=dense, explain=explain_dense, keywords=("fully connected", "linear", "fc", "perceptron", "classifier"))

EMBEDDING = LayerSpec(
    name="Embedding", family="core", summary="Turns tokens into vectors",
    text="A table with one row of learnt numbers for each token. Tokens used alike end up with rows alike.",
    params=(Int(name="input_dim", default=1000, minimum=2, key=True, summary="How many different tokens, padding included."),
            Int(name="output_dim", default=16, minimum=1, key=True, summary="Numbers for each token."),
            initializer("embeddings_initializer", "RandomUniform", "vectors", 2),
            regularizer("embeddings_regularizer", "the vectors", 2), constraint("embeddings_constraint", "the vectors", 2),
            Bool(name="mask_zero", default=False, key=True, summary="Token 0 is padding and is skipped from here on.")),
    rule=embedding, explain=explain_embedding, accepts=WHOLE, stays=(NO_BOOL_ROWS, NO_UINT8_ROWS),
    keywords=("lookup", "table", "word", "vector", "vocabulary", "tokens"))

IDENTITY = LayerSpec(
    name="Identity", family="core", summary="Passes its input on",
    text="Changes nothing. Useful as a place to gather wires, or to give a tensor a name.",
    rule=identity, accepts=ANY, keywords=("nothing", "pass", "noop"))

MASKING = LayerSpec(
    name="Masking", family="core", summary="Marks empty steps to be skipped",
    text="Steps in which every number equals the mask value are skipped by layers that understand masks, such as LSTM.",
    params=(Float(name="mask_value", default=0.0, key=True, summary="The number that means “nothing here”."),),
    rule=masking, accepts=FLOAT, keywords=("padding", "skip", "mask"))

ACTIVATION = LayerSpec(
    name="Activation", family="core", summary="A function on every number",
    text="Applies one function to each number. Without such bends between them, many layers could do no more than one.",
    params=(activation("relu"),), rule=activate, accepts=FLOAT, keywords=("relu", "sigmoid", "tanh", "softmax", "gelu", "silu"))

SPECS: tuple[LayerSpec, ...] = (DENSE, EINSUM_DENSE, EMBEDDING, IDENTITY, MASKING, ACTIVATION)
