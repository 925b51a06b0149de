"""A folder with one readable script that trains the drawing again and exports it, and the rows it reads."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.build.learnt import settle
from graph_compiler.exporters.keras_file import Reopened
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.specs.exporters import ExporterSpec

SCRIPT, ROWS = "train.py", "data.npz"


@dataclass(frozen=True)
class Sources:
    """The text of a script and the arrays that lie beside it, by name."""

    text: str
    arrays: Mapping[str, np.ndarray]


def write(part: Part, path: Path, options: dict[str, Any]) -> None:
    """Write script and rows. ExportProblem for a part of a drawing: a script trains the whole."""
    sources: Sources | None = options.get("source")
    if sources is None:
        raise ExportProblem("Only the whole drawing can be written as a script.", hint="Name no part.")
    path.mkdir()
    (path / SCRIPT).write_text(sources.text, encoding="utf-8")
    np.savez_compressed(path / ROWS, **sources.arrays)  # type: ignore[arg-type]


def reopen(path: Path, part: Part, threads: int = 1) -> Reopened:
    """The script, run as far as its model, with the weights of the run in it; training it again is what it is for."""
    model = runpy.run_path(str(path / SCRIPT), run_name="drawing")["model"]
    model.set_weights(part.model.get_weights())
    settle(model)
    return Reopened(model, part)


SPEC = ExporterSpec(
    name="python", title="Python script", suffix="-python", summary="A folder: a script that trains it again, and its rows.",
    runs_on="Keras 3, TensorFlow", write=write, reopen=reopen, usual=False, threaded=False,
    scripts=True)
