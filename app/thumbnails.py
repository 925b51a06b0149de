"""Sample pictures for the cards of sources: loaded once in the background, handed to the canvas as images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage

from graph_compiler.specs.datasets import DataProblem, Place, SourceSpec
from widgets.document import GraphDocument

if TYPE_CHECKING:
    from graph_compiler.specs.nodes import Values
    from widgets.canvas.view import CanvasView

COUNT = 10


class _Signals(QObject):
    ready = Signal(str, object)


class _Load(QRunnable):
    def __init__(self, node_id: str, spec: SourceSpec, values: Values, place: Place, signals: _Signals) -> None:
        super().__init__()
        self._node, self._spec, self._values, self._place, self._signals = node_id, spec, values, place, signals

    def run(self) -> None:
        from graph_compiler.datasets.thumbnails import thumbnails
        from widgets.plots.pictures import to_image

        try:
            table = self._spec.dataset.load(self._values, self._place)
            images = [to_image(pixels) for pixels in thumbnails(table, self._spec.dataset.thumbnails, COUNT)]
        except (DataProblem, OSError, ValueError, KeyError):
            images = []
        self._signals.ready.emit(self._node, images)


class Thumbnails(QObject):
    """Pictures by source id for one canvas at a time."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._signals = _Signals(self)
        self._signals.ready.connect(self._arrived)
        self._found: dict[str, list[QImage]] = {}
        self._asked: set[str] = set()
        self._document: GraphDocument | None = None
        self._view: CanvasView | None = None

    def watch(self, document: GraphDocument, view: CanvasView) -> None:
        """Serve this document on this view."""
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
            from graph_compiler.datasets.download import keras_home

            folder = self._document.path.parent if self._document.path else Path.home()
            self._pool.start(_Load(node.id, spec, dict(facts.values), Place(folder, keras_home()), self._signals))

    def _arrived(self, node_id: str, images: list[QImage]) -> None:
        self._found[node_id] = images
        if self._view is not None and images:
            self._view.canvas.update_thumbnails(node_id)

    @property
    def settled(self) -> bool:
        """Whether no pictures are on their way."""
        return self._pool.activeThreadCount() == 0 and self._asked <= self._found.keys()

    def shut_down(self) -> None:
        """Wait for the last picture."""
        self._document = None
        self._pool.clear()
        self._pool.waitForDone(3000)
