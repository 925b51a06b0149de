"""How the parts of the window stand: docks beside the canvas, the workbench below; remembered, and put back on demand."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.docks import Docks
from app.settings import Settings
from widgets.breadcrumb import CanvasColumn
from widgets.motion import PANEL, animate, motion
from widgets.parts import Line
from widgets.workbench import OPEN_HEIGHT

if TYPE_CHECKING:
    from app.window import MainWindow

LEAST_CANVAS, LEAST_BENCH = 260, 260
"""Heights that canvas and workbench keep beside one another."""
ROOMY, SHARE = 416, 0.5
"""What the workbench leaves to the canvas of itself, or in a low window this share of the height: both can be worked in."""


class Arrangement(QObject):
    """Lays the parts of a window out. `stack` shows the drawing or the gallery, `split` canvas and workbench."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.editor = QMainWindow()
        self.editor.setWindowFlags(Qt.WindowType.Widget)
        self.editor.setCentralWidget(CanvasColumn(window.breadcrumb, window.canvas))
        self.docks = Docks(self.editor, {
            "palette": window.palette_dock, "inspector": window.inspector, "outline": window.panels.outline,
            "history": window.panels.history})
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.editor)
        self.split.addWidget(window.workbench)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.split)
        window.setCentralWidget(self._make_whole())
        self.split.splitterMoved.connect(self._moved)
        window.workbench.changed.connect(self._workbench_changed)
        window.breadcrumb.dock_wanted.connect(self.docks.toggle)

    def _make_whole(self) -> QWidget:
        whole, window = QWidget(), self._window
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget, stretch in ((window.header, 0), (Line(), 0), (self.stack, 1), (Line(), 0), (window.status, 0)):
            box.addWidget(widget, stretch)
        return whole

    @property
    def _settings(self) -> Settings:
        return self._window.settings

    # Remembering.

    def restore(self) -> None:
        """As the settings say."""
        window, settings = self._window, self._settings
        if settings.geometry:
            window.restoreGeometry(QByteArray(b64decode(settings.geometry)))
        else:
            room = window.screen().availableGeometry()
            window.resize(min(1600, room.width()), min(1000, room.height() - 32))
        if settings.docks:
            self.docks.restore(settings.docks, window.width())
        if settings.families is not None:
            window.palette_dock.set_expanded(settings.families)
        window.breadcrumb.minimap.setChecked(settings.minimap)
        self.docks.fit(window.width())
        self.docks.shown.connect(lambda name, on: window.actions_by_id[name].setChecked(on))
        self.docks.shown.connect(window.breadcrumb.show_dock)
        self.docks.tell()

    def remember(self) -> None:
        """Into the settings."""
        self._settings.geometry = b64encode(bytes(self._window.saveGeometry().data())).decode()
        self._settings.docks = self.docks.state
        self._settings.families = list(self._window.palette_dock.expanded)

    def reset(self) -> None:
        """Docks, workbench and minimap as they were at first."""
        self._settings.workbench_height = OPEN_HEIGHT
        self.docks.reset(self._window.width())
        self._window.workbench.set_state("closed")
        self._window.breadcrumb.minimap.setChecked(True)
        self._window.canvas.home()

    # The workbench.

    def _moved(self, *_: object) -> None:
        if self._window.workbench.state == "open":
            self._settings.workbench_height = self.split.sizes()[1]

    def _workbench_changed(self, state: str) -> None:
        workbench = self._window.workbench
        page = workbench.stack.currentWidget()
        if state == "filled" and page is not None:  # the keyboard goes with the page, not to what comes after the canvas
            page.setFocus()
        self.editor.setVisible(state != "filled")
        if state == "open":
            workbench.hold(bool(motion.span(PANEL)) and self.split.sizes()[1] < LEAST_BENCH)
            height = self._bench_height()
            QTimer.singleShot(0, self, lambda: self._give_height(height))
        elif state == "closed":
            QTimer.singleShot(0, self, self._close)
        self._window.actions_by_id["workbench"].setChecked(state != "closed")

    def _bench_height(self) -> int:
        """The height a person has given the workbench, as far as there is room; else its own, or its share of a low window."""
        room, wanted = self.split.height(), self._settings.workbench_height
        most = max(room - ROOMY, round(room * SHARE)) if wanted == OPEN_HEIGHT else room - LEAST_CANVAS
        return min(wanted, max(LEAST_BENCH, most))

    def _give_height(self, height: int) -> None:
        """Give the workbench its height, and show the whole drawing in what is left."""
        workbench, canvas = self._window.workbench, self._window.canvas
        if workbench.state != "open":
            return
        start = self.split.sizes()[1]

        def step(share: float) -> None:
            if workbench.state == "open":
                now = round(start + (height - start) * share)
                self.split.setSizes([self.split.height() - now, now])

        def done() -> None:
            workbench.hold(False)
            step(1.0)
            if workbench.state == "open" and not canvas.visible_rect().contains(canvas.canvas.content_rect()):
                canvas.fit()

        animate(self, PANEL, step, done)

    def _close(self) -> None:
        """Give the canvas everything but the strip of tabs."""
        workbench = self._window.workbench
        if workbench.state == "closed":
            strip = workbench.minimumHeight()
            self.split.setSizes([self.split.height() - strip, strip])
            self._window.canvas.home()
