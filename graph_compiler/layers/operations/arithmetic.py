"""Sums with every number by itself: a constant (Arithmetic), a function, a range (Clip), the distance of two tensors."""

from __future__ import annotations

from graph_compiler.layers.custom.specs import operation
from graph_compiler.layers.merge import MANY, elementwise
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Choice, Float
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

SIGNS = {"add": "x + {}", "subtract": "x − {}", "multiply": "x × {}", "divide": "x ÷ {}", "power": "x to the power of {}",
         "minimum": "x, but at most {}", "maximum": "x, but at least {}"}
"""The operations of `keras.ops` with a constant, in words."""

FUNCTIONS = {
    "abs": "|x|", "negative": "−x", "square": "x²", "sqrt": "√x", "reciprocal": "1 ÷ x", "exp": "e to the power of x",
    "log": "natural logarithm of x", "sin": "sine of x", "cos": "cosine of x", "sign": "−1, 0 or 1",
    "floor": "x rounded down", "ceil": "x rounded up", "round": "x rounded"}
"""The functions of `keras.ops`, in words."""

_MULTIPLIES = frozenset({"multiply", "divide", "power", "square", "sqrt", "reciprocal", "exp", "log", "sin", "cos"})


def arithmetic(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...], the mask kept."""
    if p["operation"] == "divide" and p["value"] == 0:
        raise Refusal("parameter", "Arithmetic cannot divide by 0", expected="another number than 0", received="0",
                      param="value", hint="Change value.")
    return _each(x, p["operation"])


def function(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...], the mask kept."""
    return _each(x, p["function"])


def _each(x: Tensor, work: str) -> Inferred:
    return Inferred((Tensor(x.shape, "float32", x.masked),), macs=x.size if work in _MULTIPLIES else 0)


def clip(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...] between minimum and maximum, the mask kept."""
    if p["minimum"] >= p["maximum"]:
        raise Refusal("parameter", "Clip needs a range", expected=f"more than the minimum, {p['minimum']:g}", param="maximum",
                      received=f"{p['maximum']:g}", hint="Let the maximum be larger than the minimum.")
    return _each(x, "clip")


ARITHMETIC = operation(
    "Arithmetic", summary="One sum with a constant",
    text="Adds a constant to every number, or multiplies by it, and so on. A chain of them writes a formula.",
    params=(Choice(name="operation", default="add", options=tuple(SIGNS), key=True, summary="What is done with the constant."),
            Float(name="value", default=1.0, key=True, summary="The constant.")),
    rule=arithmetic, explain=lambda p, x: SIGNS[p["operation"]].format(f"{p['value']:g}"), accepts=FLOAT,
    keywords=("constant", "scalar", *SIGNS, "plus", "times", "scale"))

FUNCTION = operation(
    "Function", summary="A mathematical function",
    text="Applies one function to every number. Roots, logarithms and reciprocals have no value at or below 0: keep numbers "
         "away from there with Clip or Arithmetic.",
    params=(Choice(name="function", default="abs", options=tuple(FUNCTIONS), key=True, summary="The function."),),
    rule=function, explain=lambda p, x: FUNCTIONS[p["function"]], accepts=FLOAT,
    keywords=("absolute", "negate", "root", "logarithm", "exponential", *FUNCTIONS))

CLIP = operation(
    "Clip", summary="Keeps numbers within a range",
    text="What is below the minimum becomes the minimum, what is above the maximum the maximum. After noise it brings pixels "
         "back to 0 to 1. Nothing is learnt from numbers that were cut.",
    params=(Float(name="minimum", default=0.0, key=True, summary="Lower end."),
            Float(name="maximum", default=1.0, key=True, summary="Upper end.")),
    rule=clip, explain=lambda p, x: f"all between {p['minimum']:g} and {p['maximum']:g}", accepts=FLOAT,
    keywords=("limit", "clamp", "range", "bound", "minimum", "maximum"))

ABSOLUTE_DIFFERENCE = operation(
    "AbsoluteDifference", summary="How far two inputs lie apart",
    text="|a − b| for each pair of numbers, the same whichever comes first. A siamese net judges by it whether two inputs show "
         "the same thing.",
    inputs=MANY, many_rule=elementwise("AbsoluteDifference", lambda wires: 0, two=True), accepts=FLOAT,
    explain_many=lambda p, inputs: "|a − b| for each pair of numbers",
    keywords=("distance", "siamese", "compare", "l1", "subtract"))

SPECS: tuple[LayerSpec, ...] = (ARITHMETIC, FUNCTION, CLIP, ABSOLUTE_DIFFERENCE)
