"""`netloom [FILE]`: the window. Where there cannot be one, it says why and which line does the job instead."""

from __future__ import annotations

import argparse
import ctypes
import difflib
import os
import shlex
import sys
from pathlib import Path

from app import paths
from app.cli import COMMANDS
from app.cli.common import USAGE, open_document, tell, usage
from app.doctor import APT, missing_libraries


def command(options: argparse.Namespace) -> int:
    """Open the window on a file, a template or the gallery; returns Qt's exit code, 2 where there can be no window."""
    file: str | None = options.file
    if file is not None:
        _known(file)
    reason = obstacle()
    if not reason:
        try:
            from widgets.imports import unhook

            unhook()
            from app.start import main
        except ImportError as error:
            if not of_qt(error):
                raise
            reason = f"Qt cannot be loaded: {error}."
        else:
            return main(file)
    tell(f"netloom: The window cannot open. {reason}")
    tell(f"Run this instead:\n    {instead(file)}")
    return USAGE


def _known(file: str) -> None:
    """Stop when FILE is no document, before a window opens: a damaged one is told by the window itself."""
    if Path(file).exists() or file in paths.template_ids():
        return
    near = difflib.get_close_matches(file, COMMANDS, n=1)
    if near and Path(file).suffix != paths.SUFFIX:
        raise usage(f"There is no command, file or template “{file}”. Did you mean netloom {near[0]}?")
    open_document(file)


def obstacle() -> str:
    """Why no window can open here, empty when nothing is known to stand in the way."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM", "") not in ("", "xcb"):
        return ""
    display, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if not display and not wayland:
        return "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
    missing = missing_libraries()
    if missing:
        return f"Qt needs libraries of the system that are not there: {', '.join(missing)}. Install them with: {APT}"
    if not wayland and display and not _answers(display):
        return f"The display {display} does not answer."
    return ""


def _answers(display: str) -> bool:
    """Whether an X server can be reached. Qt would end the whole program when it cannot."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
        xcb.xcb_connect.restype = ctypes.c_void_p
        xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
        connection = xcb.xcb_connect(display.encode(), None)
        failed = bool(xcb.xcb_connection_has_error(connection))
        xcb.xcb_disconnect(connection)
    except (OSError, AttributeError):
        return True
    return not failed


def of_qt(error: ImportError) -> bool:
    """Whether Qt or a library of the system that it needs is what could not be imported."""
    package = (error.name or "").split(".")[0]
    return package in ("PySide6", "shiboken6", "pyqtgraph") or ".so" in str(error) or "DLL" in str(error)


def instead(file: str | None) -> str:
    """The line that does without a window what a person would have done in it."""
    return f"netloom run {shlex.quote(file or 'digits-cnn')} --export keras,tflite,onnx"
