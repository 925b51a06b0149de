"""Wine recognition, from scikit-learn's files."""

from __future__ import annotations

from functools import cache

from graph_compiler.datasets.tables import PORTS, numbers, schema_of, sklearn_table
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

FEATURES = numbers(
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids", "nonflavanoid_phenols",
    "proanthocyanins", "color_intensity", "hue", "od280_od315", "proline", alcohol="% vol")
CULTIVAR = Column(name="cultivar", kind="category", classes=("cultivar 1", "cultivar 2", "cultivar 3"),
                  summary="The vine the wine is made of.")


@cache
def table() -> Table:
    """178 wines, 13 chemical measures, three cultivars."""
    return sklearn_table("wine_data.csv", FEATURES, "cultivar")


def load(p: Values, place: Place) -> Table:
    """Read from scikit-learn's folder."""
    return table()


DATASET = DatasetSpec(
    name="Wine", title="Wine", summary="Three Italian wines by their chemistry",
    text="178 wines of one Italian region, made of three cultivars, with 13 measures of their chemistry. The measures differ "
         "a thousandfold in size, so normalise them first.",
    origin="M. Forina and others: PARVUS, Genoa (UCI Wine)", licence="CC BY 4.0", params=(PORTS,),
    schema=schema_of(FEATURES, CULTIVAR, rows=178), load=load, default_split="fractions", default_stratify="cultivar",
    keywords=("chemistry", "table", "scikit-learn", "classification"))
