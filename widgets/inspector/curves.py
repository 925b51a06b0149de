"""Small pictures of activation functions for the list they are chosen from."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap

from widgets.theme import theme


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _elu(x: float) -> float:
    return x if x > 0 else math.exp(x) - 1


def _gelu(x: float) -> float:
    return x * 0.5 * (1 + math.erf(x / math.sqrt(2)))


def _clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


CURVES: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x, "relu": lambda x: max(x, 0.0), "relu6": lambda x: _clip(x, 0, 2), "sigmoid": _sigmoid,
    "softmax": _sigmoid, "tanh": math.tanh, "elu": _elu, "selu": lambda x: 1.05 * (x if x > 0 else 1.67 * (math.exp(x) - 1)),
    "celu": _elu, "gelu": _gelu, "silu": lambda x: x * _sigmoid(x), "swish": lambda x: x * _sigmoid(x),
    "softplus": lambda x: math.log1p(math.exp(x)), "softsign": lambda x: x / (1 + abs(x)),
    "exponential": lambda x: math.exp(x) / 4,
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x, "mish": lambda x: x * math.tanh(math.log1p(math.exp(x))),
    "hard_sigmoid": lambda x: _clip(x / 6 + 0.5, 0, 1), "hard_silu": lambda x: x * _clip(x / 6 + 0.5, 0, 1),
    "hard_swish": lambda x: x * _clip(x / 6 + 0.5, 0, 1), "hard_tanh": lambda x: _clip(x, -1, 1),
    "log_sigmoid": lambda x: math.log(_sigmoid(x)), "log_softmax": lambda x: math.log(_sigmoid(x)),
    "tanh_shrink": lambda x: x - math.tanh(x), "soft_shrink": lambda x: math.copysign(max(abs(x) - 0.7, 0), x),
    "hard_shrink": lambda x: x if abs(x) > 0.7 else 0.0, "squareplus": lambda x: (x + math.sqrt(x * x + 4)) / 2,
    "threshold": lambda x: max(x, 0.0), "glu": lambda x: x * _sigmoid(x), "sparse_plus": lambda x: max(x, 0.0),
    "sparse_sigmoid": lambda x: _clip(x / 2 + 0.5, 0, 1)}
SPAN = 3.0


class _Curve(QIconEngine):
    """Paints a function over -3..3 into a box 24 wide and 16 high."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        values = [CURVES[self._name](SPAN * (i / 12 - 1)) for i in range(25)]
        low, high = min(values), max(values)
        path = QPainterPath()
        for i, value in enumerate(values):
            y = rect.bottom() - 3 - (value - low) / max(high - low, 1e-9) * (rect.height() - 6)
            place = QPointF(rect.left() + 2 + i / 24 * (rect.width() - 4), y)
            if i:
                path.lineTo(place)
            else:
                path.moveTo(place)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(path)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, picture.rect(), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Curve(self._name)


@lru_cache(maxsize=64)
def curve_icon(name: str) -> QIcon | None:
    """The picture of an activation function, None for one without a curve."""
    return QIcon(_Curve(name)) if name in CURVES else None
