"""Texts that the drawing knows the answers to: columns to stratify by, figures to watch, nodes to train.

A form is told the answers by kind (`of` of a parameter); its editors show them as lists to choose from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QCompleter

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.plan import Plan
from graph_compiler.analysis.reach import upstream
from graph_compiler.graph.values import Json
from graph_compiler.specs.datasets import SourceSpec
from graph_compiler.specs.params import Names, Text
from widgets.inspector.editor import NONE, Combo, Editor, LineField
from widgets.inspector.lists import TickedEditor
from widgets.inspector.reading import words_of

Answers = Mapping[str, tuple[str, ...]]
"""Names of the drawing by kind: `categories`, `trainable`, `figures`."""

WORDS = {"": NONE, ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
"""How answers are shown that would hardly be seen."""
_VALUES = {word: value for value, word in WORDS.items()}


def node_answers(analysis: Analyzer, path: str) -> Answers:
    """What the drawing knows for the parameters of a node."""
    facts = analysis.facts(path)
    if facts is None:
        return {}
    if isinstance(facts.spec, SourceSpec):
        columns = facts.spec.dataset.schema(facts.values).columns
        return {"categories": tuple(column.name for column in columns if column.kind == "category")}
    if facts.spec is not None and facts.spec.kind == "objective":
        engine = analysis.inside(path.rpartition(".")[0])
        return {"trainable": _trainable(engine, facts)} if engine is not None else {}
    return {}


def _trainable(engine: GraphEngine, facts: Facts) -> tuple[str, ...]:
    """What stands before an objective and has weights: nodes by id, instances that share weights by that name."""
    targets = {port.name for port in facts.ports_in if port.role == "target"}
    starts = [edge.source for edge in engine.graph.into(facts.node.id) if edge.target_port not in targets]
    before = upstream(engine, starts)
    found = [n for n in engine.order if n in before and (engine.facts[n].weights or engine.graph.nodes[n].weights)]
    return tuple(dict.fromkeys(engine.graph.nodes[n].weights or n for n in found))


def figures_of(plan: Plan) -> tuple[str, ...]:
    """The figures that a run of this plan reports, those of validation first."""
    several = len(plan.goals.settled) > 1
    parts = [(f"{loss.node}_" if several else "", loss) for loss in plan.objectives]
    own = ["loss", *(f"{prefix}{name}" for prefix, loss in parts
                     for name in (*(("loss",) if several else ()), *(metric for metric, _, _ in loss.resolved.metrics)))]
    return (*(f"val_{name}" for name in own), *own)


class AnswerEditor(Editor):
    """A list to choose from. Another text may be typed where the drawing cannot know every answer."""

    def __init__(self, param: Text) -> None:
        super().__init__(param)
        self._of, self._likely, self._value = param.of, param.likely, ""
        self.combo = Combo(param.name)
        self.field: LineField | None = None
        if param.of != "categories":
            self.field = LineField()
            self.combo.setEditable(True)
            self.combo.setLineEdit(self.field)
            self.field.setCompleter(QCompleter(self))  # one that knows nothing: what is typed stays as it is
            self.field.setAccessibleName(param.name)
            self.field.textEdited.connect(self._typed)
            self.field.left.connect(self._settle)
        self.combo.textActivated.connect(self._chosen)
        self.adopt(self.combo)
        self.set_answers({})

    def set_answers(self, answers: Answers) -> None:
        found = self._likely or answers.get(self._of, ())
        words = [WORDS.get(answer, answer) for answer in found]
        if self.field is None:
            words.insert(0, NONE)
        if words != [self.combo.itemText(i) for i in range(self.combo.count())]:
            self.combo.blockSignals(True)
            self.combo.clear()
            self.combo.addItems(words)
            self.combo.blockSignals(False)
        self.set_value(self._value)

    def _chosen(self, word: str) -> None:
        self._say(word)
        self.left.emit()

    def _typed(self, text: str) -> None:
        self._say(text)

    def _say(self, word: str) -> None:
        self._value = _VALUES.get(word, word)
        self.changed.emit(self._value)

    def _settle(self) -> None:
        self.set_value(self._value)
        self.left.emit()

    def set_value(self, value: Json) -> None:
        self._value = "" if value is None else words_of(value)
        if self.field is None:
            self.combo.show_word(WORDS.get(self._value, self._value))
        elif not (self.field.hasFocus() and _VALUES.get(self.field.text(), self.field.text()) == self._value):
            self.field.setText(WORDS.get(self._value, self._value) if self._value else "")


class NamesEditor(TickedEditor):
    """Names of the drawing that are ticked; those that it does not have stay until they are unticked."""

    def __init__(self, param: Names) -> None:
        super().__init__(param, "all")
        self._of = param.of
        self._known: tuple[str, ...] = ()
        self._offer(())

    def set_answers(self, answers: Answers) -> None:
        self._known = answers.get(self._of, ())
        self._offer(self._words())

    def set_value(self, value: Json) -> None:
        super().set_value(value)
        self._offer(self._words())

    def _words(self) -> Sequence[str]:
        return tuple(dict.fromkeys((*self._known, *self.chosen)))
