"""The editor of a wrapped layer: its name in the row, and under the row a form of that layer's own parameters."""

from __future__ import annotations

from graph_compiler.graph.expressions import is_expression
from graph_compiler.graph.values import Json
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.wrapping import Wrapped
from widgets.inspector.editor import NONE, Combo, Editor
from widgets.inspector.inner import Inner
from widgets.inspector.reading import Names


class WrappedEditor(Editor):
    """A layer by name; `below` holds its parameters, the most used first, the others behind More."""

    def __init__(self, param: Wrapped) -> None:
        super().__init__(param)
        self._wrapped = param
        self._given: dict[str, Json] = {}
        self.combo = Combo(param.name, ((NONE,) if param.optional else ()) + tuple(param.options))
        self.combo.textActivated.connect(self._named)
        self.adopt(self.combo)
        self.inner = Inner(self)
        self.below = self.inner

    def _named(self, word: str) -> None:
        """Choose another layer; what both have in common is kept."""
        kept: dict[str, Json] = {"name": word}
        for param in self._wrapped.fields(word):
            if param.name in self._given and _fits(self._wrapped, word, param.name, self._given[param.name]):
                kept[param.name] = self._given[param.name]
        self._tell(None if word == NONE else kept)
        self.left.emit()

    def _tell(self, given: dict[str, Json] | None) -> None:
        """A layer at its defaults is its name alone."""
        self._given = given or self._given
        self.changed.emit(given["name"] if given is not None and len(given) == 1 else given)

    def set_value(self, value: Json) -> None:
        given = {"name": value} if isinstance(value, str) else dict(value) if isinstance(value, dict) else {}
        name = str(given.get("name", NONE))
        if name != self.inner.layer:
            self.inner.build(name, self._wrapped.fields(name))
        self._given = given
        self.combo.show_word(name)
        self.inner.set_values(given)

    def set_names(self, names: Names) -> None:
        self.inner.set_names(names)

    def set_part(self, name: str, value: Json) -> None:
        """One parameter of the wrapped layer; what stands at its default is not kept."""
        default = next(p.default for p in self._wrapped.fields(str(self._given["name"])) if p.name == name)
        rest = {key: part for key, part in self._given.items() if key != name}
        self._tell(rest if value == default else {**rest, name: value})


def _fits(wrapped: Wrapped, name: str, parameter: str, value: Json) -> bool:
    try:
        wrapped.check({"name": name, parameter: value})
    except Refusal:
        return is_expression(value)
    return True
