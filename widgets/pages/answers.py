"""Answers of a network and pictures given to it, as arrays: what the column that asks shows and sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from graph_compiler.runs.evaluation import Evaluation
from widgets.plots.strips import bounds_of


def made_picture(evaluation: Evaluation, values: Sequence[float | None]) -> np.ndarray:
    """The numbers of an answer as a picture, float [H, W, C] with the range of the targets from 0 to 1."""
    low, high = bounds_of(np.asarray(evaluation.target))
    sizes = evaluation.as_pictures(np.asarray(evaluation.prediction)).shape[1:]
    return (np.array([np.nan if v is None else v for v in values], np.float32).reshape(sizes) - low) / (high - low)


def known_answer(evaluation: Evaluation, place: int) -> dict[str, Any]:
    """What the network has said to a test row, in the form of a worker's answer."""
    if not evaluation.classes:
        said = np.asarray(evaluation.prediction[place]).reshape(-1)
        return {"value": float(said[0]), "unit": evaluation.unit} if len(said) == 1 else {}
    scores = evaluation.probabilities()[place]
    best = int(scores.argmax())
    return {"class": evaluation.classes[best], "index": best, "probability": float(scores[best]),
            "probabilities": scores.tolist(), "classes": list(evaluation.classes)}


def pixels_of(image: QImage) -> np.ndarray:
    """uint8 [H, W, 3]; transparent places become white."""
    flat = QImage(image.size(), QImage.Format.Format_RGB888)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, :flat.width() * 3].reshape(flat.height(), flat.width(), 3).copy()
