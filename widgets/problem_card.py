"""A problem as a small card: mark, title, one sentence, and a button for each right way out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from widgets.controls import FixButton
from widgets.icons import paint_icon
from widgets.parts import Words
from widgets.theme import theme, themes

TONES = {"error": ("error", "errortint", "error"), "warning": ("warn", "warntint", "warning"),
         "note": ("text2", "sunken", "info")}
"""Severity -> (ink, tint, icon)."""
ROOM = 204
"""Width that buttons have in the narrowest inspector, px."""


class ProblemCard(QWidget):
    """One diagnostic in the inspector. `fix(Fix)` when a way out is chosen."""

    fix = Signal(object)

    def __init__(self, problem: Diagnostic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink, self._tint, self._icon = TONES[problem.severity]
        self.setAccessibleName(f"{problem.severity}: {problem.title}. {problem.sentence}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        box = QVBoxLayout(self)
        box.setContentsMargins(34, 9, 12, 10)
        box.setSpacing(4)
        box.addWidget(Words(problem.title, 13, 600, "text", wrap=True))
        if problem.sentence:
            box.addWidget(Words(problem.sentence, 12, 400, "text2", wrap=True))
        if problem.fixes:
            box.addSpacing(4)
            ways = enumerate(problem.fixes[:2])
            self._add_buttons(box, [self._button(way, problem.severity, place == 0) for place, way in ways])
        themes.changed.connect(self._repaint)

    def _add_buttons(self, box: QVBoxLayout, buttons: list[FixButton]) -> None:
        """In one line where even the narrowest inspector has room for it, else one below the other."""
        together = sum(button.sizeHint().width() for button in buttons) + 6 * (len(buttons) - 1) <= ROOM
        rows = [buttons] if together else [[button] for button in buttons]
        for line in rows:
            row = QHBoxLayout()
            row.setSpacing(6)
            for button in line:
                row.addWidget(button)
            row.addStretch(1)
            box.addLayout(row)

    def _repaint(self, _: object) -> None:
        self.update()

    def _button(self, way: Fix, severity: str, first: bool) -> FixButton:
        button = FixButton(way.label, severity, first)
        button.clicked.connect(lambda: self.fix.emit(way))
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color(self._ink, 0.35), 1))
        painter.setBrush(t.color(self._tint))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        paint_icon(painter, self._icon, QRectF(11, 11, 14, 14), t.color(self._ink))
        painter.end()
