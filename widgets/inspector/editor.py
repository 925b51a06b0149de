"""What every editor of a parameter is, and the plain ones: number, switch, choice, line of text, several lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from graph_compiler.graph.values import Json
from graph_compiler.specs.params import Bool, Choice, Float, Int, Param, Text
from widgets.controls import Segmented, Switch
from widgets.fonts import dress, text_width
from widgets.inspector.curves import curve_icon
from widgets.inspector.number import NumberField
from widgets.inspector.reading import Names, words_of

NONE = "none"
FIELD_WIDTH = 168


class Editor(QWidget):
    """Edits one value: `changed(value)` (JSON), `left()` when a gesture ends, `misread(words)` when it cannot be read."""

    changed = Signal(object)
    left = Signal()
    misread = Signal(str)
    computes: ClassVar[bool] = False
    """Whether it shows expressions itself (fields of numbers do)."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self._first: QWidget | None = None
        self.below: QWidget | None = None
        """What stands under the row in its whole width."""
        self.box: QBoxLayout = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(6)

    def set_value(self, value: Json) -> None:
        """Show a value without a signal."""
        raise NotImplementedError

    def set_names(self, names: Names) -> None:
        """Inside a block: its parameters, for expressions in number fields."""
        for field in self.findChildren(NumberField):
            field.set_names(names)

    def set_answers(self, answers: Mapping[str, tuple[str, ...]]) -> None:
        """What the drawing knows, by kind of answer; editors that choose from it follow."""

    def set_wrong(self, wrong: bool) -> None:
        """Red border on the fields, or none."""
        for field in self.findChildren(QWidget):
            if isinstance(field, (QLineEdit, QPlainTextEdit, QComboBox)) and bool(field.property("problem")) != wrong:
                field.setProperty("problem", wrong)
                field.style().unpolish(field)
                field.style().polish(field)

    def adopt(self, field: QWidget, stretch: int = 1) -> None:
        """Put a field in; the first takes the keyboard for the whole editor."""
        self.box.addWidget(field, stretch)
        if self._first is None:
            self._first = field
            self.setFocusProxy(field)

    def number(self, name: str, whole: bool = True, optional: bool = False, minimum: float | None = None,
               maximum: float | None = None) -> NumberField:
        """A number field whose words and gestures are passed on."""
        field = NumberField(name, whole=whole, optional=optional, minimum=minimum, maximum=maximum)
        field.left.connect(self.left)
        field.misread.connect(self.misread)
        return field


class NumberEditor(Editor):
    """Int and Float."""

    computes = True

    def __init__(self, param: Int | Float) -> None:
        super().__init__(param)
        self.field = self.number(param.name, isinstance(param, Int), param.optional, param.minimum, param.maximum)
        self.field.changed.connect(self.changed)
        self.adopt(self.field)

    def set_value(self, value: Json) -> None:
        self.field.set_value(value)


class BoolEditor(Editor):
    """A switch at the left of the field's place."""

    def __init__(self, param: Bool) -> None:
        super().__init__(param)
        self.switch = Switch(param.name)
        self.adopt(self.switch, 0)
        self.box.addStretch(1)
        self.switch.clicked.connect(self._turned)

    def _turned(self, on: bool) -> None:
        self.changed.emit(on)
        self.left.emit()

    def set_value(self, value: Json) -> None:
        self.switch.setChecked(value is True)


class Combo(QComboBox):
    """A list of words to choose from; the wheel scrolls the form, not the choice, until the combo has the keyboard."""

    def __init__(self, name: str, words: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        dress(self, 12, mono=True)
        self.setFixedHeight(28)
        self.setMinimumWidth(44)
        self.setMaxVisibleItems(14)
        self.setIconSize(QSize(22, 16))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.addItems(words)
        self.currentTextChanged.connect(self.setToolTip)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        icon = 0 if option.currentIcon.isNull() else self.iconSize().width() + 4
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room - icon - 4)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def showPopup(self) -> None:
        """The list is as wide as its longest word."""
        widest = max((self.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        self.view().setMinimumWidth(widest + 60)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def show_word(self, word: str) -> None:
        """Choose a word without a signal; one that is not in the list is shown all the same."""
        self.blockSignals(True)
        if self.findText(word) < 0:
            self.addItem(word)
        self.setCurrentText(word)
        self.blockSignals(False)
        self.setToolTip(word)


class ChoiceEditor(Editor):
    """Two or three short words side by side, more in a list."""

    def __init__(self, param: Choice) -> None:
        super().__init__(param)
        self._words = (NONE, *param.options) if param.optional else param.options
        if "activation" in param.name and "linear" in param.options:
            self._words = param.options  # none and linear are the same to Keras
        wide = sum(text_width(word, 12, 600) + 20 for word in self._words) + 4
        self.segmented = Segmented(self._words) if 2 <= len(self._words) <= 3 and wide <= FIELD_WIDTH else None
        self.combo = None if self.segmented else Combo(param.name, self._words)
        if self.segmented:
            self.segmented.setAccessibleName(param.name)
            self.segmented.setFixedHeight(28)
            self.segmented.changed.connect(self._chosen)
            self.adopt(self.segmented)
        if self.combo:
            self._add_curves()
            self.combo.textActivated.connect(self._chosen)
            self.adopt(self.combo)

    def _add_curves(self) -> None:
        for row in range(self.combo.count() if self.combo and "activation" in self.param.name else 0):
            picture = curve_icon(self.combo.itemText(row)) if self.combo else None
            if picture is not None and self.combo:
                self.combo.setItemIcon(row, picture)

    def _chosen(self, word: str) -> None:
        self.changed.emit(None if word == NONE and self.param.optional and NONE not in self._own else word)
        self.left.emit()

    @property
    def _own(self) -> tuple[str, ...]:
        return self.param.options if isinstance(self.param, Choice) else ()

    def set_value(self, value: Json) -> None:
        word = words_of(value) if value is not None else ("linear" if NONE not in self._words else NONE)
        if self.segmented:
            self.segmented.set_value(word)
        elif self.combo:
            self.combo.show_word(word)


class LineField(QLineEdit):
    """A line of text that says `left` when the keyboard goes elsewhere or Enter is pressed, whether it was edited or not."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.returnPressed.connect(self.left)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class TextEditor(Editor):
    """A line of text."""

    def __init__(self, param: Param) -> None:
        super().__init__(param)
        self.field = LineField()
        self.field.setAccessibleName(param.name)
        dress(self.field, 13)
        self.field.setFixedHeight(28)
        self.field.textEdited.connect(self._typed)
        self.field.left.connect(self.left)
        if param.optional:
            self.field.setPlaceholderText(NONE)
        self.adopt(self.field)

    def _typed(self, text: str) -> None:
        self.changed.emit(text if text or not self.param.optional else None)

    def set_value(self, value: Json) -> None:
        text = "" if value is None else words_of(value)
        if text != self.field.text():
            cursor = self.field.cursorPosition()
            self.field.setText(text)
            self.field.setCursorPosition(min(cursor, len(text)))


class LinesEditor(Editor):
    """Several lines of text."""

    def __init__(self, param: Text) -> None:
        super().__init__(param)
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(param.name)
        dress(self.field, 13)
        self.field.setFixedHeight(96)
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self._shown = ""
        self.adopt(self.field)

    def _typed(self) -> None:
        if self.field.toPlainText() != self._shown:
            self._shown = self.field.toPlainText()
            self.changed.emit(self._shown)

    def set_value(self, value: Json) -> None:
        text = "" if value is None else words_of(value)
        if text != self.field.toPlainText():
            self._shown = text
            self.field.setPlainText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)
