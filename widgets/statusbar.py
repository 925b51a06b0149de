"""The status bar: device, parameters, operations a sample, memory to train, problems; at the right what is going on."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.facts import Totals
from widgets.parts import Glyph, Line, Pane, ProgressLine, Words
from widgets.words import count, plural, size_words

HEIGHT = 27
"""With the line above it is 28."""
STANDS = 4.0
"""Seconds that words stay before something that can wait replaces them."""


class Door(Words):
    """Words that lead somewhere: `opened` by a click, Return or Space."""

    access_role = QAccessible.Role.Button
    focus_ring = True
    opened = Signal()

    def __init__(self, tip: str, px: int, weight: int, token: str) -> None:
        super().__init__("", px, weight, token)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class StatusBar(Pane):
    """The bar at the foot of the window. `problems_clicked` when the problems are clicked, `device_clicked` for the doctor."""

    problems_clicked = Signal()
    device_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent)
        self.setFixedHeight(HEIGHT)
        self.device = Door("Ask the device doctor", 12, 400, "text2")
        self.parameters, self.macs, self.memory = (Words("", 12, 400, "text2") for _ in range(3))
        self.memory.setToolTip("Estimate for one batch: weights, gradients, optimiser state and the results of every layer.")
        self.mark, self.problems = Glyph("check", "ok"), Door("Show the problems", 12, 600, "ok")
        self.device.opened.connect(self.device_clicked)
        self.problems.opened.connect(self.problems_clicked)
        self.bar = ProgressLine("Progress")
        self.bar.setFixedWidth(72)
        self.bar.hide()
        self.going_on = Words("", 12, 400, "text2")
        self._said = 0.0
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(8)
        self._row.addWidget(Glyph("chip", "text2"))
        self._row.addWidget(self.device)
        self._lines: list[QWidget] = []
        for group in ((self.parameters,), (self.macs,), (self.memory,), (self.mark, self.problems)):
            self._separator()
            for part in group:
                self._row.addWidget(part)
        self._row.addStretch(1)
        self._row.addWidget(self.bar)
        self._row.addWidget(self.going_on)

    def _separator(self) -> None:
        line = Line(vertical=True, strong=True)
        line.setFixedHeight(12)
        self._lines.append(line)
        self._row.addSpacing(6)
        self._row.addWidget(line)
        self._row.addSpacing(6)

    def set_device(self, words: str) -> None:
        """Where training would run."""
        self.device.setText(words)

    def show_analysis(self, analysis: Analyzer | None) -> None:
        """Totals and problems of the drawing; nothing without one."""
        shown = analysis is not None
        for part in (*self._lines, self.parameters, self.macs, self.memory, self.mark, self.problems):
            part.setVisible(shown)
        if analysis is None:
            return
        totals = analysis.totals
        so_far = " so far" if totals.partial else ""
        self.parameters.setText(f"{count(totals.weights)} parameters{so_far}")
        self.parameters.setToolTip(parameters_tip(totals))
        self.macs.setText(f"{count(totals.macs)} MACs a sample{so_far}")
        self.memory.setText(f"{size_words(analysis.totals.training_bytes)} to train")
        errors = sum(p.severity == "error" for p in analysis.problems)
        warnings = sum(p.severity == "warning" for p in analysis.problems)
        if errors:
            icon, token, words = "error", "error", plural(errors, "problem")
        elif warnings:
            icon, token, words = "warning", "warn", plural(warnings, "warning")
        else:
            icon, token, words = "check", "ok", "No problems"
        self.mark.show_icon(icon, token)
        self.problems.set_token(token)
        self.problems.setText(words)

    @property
    def rested(self) -> bool:
        """Whether the words have stood long enough to be read, or there are none."""
        return not self.going_on.text() or time.monotonic() - self._said > STANDS

    def say(self, words: str, share: float | None = None) -> None:
        """What is going on; `share` shows a bar."""
        self._said = time.monotonic()
        self.going_on.setText(words)
        self.bar.setVisible(share is not None)
        if share is not None:
            self.bar.set_share(share)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.mark.geometry().contains(event.position().toPoint()):
            self.problems_clicked.emit()


def parameters_tip(totals: Totals) -> str:
    """How many parameters are trained, and what is not counted yet."""
    fixed = totals.weights - totals.trainable
    words = f"{count(totals.trainable)} are trained, {count(fixed)} are fixed." if fixed else "All of them are trained."
    return f"{words} Nodes whose shapes are not known yet are not counted." if totals.partial else words
