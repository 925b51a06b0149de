"""California house prices of 1990, embedded, with the gaps of the original."""

from __future__ import annotations

import csv
from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import frozen, resource_bytes
from graph_compiler.datasets.missing import MISSING, complete
from graph_compiler.datasets.tables import PORTS, numbers, table_schema
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

ROWS, GAPS = 20_640, 207
FEATURES = numbers("longitude", "latitude", "housing_median_age", "total_rooms", "total_bedrooms", "population", "households",
                   "median_income", longitude="°", latitude="°", housing_median_age="years", median_income="10,000 dollars")
OCEAN = Column(name="ocean_proximity", kind="category", classes=("<1H OCEAN", "INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN"),
               summary="Where the block lies.")
PRICE = Column(name="median_house_value", kind="number", unit="dollars", summary="Median price of a home, cut off at 500,001.")


@cache
def _columns() -> dict[str, np.ndarray]:
    """All columns as they are in the file: numbers with NaN for gaps, classes as whole numbers."""
    rows = list(csv.reader(resource_bytes("california_housing.csv").decode("ascii").splitlines()))
    by_name = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    out = {c.name: frozen(np.array([v or "nan" for v in by_name[c.name]], np.float32)) for c in (*FEATURES, PRICE)}
    out[OCEAN.name] = frozen(np.array([OCEAN.classes.index(v) for v in by_name[OCEAN.name]], np.int32))
    return out


def schema(p: Values) -> Schema:
    """20,640 rows, or 20,433 when rows with gaps are left out."""
    rows = ROWS - GAPS if p["missing"] == "drop rows" else ROWS
    return table_schema(p, FEATURES, (OCEAN, PRICE), rows, {"total_bedrooms": GAPS})


def load(p: Values, place: Place) -> Table:
    """The embedded table, its gaps treated as `missing` says."""
    columns = _columns()
    return complete({c.name: columns[c.name] for c in FEATURES}, {c.name: columns[c.name] for c in (OCEAN, PRICE)},
                    frozenset({PRICE.name}), p)


DATASET = DatasetSpec(
    name="CaliforniaHousing", title="California house prices", summary="House prices of 1990 by block",
    text="20,640 blocks of the 1990 census with eight numbers, the distance to the ocean in words, and the median price of a "
         "home in dollars. 207 blocks lack total_bedrooms: choose what to do with them.",
    origin="R. K. Pace, R. Barry, 1997 (StatLib)", licence="Free to use (StatLib)", params=(MISSING, PORTS),
    schema=schema, load=load, default_split="fractions", keywords=("house", "price", "table", "regression"))
