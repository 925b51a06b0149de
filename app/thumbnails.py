"""Sample pictures for the cards of sources: loaded once in the background, handed to the canvas as images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from graph_compiler.specs.datasets import Place, SourceSpec
from widgets.background import Background
from widgets.document import GraphDocument

if TYPE_CHECKING:
    from graph_compiler.specs.nodes import Values
    from widgets.canvas.view import CanvasView

COUNT = 10


def load_images(node_id: str, spec: SourceSpec, values: Values, place: Place) -> tuple[str, list[QImage]]:
    """The first pictures of a source, with its id. DataProblem when the data cannot be had."""
    from graph_compiler.datasets.thumbnails import thumbnails
    from widgets.plots.pictures import to_image

    table = spec.dataset.load(values, place)
    return node_id, [to_image(pixels) for pixels in thumbnails(table, spec.dataset.thumbnails, COUNT)]


class Thumbnails(QObject):
    """Pictures by source id for one canvas at a time. A source without pictures keeps empty tiles."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work = Background(self, newest_only=False)
        self._work.done.connect(self._arrived)
        self._found: dict[str, list[QImage]] = {}
        self._asked: set[str] = set()
        self._document: GraphDocument | None = None
        self._view: CanvasView | None = None

    def watch(self, document: GraphDocument, view: CanvasView) -> None:
        """Serve this document on this view."""
        self._work.forget()
        self._found, self._asked = {}, set()
        self._document, self._view = document, view
        view.canvas.thumbnails = self.of
        document.analysed.connect(self._look)
        self._look(None)

    def of(self, node_id: str) -> list[QImage] | None:
        """Pictures that are there already."""
        return self._found.get(node_id)

    def _look(self, _: object) -> None:
        if self._document is None:
            return
        for node in self._document.document.graph.nodes.values():
            spec = self._document.registry.node(node.type)
            facts = self._document.analysis.facts(node.id)
            if node.id in self._asked or facts is None or not isinstance(spec, SourceSpec) or not spec.dataset.thumbnails:
                continue
            self._asked.add(node.id)
            self._ask(node.id, spec, dict(facts.values), self._document.path)

    def _ask(self, node_id: str, spec: SourceSpec, values: Values, path: Path | None) -> None:
        from graph_compiler.datasets.download import keras_home

        place = Place(path.parent if path else Path.home(), keras_home())
        self._work.run(lambda: load_images(node_id, spec, values, place))

    def _arrived(self, answer: tuple[str, list[QImage]]) -> None:
        node_id, images = answer
        self._found[node_id] = images
        if self._view is not None and images:
            self._view.canvas.looks.update_thumbnails(node_id)

    @property
    def settled(self) -> bool:
        """Whether no pictures are on their way."""
        return not self._work.busy

    def shut_down(self) -> None:
        """Wait for the last picture."""
        self._document = None
        self._work.wait()
