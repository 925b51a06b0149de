"""Editors of several values: sizes side by side, pairs, lists that are typed, and ticked words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.graph.values import Json
from graph_compiler.specs.params import Axes, Choices, Floats, Ints, Pairs, Param, ShapeParam
from widgets.arithmetic import NotANumber
from widgets.controls import Button
from widgets.controls.buttons import paint_focus
from widgets.controls.focus import shows_focus
from widgets.fonts import dress
from widgets.icons import paint_icon
from widgets.inspector.editor import NONE, Editor, LineField
from widgets.inspector.number import NumberField
from widgets.inspector.reading import Names, kept_words, read_number, words_of
from widgets.parts import Words
from widgets.theme import theme


class IntsEditor(Editor):
    """One field a number with × between (kernel sizes, strides)."""

    computes = True

    def __init__(self, param: Ints) -> None:
        super().__init__(param)
        self.fields: list[NumberField] = []
        axes = ("height", "width") if param.length == 2 else ("depth", "height", "width")
        for place in range(param.length):
            if place:
                self.box.addWidget(Words("×", 12, 400, "text3"))
            name = f"{param.name}, {axes[place]}" if param.length > 1 else param.name
            field = self.number(name, True, param.optional, param.minimum, param.maximum)
            field.changed.connect(self._typed)
            self.fields.append(field)
            self.adopt(field)

    def _typed(self, _: Json) -> None:
        values = [field.value for field in self.fields]
        if any(value is None for value in values):
            self.changed.emit(None if isinstance(self.param, Ints) and self.param.optional else values)
            return
        self.changed.emit(values if len(values) > 1 else values[0])

    def set_value(self, value: Json) -> None:
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value] * len(self.fields)
        for field, part in zip(self.fields, [*values, *[None] * len(self.fields)], strict=False):
            field.set_value(part)


class PairsEditor(Editor):
    """A line a pair: before and after."""

    computes = True

    def __init__(self, param: Pairs) -> None:
        super().__init__(param)
        rows = QVBoxLayout()
        rows.setSpacing(4)
        self.box.addLayout(rows)
        self.fields: list[tuple[NumberField, NumberField]] = []
        axes = ("",) if param.length == 1 else ("height", "width") if param.length == 2 else ("depth", "height", "width")
        for axis in axes:
            row = QHBoxLayout()
            row.setSpacing(4)
            pair = (self._field(f"{param.name} {axis} before"), self._field(f"{param.name} {axis} after"))
            for place, field in enumerate(pair):
                row.addWidget(Words("+", 12, 400, "text3")) if place else None
                row.addWidget(field, 1)
            rows.addLayout(row)
            self.fields.append(pair)
        self.setFocusProxy(self.fields[0][0])

    def _field(self, name: str) -> NumberField:
        minimum = self.param.minimum if isinstance(self.param, Pairs) else None
        field = self.number(" ".join(name.split()), True, False, minimum)
        field.changed.connect(self._typed)
        return field

    def _typed(self, _: Json) -> None:
        self.changed.emit([[a.value, b.value] for a, b in self.fields])

    def set_value(self, value: Json) -> None:
        for place, (a, b) in enumerate(self.fields):
            pair = value
            if isinstance(value, (list, tuple)):
                flat = len(self.fields) == 1 and len(value) == 2 and not isinstance(value[0], (list, tuple))
                pair = value if flat else value[place] if place < len(value) else 0
            first, second = pair if isinstance(pair, (list, tuple)) and len(pair) == 2 else (pair, pair)
            a.set_value(first)
            b.set_value(second)


class TypedList(Editor):
    """Numbers in one field with commas between: Axes, ShapeParam, Floats. Each may be a sum; `none` where it is allowed."""

    computes = True

    def __init__(self, param: Axes | ShapeParam | Floats) -> None:
        super().__init__(param)
        self._whole = not isinstance(param, Floats)
        self._single = isinstance(param, (Axes, Floats))
        self._value: Json = None
        self._before: Json = None
        """What was in force before this typing, which is in force again as soon as what is typed cannot be read."""
        self._typing = False
        self._names: Names = {}
        self.field = LineField()
        self.field.setAccessibleName(param.name)
        dress(self.field, 12, mono=True)
        self.field.setFixedHeight(28)
        self.field.setPlaceholderText(NONE if param.optional else param.expected)
        self.field.textEdited.connect(self._typed)
        self.field.left.connect(self._settle)
        self.adopt(self.field)

    def _typed(self, text: str) -> None:
        if not self._typing:
            self._typing, self._before = True, self._value
        try:
            value = self._read(text)
        except NotANumber as problem:
            self.misread.emit(str(problem))
            if self._value != self._before:
                self._value = self._before
                self.changed.emit(self._before)
                self.left.emit()
            return
        self.misread.emit("")
        self._value = value
        self.changed.emit(value)

    def _read(self, text: str) -> Json:
        body = text.strip().strip("()[]").strip()
        if not body or body.lower() == NONE:
            if self.param.optional or isinstance(self.param, ShapeParam):
                return None if self.param.optional else []
            raise NotANumber("Numbers are missing.")
        parts = [part.strip() for part in body.replace("×", ",").replace(";", ",").split(",") if part.strip()]
        numbers = [self._number(part) for part in parts]
        return numbers[0] if self._single and len(numbers) == 1 else numbers

    def _number(self, text: str) -> Json:
        if text.lower() in (NONE, "?"):
            return None
        return read_number(text, self._whole, self._names)

    def set_names(self, names: Names) -> None:
        self._names = dict(names)

    def _settle(self) -> None:
        if self._typing:
            self._typing = False
            self.misread.emit(kept_words(self._read, self.field.text(), _list_words(self._value)))
        self.field.setText(_list_words(self._value))
        self.left.emit()

    def set_value(self, value: Json) -> None:
        before, self._value = self._value, list(value) if isinstance(value, tuple) else value
        if before != self._value:
            self._typing = False
            self.misread.emit("")
        if self.field.hasFocus() and self.field.isModified() and before == self._value:
            return
        self.field.setText(_list_words(self._value))


def _list_words(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(NONE if v is None else words_of(v) for v in value)
    return words_of(value)


class MenuField(Button):
    """A field that opens a menu; it looks as the lists do that are chosen from."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setAccessibleName(name)
        dress(self, 12, mono=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(44, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(t.color("text3" if self.underMouse() else "line2"), 1))
        painter.setBrush(t.color("field"))
        painter.drawRoundedRect(box, 6, 6)
        if shows_focus(self):
            paint_focus(painter, box.adjusted(1, 1, -1, -1), 5)
        painter.setPen(t.color("text"))
        painter.setFont(self.font())
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(box.width()) - 38)
        painter.drawText(box.adjusted(10, 0, -28, 0), Qt.AlignmentFlag.AlignVCenter, words)
        paint_icon(painter, "chevron-down", QRectF(box.right() - 18, box.center().y() - 6, 12, 12), t.color("text2"))
        painter.end()


class TickedEditor(Editor):
    """Words that are ticked in a menu; `empty` stands in the field while none is."""

    def __init__(self, param: Param, empty: str = NONE) -> None:
        super().__init__(param)
        self.chosen: list[str] = []
        self._empty = empty
        self.button = MenuField(param.name)
        self.menu = QMenu(self.button)
        self.actions_by_word: dict[str, QAction] = {}
        self.button.setMenu(self.menu)
        self.adopt(self.button)

    def _offer(self, words: Sequence[str]) -> None:
        """Show these words in the menu."""
        if list(words) == list(self.actions_by_word) and words:
            return
        self.menu.clear()
        self.actions_by_word = {}
        for word in words:
            action = self.menu.addAction(word)
            action.setCheckable(True)
            action.setChecked(word in self.chosen)
            action.triggered.connect(lambda on, word=word: self._tick(word, on))
            self.actions_by_word[word] = action
        if not words:
            self.menu.addAction("Nothing to choose yet").setEnabled(False)

    def _tick(self, word: str, on: bool) -> None:
        chosen = [w for w in self.chosen if w != word] + ([word] if on else [])
        if on and word != "auto":
            chosen = [w for w in chosen if w != "auto"]
        self.changed.emit(chosen)
        self.left.emit()

    def set_value(self, value: Json) -> None:
        self.chosen = [str(v) for v in value] if isinstance(value, (list, tuple)) else []
        for word, action in self.actions_by_word.items():
            action.setChecked(word in self.chosen)
        words = ", ".join(self.chosen) or self._empty
        self.button.setText(words)
        self.button.setToolTip(words)


class ChoicesEditor(TickedEditor):
    """Any of a few words."""

    def __init__(self, param: Choices) -> None:
        super().__init__(param)
        self._offer(param.options)
