"""A form of parameters: a label and an editor a row, what is wrong under it in words, the rest behind More."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.graph.values import Json
from graph_compiler.specs.params import Param
from widgets.controls.buttons import paint_focus
from widgets.fonts import ui_font
from widgets.icons import paint_icon
from widgets.inspector.editor import Editor
from widgets.inspector.make import make_editor
from widgets.inspector.reading import Names
from widgets.inspector.row import Row
from widgets.theme import theme, themes

ROW_GAP = 8


class More(QAbstractButton):
    """The row that opens the other parameters: chevron, title, and how many stand at their defaults."""

    def __init__(self, title: str = "More", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.caption = ""
        self.toggled.connect(lambda _: self.update())
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_caption(self, words: str) -> None:
        """The words at the right."""
        self.caption = words
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        middle = self.height() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chevron = "chevron-down" if self.isChecked() else "chevron-right"
        paint_icon(painter, chevron, QRectF(0, middle - 6, 12, 12), t.color("text"))
        painter.setFont(ui_font(13, 600))
        painter.setPen(t.color("text"))
        painter.drawText(QRectF(20, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(ui_font(12))
        painter.setPen(t.color("text3"))
        room = self.width() - 28 - QFontMetrics(ui_font(13, 600)).horizontalAdvance(self.text())
        words = QFontMetrics(ui_font(12)).elidedText(self.caption, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()).adjusted(-0.5, 4.5, -0.5, -4.5), 6)
        painter.end()


class Form(QWidget):
    """Rows for parameters. `changed(name, value)` on every sound edit, `left()` when a field is left."""

    changed = Signal(str, object)
    left = Signal()
    menu_wanted = Signal(str, object)
    """The menu of a field is about to open: parameter and QMenu."""

    def __init__(self, params: Sequence[Param] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, Row] = {}
        self._names: Names | None = None
        self._answers: Mapping[str, tuple[str, ...]] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(ROW_GAP)
        for param in params:
            self.add(param)

    def add(self, param: Param, label: str = "") -> Row:
        """A row for a parameter, with another label if given."""
        editor = make_editor(param)
        editor.left.connect(self.left)
        row = Row(param, editor)
        row.changed.connect(lambda value: self.changed.emit(param.name, value))
        row.menu_wanted.connect(lambda menu: self.menu_wanted.emit(param.name, menu))
        if self._names is not None:
            row.set_names(self._names)
        editor.set_answers(self._answers)
        if label:
            row.set_label(label)
        self.rows[param.name] = row
        self._box.addWidget(row)
        return row

    def set_values(self, values: Mapping[str, Json]) -> None:
        """Show stored values; a missing one shows the default."""
        for name, row in self.rows.items():
            row.set_value(values.get(name, row.param.default))

    def set_names(self, names: Names) -> None:
        """Inside a block: its parameters with the values in force; fields may be computed from them."""
        if names != self._names:
            self._names = dict(names)
            for row in self.rows.values():
                row.set_names(names)

    def set_answers(self, answers: Mapping[str, tuple[str, ...]]) -> None:
        """What the drawing knows, by kind of answer: texts with such answers become lists."""
        if answers != self._answers:
            self._answers = dict(answers)
            for row in self.rows.values():
                row.editor.set_answers(answers)

    def set_problems(self, problems: Mapping[str, str]) -> None:
        """Words under fields, by parameter."""
        for name, row in self.rows.items():
            row.set_problem(problems.get(name, ""))

    def editor(self, name: str) -> Editor:
        """The editor of a parameter. KeyError when there is none."""
        return self.rows[name].editor
