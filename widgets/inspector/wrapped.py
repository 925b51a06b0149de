"""The editor of a wrapped layer: its name in the row, and under the row a form of that layer's own parameters."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal

from graph_compiler.graph.expressions import is_expression
from graph_compiler.graph.values import Json
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.wrapping import Wrapped
from widgets.inspector.editor import NONE, Combo, Editor
from widgets.inspector.inner import Inner
from widgets.inspector.reading import Names


class WrappedEditor(Editor):
    """A layer by name; `below` holds its parameters, the most used first, the others behind More.

    Where a block may take its place, blocks stand under the layers and `block_chosen(name)` says which.
    """

    block_chosen = Signal(str)

    def __init__(self, param: Wrapped) -> None:
        super().__init__(param)
        self._wrapped = param
        self._given: dict[str, Json] = {}
        self._blocks: dict[str, str] = {}
        self.combo = Combo(param.name, ((NONE,) if param.optional else ()) + tuple(param.options))
        self.combo.textActivated.connect(self._named)
        self.adopt(self.combo)
        self.inner = Inner(self)
        self.below = self.inner

    def _named(self, word: str) -> None:
        """Choose another layer; what both have in common is kept."""
        if word in self._blocks:
            self.block_chosen.emit(self._blocks[word])
            self.left.emit()
            return
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
        name = _block_words(str(given["block"])) if "block" in given else str(given.get("name", NONE))
        if name != self.inner.layer:
            self.inner.build(name, self._wrapped.fields(name))
        self._given = given
        self.combo.show_word(name)
        self.inner.set_values(given)

    def set_blocks(self, names: Iterable[str]) -> None:
        """The blocks that may be chosen."""
        blocks = {_block_words(name): name for name in names}
        if blocks == self._blocks:
            return
        shown = self.combo.currentText()
        for old in self._blocks:
            self.combo.removeItem(self.combo.findText(old))
        self._blocks = blocks
        for word in blocks:
            if self.combo.findText(word) < 0:
                self.combo.addItem(word)
        self.combo.show_word(shown)

    def set_names(self, names: Names) -> None:
        self.inner.set_names(names)

    def set_part(self, name: str, value: Json) -> None:
        """One parameter of the wrapped layer; what stands at its default is not kept."""
        default = next(p.default for p in self._wrapped.fields(str(self._given["name"])) if p.name == name)
        rest = {key: part for key, part in self._given.items() if key != name}
        self._tell(rest if value == default else {**rest, name: value})


def _block_words(name: str) -> str:
    return f"{name} (block)"


def _fits(wrapped: Wrapped, name: str, parameter: str, value: Json) -> bool:
    try:
        wrapped.check({"name": name, parameter: value})
    except Refusal:
        return is_expression(value)
    return True
