"""Files that are dragged over a widget and dropped there, with the events the window system sends."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

_LEFT, _KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def _data(paths: tuple[Path, ...]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def hover_files(widget: QWidget, *paths: Path) -> bool:
    """Drag files over a widget. Whether somebody, the widget or one around it, takes them."""
    data = _data(paths)
    event = QDragEnterEvent(QPoint(40, 40), Qt.DropAction.CopyAction, data, _LEFT, _KEYS)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def leave(widget: QWidget) -> None:
    """Drag on, past the widget."""
    QApplication.sendEvent(widget, QDragLeaveEvent())


def drop_files(widget: QWidget, *paths: Path) -> bool:
    """Drag files over a widget and let go. Whether they were taken."""
    if not hover_files(widget, *paths):
        leave(widget)
        return False
    data = _data(paths)
    event = QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, data, _LEFT, _KEYS)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
