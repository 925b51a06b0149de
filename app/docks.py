"""The docks beside the canvas: palette and inspector, hidden and shown, narrower in a narrow window, remembered."""

from __future__ import annotations

from base64 import b64decode, b64encode

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

NARROW = 1360
"""Below this width of the window the docks are narrower."""
AREAS = {"palette": Qt.DockWidgetArea.LeftDockWidgetArea, "inspector": Qt.DockWidgetArea.RightDockWidgetArea}


class Docks(QObject):
    """Two docks of an editor. `shown(name, visible)` when one is hidden or shown."""

    shown = Signal(str, bool)

    def __init__(self, editor: QMainWindow, palette: QWidget, inspector: QWidget) -> None:
        super().__init__(editor)
        self._editor = editor
        self._docks = {name: _dock(name, content) for name, content in (("palette", palette), ("inspector", inspector))}
        for name, dock in self._docks.items():
            editor.addDockWidget(AREAS[name], dock)

    def set_content(self, name: str, content: QWidget) -> None:
        """Put another widget into a dock."""
        self._docks[name].setWidget(content)

    def toggle(self, name: str) -> None:
        """Hide or show a dock."""
        self._docks[name].setVisible(not self._docks[name].isVisible())
        self.tell()

    def tell(self) -> None:
        """Say which docks are shown."""
        for name, dock in self._docks.items():
            self.shown.emit(name, not dock.isHidden())

    def fit(self, width: int) -> None:
        """Give the docks the widths that suit a window of this width."""
        sizes = [224, 280] if width < NARROW else [256, 312]
        self._editor.resizeDocks(list(self._docks.values()), sizes, Qt.Orientation.Horizontal)

    @property
    def state(self) -> str:
        """Places and visibility as text for the settings."""
        return b64encode(bytes(self._editor.saveState().data())).decode()

    def restore(self, state: str) -> None:
        """Take places and visibility from the settings."""
        self._editor.restoreState(QByteArray(b64decode(state)))


def _dock(name: str, content: QWidget) -> QDockWidget:
    dock = QDockWidget(name.capitalize())
    dock.setObjectName(name)
    dock.setWidget(content)
    dock.setTitleBarWidget(QWidget())
    return dock
