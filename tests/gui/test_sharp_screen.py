"""A screen of 200 %: what is drawn is as wide as on an ordinary one, with twice the pixels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CANVAS = """
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from graph_compiler.catalog import registry
from tests.helpers.canvas import small
from widgets.canvas.view import CanvasView
from widgets.document import GraphDocument
from widgets.theme import theme

app = QApplication([])
view = CanvasView(GraphDocument(small(), registry()))
view.resize(1000, 600)
view.show()
view.zoom_to(ZOOM)
view.centerOn(view.canvas.content_rect().center())
app.processEvents()
wire = next(w for w in view.canvas.wires.values() if w.edge.source == "dense_1")
at = view.mapFromScene(wire.path().pointAtPercent(0.5))
picture = view.viewport().grab().toImage()
ratio = picture.devicePixelRatio()
wanted = QColor(theme().wire)
ink = 0.0
ground = picture.pixelColor(int(at.x() * ratio), int((at.y() - 8) * ratio)).lightnessF()
for y in range(int((at.y() - 8) * ratio), int((at.y() + 8) * ratio)):
    seen = picture.pixelColor(int(at.x() * ratio), y).lightnessF()
    ink += (seen - ground) / (wanted.lightnessF() - ground)
print(ratio, ink / ratio)
"""


@pytest.mark.parametrize(("zoom", "points"), [(1.0, 2.0), (0.6, 2.0), (0.3, 1.0)])
@pytest.mark.parametrize("scale", [1, 2])
def test_wires_keep_their_width_where_the_drawing_is_small(scale, zoom, points):
    done = subprocess.run([sys.executable, "-c", CANVAS.replace("ZOOM", str(zoom))], cwd=ROOT, capture_output=True, text=True,
                          check=True, timeout=120, env={**os.environ, "QT_SCALE_FACTOR": str(scale)})
    ratio, width = map(float, done.stdout.split())
    assert ratio == scale
    assert width == pytest.approx(points, abs=0.1)
