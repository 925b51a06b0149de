"""Pens for curves: as wide on a sharp screen as on an ordinary one, although plots draw in the pixels of the screen."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from widgets.pens import screen_scale


def line_pen(color: QColor | None, width: float = 1.0, **more: Any) -> QPen:
    """A pen `width` wide at 100 % scaling; `dash` and `style` as pyqtgraph has them. No line for no colour."""
    if color is None:
        return QPen(pg.mkPen(None))
    return QPen(pg.mkPen(color, width=width * screen_scale(), **more))
