"""The drawing as a picture in a file, PNG or SVG: the graph in view, whole, with all its detail and nothing selected."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from graph_compiler.graph.files import write_atomically
from widgets.canvas.scene import CanvasScene, Thumbnails
from widgets.canvas.view import CanvasView
from widgets.document import GraphDocument
from widgets.fonts import mono_font
from widgets.theme import theme

FILTER = "Drawing (*.svg);;Picture (*.png)"
MARGIN = 32
SHARPNESS, LARGEST = 2.0, 12_000
"""Pixels of a PNG for each one on screen at 100 %, fewer where a side would have more than the second."""
_FAMILIES = re.compile(rb'font-family="([^"]*)"')


def save_picture(view: CanvasView, path: Path) -> None:
    """Write the graph in view in the format the ending names, PNG without one. OSError or FileProblem when it cannot be."""
    kind = path.suffix.lower()
    # a scene of its own: no selection, no run, every detail, whatever the view shows now
    scene = CanvasScene(view.document, view.canvas.outer, thumbnails=view.canvas.thumbnails, appearance=view.appearance)
    scene.set_zoom(1.0)
    for item in scene.items():
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)  # lines and letters, not pictures of them
    try:
        box = scene.content_rect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        data = _svg(scene, box, view.document.title) if kind == ".svg" else _png(scene, box)
    finally:
        scene.detach()
    write_atomically(path if kind else path.with_suffix(".png"), data)


def small_picture(document: GraphDocument, width: int, sharpness: float, thumbnails: Thumbnails) -> QImage:
    """The drawing itself, so wide at most and never larger than life; below 70 % drawn as the canvas draws it there."""
    scene = CanvasScene(document, parent=document, thumbnails=thumbnails)
    try:
        box = scene.content_rect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        zoom = min(1.0, width / box.width())
        scene.set_zoom(zoom)
        size = (box.size() * zoom * sharpness).toSize()
        image = QImage(size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(sharpness)
        image.fill(theme().color("canvas"))  # what rounding adds at the border
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        _paint(scene, box, painter, QRectF(QPointF(), box.size() * zoom))
        painter.end()
    finally:
        scene.detach()
    return image


def _png(scene: CanvasScene, box: QRectF) -> bytes:
    sharpness = min(SHARPNESS, LARGEST / max(box.width(), box.height()))
    image = QImage(max(1, round(box.width() * sharpness)), max(1, round(box.height() * sharpness)), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    _paint(scene, box, painter, QRectF(image.rect()))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _svg(scene: CanvasScene, box: QRectF, title: str) -> bytes:
    buffer, place = QBuffer(), QRectF(0, 0, box.width(), box.height())
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawing = QSvgGenerator()
    drawing.setResolution(96)  # as large as on screen at 100 %
    drawing.setOutputDevice(buffer)
    drawing.setSize(place.size().toSize())
    drawing.setViewBox(place)
    drawing.setTitle(title)
    painter = QPainter(drawing)
    _paint(scene, box, painter, place)
    painter.end()
    return _FAMILIES.sub(_with_any, bytes(buffer.data().data()))


def _with_any(found: re.Match[bytes]) -> bytes:
    """The families of a text, and any of the kind where there is none of them."""
    families = found[1].decode()
    kind = "monospace" if set(families.split(",")) & set(mono_font().families()) else "sans-serif"
    return f'font-family="{families},{kind}"'.encode()


def _paint(scene: CanvasScene, box: QRectF, painter: QPainter, place: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(place, theme().color("canvas"))
    scene.render(painter, place, box)
