"""Where one is in the drawing: canvas, path above it and inspector always show the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.inspector import Inspector


class Places(QObject):
    """Keeps the parts of one window at one place, and jumps to nodes by their paths."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.known: frozenset[str] = frozenset()
        """Nodes of the drawing itself that were there at the last look."""
        canvas = window.canvas
        canvas.selection_changed.connect(self._inspect)
        canvas.edit_wanted.connect(self._edit)
        canvas.trail.moved.connect(self._moved)
        window.breadcrumb.go.connect(canvas.trail.go)

    def adopt(self, inspector: Inspector) -> None:
        """Another inspector: it shows what is selected, and what it asks for is done on the canvas."""
        canvas = self._window.canvas.canvas
        inspector.set_selection(list(canvas.selected), canvas.scope, canvas.outer)
        inspector.wanted.connect(self._carry_out)
        inspector.jump.connect(self.jump)
        inspector.explain.connect(self._window.guide.explain)
        inspector.file_wanted.connect(self._choose_file)
        inspector.looked_at.connect(self._look_at)

    def _look_at(self, path: str) -> None:
        self._window.pages.training.watching.look_at(path)

    def _choose_file(self, node_id: str) -> None:
        self._window.pages.choose_file(node_id)

    def _carry_out(self, verb: str) -> None:
        getattr(self._window.canvas.verbs, verb)()
        self._window.canvas.setFocus()

    def start(self) -> None:
        """Another document is shown."""
        self.known = frozenset(self._window.document.document.graph.nodes)

    def jump(self, path: str) -> None:
        """Show a node on the canvas, by its path through the blocks it stands in."""
        window = self._window
        if window.workbench.state == "filled":
            window.workbench.set_state("open")
        window.canvas.trail.jump(path)

    def show_training(self) -> None:
        """The settings of the training, in the inspector of the whole drawing, with the keyboard in the epochs."""
        window = self._window
        if window.workbench.state == "filled":
            window.workbench.set_state("open")
        if window.docks.dock("inspector").isHidden():
            window.docks.toggle("inspector")
        window.canvas.trail.go("")
        window.canvas.select([])
        window.inspector.show_training()

    def show_name(self, name: str) -> None:
        """The document's name, and the blocks one has gone into."""
        self._window.breadcrumb.set_path(name, self._window.canvas.trail.crumbs())

    def reveal_new(self) -> None:
        """A source that another tab has added is shown on the canvas."""
        window = self._window
        there = frozenset(window.document.document.graph.nodes)
        fresh, self.known = there - self.known, there
        if len(fresh) == 1 and window.workbench.current == "Data":
            window.canvas.trail.jump(next(iter(fresh)))

    def _inspect(self, ids: list[str]) -> None:
        canvas = self._window.canvas.canvas
        self._window.inspector.set_selection(list(ids), canvas.scope, canvas.outer)

    def _edit(self) -> None:
        self._window.inspector.focus_first()

    def _moved(self, _: str) -> None:
        self._inspect(self._window.canvas.canvas.selected)
        self._window.refresh_title()
