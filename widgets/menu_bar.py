"""The menu bar: the letters that open its menus are underlined while Alt is held, and never else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenuBar, QStyleOptionMenuItem, QWidget


class MenuBar(QMenuBar):
    """`underlined` says whether the letters are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.underlined = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.window().windowHandle()
        if handle is not None:  # what the keyboard says to the window comes by here, whoever has the focus
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Alt:
                self._underline(kind == QEvent.Type.KeyPress)
        elif kind == QEvent.Type.FocusOut:
            self._underline(False)
        return False

    def _underline(self, on: bool) -> None:
        if on != self.underlined:
            self.underlined = on
            self.update()

    def initStyleOption(self, option: QStyleOptionMenuItem, action: QAction) -> None:
        super().initStyleOption(option, action)
        if not self.underlined:
            option.text = option.text.replace("&", "")
