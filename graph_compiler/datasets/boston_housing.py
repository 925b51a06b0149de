"""Boston house prices of 1970, embedded."""

from __future__ import annotations

from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import resource_bytes
from graph_compiler.datasets.tables import PORTS, schema_of, table_of
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

_MEANINGS = {
    "CRIM": "Crimes a head.", "ZN": "Share of land zoned for large lots, %.", "INDUS": "Share of industrial land, %.",
    "CHAS": "1 if the tract borders the Charles River.", "NOX": "Nitric oxides, parts in 10 million.",
    "RM": "Rooms a dwelling.", "AGE": "Homes built before 1940, %.", "DIS": "Distance to five employment centres.",
    "RAD": "Access to radial highways.", "TAX": "Property tax for 10,000 dollars.", "PTRATIO": "Pupils a teacher.",
    "B": "1000 (b − 0.63)², b the share of Black residents. It encodes a racist assumption: mind it, or leave it out.",
    "LSTAT": "Residents of lower status, %."}
FEATURES = tuple(Column(name=name, kind="number", summary=words) for name, words in _MEANINGS.items())
PRICE = Column(name="price", kind="number", unit="thousand dollars", summary="Median value of owner-occupied homes.")


@cache
def table() -> Table:
    """506 tracts, 13 numbers and the price in thousand dollars."""
    lines = resource_bytes("boston_housing.csv").decode("ascii").splitlines()
    body = np.loadtxt(lines[1:], delimiter=",", dtype=np.float32)
    names = lines[0].split(",")
    by_name = {name: body[:, i] for i, name in enumerate(names)}
    return table_of({c.name: by_name[c.name] for c in FEATURES}, {"price": by_name["MEDV"]})


def load(p: Values, place: Place) -> Table:
    """The embedded table."""
    return table()


DATASET = DatasetSpec(
    name="BostonHousing", title="Boston house prices", summary="House prices of 1970 by district",
    text="506 census tracts of Boston with 13 measures and the median price of a home, in thousand dollars, cut off at 50. "
         "Column B was built on the assumption that the share of Black residents drives prices. It is ethically questionable: "
         "use the set to learn how such data misleads, never to judge homes or people.",
    origin="D. Harrison, D. L. Rubinfeld, 1978 (StatLib)", licence="Free to use (StatLib)", params=(PORTS,),
    schema=schema_of(FEATURES, PRICE, rows=506), load=load, default_split="fractions",
    keywords=("house", "price", "table", "regression"))
