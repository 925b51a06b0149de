"""A plot as a file: PNG and SVG as it is seen, with its heading, or CSV with every point behind it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from graph_compiler.graph.files import write_atomically
from widgets.fonts import ui_font
from widgets.plots.curve import CurvePlot
from widgets.plots.record import Track, TrainingRecord
from widgets.theme import theme

FILTER = "Picture (*.png);;Drawing (*.svg);;Table (*.csv)"
MARGIN, HEAD = 16, 48
SHARPNESS = 2
"""Pixels of a PNG for each pixel on screen."""


def save_plot(plot: CurvePlot, record: TrainingRecord, path: Path) -> None:
    """Write a plot in the format its ending names, PNG without one. OSError or FileProblem when it cannot be written."""
    kind = path.suffix.lower()
    if kind == ".csv":
        write_atomically(path, points_text(plot.tracks(record)).encode())
    elif kind == ".svg":
        write_atomically(path, _svg(plot))
    else:
        write_atomically(path if kind else path.with_suffix(".png"), _png(plot))


def points_text(tracks: list[tuple[str, Track | None]]) -> str:
    """Every point of some curves as `epoch,series,value`."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("epoch", "series", "value"))
    for name, track in tracks:
        if track is not None:
            table.writerows((f"{x:.6g}", name, f"{y:.9g}") for x, y in zip(track.x.tolist(), track.y.tolist(), strict=True))
    return out.getvalue()


def _size(plot: CurvePlot) -> QSize:
    return QSize(plot.view.width() + 2 * MARGIN, plot.view.height() + HEAD + 2 * MARGIN)


def _png(plot: CurvePlot) -> bytes:
    size = _size(plot)
    image = QImage(size * SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SHARPNESS)
    painter = QPainter(image)
    _paint(plot, painter, size)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _svg(plot: CurvePlot) -> bytes:
    size, buffer = _size(plot), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setSize(size)
    drawing.setViewBox(QRectF(0, 0, size.width(), size.height()))
    drawing.setTitle(plot.title.text())
    painter = QPainter(drawing)
    _paint(plot, painter, size)
    painter.end()
    return bytes(buffer.data().data())


def _paint(plot: CurvePlot, painter: QPainter, size: QSize) -> None:
    """Heading and curves on the colour of the page."""
    t = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), t.color("panel"))
    painter.setPen(t.color("text"))
    painter.setFont(ui_font(15, 600))
    painter.drawText(QRectF(MARGIN, MARGIN, size.width(), 24), Qt.AlignmentFlag.AlignVCenter, plot.title.text())
    x = MARGIN + painter.fontMetrics().horizontalAdvance(plot.title.text()) + 24.0
    for item in (plot.train_item, plot.val_item):
        if item.shown and item.has_value:
            painter.save()
            painter.translate(QPointF(x, MARGIN))
            item.paint(painter)
            painter.restore()
            x += item.width() + 16
    box = QRectF(MARGIN, MARGIN + HEAD - 16, plot.view.width(), plot.view.height())
    plot.view.render(painter, box, plot.view.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
