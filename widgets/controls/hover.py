"""Controls that light up under the pointer, within 80 ms."""

from __future__ import annotations

from PySide6.QtCore import QVariantAnimation
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from widgets.motion import HOVER, animate


class Glow:
    """How far one control is lit: `share` from 0 to 1. Call `turn` from `enterEvent` and `leaveEvent`."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self.share = 0.0
        self._moving: QVariantAnimation | None = None

    def turn(self, on: bool) -> None:
        """Light up, or go out."""
        if self._moving is not None and isValid(self._moving):
            self._moving.stop()
        start, end = self.share, float(on)
        self._moving = animate(self._widget, HOVER, lambda share: self._step(start + (end - start) * share))

    def _step(self, share: float) -> None:
        self.share = share
        self._widget.update()


def mixed(a: QColor, b: QColor, share: float) -> QColor:
    """A colour between two, 0 gives the first."""
    def between(x: float, y: float) -> float:
        return x + (y - x) * share

    return QColor.fromRgbF(between(a.redF(), b.redF()), between(a.greenF(), b.greenF()), between(a.blueF(), b.blueF()))
