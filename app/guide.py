"""Opens the guide in the window, at the article a place in the window asks for, and goes back from it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app import paths
from app.thumbnails import load_samples
from graph_compiler.catalog import registry
from graph_compiler.specs.datasets import Place, SourceSpec
from widgets.background import Background
from widgets.canvas.samples import CardSamples
from widgets.document import GraphDocument

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.guide.page import GuidePage


class Guide(QObject):
    """The guide of one window; its page is made when it is first opened."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.page: GuidePage | None = None
        self._before: QWidget | None = None
        self._drawings: Drawings | None = None

    @property
    def shown(self) -> bool:
        """Whether the guide is in front."""
        return self.page is not None and self._window.stack.currentWidget() is self.page

    def open(self, article: str = "") -> None:
        """The guide at an article, else where it was left."""
        window, page = self._window, self._made()
        if not self.shown:
            self._before = window.stack.currentWidget()
        page.show_article(article)
        window.show_place(page, "Guide", "Esc closes the guide.")
        page.browser.setFocus()

    def open_for_selection(self) -> None:
        """The guide at the layer that is selected on the canvas."""
        window = self._window
        chosen = window.canvas.canvas.selected
        types = [] if window.in_gallery else [window.canvas.canvas.graph.nodes[n].type for n in chosen[-1:]]
        self.explain(types[0]) if types else self.open()

    def explain(self, node_type: str) -> None:
        """The article of a type of node; the contents for one without."""
        from app.guide_texts import TOLD

        spec = registry().node(node_type)
        self.open(f"layer-{node_type}" if spec is not None and spec.kind in TOLD else "blocks")

    def leave(self) -> bool:
        """Back to where one was. False when the guide is not in front."""
        if not self.shown:
            return False
        window = self._window
        window.show_drawing() if self._before is window.split else window.show_gallery()
        return True

    def _made(self) -> GuidePage:
        if self.page is None:
            from app.guide_texts import articles
            from widgets.guide.beside import Shown
            from widgets.guide.page import GuidePage

            about = {name: paths.template_about(name) for name in paths.template_ids()}
            shown = {name: Shown(str(a.get("title") or name), str(a.get("summary") or "")) for name, a in about.items()}
            self._drawings = Drawings(self)
            self.page = GuidePage(articles(registry()), shown, self._drawings.draw)
            self._drawings.page = self.page
            self.page.open_template.connect(self._window.open_template)
            self.page.closed.connect(self.leave)
            self._window.stack.addWidget(self.page)
        return self.page

    def texts_resized(self) -> None:
        """All texts have another size."""
        if self.page is not None:
            self.page.texts_resized()

    @property
    def settled(self) -> bool:
        """Whether no drawing waits for its samples."""
        return self._drawings is None or not self._drawings.busy

    def shut_down(self) -> None:
        """Wait for samples that are on their way."""
        if self._drawings is not None:
            self._drawings.shut_down()


class Drawings(QObject):
    """Templates as the canvas draws them. Samples of their data come a moment later, read in the background."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.page: GuidePage | None = None
        self._documents: dict[str, GraphDocument] = {}
        self._samples: dict[str, dict[str, CardSamples]] = {}
        self._waiting: set[str] = set()
        self._work = Background(self, newest_only=False)
        self._work.done.connect(self._arrived)

    def draw(self, name: str, width: int, sharpness: float) -> QImage:
        """The drawing of a template in the theme in force; a null image for an unknown one."""
        from widgets.canvas.picture import small_picture

        if name not in paths.template_ids():
            return QImage()
        if name not in self._documents:
            self._documents[name] = GraphDocument(paths.template(name), registry(), parent=self)
            self._samples[name] = {}
            self._waiting.add(name)
            QTimer.singleShot(0, self, partial(self._read, name))
        return small_picture(self._documents[name], width, sharpness, self._samples[name].get)

    def _read(self, name: str) -> None:
        from graph_compiler.datasets.download import keras_home
        from widgets.plots.pictures import decode_picture

        self._waiting.discard(name)
        document = self._documents[name]
        for node in document.document.graph.nodes.values():
            spec, facts = registry().node(node.type), document.analysis.facts(node.id)
            if isinstance(spec, SourceSpec) and spec.dataset.thumbnails and facts is not None and not facts.failed:
                place = Place(Path.home(), keras_home(), decode=decode_picture)
                self._work.run(partial(_named, name, node.id, spec, dict(facts.values), place))

    def _arrived(self, answer: tuple[str, str, CardSamples]) -> None:
        name, node_id, samples = answer
        self._samples[name][node_id] = samples
        if self.page is not None and f"drawing:{name}" in self.page.current.text:
            self.page.browser.rewrite()

    @property
    def busy(self) -> bool:
        """Whether samples are on their way."""
        return bool(self._waiting) or self._work.busy

    def shut_down(self) -> None:
        """Read no more."""
        self._work.wait()


def _named(name: str, node_id: str, spec: SourceSpec, values: dict[str, object], place: Place) -> tuple[str, str, CardSamples]:
    return name, *load_samples(node_id, spec, values, place)
