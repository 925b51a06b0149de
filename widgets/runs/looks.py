"""How chosen runs are told apart: each has a colour and a mark of its own, in the table and in the plot."""

from __future__ import annotations

from PySide6.QtGui import QColor

from widgets.theme import theme

MOST = 6
"""Curves that are drawn at most."""
MARKS = ("o", "s", "t", "d", "star", "x")
"""pyqtgraph's names of the marks, in turn."""
_HUES = ("green", "purple", "sky")


def run_color(slot: int) -> QColor:
    """The colour of the n-th chosen run."""
    t = theme()
    tokens = (t.train, t.val, *(t.hues[name].ink for name in _HUES), t.text2)
    return QColor(tokens[slot % MOST])
