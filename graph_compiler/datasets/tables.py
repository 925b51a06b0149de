"""What tables of numbers have in common: a `features` vector, the single columns on request, and a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import frozen, sklearn_lines
from graph_compiler.specs.datasets import Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Choice
from graph_compiler.specs.tensors import Column

VECTOR = "features"

PORTS = Choice(name="ports", default="together", options=("together", "each"),
               summary="The number columns as one vector “features”, or as a port each as well.")
"""A table of thirty columns would be a card of thirty ports; one vector serves most networks."""


def vector_column(features: tuple[Column, ...]) -> Column:
    """The column that carries all number features side by side, in order."""
    return Column(name=VECTOR, kind="number", shape=(len(features),), summary=", ".join(c.name for c in features),
                  typical=max((c.typical for c in features), default=0.0))


def table_schema(p: Values, features: tuple[Column, ...], others: tuple[Column, ...], rows: int | None,
                 missing: Mapping[str, int] | None = None) -> Schema:
    """`features` [n] first, then the single numbers when `ports` is `each`, then all other columns."""
    vector = (vector_column(features),) if features else ()
    each = features if p["ports"] == "each" else ()
    return Schema((*vector, *each, *others), rows, None, features, missing or {})


def schema_of(features: tuple[Column, ...], *others: Column, rows: int) -> Callable[[Values], Schema]:
    """The schema rule of a table that is always the same."""
    return lambda p: table_schema(p, features, others, rows)


def numbers(*names: str, **units: str) -> tuple[Column, ...]:
    """Number columns by name; `units` by name where there is one."""
    return tuple(Column(name=name, kind="number", unit=units.get(name, "")) for name in names)


def table_of(features: Mapping[str, np.ndarray], others: Mapping[str, np.ndarray]) -> Table:
    """The loaded table: the vector, its single columns as views of it, and the other columns."""
    arrays: dict[str, np.ndarray] = {}
    if features:
        vector = frozen(np.stack([np.asarray(a, np.float32) for a in features.values()], axis=1))
        arrays[VECTOR] = vector
        arrays.update({name: vector[:, i] for i, name in enumerate(features)})
    arrays.update({name: frozen(np.ascontiguousarray(a)) for name, a in others.items()})
    return Table(arrays)


def sklearn_table(file: str, features: tuple[Column, ...], target: str) -> Table:
    """A classification table of scikit-learn: a heading line with counts, then features and the class, no gaps."""
    body = np.loadtxt(sklearn_lines(file)[1:], delimiter=",", dtype=np.float32)
    by_name = {column.name: body[:, i] for i, column in enumerate(features)}
    return table_of(by_name, {target: body[:, -1].astype(np.int32)})
