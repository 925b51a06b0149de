"""The bar above the canvas: where one is, and what the view does: tidy, snap, minimap, fit, zoom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Button, IconButton
from widgets.crumbs import Crumbs
from widgets.fonts import text_width
from widgets.parts import Elided, Line, Pane, Words
from widgets.words import percent, plural

HEIGHT = 39
"""With the line below it is 40."""


class Breadcrumb(Pane):
    """The bar above the canvas. Buttons are wishes; `set_zoom` shows the zoom, `set_path` where one is."""

    go = Signal(str)
    """To a step of the path: the path of an instance, empty for the drawing itself."""
    tidy = Signal()
    fit = Signal()
    zoom_in = Signal()
    zoom_out = Signal()
    zoom_100 = Signal()
    snap_toggled = Signal(bool)
    minimap_toggled = Signal(bool)
    dock_wanted = Signal(str)
    """A dock that is hidden is wanted again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.setFixedHeight(HEIGHT)
        self.path = Crumbs()
        self.way_out = Elided("Esc leads out of the block", 12, 400, "text3")
        self.way_out.setMaximumWidth(round(text_width("Esc leads out of the block", 12)) + 6)
        self.way_out.hide()
        self.ablation = Button("", "mute", small=True)
        self.ablation.hide()
        self.zoom = Words("100 %", 12, 500, "text2")
        self.zoom.hold(44)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tidy, fit = IconButton("tidy", "Tidy (Ctrl+L)"), IconButton("fit", "Zoom to fit (F)")
        self.snap, self.minimap = IconButton("magnet", "Snap to the grid"), IconButton("map", "Minimap")
        smaller, larger = (IconButton(icon, words, 24, glyph=12)
                           for icon, words in (("minus", "Zoom out"), ("plus", "Zoom in")))
        for button in (self.snap, self.minimap):
            button.setCheckable(True)
            button.setChecked(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 1, 8, 0)
        row.setSpacing(8)
        self._hidden = {"palette": IconButton("dock-left", "Show the palette"),
                        "inspector": IconButton("dock-right", "Show the inspector")}
        for name, button in self._hidden.items():
            button.hide()
            button.clicked.connect(partial(self._want, name))
        row.addWidget(self._hidden["palette"])
        row.addWidget(self.path)
        row.addWidget(self.way_out, 99)
        row.addWidget(self.ablation)
        row.addStretch(1)
        for tool in (tidy, self.snap, self.minimap, fit):
            row.addWidget(tool)
        zoom = QHBoxLayout()
        zoom.setSpacing(0)
        for part in (smaller, self.zoom, larger):
            zoom.addWidget(part)
        row.addLayout(zoom)
        row.addWidget(self._hidden["inspector"])
        for button, signal in ((tidy, self.tidy), (fit, self.fit), (smaller, self.zoom_out), (larger, self.zoom_in)):
            button.clicked.connect(signal)
        self.path.go.connect(self.go)
        self.snap.toggled.connect(self.snap_toggled)
        self.minimap.toggled.connect(self.minimap_toggled)

    def show_muted(self, count: int) -> None:
        """Say how many nodes are left out of what is built, trained and exported."""
        self.ablation.setVisible(count > 0)
        if count:
            self.ablation.setText(f"{count} muted")
            self.ablation.setAccessibleName(f"{plural(count, 'node')} muted")
            self.ablation.setToolTip(f"{plural(count, 'node')} muted: left out of analysis, training and export. "
                                     "Click to find them.")

    def _want(self, name: str, _: bool = False) -> None:
        self.dock_wanted.emit(name)

    def show_dock(self, name: str, shown: bool) -> None:
        """While a dock is hidden, a button here brings it back."""
        if name in self._hidden:
            self._hidden[name].setVisible(not shown)

    def set_zoom(self, zoom: float) -> None:
        """Show the zoom, 1.0 is 100 %."""
        self.zoom.setText(percent(zoom, 0))

    def set_path(self, words: str, blocks: Sequence[tuple[str, str]] = ()) -> None:
        """The document's name, and (path, name) of every block one has gone into."""
        self.path.show_path([("", words), *blocks])
        self.way_out.setVisible(bool(blocks))


class CanvasColumn(QWidget):
    """The bar with the canvas below."""

    def __init__(self, bar: Breadcrumb, canvas: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(bar)
        box.addWidget(Line())
        box.addWidget(canvas, 1)
        self.setMinimumWidth(480)
