"""Samples for the cards of sources: read in the background, handed to the canvas; again when a source is changed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from graph_compiler.specs.datasets import Place, SourceSpec, read_schema
from widgets.background import Background
from widgets.canvas.samples import CardSamples
from widgets.document import GraphDocument

if TYPE_CHECKING:
    from graph_compiler.specs.nodes import Values
    from widgets.canvas.view import CanvasView

CALM = 150
"""Milliseconds without a change before a source is read again."""

Key = tuple[str, str, Path | None]
"""Type, parameters and the folder of the document: what samples depend on."""


def load_samples(node_id: str, spec: SourceSpec, values: Values, place: Place) -> tuple[str, CardSamples]:
    """The first training rows of a source, with its id. DataProblem when the data cannot be had."""
    from graph_compiler.datasets.previews import preview
    from graph_compiler.datasets.split import split_rows

    dataset = spec.dataset
    table = dataset.load(values, place)
    schema = read_schema(dataset.schema(values), table)
    found = preview(table, schema, dataset.thumbnails, split_rows(table, values)["train"])
    return node_id, CardSamples.of(found)


class Thumbnails(QObject):
    """Samples of one document by source id, for the canvas it is seen on. A source without data keeps empty tiles."""

    def __init__(self, document: GraphDocument, parent: QObject) -> None:
        super().__init__(parent)
        self._work = Background(self, newest_only=False)
        self._work.done.connect(self._arrived)
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._look)
        self._found: dict[str, CardSamples] = {}
        self._asked: dict[str, Key] = {}
        self._document: GraphDocument | None = document
        self._view: CanvasView | None = None
        document.analysed.connect(self._changed)

    def serve(self, view: CanvasView) -> None:
        """The document is seen on this view."""
        self._view = view
        view.canvas.thumbnails = self.of
        for node_id in self._found:
            view.canvas.looks.update_thumbnails(node_id)
        self._look()

    def of(self, node_id: str) -> CardSamples | None:
        """Samples that are there already."""
        return self._found.get(node_id)

    def _changed(self, _: object) -> None:
        if self._wanted():
            self._calm.start()

    def _wanted(self) -> list[tuple[str, SourceSpec, Values, Key]]:
        """Sources that have samples and were not asked for as they are now."""
        if self._document is None:
            return []
        wanted: list[tuple[str, SourceSpec, Values, Key]] = []
        for node in self._document.document.graph.nodes.values():
            spec, facts = self._document.registry.node(node.type), self._document.analysis.facts(node.id)
            if isinstance(spec, SourceSpec) and spec.dataset.thumbnails and facts is not None and not facts.failed:
                values = dict(facts.values)
                key = (node.type, repr(sorted(values.items())), self._document.path)
                if self._asked.get(node.id) != key:
                    wanted.append((node.id, spec, values, key))
        return wanted

    def _look(self) -> None:
        from graph_compiler.datasets.download import keras_home
        from widgets.plots.pictures import decode_picture

        for node_id, spec, values, key in self._wanted():
            self._asked[node_id] = key
            path = key[2]
            place = Place(path.parent if path else Path.home(), keras_home(), decode=decode_picture)
            self._work.run(partial(load_samples, node_id, spec, values, place))

    def _arrived(self, answer: tuple[str, CardSamples]) -> None:
        node_id, samples = answer
        self._found[node_id] = samples
        if self._view is not None and self._view.document is self._document:
            self._view.canvas.looks.update_thumbnails(node_id)

    @property
    def settled(self) -> bool:
        """Whether no samples are on their way."""
        return not self._work.busy and not self._calm.isActive()

    def shut_down(self) -> None:
        """Wait for the last samples."""
        self._calm.stop()
        self._document = None
        self._work.wait()
