"""The editor for each kind of parameter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_compiler.datasets.csv_layout import FileParam
from graph_compiler.specs.params import (
    Axes,
    Bool,
    Choice,
    Choices,
    Float,
    Floats,
    Int,
    Ints,
    Names,
    Pairs,
    Param,
    Rules,
    ShapeParam,
    Text,
)
from graph_compiler.specs.wrapping import Wrapped
from widgets.inspector.answers import AnswerEditor, NamesEditor
from widgets.inspector.editor import BoolEditor, ChoiceEditor, Editor, LinesEditor, NumberEditor, TextEditor
from widgets.inspector.file_editor import FileEditor
from widgets.inspector.lists import ChoicesEditor, IntsEditor, PairsEditor, TypedList
from widgets.inspector.rules import RulesEditor
from widgets.inspector.wrapped import WrappedEditor

_EDITORS: tuple[tuple[type[Param], Callable[[Any], Editor]], ...] = (
    (Int, NumberEditor), (Float, NumberEditor), (Bool, BoolEditor), (Choice, ChoiceEditor), (Choices, ChoicesEditor),
    (Ints, IntsEditor), (Pairs, PairsEditor), (Axes, TypedList), (ShapeParam, TypedList), (Floats, TypedList),
    (Rules, RulesEditor), (Wrapped, WrappedEditor), (FileParam, FileEditor))


def make_editor(param: Param) -> Editor:
    """An editor that fits the parameter; kinds without one of their own are edited as text."""
    if isinstance(param, Text) and param.multiline:
        return LinesEditor(param)
    if isinstance(param, Text) and (param.of or param.likely):
        return AnswerEditor(param)
    if isinstance(param, Names) and param.of:
        return NamesEditor(param)
    for kind, editor in _EDITORS:
        if isinstance(param, kind):
            return editor(param)
    return TextEditor(param)
