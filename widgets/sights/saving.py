"""Pictures of sights as PNG files: single tiles and whole sheets, enlarged without blur."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

GAP = 2
LARGE = 128
"""Pixels the longer side of a tile has at least."""


def enlarged(image: QImage, least: int = LARGE) -> QImage:
    """The picture, each pixel as a square of whole pixels, at least so long."""
    factor = max(1, -(-least // max(image.width(), image.height(), 1)))
    return image.scaled(image.width() * factor, image.height() * factor, Qt.AspectRatioMode.IgnoreAspectRatio,
                        Qt.TransformationMode.FastTransformation)


def sheet(lines: Sequence[Sequence[QImage | None]], ground: QColor) -> QImage:
    """Lines of pictures side by side on the ground, with small gaps; None leaves a place empty."""
    shown = [image for line in lines for image in line if image is not None]
    if not shown:
        return QImage()
    large = [[enlarged(image) if image is not None else None for image in line] for line in lines]
    width = max(enlarged(image).width() for image in shown) + GAP * 4
    height = max(enlarged(image).height() for image in shown) + GAP * 4
    out = QImage(width * max(map(len, lines)), height * len(lines), QImage.Format.Format_RGB32)
    out.fill(ground)
    painter = QPainter(out)
    for y, line in enumerate(large):
        for x, picture in enumerate(line):
            if picture is not None:
                painter.drawImage(QPoint(x * width + 2 * GAP, y * height + 2 * GAP), picture)
    painter.end()
    return out


def save_picture(parent: QWidget, image: QImage, name: str) -> Path | None:
    """Ask for a place and write the picture there as PNG; None when nothing was written."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save as PNG", f"{name}.png", "PNG (*.png)")
    if not chosen:
        return None
    path = Path(chosen).with_suffix(".png")
    return path if image.save(str(path)) else None
