"""Breast cancer Wisconsin (diagnostic), from scikit-learn's files."""

from __future__ import annotations

from functools import cache

from graph_compiler.datasets.tables import PORTS, numbers, schema_of, sklearn_table
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

_MEASURES = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave_points", "symmetry",
             "fractal_dimension")
FEATURES = numbers(*(f"{kind}_{measure}" for kind in ("mean", "error", "worst") for measure in _MEASURES))
DIAGNOSIS = Column(name="diagnosis", kind="category", classes=("malignant", "benign"),
                   summary="What the tumour turned out to be.")


@cache
def table() -> Table:
    """569 biopsies, 30 measures of cell nuclei, 212 malignant and 357 benign."""
    return sklearn_table("breast_cancer.csv", FEATURES, "diagnosis")


def load(p: Values, place: Place) -> Table:
    """Read from scikit-learn's folder."""
    return table()


DATASET = DatasetSpec(
    name="BreastCancer", title="Breast cancer Wisconsin", summary="Benign or malignant, by 30 measures of cells",
    text="569 biopsies, each with the mean, the standard error and the worst value of ten measures of its cell nuclei. "
         "For learning only: not a medical device.",
    origin="W. H. Wolberg, W. N. Street, O. L. Mangasarian (UCI), 1995", licence="CC BY 4.0", params=(PORTS,),
    schema=schema_of(FEATURES, DIAGNOSIS, rows=569), load=load, default_split="fractions", default_stratify="diagnosis",
    keywords=("medicine", "tumour", "table", "scikit-learn", "binary", "classification"))
