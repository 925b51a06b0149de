"""Whether the user's data files still are what the document says: looked at in the background, shown as problems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from graph_compiler.datasets.download import keras_home
from graph_compiler.specs.datasets import DataProblem, Place, SourceSpec
from widgets.background import Background
from widgets.document import GraphDocument

if TYPE_CHECKING:
    from graph_compiler.specs.nodes import Values

Task = tuple[str, SourceSpec, "Values"]


def problems_of(tasks: list[Task], place: Place) -> dict[str, DataProblem]:
    """What is wrong with each source, by node id."""
    found = {}
    for node_id, spec, values in tasks:
        try:
            if spec.dataset.check is not None:
                spec.dataset.check(values, place)
        except DataProblem as problem:
            found[node_id] = problem
    return found


class DataCheck(QObject):
    """Looks at the sources of one document when it opens, when their parameters change and when the window comes back."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work = Background(self)
        self._work.done.connect(self._told)
        self._document: GraphDocument | None = None
        self._last: list[Task] = []

    def watch(self, document: GraphDocument) -> None:
        """Look after this document."""
        self._document, self._last = document, []
        document.analysed.connect(self._changed)
        self.look()

    def _tasks(self) -> list[Task]:
        if self._document is None:
            return []
        found: list[Task] = []
        for node_id, node in self._document.document.graph.nodes.items():
            spec, facts = self._document.registry.node(node.type), self._document.analysis.facts(node_id)
            if isinstance(spec, SourceSpec) and spec.dataset.check is not None and facts is not None:
                found.append((node_id, spec, dict(facts.values)))
        return found

    def _changed(self, _: object) -> None:
        if self._tasks() != self._last:
            self.look()

    def look(self) -> None:
        """Look at every file now."""
        self._last = tasks = self._tasks()
        if tasks and self._document is not None:
            path = self._document.path
            place = Place(path.parent if path else Path.home(), keras_home())
            self._work.run(lambda: problems_of(tasks, place))

    def _told(self, problems: dict[str, DataProblem]) -> None:
        if self._document is not None:
            self._document.set_data_problems(problems)

    def shut_down(self) -> None:
        """Wait for the last look."""
        self._document = None
        self._work.wait()
