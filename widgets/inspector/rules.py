"""The editor of a named Keras object (initialiser, regulariser, constraint): its name, and under it what it takes."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from graph_compiler.graph.values import Json
from graph_compiler.specs.params import Param, Rules
from widgets.inspector.editor import NONE, Combo, Editor
from widgets.parts import Words


class RulesEditor(Editor):
    """A named Keras object and, under it, the parameters it takes."""

    def __init__(self, param: Rules) -> None:
        super().__init__(param)
        self._rules = param
        self._given: dict[str, Json] = {}
        self._fields: dict[str, Editor] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self.box.addLayout(self._column)
        self.combo = Combo(param.name, ((NONE,) if param.optional else ()) + tuple(param.options))
        self.combo.textActivated.connect(self._named)
        self._column.addWidget(self.combo)
        self.setFocusProxy(self.combo)

    def _named(self, word: str) -> None:
        self.changed.emit(None if word == NONE else word)
        self.left.emit()

    def set_value(self, value: Json) -> None:
        given = {"name": value} if isinstance(value, str) else dict(value) if isinstance(value, dict) else {}
        name = str(given.get("name", NONE))
        if name != self._given.get("name"):
            self._build(self._rules.options.get(name, ()))
        self._given = given
        self.combo.show_word(name)
        for param in self._rules.options.get(name, ()):
            self._fields[param.name].set_value(given.get(param.name, param.default))

    def _build(self, params: tuple[Param, ...]) -> None:
        from widgets.inspector.make import make_editor  # the two make each other

        while self._column.count() > 1:
            item = self._column.takeAt(1)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._fields = {}
        for param in params:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            caption = Words(param.name, 11, 400, "text3")
            caption.setFixedWidth(60)
            editor = make_editor(param)
            editor.changed.connect(lambda value, name=param.name: self._part(name, value))
            editor.left.connect(self.left)
            editor.misread.connect(self.misread)
            line.addWidget(caption)
            line.addWidget(editor, 1)
            self._column.addWidget(row)
            self._fields[param.name] = editor

    def _part(self, name: str, value: Json) -> None:
        fresh = {**self._given, name: value}
        self._given = fresh
        self.changed.emit(fresh)
