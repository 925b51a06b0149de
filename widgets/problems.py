"""The Problems tab: every problem of the drawing in words, the way out as a button, a click jumps to the node."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from widgets.controls import FixButton
from widgets.document import GraphDocument
from widgets.icons import paint_icon
from widgets.parts import Pane, Words
from widgets.problem_card import TONES
from widgets.theme import theme, themes
from widgets.words import plural


class ProblemRow(QWidget):
    """One problem. `pressed()` on a click or Enter, `fix(Fix)` for its button."""

    access_role = QAccessible.Role.ListItem
    pressed = Signal()
    fix = Signal(object)

    def __init__(self, problem: Diagnostic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self._ink, _, self._icon = TONES[problem.severity]
        self.buttons: list[FixButton] = []
        self.setAccessibleName(f"{problem.severity}: {problem.title}. {problem.sentence}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if problem.path:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._arrange(problem)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def _arrange(self, problem: Diagnostic) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(52, 8, 24, 9)
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(Words(problem.title, 13, 600))
        if problem.sentence:
            texts.addWidget(Words(problem.sentence, 12, 400, "text2", wrap=True))
        row.addLayout(texts, 1)
        node = Words(problem.path or "whole drawing", 11, 400, "text3", mono=bool(problem.path))
        row.addWidget(node)
        for number, way in enumerate(problem.fixes[:2]):
            button = FixButton(way.label, problem.severity, number == 0)
            button.clicked.connect(lambda _=False, way=way: self.fix.emit(way))
            self.buttons.append(button)
            row.addWidget(button)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), t.color("hover"))
        painter.setPen(t.color("line"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        paint_icon(painter, self._icon, QRectF(24, 11, 16, 16), t.color(self._ink))
        if self.hasFocus():
            painter.setPen(QPen(t.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 2.5, -4.5, -3.5), 6, 6)
        painter.end()


class ProblemsPage(Pane):
    """Follows a document. `jump(path)` asks to show a node."""

    jump = Signal(str)
    counted = Signal(int, int)
    """Errors and warnings, whenever the list changes."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent)
        self.document = document
        self.rows: list[ProblemRow] = []
        self._shown: list[Diagnostic] | None = None
        self.heading = Words("", 15, 600)
        self.hint = Words("", 12, 400, "text2")
        self._list = QWidget()
        self._box = QVBoxLayout(self._list)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addStretch(1)
        self._arrange()
        document.analysed.connect(self._analysed)
        self.refresh()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 8)
        head.setSpacing(14)
        head.addWidget(self.heading)
        head.addWidget(self.hint, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._list)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(area, 1)

    def sizeHint(self) -> QSize:
        return QSize(800, 300)

    def _analysed(self, _: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show the problems as they stand; nothing is touched while they are the same."""
        problems = [*self.document.analysis.problems, *self.document.analysis.file_notes]
        if problems == self._shown:
            return
        self._shown = list(problems)
        for row in self.rows:
            self._box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._row(problem) for problem in problems]
        errors, warnings, notes = (sum(p.severity == kind for p in problems) for kind in ("error", "warning", "note"))
        self._say(errors, warnings, notes)
        self.counted.emit(errors, warnings)

    def _row(self, problem: Diagnostic) -> ProblemRow:
        row = ProblemRow(problem)
        row.pressed.connect(lambda: self.jump.emit(problem.path))
        row.fix.connect(partial(self._fix, problem.path), Qt.ConnectionType.QueuedConnection)
        self._box.insertWidget(self._box.count() - 1, row)
        return row

    def _fix(self, path: str, way: Fix) -> None:
        self.document.mend(way.edit, path)

    def _say(self, errors: int, warnings: int, notes: int) -> None:
        if not errors + warnings + notes:
            self.heading.setText("No problems")
            self.hint.setText("Next: press Train." if self.document.analysis.plan.trainer else "Next: add a source and a Loss.")
            return
        kinds = (("error", errors), ("warning", warnings), ("note", notes))
        self.heading.setText(", ".join(plural(number, word) for word, number in kinds if number))
        if errors:
            self.hint.setText("Training needs the errors mended. A click shows the node.")
        elif warnings:
            self.hint.setText("Training can start; these are worth a look.")
        else:
            self.hint.setText("Training is not concerned. Notes say what exported files cannot have, or have otherwise.")
