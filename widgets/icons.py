"""Icons: strokes in a box of 16 units, drawn when they are needed in whatever colour is asked for.

Each icon is one line of a small path language: `M x y`, `L x y`, `C x y x y x y`, `Q x y x y`, `Z`, `O cx cy r` (circle),
`R x y w h r` (rounded box), `A x y w h start sweep` (arc, degrees). What follows `!` is filled, the rest is stroked 1.5 wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap

from widgets.theme import theme

BOX = 16.0
STROKE = 1.5

FAMILY_ICONS = {
    "sources": "A 3 1.8 10 4 0 360 M 3 3.8 L 3 12.2 A 3 10.2 10 4 180 180 M 13 3.8 L 13 12.2 A 3 6 10 4 180 180",
    "noise": "M 1.5 8 L 3.5 8 L 5.2 3 L 7 12.5 L 9 5 L 10.8 11 L 12.4 8 L 14.5 8",
    "preprocessing": "M 1.5 5 L 8 5 M 12 5 L 14.5 5 O 10 5 1.9 M 1.5 11 L 4 11 M 8 11 L 14.5 11 O 6 11 1.9",
    "normalisation": "M 1.5 13 C 6 13 6 3 8 3 C 10 3 10 13 14.5 13 M 8 6.5 L 8 13",
    "regularisation": "O 4 4 1.7 O 12 12 1.7 ! O 12 4 2.2 O 4 12 2.2",
    "convolution": "R 2 2 12 12 1.5 M 6 2 L 6 14 M 10 2 L 10 14 M 2 6 L 14 6 M 2 10 L 14 10 ! R 6 6 4 4 0",
    "pooling": "R 1.5 3 7 10 1.2 M 5 3 L 5 13 M 1.5 8 L 14.5 8 M 12 5.5 L 14.5 8 L 12 10.5",
    "core": "O 3.2 3.6 1.6 O 12.8 3.6 1.6 O 3.2 12.4 1.6 O 12.8 12.4 1.6 "
            "M 4.8 4 L 11.2 12 M 11.2 4 L 4.8 12 M 4.9 3.6 L 11.1 3.6 M 4.9 12.4 L 11.1 12.4",
    "recurrent": "A 2.5 2.8 11 11 50 -290 M 10.4 1.4 L 11.8 4 L 9.2 5.4 ! O 8 8.3 1.3",
    "attention": "M 1.2 8 C 4 2.6 12 2.6 14.8 8 C 12 13.4 4 13.4 1.2 8 Z O 8 8 2.2",
    "objectives": "O 8 8 6.2 O 8 8 3.4 ! O 8 8 1.2",
    "merge": "M 1.5 3.5 L 4 3.5 C 7.5 3.5 6.5 8 10 8 L 14 8 M 1.5 12.5 L 4 12.5 C 7.5 12.5 6.5 8 10 8 "
             "M 11.8 5.8 L 14 8 L 11.8 10.2",
    "reshape": "R 1.5 3 6.5 10 1 M 4.75 3 L 4.75 13 M 1.5 8 L 11 8 M 13.5 2.5 L 13.5 13.5",
    "operations": "M 2 4 L 6 4 M 4 2 L 4 6 M 10 4 L 14 4 M 2.4 10.4 L 5.6 13.6 M 5.6 10.4 L 2.4 13.6 M 10 12 L 14 12 "
                  "! O 12 9.7 0.9 O 12 14.3 0.9",
    "blocks": "R 2 5 9 9 1.5 M 5 5 L 5 3.5 Q 5 2 6.5 2 L 12.5 2 Q 14 2 14 3.5 L 14 9.5 Q 14 11 12.5 11 L 11 11",
    "outputs": "M 6.5 3 L 6.5 2.8 Q 6.5 2 7.5 2 L 13 2 Q 14 2 14 3 L 14 13 Q 14 14 13 14 L 7.5 14 Q 6.5 14 6.5 13.2 L 6.5 13 "
               "M 1.5 8 L 10.5 8 M 8 5.5 L 10.5 8 L 8 10.5",
    "inputs": "M 9.5 3 L 9.5 2.8 Q 9.5 2 8.5 2 L 3 2 Q 2 2 2 3 L 2 13 Q 2 14 3 14 L 8.5 14 Q 9.5 14 9.5 13.2 L 9.5 13 "
              "M 5.5 8 L 14.5 8 M 12 5.5 L 14.5 8 L 12 10.5",
    "notes": "M 3 2 L 13 2 L 13 10 L 9.5 14 L 3 14 Z M 13 10 L 9.5 10 L 9.5 14 M 5.5 5.5 L 10.5 5.5 M 5.5 8.5 L 8 8.5",
}

SYMBOLS = {
    "play": "! M 4.5 2.5 L 12.8 8 L 4.5 13.5 Z",
    "pause": "! R 4 3 2.6 10 0.6 R 9.4 3 2.6 10 0.6",
    "stop": "! R 3.5 3.5 9 9 1.2",
    "undo": "M 5.5 2.5 L 2.5 5.5 L 5.5 8.5 M 2.5 5.5 L 9.5 5.5 C 15 5.5 15 13 9.5 13 L 6 13",
    "redo": "M 10.5 2.5 L 13.5 5.5 L 10.5 8.5 M 13.5 5.5 L 6.5 5.5 C 1 5.5 1 13 6.5 13 L 10 13",
    "search": "O 7 7 4.7 M 10.6 10.6 L 14.2 14.2",
    "chevron-right": "M 6 3.5 L 10.5 8 L 6 12.5",
    "chevron-left": "M 10 3.5 L 5.5 8 L 10 12.5",
    "chevron-down": "M 3.5 6 L 8 10.5 L 12.5 6",
    "chevron-up": "M 3.5 10 L 8 5.5 L 12.5 10",
    "close": "M 3.8 3.8 L 12.2 12.2 M 12.2 3.8 L 3.8 12.2",
    "info": "O 8 8 6.3 M 8 7.4 L 8 11.2 ! O 8 5 0.95",
    "guide": "O 8 8 6.3 M 6 6.4 C 6 3.6 10.2 3.6 10.2 6.2 C 10.2 8 8 7.9 8 9.6 ! O 8 11.9 0.95",
    "more": "! O 3 8 1.25 O 8 8 1.25 O 13 8 1.25",
    "error": "O 8 8 6.3 M 8 4.6 L 8 8.6 ! O 8 11.2 0.95",
    "warning": "M 8 2 L 14.6 13.6 L 1.4 13.6 Z M 8 6.4 L 8 9.6 ! O 8 11.6 0.85",
    "check": "M 2.8 8.6 L 6.2 12 L 13.2 4.4",
    "mute": "M 1.5 8 L 4 8 M 12 8 L 14.5 8 M 4 4.5 L 12 11.5 M 6.6 8 L 9.4 8",
    "snowflake": "M 8 1.5 L 8 14.5 M 2.4 4.7 L 13.6 11.3 M 13.6 4.7 L 2.4 11.3",
    "grip": "! O 6 3.5 1.05 O 10 3.5 1.05 O 6 8 1.05 O 10 8 1.05 O 6 12.5 1.05 O 10 12.5 1.05",
    "link": "M 6.8 9.2 L 9.2 6.8 M 7 4.6 L 8.9 2.7 C 11.2 0.6 15.4 4.8 13.3 7.1 L 11.4 9 M 9 11.4 L 7.1 13.3 "
            "C 4.8 15.4 0.6 11.2 2.7 8.9 L 4.6 7",
    "fit": "M 2 5.5 L 2 3 Q 2 2 3 2 L 5.5 2 M 10.5 2 L 13 2 Q 14 2 14 3 L 14 5.5 M 14 10.5 L 14 13 Q 14 14 13 14 L 10.5 14 "
           "M 5.5 14 L 3 14 Q 2 14 2 13 L 2 10.5",
    "magnet": "M 3 2.2 L 3 8 C 3 15 13 15 13 8 L 13 2.2 L 9.9 2.2 L 9.9 8 C 9.9 10.7 6.1 10.7 6.1 8 L 6.1 2.2 Z "
              "M 3 5.4 L 6.1 5.4 "
              "M 9.9 5.4 L 13 5.4",
    "map": "R 1.8 2.8 12.4 10.4 1.5 R 6.6 7 4.8 3.4 0.6",
    "tidy": "R 1.5 2 4.4 4 0.8 R 10.1 2 4.4 4 0.8 R 10.1 10 4.4 4 0.8 M 5.9 4 L 10.1 4 M 8 4 L 8 12 L 10.1 12",
    "plus": "M 8 2.8 L 8 13.2 M 2.8 8 L 13.2 8",
    "minus": "M 2.8 8 L 13.2 8",
    "folder": "M 1.8 4 Q 1.8 3 2.8 3 L 6 3 L 7.6 5 L 13.2 5 Q 14.2 5 14.2 6 L 14.2 12 "
              "Q 14.2 13 13.2 13 L 2.8 13 Q 1.8 13 1.8 12 Z",
    "file": "M 3.5 2.5 Q 3.5 1.6 4.4 1.6 L 9 1.6 L 12.5 5.2 L 12.5 13.5 Q 12.5 14.4 11.6 14.4 L 4.4 14.4 Q 3.5 14.4 3.5 13.5 Z "
            "M 9 1.6 L 9 5.2 L 12.5 5.2",
    "no-file": "M 3.5 6 L 3.5 2.5 Q 3.5 1.6 4.4 1.6 L 9 1.6 L 12.5 5.2 L 12.5 10.4 M 9 1.6 L 9 5.2 L 12.5 5.2 "
               "M 3.5 9.4 L 3.5 13.5 Q 3.5 14.4 4.4 14.4 L 11.6 14.4 M 1.6 2.6 L 14.4 14.4",
    "download": "M 8 2 L 8 10.2 M 4.6 7 L 8 10.4 L 11.4 7 M 2.2 13.6 L 13.8 13.6",
    "expand": "M 9.5 2.2 L 13.8 2.2 L 13.8 6.5 M 13.6 2.4 L 9.6 6.4 M 6.5 13.8 L 2.2 13.8 L 2.2 9.5 M 2.4 13.6 L 6.4 9.6",
    "collapse": "M 9.4 2.6 L 9.4 6.6 L 13.4 6.6 M 9.6 6.4 L 14 2 M 6.6 13.4 L 6.6 9.4 L 2.6 9.4 M 6.4 9.6 L 2 14",
    "chip": "R 3.6 3.6 8.8 8.8 1.4 R 6.4 6.4 3.2 3.2 0.4 M 6 1.4 L 6 3.4 M 10 1.4 L 10 3.4 M 6 12.6 L 6 14.6 "
            "M 10 12.6 L 10 14.6 "
            "M 1.4 6 L 3.4 6 M 1.4 10 L 3.4 10 M 12.6 6 L 14.6 6 M 12.6 10 L 14.6 10",
    "clock": "O 8 8 6.3 M 8 4.3 L 8 8 L 10.6 9.6",
    "pen": "M 2.4 13.6 L 3.2 10.4 L 10.9 2.7 Q 11.7 1.9 12.5 2.7 L 13.3 3.5 Q 14.1 4.3 13.3 5.1 L 5.6 12.8 Z",
    "eraser": "M 6 13.5 L 2.6 10.1 Q 1.9 9.4 2.6 8.7 L 8.7 2.6 Q 9.4 1.9 10.1 2.6 L 13.4 5.9 Q 14.1 6.6 13.4 7.3 L 7.2 13.5 Z "
              "M 5.6 5.7 L 10.3 10.4",
    "copy": "R 5.2 5.2 8.8 8.8 1.4 "
            "M 10.8 5.2 L 10.8 3.2 Q 10.8 2 9.6 2 L 3.2 2 Q 2 2 2 3.2 L 2 9.6 Q 2 10.8 3.2 10.8 L 5.2 10.8",
    "lock": "R 3 7 10 7 1.4 M 5.2 7 L 5.2 4.8 C 5.2 1.2 10.8 1.2 10.8 4.8 L 10.8 7",
    "spark": "M 8 1.5 L 8 4.8 M 8 11.2 L 8 14.5 M 1.5 8 L 4.8 8 M 11.2 8 L 14.5 8 M 3.4 3.4 L 5.7 5.7 M 10.3 10.3 L 12.6 12.6 "
             "M 12.6 3.4 L 10.3 5.7 M 5.7 10.3 L 3.4 12.6",
    "dock-left": "R 1.8 2.8 12.4 10.4 1.5 M 6 2.8 L 6 13.2",
    "dock-right": "R 1.8 2.8 12.4 10.4 1.5 M 10 2.8 L 10 13.2",
    "rows": "M 2 3.5 L 14 3.5 M 2 8 L 14 8 M 2 12.5 L 9.5 12.5",
    "trash": "M 2.5 4.2 L 13.5 4.2 M 6 4.2 L 6 2.2 L 10 2.2 L 10 4.2 M 4 4.2 L 4.6 13.8 L 11.4 13.8 L 12 4.2",
    "sun": "O 8 8 3 M 8 1.2 L 8 2.8 M 8 13.2 L 8 14.8 M 1.2 8 L 2.8 8 M 13.2 8 L 14.8 8",
}

ICONS = {**FAMILY_ICONS, **SYMBOLS}


OWN_TILES = {"Noise": "noise", "BlockInput": "inputs", "Block input": "inputs", "BlockOutput": "outputs",
             "Block output": "outputs"}
"""Node types whose icon is not that of their family."""


class _Shape:
    """The two paths of an icon: what is stroked and what is filled."""

    def __init__(self, text: str) -> None:
        stroked, _, filled = text.partition("!")
        self.stroke, self.fill = _path(stroked), _path(filled)


def _path(text: str) -> QPainterPath:
    """The path of one line of the path language."""
    path, words = QPainterPath(), iter(text.split())
    for command in words:
        _draw(path, command, words)
    return path


_COUNTS = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0, "O": 3, "R": 5, "A": 6}


def _draw(path: QPainterPath, command: str, words: Iterator[str]) -> None:
    n = [float(next(words)) for _ in range(_COUNTS[command])]
    if command == "M":
        path.moveTo(*n)
    elif command == "L":
        path.lineTo(*n)
    elif command == "C":
        path.cubicTo(*n)
    elif command == "Q":
        path.quadTo(*n)
    elif command == "Z":
        path.closeSubpath()
    elif command == "O":
        path.addEllipse(n[0] - n[2], n[1] - n[2], 2 * n[2], 2 * n[2])
    elif command == "R":
        path.addRoundedRect(QRectF(*n[:4]), n[4], n[4])
    else:
        box = QRectF(*n[:4])
        path.arcMoveTo(box, n[4])
        path.arcTo(box, n[4], n[5])


@cache
def _shape(name: str) -> _Shape:
    return _Shape(ICONS[name])


def paint_icon(painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
    """Draw an icon into `rect` (scene or widget units). KeyError for a name that is not in `ICONS`."""
    shape = _shape(name)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / BOX, rect.height() / BOX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(shape.stroke)
    if not shape.fill.isEmpty():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPath(shape.fill)
    painter.restore()


class _Engine(QIconEngine):
    """Paints the strokes at any size; without a colour of its own it takes the theme's text colours."""

    def __init__(self, name: str, color: QColor | None) -> None:
        super().__init__()
        self._name, self._color = name, color

    def paint(self, painter: QPainter, rect, mode: QIcon.Mode, state: QIcon.State) -> None:  # type: ignore[no-untyped-def]
        color = self._color or theme().color("text2")
        if mode == QIcon.Mode.Disabled:
            color = theme().color("text3", 0.5)
        paint_icon(painter, self._name, QRectF(rect), QColor(color))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, picture.rect(), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color)


def icon(name: str, color: QColor | str | None = None, size: int = 16) -> QIcon:
    """An icon for buttons and menus. `color` None follows the theme in force when it is painted.

    `size` is only the size the icon says it has; it is drawn sharp at every size. KeyError for an unknown name.
    """
    if name not in ICONS:
        raise KeyError(name)
    made = QIcon(_Engine(name, QColor(color) if color is not None else None))
    made.actualSize(QSize(size, size))
    return made


def paint_tile(painter: QPainter, family: str, rect: QRectF, radius: float = 6.0) -> None:
    """The tinted square with the family's icon in it, as cards, palette rows and headers show it."""
    hue = theme().hue(family)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(hue.tint))
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()
    side = rect.width() * 2 / 3
    inner = QRectF(0, 0, side, side)
    inner.moveCenter(rect.center())
    paint_icon(painter, family_icon(family), inner, QColor(hue.ink))


def tile_family(type_name: str, family: str) -> str:
    """Whose tile a node type has: its family's, or one of its own."""
    return OWN_TILES.get(type_name, family)


def family_icon(family: str) -> str:
    """The icon name of a family; an unknown family gets the signs of the operations."""
    return family if family in FAMILY_ICONS else "operations"
