"""Imports as Python does them, without PySide6's hook around them.

The hook reads the source of every imported module to look for `from __feature__ import ...`, which nothing here says, and
Python's line cache keeps what was read: 14 MB of this program, and a good part of its start.
"""

import builtins
import linecache

import PySide6.QtCore  # noqa: F401  sets the hook


def unhook() -> None:
    """Import plainly from now on, and let go of the sources read so far."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    linecache.clearcache()
