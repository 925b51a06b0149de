"""What a run came to: the object of `--json`, and the same for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.cli.common import finite, table
from graph_compiler.runs.record import figure_of
from widgets.words import duration, number, plural, size_words

if TYPE_CHECKING:
    from app.cli.training import Training

MEASURED = ("val_", "test_")


def object_of(name: str, about: Mapping[str, Any], training: Training) -> dict[str, Any]:
    """The one object of a run; `figure` is null where the document promises none, `failed` is there when files are not."""
    found = training.result.get("metrics") or {}
    metrics = finite({key: value for key, value in found.items() if key.startswith(MEASURED)})
    return {"doc": name, "run": str(training.run.path), "metrics": metrics, "epochs": training.epochs,
            "seconds": {part: round(seconds, 3) for part, seconds in training.seconds.items()},
            "exports": [export_of(row) for row in training.rows], "figure": figure(about, metrics),
            **({"failed": training.refused} if training.refused else {})}


def export_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A file that left: `metric` is the value of the task's metric measured with the file itself."""
    return {"format": row["format"], "part": row["part"], "path": row["path"], "bytes": row["bytes"],
            "max_abs_diff": row["max_abs_diff"], "metric": row.get("after")}


def figure(about: Mapping[str, Any], metrics: Mapping[str, Any]) -> dict[str, Any] | None:
    """The figure a template promises, with the value reached."""
    known = {name: value for name, value in metrics.items() if value is not None}
    promised = figure_of(dict(about), known)
    return promised and {key: promised[key] for key in ("name", "value", "bound", "reached")}


def summary(result: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], limit: int = 0) -> Iterator[str]:
    """The object in lines for people. `rows` are those of the proof table; `limit` steps were asked for, 0 for all."""
    metrics, seconds = result["metrics"], result["seconds"]
    yield from table([name, "–" if value is None else number(value)] for name, value in sorted(metrics.items()))
    promised = result["figure"]
    if promised and promised["value"] is not None and not limit:
        words = "reached" if promised["reached"] else "not reached"
        yield f"{promised['name']}: {number(promised['value'])}, bound {number(promised['bound'])}: {words}"
    trained = f"Stopped after {plural(limit, 'step')}, as asked" if limit else plural(result["epochs"], "epoch")
    yield f"{trained}: {duration(seconds['train'])}, started in {duration(seconds['start'])}"
    yield from export_lines(rows)
    yield f"The run is in {result['run']}"


def export_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows of the proof table in lines for people."""
    for row in rows:
        name = row["format"] if row["part"] == "whole" else f"{row['format']} of {row['part']}"
        measured = "" if row.get("after") is None else f", {row['metric']} {number(row['after'])}"
        yield f"{name}: {size_words(row['bytes'])}, differs from Keras by at most {number(row['max_abs_diff'])}{measured}"
        yield f"    {row['path']}"
        if row.get("accepted"):
            yield f"    kept although it is over its limits: {row['accepted']}"
