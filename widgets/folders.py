"""Folders, shown by the file manager of the system; told by their path where there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from widgets.dialogs import Choice, ask

COPY = "Copy the path"


def show_folder(folder: Path, parent: QWidget | None) -> None:
    """Show a folder beside the program, or say where it is."""
    if QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        return
    if ask(parent, "No file manager was found", f"The folder is {folder}", (Choice(COPY, primary=True),), cancel="Close",
           tone="info"):
        QGuiApplication.clipboard().setText(str(folder))
