"""The parameters a block declares, as rows: name, kind, default; added, renamed, changed and removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from graph_compiler.graph.blocks.names import fresh_name
from graph_compiler.graph.blocks.parameters import KINDS
from graph_compiler.graph.values import BlockParameter, Json
from graph_compiler.specs.params import Bool, Float, Int, Param, Text
from widgets.controls import IconButton
from widgets.fonts import dress
from widgets.inspector.editor import Combo, LineField
from widgets.inspector.make import make_editor
from widgets.inspector.rows import SMALL, ListSection, line

_EDITED: Mapping[str, type[Param]] = {"int": Int, "float": Float, "bool": Bool, "text": Text}
_BLANK: Mapping[str, Json] = {"int": 1, "float": 0.0, "bool": False, "text": ""}
FIRST = "size"
"""What a new parameter is called."""


def as_kind(value: Json, kind: str) -> Json:
    """A default as another kind, as far as it has a meaning there."""
    try:
        if kind == "int":
            return int(float(value))
        if kind == "float":
            return float(value)
    except (TypeError, ValueError, OverflowError):
        return _BLANK[kind]
    return bool(value) if kind == "bool" else str(value)


class _Row(QWidget):
    """One parameter."""

    def __init__(self, declared: BlockParameter) -> None:
        super().__init__()
        self.declared = declared
        self.name = LineField()
        self.name.setText(declared.name)
        self.name.setCursorPosition(0)
        dress(self.name, 12, mono=True)
        self.name.setFixedHeight(28)
        self.name.setAccessibleName("Name of a parameter")
        self.kind = Combo("Kind", KINDS)
        self.kind.show_word(declared.kind)
        self.kind.setFixedWidth(76)
        kind = _EDITED.get(declared.kind, Text)
        self.default = make_editor(kind(name=f"default of {declared.name}", default=declared.default))
        self.default.set_value(declared.default)
        self.away = IconButton("close", "Remove", SMALL)
        row = line(self.name, self.kind, self.default, self.away)
        self.default.setFixedWidth(60 if declared.kind in ("int", "float", "bool") else 84)
        row.setSpacing(4)
        self.setLayout(row)


class DeclaredSection(ListSection):
    """`changed(parameters, renamed)` for a new list, `default_changed(parameters)` while a default is typed."""

    changed = Signal(object, object)
    default_changed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Block parameters", "Add a parameter",
                         "None. A parameter can be set by every instance, and used inside by its name.", parent)
        self.rows: list[_Row] = []
        self._declared: tuple[BlockParameter, ...] = ()
        self.added.connect(self._add)

    def show_parameters(self, declared: Sequence[BlockParameter]) -> None:
        """Show what is declared; rows whose names and kinds stay are updated in place."""
        same = [(p.name, p.kind) for p in declared] == [(p.name, p.kind) for p in self._declared]
        self._declared = tuple(declared)
        if not same or not self.rows:
            self.rows = [self._row(place, p) for place, p in enumerate(declared)]
            self.set_rows(list(self.rows))
        for row, parameter in zip(self.rows, declared, strict=True):
            row.declared = parameter
            row.default.set_value(parameter.default)

    def _row(self, place: int, declared: BlockParameter) -> _Row:
        row = _Row(declared)
        row.name.left.connect(lambda: self._rename(row, place))
        row.kind.textActivated.connect(lambda kind: self._turn(row, place, kind))
        row.default.changed.connect(lambda value: self._default(place, value))
        row.default.left.connect(self.left)
        row.away.clicked.connect(lambda: self.changed.emit(self._declared[:place] + self._declared[place + 1:], {}))
        return row

    def _add(self) -> None:
        name = fresh_name(FIRST, {p.name for p in self._declared})
        self.changed.emit((*self._declared, BlockParameter(name=name, default=_BLANK["int"])), {})

    def _rename(self, row: _Row, place: int) -> None:
        old, new = row.declared.name, row.name.text().strip()
        row.name.setText(old)
        if new and new != old:
            self._replace(place, {old: new}, name=new)

    def _turn(self, row: _Row, place: int, kind: str) -> None:
        self._replace(place, kind=kind, default=as_kind(row.declared.default, kind))

    def _replace(self, place: int, renamed: Mapping[str, str] | None = None, **values: Json) -> None:
        self.changed.emit(self._with(place, **values), dict(renamed or {}))

    def _default(self, place: int, value: Json) -> None:
        self.default_changed.emit(self._with(place, default=value))

    def _with(self, place: int, **values: Json) -> tuple[BlockParameter, ...]:
        return tuple(replace(p, **values) if i == place else p for i, p in enumerate(self._declared))
