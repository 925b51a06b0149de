"""exports.json holds every file of every template as its document is now, and each file keeps its bounds.

The table is written by `python -m tests.benchmarks exports`. A bound is missed only where `exports_bounds.ARGUED` says why.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from graph_compiler.exporters.formats import FORMATS
from tests.benchmarks.__main__ import reached
from tests.benchmarks.exports import announced, offered, stored
from tests.benchmarks.exports_bounds import ARGUED, BOUNDS, LOSS, THERE, Miss, misses, rows_of
from tests.benchmarks.figures import digest, templates

TEMPLATES = templates()
ENTRIES = stored()


@pytest.fixture(params=sorted(TEMPLATES))
def named(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """A template's name and its entry."""
    assert request.param in ENTRIES, f"there is no row: run `python -m tests.benchmarks exports {request.param}`"
    return request.param, ENTRIES[request.param]


def test_a_template_has_a_current_row_of_every_file_that_is_offered(named: tuple[str, dict[str, Any]]) -> None:
    name, entry = named
    assert entry["document"] == digest(TEMPLATES[name]), "it changed: run `python -m tests.benchmarks exports --stale`"
    assert sorted((file["part"], file["format"]) for file in entry["files"]) == sorted(offered(TEMPLATES[name]))


def test_what_is_announced_is_what_cannot_be_made(named: tuple[str, dict[str, Any]]) -> None:
    name, entry = named
    refused = {(file["part"], file["format"]) for file in entry["files"] if file["state"] == "refused"}
    known = announced(TEMPLATES[name]) & set(offered(TEMPLATES[name]))
    assert known <= refused and {place for place in refused if _file(entry, *place)["announced"]} == known


def test_files_keep_their_bounds(named: tuple[str, dict[str, Any]]) -> None:
    assert {miss: what for miss, what in misses(*named).items() if miss not in ARGUED} == {}
    assert all(reached(row) for row in rows_of(*named))


def test_only_what_is_missed_is_argued_and_in_words() -> None:
    found = {miss for name, entry in ENTRIES.items() for miss in misses(name, entry)}
    assert [miss for miss in ARGUED if miss not in found] == []
    assert all(len(why.split()) > 5 for why in ARGUED.values())


# Whether the check sees what it is there for.


def _file(entry: dict[str, Any], part: str, kind: str) -> dict[str, Any]:
    return next(file for file in entry["files"] if (file["part"], file["format"]) == (part, kind))


def good() -> dict[str, Any]:
    """An entry of a net of pictures with a million weights that keeps every bound by a little."""
    share = {"tflite-float16": 0.5, "onnx-float16": 0.5, "tflite-dynamic": 0.3, "tflite-int8": 0.28}
    files = [{"part": "whole", "format": name, "state": "proven", "bytes": round(4e6 * share.get(name, 1.0)), "rows": 1000,
              "max_abs_diff": 9e-6, "mean_abs_diff": 1e-6, "judged": "max_abs_diff", "allowed": 1e-5, "range": 4e-3,
              "metric": "accuracy", "before": 0.98, "after": 0.972, "notes": []} for name in FORMATS]
    return {"document": "x", "trained": "2 of 2 epochs", "pictures": True, "weights": {"whole": 1_000_000}, "seconds": 1.0,
            "files": files}


def test_files_that_keep_every_bound_miss_none() -> None:
    rows = rows_of("net", good())
    assert misses("net", good()) == {} and all(reached(row) for row in rows)
    assert [row["name"] for row in rows] == [*(f"net, {bound.name}" for bound in BOUNDS), "net, files that should be there"]


@pytest.mark.parametrize(("kind", "change", "bound"), [
    ("tflite", {"max_abs_diff": 1.1e-5}, "float32, difference over the allowed"),
    ("keras", {"max_abs_diff": 1.1e-5}, "float32, difference over the allowed"),
    ("onnx-float16", {"range": 6e-3}, "float16, difference over the range"),
    ("tflite-float16", {"bytes": 2_300_000}, "float16, size"),
    ("tflite-dynamic", {"bytes": 1_500_000}, "dynamic range, size"),
    ("tflite-dynamic", {"after": 0.965}, "dynamic range, loss"),
    ("tflite-int8", {"bytes": 1_300_000}, "int8 of pictures, size"),
    ("tflite-int8", {"after": 0.965}, "int8 of pictures, loss"),
    ("tflite-int16x8", {"mean_abs_diff": 1.1e-5, "judged": "mean_abs_diff"}, "fewer bits, difference over the allowed"),
    ("onnx", {"state": "missing"}, THERE),
    ("onnx", {"state": "refused", "sentence": "The converter crashed.", "announced": False}, THERE),
    ("tflite-float16", {"state": "refused", "sentence": f"at most 0.5 % is {LOSS}.", "announced": False}, THERE),
    ("tflite-int8", {"state": "refused", "sentence": f"at most 1 point is {LOSS}.", "announced": False}, THERE),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_that_misses_a_bound_is_found(kind: str, change: dict[str, Any], bound: str,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    entry = good()
    _file(entry, "whole", kind).update(change)
    assert list(misses("net", entry)) == [Miss("net", "whole", kind, bound)]
    assert sum(not reached(row) for row in rows_of("net", entry)) == 1
    monkeypatch.setitem(ARGUED, Miss("net", "whole", kind, bound), "a reason in a sentence of some length")
    rows = rows_of("net", entry)
    assert all(reached(row) for row in rows) and rows[-1]["note"] == "a reason in a sentence of some length"


@pytest.mark.parametrize("change", [
    {"state": "refused", "sentence": f"at most 1 % is {LOSS}.", "announced": False},
    {"state": "refused", "sentence": "16-bit activations are not supported for this model.", "announced": True}])
def test_a_file_may_be_refused_for_its_loss_or_as_announced(change: dict[str, Any]) -> None:
    entry = copy.deepcopy(good())
    _file(entry, "whole", "tflite-int16x8").update(change)
    assert misses("net", entry) == {}
