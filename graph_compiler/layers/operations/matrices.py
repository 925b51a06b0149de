"""Operations on matrices: MatMul and Transpose."""

from __future__ import annotations

from graph_compiler.layers.common import times
from graph_compiler.layers.custom.specs import operation
from graph_compiler.layers.geometry import axes_words, float_dtype, number, product
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Port, Values
from graph_compiler.specs.params import Bool, ShapeParam
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor


def _sides(p: Values, inputs: Inputs) -> tuple[Shape, Shape]:
    """Shapes of both matrices as they are multiplied, transposed where asked."""
    shapes = []
    for port in ("a", "b"):
        x = inputs[port][0]
        if x.rank < 2:
            raise Refusal("rank", "MatMul needs matrices", expected="rows × columns: 2 axes", port=port,
                          received=f"{x.words} ({axes_words(x.rank)})", hint="Use Dot for lists of numbers, or insert Reshape.")
        turned = (*x.shape[:-2], x.shape[-1], x.shape[-2])
        shapes.append(turned if p[f"transpose_{port}"] else x.shape)
    return shapes[0], shapes[1]


def matmul(p: Values, inputs: Inputs) -> Inferred:
    """[..., n, k] and [..., k, m] -> [..., n, m]; n*k*m multiply-adds for each matrix. Leading axes agree or are 1."""
    a, b = _sides(p, inputs)
    x, y = inputs["a"][0], inputs["b"][0]
    if len(a) != len(b):
        raise Refusal("merge-mismatch", "MatMul needs as many axes on both sides", expected=axes_words(len(a)), port="b",
                      received=f"{y.words} ({axes_words(len(b))})", hint="Insert Reshape.")
    if a[-1] != b[-2] and None not in (a[-1], b[-2]):
        raise Refusal("merge-mismatch", f"MatMul cannot multiply {x.words} by {y.words}", port="b",
                      expected=f"{number(a[-1])} rows, as many as a has columns", received=f"{number(b[-2])} rows",
                      hint="Switch transpose_a or transpose_b, or change a size before it.")
    lead = tuple(_stretched(i, x, y) for i in range(len(a) - 2))
    shared = b[-2] if a[-1] is None else a[-1]
    return Inferred((Tensor((*lead, a[-2], b[-1]), "float32"),), macs=times(*lead, a[-2], shared, b[-1]))


def _stretched(i: int, x: Tensor, y: Tensor) -> int | None:
    a, b = x.shape[i], y.shape[i]
    if b in (a, 1):
        return a
    if a == 1:
        return b
    if a is None or b is None:
        return None
    raise Refusal("merge-mismatch", f"MatMul cannot match the shapes {x.words} and {y.words}", port="b",
                  expected="equal sizes on the leading axes, or 1", received=f"{a:,} and {b:,}",
                  hint="Insert Reshape or Slice.")


def explain_matmul(p: Values, inputs: Inputs) -> str:
    """The two matrices."""
    a, b = _sides(p, inputs)
    return f"({product(a[-2:])}) times ({product(b[-2:])}) gives {product((a[-2], b[-1]))}"


def transpose(p: Values, x: Tensor) -> Inferred:
    """[..., n, m] -> [..., m, n], or the axes in the order given; whole numbers stay whole."""
    return Inferred((Tensor(tuple(x.shape[i - 1] for i in _order(p, x)), float_dtype(x)),))


def _order(p: Values, x: Tensor) -> tuple[int, ...]:
    order: tuple[int, ...] | None = p["order"]
    if order is None:
        if x.rank < 2:
            raise Refusal("rank", "Transpose needs a matrix", expected="at least 2 axes", port="in",
                          received=f"{x.words} ({axes_words(x.rank)})", hint="A list has nothing to trade places with.")
        return (*range(1, x.rank - 1), x.rank, x.rank - 1)
    if sorted(order) != list(range(1, x.rank + 1)):
        raise Refusal("parameter", "order does not fit the input", param="order", port="in",
                      expected=f"each of 1 to {x.rank} once" if x.rank else "an input with axes",
                      received=f"{list(order)} on {x.words}", hint="Axis 1 is the first after the batch.")
    return order


MATMUL = operation(
    "MatMul", summary="Multiplies two matrices",
    text="Rows times columns, sample by sample. A score between every query and every key is a product of two series, with "
         "transpose_b on.",
    inputs=(Port("a"), Port("b")), many_rule=matmul, explain_many=explain_matmul, accepts=FLOAT,
    params=(Bool(name="transpose_a", default=False, key=True, summary="Turns the first matrix over first."),
            Bool(name="transpose_b", default=False, key=True, summary="Turns the second matrix over first.")),
    keywords=("matrix", "product", "multiply", "attention", "bmm"))

TRANSPOSE = operation(
    "Transpose", summary="Turns rows into columns",
    text="Without an order the last two axes trade places, whatever stands before them. With one, axis 1 is the first after "
         "the batch.",
    params=(ShapeParam(name="order", default=None, optional=True, key=True, summary="New order of the axes, counted from 1."),),
    rule=transpose, explain=lambda p, x: f"{x.words} becomes {transpose(p, x).outputs[0].words}",
    keywords=("permute", "swap", "axes", "matrix", "flip"))

SPECS: tuple[LayerSpec, ...] = (MATMUL, TRANSPOSE)
