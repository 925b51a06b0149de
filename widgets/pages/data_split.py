"""The split of a source: one bar for its three parts, their rows, and the parameters that decide, as edits."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from graph_compiler.datasets.split import PARTS
from graph_compiler.specs.datasets import Schema, idle
from graph_compiler.specs.params import Choice
from widgets.controls import ChoiceBox
from widgets.fonts import ui_font
from widgets.pages.data_edits import Source
from widgets.parts import Words
from widgets.theme import theme, themes
from widgets.words import count, percent

TOKENS = {"train": "train", "validation": "val", "test": "text3"}
FIELD = 28
NO_COLUMN = "no column"


class PartsBar(QWidget):
    """The parts side by side in one bar; below it each with its rows and share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Mapping[str, int] = {}
        self.setFixedHeight(16 + 3 * 24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Rows by part")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_rows(self, rows: Mapping[str, int] | None) -> None:
        """Rows by part; None while they are unknown."""
        self._rows = rows or {}
        self.setAccessibleDescription(", ".join(f"{part} {count(n)}" for part, n in self._rows.items()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t, total = theme(), sum(self._rows.values()) or 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("track"))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), 6), 3, 3)
        x = 0.0
        for i, part in enumerate(PARTS):
            rows = self._rows.get(part, 0)
            width = max(0.0, (self.width() - 4) * rows / total)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color(TOKENS[part]))
            if width:
                painter.drawRoundedRect(QRectF(x, 0, max(width, 2.0), 6), 3, 3)
            x += width + 2
            line = QRectF(0, 16 + i * 24, self.width(), 24)
            self._dot(painter, part, line)
            painter.setFont(ui_font(13))
            painter.setPen(t.color("text2"))
            painter.drawText(line.adjusted(18, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, part)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, right, percent(rows / total, 0) if self._rows else "")
            painter.setPen(t.color("text"))
            painter.setFont(ui_font(13, 500))
            painter.drawText(line.adjusted(0, 0, -56, 0), right, count(rows) if self._rows else "–")
        painter.end()

    def _dot(self, painter: QPainter, part: str, line: QRectF) -> None:
        """Round for training, square for validation, a bar for the test: colour is not the only difference."""
        mark = QRectF(1, line.center().y() - 4, 8, 8)
        if part == "train":
            painter.drawEllipse(mark)
        elif part == "validation":
            painter.drawRect(mark)
        else:
            painter.drawRoundedRect(mark.adjusted(0, 2.5, 2, -2.5), 1.5, 1.5)


class SplitPanel(QWidget):
    """The split's bar and fields. `changed(name, value)` asks for an edit, `finished` ends a gesture."""

    changed = Signal(str, object)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.bar = PartsBar()
        self.how, self.stratify, self.missing = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.validation, self.test, self.seed = _share_field(), _share_field(), QSpinBox()
        self.seed.setRange(0, 2**31 - 1)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, 96)
        self._grid.setColumnStretch(1, 1)
        self._labels: dict[str, Words] = {}
        self._fields: dict[str, QWidget] = {"missing": self.missing, "split": self.how, "validation": self.validation,
                                            "test": self.test, "split_seed": self.seed, "stratify": self.stratify}
        for row, (name, field) in enumerate(self._fields.items()):
            self._labels[name] = Words(name, 13, 400, "text2")
            self._labels[name].setBuddy(field)
            field.setAccessibleName(name)
            field.setFixedHeight(FIELD)
            if isinstance(field, QAbstractSpinBox):
                field.lineEdit().setTextMargins(7, 0, 0, 0)
            field.setMinimumWidth(96)
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._grid.addWidget(self._labels[name], row, 0)
            self._grid.addWidget(field, row, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(self.bar)
        box.addLayout(self._grid)
        self._connect()

    def _connect(self) -> None:
        self.how.activated.connect(lambda _: self._say("split", self.how.currentText()))
        self.missing.activated.connect(lambda _: self._say("missing", self.missing.currentText()))
        self.stratify.activated.connect(lambda i: self._say("stratify", self.stratify.itemText(i) if i else ""))
        self.validation.valueChanged.connect(lambda v: self._say("validation", round(v / 100, 4)))
        self.test.valueChanged.connect(lambda v: self._say("test", round(v / 100, 4)))
        self.seed.valueChanged.connect(lambda v: self._say("split_seed", v))
        for spin in (self.validation, self.test, self.seed):
            spin.editingFinished.connect(self.finished)

    def _say(self, name: str, value: object) -> None:
        if not self._quiet:
            self.changed.emit(name, value)

    def show_source(self, source: Source, rows: Mapping[str, int] | None) -> None:
        """Take over the source's parameters; nothing is said while they are written."""
        self._quiet = True
        try:
            self.bar.set_rows(rows)
            p = source.values
            for name, box in (("split", self.how), ("missing", self.missing)):
                param = source.spec.param(name)
                _fill(box, param.options if isinstance(param, Choice) else (), str(p.get(name, "")))
            schema = source.spec.dataset.schema(p) if source.sound else Schema(())
            classes = [c.name for c in schema.columns if c.kind == "category"]
            _fill(self.stratify, (NO_COLUMN, *classes), str(p["stratify"]) or NO_COLUMN)
            for name, spin in (("validation", self.validation), ("test", self.test)):
                if isinstance(p[name], (int, float)):
                    spin.setValue(p[name] * 100)
            self.seed.setValue(p["split_seed"] if isinstance(p["split_seed"], int) else 0)
        finally:
            self._quiet = False
        self._show("missing", "missing" in source.values)
        without_effect = idle(schema, p)
        for name in ("validation", "test", "stratify", "split_seed"):
            self._show(name, name not in without_effect)

    def _show(self, name: str, visible: bool) -> None:
        self._labels[name].setVisible(visible)
        self._fields[name].setVisible(visible)


def _share_field() -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(0, 90)
    field.setDecimals(1)
    field.setSingleStep(5)
    field.setSuffix(" %")
    return field


def _fill(box: QComboBox, options: tuple[str, ...], current: str) -> None:
    if tuple(box.itemText(i) for i in range(box.count())) != options:
        box.clear()
        box.addItems(options)
    box.setCurrentText(current)
