"""Operations that make one number of many along axes: ReduceMean, ReduceSum, ReduceMax."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.common import axis_indices
from graph_compiler.layers.custom.registry import custom_class
from graph_compiler.layers.custom.specs import operation
from graph_compiler.layers.geometry import product
from graph_compiler.layers.staying import ROUGH_SUMS
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values, keras_arguments
from graph_compiler.specs.params import Axes, Bool
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def _axes(p: Values, x: Tensor, name: str) -> tuple[int, ...]:
    if p["axis"] is not None:
        return axis_indices(p["axis"], x, name)
    if not x.rank:
        raise Refusal("rank", f"{name} needs something to reduce", expected="at least one axis besides the batch",
                      received="single numbers", port="in", hint="Remove it: a single number stays what it is.")
    return tuple(range(x.rank))


def _reduction(name: str, function: str, summary: str, text: str, keywords: tuple[str, ...]) -> LayerSpec:
    def rule(p: Values, x: Tensor) -> Inferred:
        """The named axes go, or stay with size 1 under keepdims."""
        gone = _axes(p, x, name)
        kept = tuple((1 if i in gone else d) for i, d in enumerate(x.shape) if p["keepdims"] or i not in gone)
        return Inferred((Tensor(kept, "float32"),))

    def explain(p: Values, x: Tensor) -> str:
        """How many become one."""
        return f"{product(tuple(x.shape[i] for i in _axes(p, x, name)))} numbers become one"

    def make(keras: Any, p: Values, layer: str) -> Any:
        return custom_class(keras, "Reduce")(function, name=layer, **keras_arguments(keras, spec, p))

    def source(p: Values, layer: str) -> str:
        kept = ", keepdims=True" if p["keepdims"] else ""
        return f'Reduce("{function}", axis={p["axis"]}{kept}, name="{layer}")'

    spec = operation(
        name, summary=summary, text=text, rule=rule, explain=explain, accepts=FLOAT, make=make, source=source,
        defined_as="Reduce", keywords=("reduce", "aggregate", *keywords), tells=(ROUGH_SUMS,) if function == "sum" else (),
        params=(Axes(name="axis", default=-1, optional=True, key=True,
                     summary="The axes that go: -1 is the last, 1 the first; none means all."),
                Bool(name="keepdims", default=False, key=True, summary="Keeps the axes, of size 1.")))
    return spec


SPECS: tuple[LayerSpec, ...] = (
    _reduction("ReduceMean", "mean", "The mean along axes",
               "Adds the numbers along the axes up and divides by how many there are. Steps that a mask hides count too; "
               "GlobalAveragePooling1D leaves them out.", ("average", "pool")),
    _reduction("ReduceSum", "sum", "The sum along axes",
               "Adds the numbers along the axes up. A weighted sum is a Multiply and then this.", ("total", "add")),
    _reduction("ReduceMax", "max", "The largest along axes",
               "Keeps the largest number along the axes: whether something was found, not where.",
               ("maximum", "largest", "pool")))
