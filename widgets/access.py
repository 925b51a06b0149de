"""What assistive programs are told of our controls: a class names its role as `access_role`; names are set where it is made."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_installed: list[bool] = []


def install() -> None:
    """Let Qt ask here first. Once is enough for the life of the process."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_face)


def _face(_: str, thing: QObject) -> QAccessibleInterface | None:
    """The widget with the role of its class; None where Qt knows it better."""
    role = getattr(type(thing), "access_role", None)
    return QAccessibleWidget(thing, role) if isinstance(thing, QWidget) and role is not None else None
