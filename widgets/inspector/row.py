"""One row of a form: label, editor, what is wrong in words; inside a block also values that are parameters of the block."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from graph_compiler.graph.expressions import is_expression
from graph_compiler.graph.values import Json
from graph_compiler.specs.params import Param
from widgets.fonts import dress, mono_font, scaled, text_width, wrapped
from widgets.icons import paint_icon
from widgets.inspector.editor import FIELD_WIDTH, Editor
from widgets.inspector.reading import Names, words_of, worth_of
from widgets.parts import Words
from widgets.theme import theme, themes
from widgets.words import value as value_words

LABEL_WIDTH = 104
CROSS = 22


class ExpressionLine(QLineEdit):
    """A parameter of the block in the place of a choice, a switch or a text: its name, the value in force, a cross."""

    let_go = Signal()
    """The cross: the field should have a value of its own again."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._worth = ""
        self.setReadOnly(True)
        dress(self, 12, mono=True)
        self.setFixedHeight(28)
        self.setAccessibleName(name)
        self.setToolTip("A parameter of the block. The cross gives the field a value of its own.")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def show_expression(self, text: str, worth: Json) -> None:
        """The text, and what it comes to."""
        self._worth = f"= {value_words(worth)}" if worth is not None else "= ?"
        self.setText(text)
        self.setTextMargins(0, 0, round(text_width(self._worth, 11, mono=True)) + CROSS, 0)
        self.setAccessibleDescription(self._worth)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self.width() - CROSS:
            self.let_go.emit()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        on_cross = event.position().x() >= self.width() - CROSS
        self.setCursor(Qt.CursorShape.PointingHandCursor if on_cross else Qt.CursorShape.IBeamCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, t = QPainter(self), theme()
        painter.setFont(mono_font(11))
        painter.setPen(t.color("text3"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(self.rect()).adjusted(0, 0, -CROSS, 0), middle, self._worth)
        paint_icon(painter, "close", QRectF(self.width() - CROSS + 5, self.height() / 2 - 5, 10, 10), t.color("text3"))
        painter.end()


class Row(QWidget):
    """One parameter: label 104 wide, editor in the rest, and the words of a problem below."""

    changed = Signal(object)
    menu_wanted = Signal(object)
    """A QMenu that is about to open at the field: entries may be added."""

    def __init__(self, param: Param, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param, self.editor = param, editor
        self._problem = self._misread = ""
        self._names: Names = {}
        self._value: Json = None
        self.expression: ExpressionLine | None = None
        self.label = Words("", 12, 400, "text2")
        self.set_label(param.name)
        self.label.setBuddy(editor)
        self._words: Words | None = None
        self._help: Words | None = None
        editor.setAccessibleDescription(param.summary)
        editor.setToolTip(param.summary)
        editor.changed.connect(self.changed)
        editor.misread.connect(self._set_misread)
        self._line = QHBoxLayout()
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(8)
        self._line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(editor, 1)
        editor.setMinimumWidth(min(FIELD_WIDTH, 120))
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self._box.addLayout(self._line)
        if editor.below is not None:
            self._box.addWidget(editor.below)

    @property
    def words(self) -> Words:
        """What is wrong, below the line; made when there is something to say."""
        if self._words is None:
            self._words = Words("", 12, 400, "error", wrap=True)
            self._words.hide()
            self._box.insertWidget(1, self._words)
        return self._words

    @property
    def help(self) -> Words:
        """What the parameter is for, below that; made when it is asked for."""
        if self._help is None:
            self._help = Words(self.param.summary, 11, 400, "text3", wrap=True)
            self._help.hide()
            self._box.insertWidget(1 if self._words is None else 2, self._help)
        return self._help

    def set_label(self, name: str) -> None:
        """The name at the left; a long one goes on in a second line."""
        lines = wrapped(name, LABEL_WIDTH - 8, 12)
        self.label.setText("\n".join(lines))
        self.label.setAccessibleName(name)
        self.label.setFixedSize(LABEL_WIDTH - 8, max(28, scaled(16) * len(lines)))
        self.label.setToolTip(f"{name}. {self.param.summary}" if self.param.summary else name)

    def set_help(self, shown: bool) -> None:
        """Show what the parameter is for, or hide it."""
        if shown or self._help is not None:
            self.help.setVisible(shown and bool(self.param.summary))

    def set_names(self, names: Names) -> None:
        """The parameters of the block one is in, with the values in force."""
        self._names = names
        self.editor.set_names(names)
        for field in self.editor.findChildren(QWidget):
            field.installEventFilter(self)
        self.set_value(self._value)

    def set_value(self, value: Json) -> None:
        """Show a stored value."""
        self._value = value
        computed = is_expression(value) and not self.editor.computes
        if computed and self.expression is None:
            self.expression = ExpressionLine(self.param.name)
            self.expression.let_go.connect(self._let_go)
            self.expression.installEventFilter(self)
            self._line.addWidget(self.expression, 1)
        if self.expression is not None:
            self.expression.setVisible(computed)
        self.editor.setVisible(not computed)
        if computed and self.expression is not None:
            self.expression.show_expression(words_of(value), worth_of(value, self._names))
        else:
            self.editor.set_value(value)

    def _let_go(self) -> None:
        worth = worth_of(self._value, self._names)
        self.changed.emit(self.param.default if worth is None else worth)

    def set_problem(self, words: str) -> None:
        """What analysis says about the value; empty when it is sound."""
        self._problem = words
        self._show()

    @property
    def unread(self) -> bool:
        """Whether what stands in the field cannot be read, so that the value from before is in force."""
        return bool(self._misread)

    def _set_misread(self, words: str) -> None:
        self._misread = words
        self._show()

    def _show(self) -> None:
        words = self._misread or self._problem
        if words or self._words is not None:
            self.words.setText(words)
            self.words.setVisible(bool(words))
        self.editor.set_wrong(bool(words))

    # The menu of the right button.

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(QMenu(self), event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QContextMenuEvent):
            return super().eventFilter(watched, event)
        menu = watched.createStandardContextMenu() if isinstance(watched, QLineEdit) else QMenu(self)
        self._open_menu(menu, event)
        return True

    def _open_menu(self, menu: QMenu, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.isEmpty():
            menu.deleteLater()
        else:
            menu.popup(event.globalPos())
        event.accept()
