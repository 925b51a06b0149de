"""Text of several lines with the line heights of the look: 11/16, 12/16, 13/20, 15/20, 20/28."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from widgets.fonts import text_scale

_HEIGHTS = {11: 16, 12: 16, 13: 20, 14: 20, 15: 20, 20: 28}


def line_height(font: QFont) -> int:
    """The distance of two base lines; never less than the font needs."""
    plain = round(font.pixelSize() / text_scale())
    wanted = _HEIGHTS.get(plain, round(plain * 1.4))
    return max(round(wanted * text_scale()), round(QFontMetricsF(font).height()))


@lru_cache(maxsize=1024)
def lines(text: str, font: str, width: int) -> tuple[str, ...]:
    """The lines of a text that is so wide at most, by the key of a font (`QFont.toString`). Line breaks of its own stay."""
    real = QFont()
    real.fromString(font)
    return tuple(line for part in text.split("\n") for line in _broken(part, real, width))


def _broken(text: str, font: QFont, width: int) -> list[str]:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    found: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        found.append(text[line.textStart():line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return found or [""]


def paragraph_height(text: str, font: QFont, width: int) -> int:
    """How high a text is in this width."""
    return len(lines(text, font.toString(), width)) * line_height(font)


def paint_paragraph(painter: QPainter, box: QRectF, text: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
    """Paint a text in the painter's font and pen from the top of the box on; `align` is the horizontal alignment."""
    font = painter.font()
    pitch = line_height(font)
    for place, line in enumerate(lines(text, font.toString(), int(box.width()))):
        row = QRectF(box.left(), box.top() + place * pitch, box.width(), pitch)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | align | Qt.TextFlag.TextDontClip), line)
