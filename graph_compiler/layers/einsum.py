"""EinsumDense: a dense layer over axes chosen by letters, such as `abc,cd->abd`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from graph_compiler.layers.common import activation, check_softmax, constraint, initializer, regularizer, times
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import ShapeParam, Text
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor, shape_words

_FORMS = (re.compile(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)"),
          re.compile(r"\.\.\.([a-zA-Z]+),([a-zA-Z]+)->\.\.\.([a-zA-Z]+)"),
          re.compile(r"([a-zA-Z]{2,})\.\.\.,([a-zA-Z]+)->([a-zA-Z]+)\.\.\."))


@dataclass(frozen=True)
class Equation:
    """The letters of input, weights and output; `dots` is where an ellipsis stands: none, left or right."""

    taken: str
    weights: str
    given: str
    dots: str


def _refuse(title: str, expected: str, received: str, param: str = "equation", hint: str = "Change the equation.") -> Refusal:
    return Refusal("equation", title, expected=expected, received=received, param=param, hint=hint)


@lru_cache(maxsize=256)
def parse(equation: str) -> Equation:
    """The parts of an equation. Refusal when it has none of the three forms, or a letter twice in one part."""
    for form, dots in zip(_FORMS, ("none", "left", "right"), strict=True):
        found = form.fullmatch(equation)
        if found:
            parts = found.groups()
            if any(len(set(part)) < len(part) for part in parts):
                raise _refuse("The equation has a letter twice", "each letter once in input, weights and output", equation)
            return Equation(parts[0], parts[1], parts[2], dots)
    raise _refuse("The equation cannot be read", "input,weights->output in letters, such as ab,bc->ac or ...x,xy->...y",
                  equation)


def _elided(equation: Equation, x: Tensor) -> int:
    """How many axes the dots stand for, the batch included."""
    elided = x.rank + 1 - len(equation.taken)
    if equation.dots == "none" and elided != 0:
        raise _refuse("The equation has another number of axes", f"{x.rank + 1} letters for batch and {x.words}",
                      f"{len(equation.taken)} ({equation.taken})")
    if elided < (1 if equation.dots == "left" else 0):
        raise _refuse("The equation has too many axes", f"at most {x.rank + 1} letters for batch and {x.words}", equation.taken)
    return elided


def _output(p: Values, equation: Equation, x: Tensor, elided: int) -> Shape:
    """The whole output with the batch in front; free axes as Keras keeps them."""
    shape: Shape = (None, *x.shape)
    middle = shape[1:elided] if equation.dots == "left" else ()
    if middle != middle[::-1]:
        raise _refuse("The dots stand for axes of different sizes", "dots for one axis, or for equal ones", x.words,
                      hint="Give every axis its letter, such as abcd,de->abce: Keras turns the dotted ones around.")
    tail = shape[len(shape) - elided:] if equation.dots == "right" and elided else ()
    out = (None, *middle, *p["output_shape"], *tail)
    wanted = len(equation.given) + elided
    if len(out) != wanted:
        raise _refuse("output_shape does not fit the equation", f"{wanted - (len(out) - len(p['output_shape']))} sizes",
                      shape_words(p["output_shape"]), "output_shape",
                      "Give one size for each letter of the output after the batch.")
    return out


def _sizes(equation: Equation, x: Tensor, out: Shape, elided: int) -> dict[str, int | None]:
    """The size of every letter of the equation. Refusal where input and output disagree."""
    start = elided if equation.dots == "left" else 0
    taken = dict(zip(equation.taken, (None, *x.shape)[start:], strict=False))
    given = dict(zip(equation.given, out[start:], strict=False))
    for letter, size in given.items():
        if letter in taken and size is not None and size != taken[letter]:
            raise _refuse("output_shape does not fit the input", f"{taken[letter] or '?'} for “{letter}”", str(size),
                          "output_shape",
                          "Repeat the size of the input there.")
        if letter not in taken and letter not in equation.weights:
            raise _refuse("The output has a letter from nowhere", f"“{letter}” in input or weights", equation.given)
    lost = [letter for letter in equation.weights if letter not in given and letter not in taken]
    if lost:
        raise _refuse("The weights have a letter from nowhere", f"“{lost[0]}” in input or output", equation.weights)
    return given | {letter: size for letter, size in taken.items() if size is not None or letter not in given}


def _weight_sizes(letters: str, sizes: dict[str, int | None]) -> list[int]:
    known = [sizes[letter] for letter in letters]
    free = [letter for letter, size in zip(letters, known, strict=True) if size is None]
    if free:
        raise _refuse("EinsumDense must know the size of its weights", f"a fixed size for “{free[0]}”",
                      "a free axis or the batch")
    return [size for size in known if size is not None]


def einsum_dense(p: Values, x: Tensor) -> Inferred:
    """The sum of products the equation names; weights are the product of the weight letters, plus the biases."""
    equation = parse(p["equation"])
    elided = _elided(equation, x)
    out = _output(p, equation, x, elided)
    check_softmax(p["activation"], len(out) - 1, "EinsumDense")
    sizes = _sizes(equation, x, out, elided)
    weights = math.prod(_weight_sizes(equation.weights, sizes))
    biases = 0
    if p["bias_axes"] is not None:
        strange = [letter for letter in p["bias_axes"] if letter not in equation.given]
        if strange or not p["bias_axes"]:
            raise _refuse("bias_axes does not fit the equation", f"letters of the output {equation.given}",
                          p["bias_axes"] or "nothing", "bias_axes", "Change bias_axes.")
        biases = math.prod(_weight_sizes("".join(dict.fromkeys(p["bias_axes"])), sizes))
    return Inferred((Tensor(out[1:], "float32", False),), weights + biases, macs=_macs(equation, sizes, x, elided))


def kernel_width(p: Values, x: Tensor) -> int:
    """The size of the last axis of the weights."""
    equation = parse(p["equation"])
    elided = _elided(equation, x)
    sizes = _sizes(equation, x, _output(p, equation, x, elided), elided)
    return _weight_sizes(equation.weights, sizes)[-1]


def _macs(equation: Equation, sizes: dict[str, int | None], x: Tensor, elided: int) -> int | None:
    """Products for one sample: every letter once, the batch left out, times the axes behind the dots."""
    letters = set(equation.taken) | set(equation.weights)
    dotted: Shape = x.shape[:elided - 1] if equation.dots == "left" else x.shape[x.rank - elided:] if elided else ()
    batch = equation.taken[0] if equation.dots != "left" else ""
    return times(*(sizes[letter] for letter in letters if letter != batch), *dotted)


def explain_einsum(p: Values, x: Tensor) -> str:
    """The weights in words."""
    equation = parse(p["equation"])
    elided = _elided(equation, x)
    sizes = _sizes(equation, x, _output(p, equation, x, elided), elided)
    return " × ".join(f"{sizes[letter]:,} ({letter})" for letter in equation.weights) + " weights"


EINSUM_DENSE = LayerSpec(
    name="EinsumDense", family="core", summary="Dense over axes you name",
    text="Letters name the axes: a letter missing from the output is summed over. “...x,xy->...y” is a plain Dense.",
    params=(Text(name="equation", default="...x,xy->...y", key=True, summary="Input, weights -> output, one letter an axis."),
            ShapeParam(name="output_shape", default=[10], key=True, open=True,
                       summary="Sizes of the output after the batch; none where the input decides."),
            activation(), Text(name="bias_axes", default=None, optional=True, summary="Output letters that get a bias."),
            initializer("kernel_initializer", "GlorotUniform", "kernel weights"),
            initializer("bias_initializer", "Zeros", "biases"),
            regularizer("kernel_regularizer", "kernel weights"), regularizer("bias_regularizer", "biases"),
            constraint("kernel_constraint", "kernel weights"), constraint("bias_constraint", "biases")),
    rule=einsum_dense, explain=explain_einsum,
    keywords=("einstein", "tensor product", "projection", "heads", "fully connected"))
