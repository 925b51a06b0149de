"""The numbers a network reads of one row, each in a field: change one and see what the network says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.inspector.number import NumberField
from widgets.parts import Elided

LABEL = 168


class ValueForm(QScrollArea):
    """Fields for the number and category columns of an evaluation. `edited` when a number was changed by hand."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[tuple[str, int], NumberField] = {}
        self._kinds: dict[str, tuple[np.dtype, tuple[int, ...]]] = {}
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)

    def show_row(self, evaluation: Evaluation, place: int) -> None:
        """The values of one test row."""
        self._build(evaluation)
        for (name, part), field in self.fields.items():
            value = np.asarray(evaluation.inputs[name][place]).reshape(-1)[part].item()
            field.set_value(float(f"{value:.6g}") if isinstance(value, float) else value)

    def _build(self, evaluation: Evaluation) -> None:
        kinds = {name: (values.dtype, values.shape[1:]) for name, values in evaluation.inputs.items()}
        if kinds == self._kinds and self.widget() is not None:
            return
        self._kinds, self.fields = kinds, {}
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 8, 0)
        box.setSpacing(4)
        for name, (dtype, shape) in kinds.items():
            size = int(np.prod(shape, dtype=int)) if shape else 1
            words = names_of(name, size, evaluation.columns)
            for part, word in enumerate(words):
                self.fields[name, part] = field = NumberField(word, whole=dtype.kind in "iu")
                field.changed.connect(lambda _: self.edited.emit())
                box.addLayout(_row(word, field))
        box.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)

    def values(self) -> dict[str, np.ndarray]:
        """The numbers as they stand: one row of every input, by name."""
        row: dict[str, np.ndarray] = {}
        for name, (dtype, shape) in self._kinds.items():
            size = int(np.prod(shape, dtype=int)) if shape else 1
            numbers = [self.fields[name, part].value for part in range(size)]
            row[name] = np.array([n if isinstance(n, (int, float)) else 0 for n in numbers], dtype).reshape(1, *shape)
        return row


def names_of(name: str, size: int, columns: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the numbers of an input are called."""
    parts = columns.get(name, ())
    if len(parts) == size:
        return parts
    return (name,) if size == 1 else tuple(f"{name} {i + 1}" for i in range(size))


def _row(word: str, field: NumberField) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    label = Elided(word, 12, 400, "text2")
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    label.setFixedWidth(LABEL)
    label.setBuddy(field)
    line.addWidget(label)
    line.addWidget(field, 1)
    return line
