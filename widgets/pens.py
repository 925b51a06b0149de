"""Pens that keep their width on the screen however far a view is zoomed, and are no thinner on a sharp screen.

Qt counts the width of such a pen in the pixels of the screen, everything else in points.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QPen


def screen_scale() -> float:
    """Pixels of the screen a point, 1 at 100 % scaling."""
    app = QGuiApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0


def steady(pen: QPen) -> QPen:
    """The same pen, as many points wide at every zoom. Its dashes, counted in widths, follow."""
    pen.setCosmetic(True)
    pen.setWidthF(pen.widthF() * screen_scale())
    return pen
