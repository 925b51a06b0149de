"""Operations on sequences: Shift, and the two ways to say where a step stands."""

from __future__ import annotations

from graph_compiler.layers.common import initializer
from graph_compiler.layers.custom.specs import operation
from graph_compiler.layers.geometry import axes_words, number
from graph_compiler.layers.staying import NO_UINT8_SHIFT
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Float, Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def shift(p: Values, x: Tensor) -> Inferred:
    """Whole numbers [T, ...] -> the same shape one step later, `start` in front. The column stays."""
    if not x.rank:
        raise Refusal("rank", "Shift needs a sequence", expected="steps: 1 axis or more", received="single numbers", port="in",
                      hint="Connect tokens.")
    words = len(x.column.vocabulary) if x.column else 0
    if words and p["start"] >= words:
        raise Refusal("parameter", "start is no token of the vocabulary", param="start", port="in",
                      expected=f"0 to {words - 1:,}", received=f"{p['start']:,}",
                      hint="Choose the token that starts a sequence.")
    return Inferred((Tensor(x.shape, x.dtype, False, x.column),))


def explain_shift(p: Values, x: Tensor) -> str:
    """What stands first, by name where there is one."""
    start: int = p["start"]
    word = f" “{x.column.vocabulary[start]}”" if x.column and x.column.vocabulary else ""
    rest = None if x.shape[0] is None else x.shape[0] - 1
    return f"token {start}{word} first, then {number(rest)} of {number(x.shape[0])} steps"


def need_series(x: Tensor, name: str) -> int:
    """The numbers a step has. Refusal when the input is no series, or they are not known."""
    if x.rank != 2:
        raise Refusal("rank", f"{name} needs a series", expected="2 axes (steps, channels)", port="in",
                      received=f"{x.words} ({axes_words(x.rank)})", hint="Put it behind Embedding, or insert Reshape.", rank=2)
    if x.shape[1] is None:
        raise Refusal("free-axis", f"{name} must know the numbers a step has", expected="a fixed last axis", received=x.words,
                      port="in", hint="Insert Dense before it.")
    return x.shape[1]


def encoding(p: Values, x: Tensor) -> Inferred:
    """[T, D] -> [T, D], the mask kept; no weights."""
    need_series(x, "PositionalEncoding")
    return Inferred((Tensor(x.shape, "float32", x.masked),))


def embedding(p: Values, x: Tensor) -> Inferred:
    """[T, D] -> [T, D], the mask kept; weights max_length*D."""
    size, length = need_series(x, "PositionEmbedding"), p["max_length"]
    if x.shape[0] is None or x.shape[0] > length:
        free = x.shape[0] is None
        raise Refusal("free-axis" if free else "parameter", f"PositionEmbedding has only {length:,} positions",
                      expected=f"at most {length:,} steps", received=x.words, port="in", param="" if free else "max_length",
                      hint="Use PositionalEncoding for any length." if free else f"Set max_length to {x.shape[0]:,}.")
    return Inferred((Tensor(x.shape, "float32", x.masked),), length * size)


def explain_embedding(p: Values, x: Tensor) -> str:
    """The table in words."""
    size = x.shape[1] or 0
    return f"{p['max_length']:,} positions × {size:,} numbers each = {p['max_length'] * size:,} weights"


SHIFT = operation(
    "Shift", summary="Moves a sequence one step back",
    text="Marks a sequence that the net writes itself. While it learns, each step is given the right token before it, here the "
         "target moved by one; when it runs freely, its own last choice.",
    params=(Int(name="start", default=1, minimum=0, key=True, summary="The token that stands in front."),),
    rule=shift, explain=explain_shift, accepts=frozenset({"int"}), stays=(NO_UINT8_SHIFT,),
    keywords=("teacher forcing", "decoder", "generate", "delay", "right", "start token"))

POSITIONAL_ENCODING = operation(
    "PositionalEncoding", summary="Adds waves that tell the position",
    text="Attention does not see order. Sines and cosines of different lengths, added to each step, tell where it stands "
         "(Vaswani and others, 2017). Nothing is learnt.",
    params=(Float(name="max_wavelength", default=10000.0, minimum=1.0, open_low=True, key=True,
                  summary="Steps of the longest wave, divided by 2π."),),
    rule=encoding, accepts=FLOAT,
    explain=lambda p, x: f"{number(x.shape[1])} waves, added to each of {number(x.shape[0])} steps",
    keywords=("position", "sinusoidal", "transformer", "sine", "order"))

POSITION_EMBEDDING = operation(
    "PositionEmbedding", summary="Adds a learnt vector to each position",
    text="A table with one row of learnt numbers for each position, added to the steps. It tells attention where a step "
         "stands.",
    params=(Int(name="max_length", default=100, minimum=1, key=True, summary="Positions in the table."),
            initializer("initializer", "RandomUniform", "vectors", 2)),
    rule=embedding, explain=explain_embedding, accepts=FLOAT,
    keywords=("position", "transformer", "learned", "learnt", "order", "embedding"))

SPECS: tuple[LayerSpec, ...] = (SHIFT, POSITIONAL_ENCODING, POSITION_EMBEDDING)
