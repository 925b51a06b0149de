"""Iris, from scikit-learn's files."""

from __future__ import annotations

from functools import cache

from graph_compiler.datasets.tables import PORTS, numbers, schema_of, sklearn_table
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

FEATURES = numbers("sepal_length", "sepal_width", "petal_length", "petal_width",
                   sepal_length="cm", sepal_width="cm", petal_length="cm", petal_width="cm")
SPECIES = Column(name="species", kind="category", classes=("setosa", "versicolor", "virginica"), summary="The species.")


@cache
def table() -> Table:
    """150 flowers, 4 lengths in cm, 50 of each species."""
    return sklearn_table("iris.csv", FEATURES, "species")


def load(p: Values, place: Place) -> Table:
    """Read from scikit-learn's folder."""
    return table()


DATASET = DatasetSpec(
    name="Iris", title="Iris", summary="Three kinds of iris by four lengths",
    text="150 flowers measured in 1935 on the Gaspé peninsula, 50 of each of three species. Small, clean and almost separable.",
    origin="R. A. Fisher, 1936; data of E. Anderson", licence="CC BY 4.0 (UCI)", params=(PORTS,),
    schema=schema_of(FEATURES, SPECIES, rows=150), load=load, default_split="fractions", default_stratify="species",
    keywords=("flowers", "table", "scikit-learn", "classification"))
