"""The script of a run with its rows, split as the run split them."""

from __future__ import annotations

import msgspec
import numpy as np

from graph_compiler.build.compile import compile_document
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.script import python_script
from graph_compiler.build.script_lines import START
from graph_compiler.catalog import registry
from graph_compiler.datasets.split import PARTS
from graph_compiler.exporters.part import ExportProblem
from graph_compiler.exporters.python_file import Sources
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.worker.jobs.restored import TRAIN, Restored


def sources_of(restored: Restored) -> Sources:
    """Script and rows. ExportProblem when a script cannot train this drawing."""
    document = _as_trained(restored)
    try:
        script = python_script(document, registry())
    except BuildProblem as problem:
        raise ExportProblem(problem.sentence, hint=problem.hint, node=problem.node) from None
    arrays: dict[str, np.ndarray] = {}
    for column in script.columns:
        for part in PARTS:
            if not (column.drawn and part == TRAIN):
                values = restored.column(part, column.end)
                arrays[f"{part}_{column.name}"] = values[..., None] if column.widened else values
    if script.vocabulary:
        arrays["vocabulary"] = np.array(script.vocabulary)
    if script.starts:
        arrays |= _beginning(document)
    return Sources(script.text, arrays)


def _beginning(document: Document) -> dict[str, np.ndarray]:
    """The weights a run of the drawing begins with, by layer and number."""
    made = compile_document(document, registry(), seed=document.training.seed)
    return {START.format(layer=layer.name, number=number): np.asarray(variable)
            for layer in made.training_model.layers for number, variable in enumerate(layer.variables)}


def _as_trained(restored: Restored) -> Document:
    """The drawing with the settings of the run, which may be others than the document's own."""
    document = restored.run.document()
    settings = {**msgspec.to_builtins(document.training), **restored.run.record.settings}
    document.training = msgspec.convert(settings, TrainingSettings)
    return document
