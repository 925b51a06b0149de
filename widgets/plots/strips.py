"""Pictures of one row beside one another: true and predicted masks, or a reconstruction with its error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.fonts import ui_font
from widgets.plots.masks import overlaid, painted
from widgets.plots.pictures import paint_picture, to_image
from widgets.theme import theme, themes

Pane = tuple[str, np.ndarray]
"""What a picture shows, and its pixels uint8 [h, w, 1 or 3]."""
FULL = 0.5
"""Share of the range of values from which on an error has its full colour."""
BRIGHTER, DARKER = "vermilion", "blue"
"""Hues of places that are predicted too bright and too dark."""
SAME = 1.5 / 255
"""Mean difference below which the input and the target of a reconstruction are one picture."""


def beside(pictures: Sequence[np.ndarray], gap: int) -> np.ndarray:
    """Pictures of one height side by side, the ground between them."""
    if len(pictures) == 1:
        return pictures[0]
    ground = QColor(theme().panel)
    channels = max(p.shape[-1] for p in pictures)
    color = [ground.red(), ground.green(), ground.blue()] if channels == 3 else [ground.lightness()]
    strip = np.full((pictures[0].shape[0], gap, channels), color, np.uint8)
    parts = [strip] * (2 * len(pictures) - 1)
    parts[::2] = [np.broadcast_to(p, (*p.shape[:-1], channels)) for p in pictures]
    return np.concatenate(parts, axis=1)


def mask_panes(evaluation: Evaluation, place: int) -> list[Pane]:
    """The picture (where its size is that of the mask), the true and the predicted mask over it, and what is wrong."""
    places = evaluation.places
    true, said, wrong = (_flat(part[place]) for part in (places.true, places.said, places.wrong))
    known = (np.clip(part, 0, len(places.every) - 1) for part in (true, said))
    pixels = evaluation.pictures[place][..., :3] if evaluation.pictures is not None else None
    if pixels is None or pixels.shape[:2] != true.shape:
        true_mask, said_mask = (painted(part, places.every) for part in known)
        return [("true", true_mask), ("predicted", said_mask), ("wrong", _marked(np.zeros_like(true_mask), wrong))]
    true_mask, said_mask = (overlaid(pixels, part, places.every) for part in known)
    return [("picture", pixels), ("true", true_mask), ("predicted", said_mask), ("wrong", _marked(pixels, wrong))]


def _flat(values: np.ndarray) -> np.ndarray:
    """The first picture of several (of a film, of a volume)."""
    while values.ndim > 2:
        values = values[0]
    return values


def _marked(pixels: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """The picture in faint grey, with its wrong places in the colour of errors."""
    grey = pixels.mean(axis=-1, keepdims=True) * 0.5
    color = QColor(theme().errorfill)
    red = np.array([color.red(), color.green(), color.blue()])
    return np.asarray(np.where(wrong[..., None], red, grey)).astype(np.uint8)


def reconstruction_panes(evaluation: Evaluation, place: int, bounds: tuple[float, float]) -> list[Pane]:
    """The input (where it is another picture than the target), the target, the prediction, and the error."""
    low, high = bounds
    target, said = (evaluation.as_pictures(np.asarray(values))[place].astype(np.float32)
                    for values in (evaluation.target, evaluation.prediction))
    shown = [np.clip((values - low) / (high - low) * 255, 0, 255).astype(np.uint8) for values in (target, said)]
    panes = [("true", shown[0]), ("predicted", shown[1]), ("error", error_picture((said - target) / (high - low)))]
    given = evaluation.pictures[place] if evaluation.pictures is not None else shown[0]
    apart = given.shape == shown[0].shape and np.abs(given.astype(np.float32) - shown[0]).mean() > SAME * 255
    return [("input", given), *panes] if apart else panes


def bounds_of(target: np.ndarray) -> tuple[float, float]:
    """The range of pixel values: 0 to 1, 0 to 255, or what comes."""
    low, high = float(target.min()), float(target.max())
    if low >= 0:
        return (0.0, 1.0) if high <= 1 else (0.0, max(255.0, high))
    return low, max(high, low + 1e-6)


def error_picture(error: np.ndarray) -> np.ndarray:
    """uint8 [h, w, 3] of errors [h, w, c] in shares of the range: none is the ground, bright and dark ones have a hue each."""
    t = theme()
    size = np.nan_to_num(error).mean(axis=-1, keepdims=True)
    strength = np.clip(np.abs(size) / FULL, 0, 1)
    ground, more, less = (np.array([c.red(), c.green(), c.blue()], np.float32) for c in (
        QColor(t.sunken), QColor(t.hues[BRIGHTER].strip), QColor(t.hues[DARKER].strip)))
    return np.asarray(ground * (1 - strength) + np.where(size > 0, more, less) * strength).astype(np.uint8)


class Panes(QWidget):
    """Pictures with their names below, as large as fit beside one another."""

    NAME, GAP, TALL = 20, 10, 150

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes: list[tuple[str, QImage]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_panes(self, panes: Sequence[Pane]) -> None:
        """Show these."""
        self.panes = [(name, to_image(pixels)) for name, pixels in panes]
        self.setAccessibleDescription(", ".join(name for name, _ in panes))
        self._fit()

    def _fit(self) -> None:
        """No higher than the pictures are in this width."""
        tall = max((min(self.TALL, round(self._wide * i.height() / i.width())) for _, i in self.panes), default=self.TALL)
        self.setFixedHeight(tall + self.NAME)
        self.update()

    @property
    def _wide(self) -> float:
        count = max(len(self.panes), 1)
        return (self.width() - (count - 1) * self.GAP) / count

    def sizeHint(self) -> QSize:
        return QSize(480, self.TALL + self.NAME)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(12))
        painter.setPen(theme().color("text3"))
        wide = self._wide
        for i, (name, image) in enumerate(self.panes):
            tall = min(self.height() - self.NAME, wide * image.height() / image.width())
            across = min(wide, tall * image.width() / image.height())
            box = QRectF(i * (across + self.GAP), 0, across, tall)
            paint_picture(painter, image, box, 6)
            painter.drawText(QRectF(box.left(), tall + 2, across, self.NAME - 2), Qt.AlignmentFlag.AlignCenter, name)
        painter.end()
