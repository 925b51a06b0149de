"""The docks beside the canvas: palette and inspector, and panels that are called; moved by handles, hidden, remembered."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from widgets.fonts import scaled
from widgets.handle import Handle
from widgets.motion import PANEL, animate, motion

NARROW = 1360
"""Below this width of the window the docks are narrower."""
LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
UNBOUND = 16_777_215
"""Qt's word for no largest width."""
AREAS = {"palette": LEFT, "inspector": RIGHT}
CALLED = {"outline": "palette", "history": "inspector"}
"""Docks that are hidden at first, each below one of the others."""


class Docks(QObject):
    """The docks of an editor by name. `shown(name, visible)` when one is hidden or shown."""

    shown = Signal(str, bool)

    def __init__(self, editor: QMainWindow, contents: Mapping[str, QWidget]) -> None:
        super().__init__(editor)
        self._editor = editor
        self._narrow: bool | None = None
        self._widths: dict[str, int] = {}
        """How wide a dock was before it was hidden."""
        self._docks = {name: self._make(name, content) for name, content in contents.items()}
        self._owed = False
        """Whether widths were chosen while the editor was not seen: Qt lays docks out only where they are."""
        for name in self._docks:
            self._put(name)
        editor.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._owed:
            QTimer.singleShot(0, self, self._give_widths)
        return False

    def _make(self, name: str, content: QWidget) -> QDockWidget:
        dock = QDockWidget(name.capitalize())
        dock.setObjectName(name)
        dock.setAllowedAreas(LEFT | RIGHT)
        dock.setWidget(content)
        handle = Handle(name.capitalize())
        handle.menu_wanted.connect(lambda place: self.menu(name).popup(place))
        dock.setTitleBarWidget(handle)
        dock.topLevelChanged.connect(handle.set_floating)
        return dock

    def _put(self, name: str) -> None:
        """To its first place."""
        dock = self._docks[name]
        if name in AREAS:
            self._editor.addDockWidget(AREAS[name], dock)
            dock.show()
        else:
            self._editor.splitDockWidget(self._docks[CALLED[name]], dock, Qt.Orientation.Vertical)
            dock.hide()

    def dock(self, name: str) -> QDockWidget:
        """A dock by its name. KeyError when there is none."""
        return self._docks[name]

    def menu(self, name: str) -> QMenu:
        """What can be done with a dock."""
        dock = self._docks[name]
        menu = QMenu(dock)
        menu.addAction("Move to the left", partial(self.move, name, LEFT))
        menu.addAction("Move to the right", partial(self.move, name, RIGHT))
        menu.addAction("Put back" if dock.isFloating() else "Float", lambda: dock.setFloating(not dock.isFloating()))
        menu.addSeparator()
        menu.addAction("Hide", partial(self.toggle, name))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def move(self, name: str, area: Qt.DockWidgetArea) -> None:
        """To one side of the canvas; beside the other dock when that one is there already."""
        dock = self._docks[name]
        dock.setFloating(False)
        self._editor.addDockWidget(area, dock, Qt.Orientation.Horizontal)

    def set_content(self, name: str, content: QWidget) -> None:
        """Put another widget into a dock."""
        self._docks[name].setWidget(content)

    def toggle(self, name: str) -> None:
        """Hide or show a dock; it slides in and out of its side."""
        dock = self._docks[name]
        if name in CALLED:  # it shares its side with another dock, whose width stays
            dock.setVisible(dock.isHidden())
            half = self._editor.height() // 2
            if half and not dock.isHidden():
                self._editor.resizeDocks([self._docks[CALLED[name]], dock], [half, half], Qt.Orientation.Vertical)
        elif dock.isHidden():
            dock.show()
            self._slide(dock, 1, self._widths.get(name, dock.sizeHint().width()), lambda: None)
        elif not dock.isFloating():
            self._widths[name] = dock.width()
            self._slide(dock, dock.width(), 1, dock.hide)
        else:
            dock.hide()
        self.tell()

    def _slide(self, dock: QDockWidget, start: int, end: int, done: Callable[[], object]) -> None:
        """Let the width of a dock go from one value to another; without motion it is left to Qt."""
        content = dock.widget()
        if not motion.span(PANEL) or dock.isFloating():
            done()
            self.tell()
            return
        least = content.minimumWidth()
        content.setMinimumWidth(1)

        def over() -> None:
            done()
            content.setMinimumWidth(least)
            dock.setMinimumWidth(0)
            dock.setMaximumWidth(UNBOUND)
            if not dock.isHidden():
                self._editor.resizeDocks([dock], [end], Qt.Orientation.Horizontal)
            self.tell()

        animate(dock, PANEL, lambda share: dock.setFixedWidth(round(start + (end - start) * share)), over)

    def tell(self) -> None:
        """Say which docks are shown."""
        for name, dock in self._docks.items():
            self.shown.emit(name, not dock.isHidden())

    def fit(self, width: int) -> None:
        """Give the docks the widths that suit a window of this width; what a person has set stays until it must give way."""
        if (width < NARROW) != self._narrow:
            self._narrow, self._owed = width < NARROW, not self._editor.isVisible()
            self._give_widths()

    def texts_resized(self) -> None:
        """Docks are as wide as their texts are large."""
        self._give_widths()

    def _give_widths(self) -> None:
        self._owed = self._owed and not self._editor.isVisible()
        sizes = [scaled(size) - 1 for size in ((224, 280) if self._narrow else (256, 312))]  # and a line of 1 beside each
        self._editor.resizeDocks([self._docks[name] for name in AREAS], sizes, Qt.Orientation.Horizontal)

    def reset(self, width: int) -> None:
        """Back to where they were at first."""
        for name, dock in self._docks.items():
            dock.setFloating(False)
            self._put(name)
        self._narrow = None
        self.fit(width)
        self.tell()

    @property
    def state(self) -> str:
        """Places and visibility as text for the settings."""
        return b64encode(bytes(self._editor.saveState().data())).decode()

    def restore(self, state: str, width: int) -> None:
        """Take places, widths and visibility from the settings of a window of this width."""
        if self._editor.restoreState(QByteArray(b64decode(state))):
            self._narrow = width < NARROW
