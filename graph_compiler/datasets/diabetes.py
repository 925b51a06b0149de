"""Progression of diabetes, from scikit-learn's files, in the units it was measured in."""

from __future__ import annotations

from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import sklearn_lines
from graph_compiler.datasets.tables import PORTS, schema_of, table_of
from graph_compiler.specs.datasets import DatasetSpec, Place, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

_MEANINGS = {
    "age": "Years.", "sex": "1 or 2, as the study wrote it.", "bmi": "Body mass index, kg/m².", "bp": "Mean blood pressure.",
    "s1": "Total cholesterol in the serum.", "s2": "Low-density lipoproteins.", "s3": "High-density lipoproteins.",
    "s4": "Total cholesterol / HDL.", "s5": "Probably the logarithm of triglycerides.", "s6": "Blood sugar."}
FEATURES = tuple(Column(name=name, kind="number", summary=words) for name, words in _MEANINGS.items())
PROGRESSION = Column(name="progression", kind="number", summary="How far the disease went on within a year, 25 to 346.")


@cache
def table() -> Table:
    """442 patients, ten measures, and the progression of the disease."""
    body = np.loadtxt(sklearn_lines("diabetes_data_raw.csv.gz"), dtype=np.float32)
    target = np.loadtxt(sklearn_lines("diabetes_target.csv.gz"), dtype=np.float32)
    return table_of({c.name: body[:, i] for i, c in enumerate(FEATURES)}, {"progression": target})


def load(p: Values, place: Place) -> Table:
    """Read from scikit-learn's folder."""
    return table()


DATASET = DatasetSpec(
    name="Diabetes", title="Diabetes", summary="How a disease goes on, by ten measures",
    text="442 patients with age, sex, body mass index, blood pressure and six measures of the blood, and how far the disease "
         "went on within a year. The measures come in their own units: normalise them. For learning only: not a medical "
         "device.",
    origin="B. Efron, T. Hastie, I. Johnstone, R. Tibshirani: Least Angle Regression, 2004",
    licence="Free to use (scikit-learn)", params=(PORTS,), schema=schema_of(FEATURES, PROGRESSION, rows=442), load=load,
    default_split="fractions",
    keywords=("medicine", "table", "scikit-learn", "regression"))
