"""A form of parameters: a label and an editor a row, what is wrong under it in words, the rest behind More."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.graph.values import Json
from graph_compiler.specs.params import Param
from widgets.controls.buttons import paint_focus
from widgets.fonts import ui_font, wrapped
from widgets.icons import paint_icon
from widgets.inspector.editor import FIELD_WIDTH, Editor
from widgets.inspector.make import make_editor
from widgets.parts import Words
from widgets.theme import theme, themes

LABEL_WIDTH = 104
ROW_GAP = 8


class Row(QWidget):
    """One parameter: label 104 wide, editor in the rest, and the words of a problem below."""

    def __init__(self, param: Param, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param, self.editor = param, editor
        self._problem = self._misread = ""
        self.label = Words("", 12, 400, "text2")
        self.set_label(param.name)
        self.label.setBuddy(editor)
        self.words = Words("", 12, 400, "error", wrap=True)
        self.words.hide()
        self.help = Words(param.summary, 11, 400, "text3", wrap=True)
        self.help.hide()
        editor.setAccessibleDescription(param.summary)
        editor.setToolTip(param.summary)
        editor.misread.connect(self._set_misread)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(editor, 1)
        editor.setMinimumWidth(min(FIELD_WIDTH, 120))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(line)
        box.addWidget(self.words)
        box.addWidget(self.help)

    def set_label(self, name: str) -> None:
        """The name at the left; a long one goes on in a second line."""
        lines = wrapped(name, LABEL_WIDTH - 8, 12)
        self.label.setText("\n".join(lines))
        self.label.setAccessibleName(name)
        self.label.setFixedSize(LABEL_WIDTH - 8, max(28, 16 * len(lines)))
        self.label.setToolTip(f"{name}. {self.param.summary}" if self.param.summary else name)

    def set_help(self, shown: bool) -> None:
        """Show what the parameter is for, or hide it."""
        self.help.setVisible(shown and bool(self.help.text()))

    def set_problem(self, words: str) -> None:
        """What analysis says about the value; empty when it is sound."""
        self._problem = words
        self._show()

    def _set_misread(self, words: str) -> None:
        self._misread = words
        self._show()

    def _show(self) -> None:
        words = self._misread or self._problem
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.editor.set_wrong(bool(words))


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

    def __init__(self, params: Sequence[Param] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, Row] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(ROW_GAP)
        for param in params:
            self.add(param)

    def add(self, param: Param, label: str = "") -> Row:
        """A row for a parameter, with another label if given."""
        editor = make_editor(param)
        editor.changed.connect(lambda value: self.changed.emit(param.name, value))
        editor.left.connect(self.left)
        row = Row(param, editor)
        if label:
            row.set_label(label)
        self.rows[param.name] = row
        self._box.addWidget(row)
        return row

    def set_values(self, values: Mapping[str, Json]) -> None:
        """Show stored values; a missing one shows the default."""
        for name, row in self.rows.items():
            row.editor.set_value(values.get(name, row.param.default))

    def set_problems(self, problems: Mapping[str, str]) -> None:
        """Words under fields, by parameter."""
        for name, row in self.rows.items():
            row.set_problem(problems.get(name, ""))

    def editor(self, name: str) -> Editor:
        """The editor of a parameter. KeyError when there is none."""
        return self.rows[name].editor
