"""A form inside a form: the parameters of a wrapped layer, set in a little behind a line, the rest of them behind More."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.graph.values import Json
from graph_compiler.specs.params import Param
from widgets.inspector.reading import Names
from widgets.theme import theme, themes

if TYPE_CHECKING:
    from widgets.inspector.form import Form, More
    from widgets.inspector.wrapped import WrappedEditor

INDENT = 12


class Inner(QWidget):
    """The parameters of one wrapped layer; what is edited goes to the editor that names it."""

    def __init__(self, owner: WrappedEditor) -> None:
        super().__init__()
        self.layer = ""
        """The layer whose parameters are shown."""
        self.forms: list[Form] = []
        self.more: More | None = None
        self._owner = owner
        self._rest: tuple[Param, ...] = ()
        self._values: Mapping[str, Json] = {}
        self._names: Names = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(INDENT, 6, 0, 2)
        self._box.setSpacing(0)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 6, 2, self.height() - 8), theme().color("line2"))
        painter.end()

    def build(self, layer: str, params: tuple[Param, ...]) -> None:
        """Rows for another layer: those of its card at the top."""
        self.layer = layer
        self._clear()
        key = [param for param in params if param.key]
        self._rest = tuple(param for param in params if not param.key)
        self.setVisible(bool(params))
        if key:
            self._add(key)
        if self._rest:
            self._add_more()

    def _clear(self) -> None:
        self.forms, self.more = [], None
        while (item := self._box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _add(self, params: list[Param] | tuple[Param, ...]) -> Form:
        from widgets.inspector.form import Form  # the two make each other

        form = Form(params)
        form.set_names(self._names)
        form.changed.connect(self._owner.set_part)
        form.left.connect(self._owner.left)
        self.forms.append(form)
        self._box.addWidget(form)
        return form

    def _add_more(self) -> None:
        from widgets.inspector.form import More

        self.more = More()
        self.more.toggled.connect(self._open)
        self._box.addWidget(self.more)

    def _open(self, opened: bool) -> None:
        """The other parameters, made when they are first asked for."""
        made = any(self._rest[0].name in form.rows for form in self.forms)
        if opened and not made:
            self._add(self._rest).set_values(self._values)
        elif made:
            self.forms[-1].setVisible(opened)

    def set_values(self, values: Mapping[str, Json]) -> None:
        """Show stored values, and how many of the others differ from their defaults."""
        self._values = values
        for form in self.forms:
            form.set_values(values)
        if self.more is not None:
            changed = sum(param.name in values for param in self._rest)
            left = len(self._rest) - changed
            self.more.set_caption(f"{changed} changed, {left} at defaults" if changed else f"{left} at their defaults")

    def set_names(self, names: Names) -> None:
        """Inside a block: its parameters."""
        self._names = names
        for form in self.forms:
            form.set_names(names)
