"""The inspector's page for one node, made from its spec; it follows the document while fields keep focus and cursor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.edits import UNSET, SetField, SetParam
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT, Json, Node
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.params import Bool, Float, Int, Param, Text
from widgets.document import GraphDocument
from widgets.inspector.form import Form, More
from widgets.inspector.header import Header
from widgets.inspector.sections import CostSection, Section, ShapeSection
from widgets.inspector.state import StateSection
from widgets.parts import Facts as FactRows
from widgets.parts import Words
from widgets.problem_card import ProblemCard
from widgets.words import plural, value

_BLOCK_KINDS = {"int": Int, "float": Float, "bool": Bool, "text": Text}
ALSO_KEY = ("strides", "padding", "weight")
"""Not on the card, but at the top of the form."""
FREEZES = ("layer", "operation", "block")
MUTES = ("layer", "operation", "block", "objective")


def params_of(document: Document, spec: NodeSpec | None, node: Node) -> tuple[Param, ...]:
    """The parameters of a node: its spec's, or those its block declares."""
    if node.block and node.block in document.blocks:
        declared = document.blocks[node.block].parameters
        return tuple(_BLOCK_KINDS.get(p.kind, Text)(name=p.name, default=p.default, key=True) for p in declared)
    return spec.params if spec else ()


class NodePage(QWidget):
    """One node by id. Every edit goes through `document.do`."""

    def __init__(self, document: GraphDocument, node_id: str, scope: str = ROOT, outer: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.node_id, self.scope = document, node_id, scope
        self.path = f"{outer}.{node_id}" if outer else node_id
        self.spec = document.registry.node(self.node.type)
        self.params = params_of(document.document, self.spec, self.node)
        self.header = Header()
        self.text = Words("", 12, 400, "text2", wrap=True)
        self.problems = QVBoxLayout()
        self.key_form, self.more_form = Form(), Form()
        self.more = More()
        self.shape, self.cost, self.state = ShapeSection(), CostSection(), StateSection()
        self._shown_problems: list[Diagnostic] | None = None
        self._arrange()
        self._connect()
        self.refresh()

    @property
    def node(self) -> Node:
        """The node as it stands. KeyError once it is gone."""
        return self.document.document.scope(self.scope).nodes[self.node_id]

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 16)
        box.setSpacing(0)
        box.addWidget(self.header)
        self.text.setContentsMargins(16, 0, 16, 12)
        box.addWidget(self.text)
        self.problems.setContentsMargins(12, 0, 12, 0)
        self.problems.setSpacing(8)
        box.addLayout(self.problems)
        shown = [p for p in self.params if not p.kept]
        key = [p for p in shown if p.key or p.name in ALSO_KEY] or shown[:3]
        self.rest = [p for p in shown if p not in key]
        for param in key:
            self.key_form.add(param)
        if key:
            section = Section()
            section.box.addWidget(self.key_form)
            box.addWidget(section)
        if self.rest:
            box.addWidget(self._more_section())
        if self.spec is None:
            box.addWidget(self._kept_values())
        for part in (self.shape, self.cost, self.state):
            box.addWidget(part)
        box.addStretch(1)

    def _more_section(self) -> Section:
        section = Section()
        section.box.setContentsMargins(16, 0, 16, 0)
        section.box.setSpacing(0)
        self.more_form.setContentsMargins(0, 0, 0, 14)
        self.more_form.hide()
        section.box.addWidget(self.more)
        section.box.addWidget(self.more_form)
        self.more.toggled.connect(self._open_more)
        return section

    def _open_more(self, opened: bool) -> None:
        """Show the other parameters. Their editors are made when they are first asked for: few people ever do."""
        if opened and not self.more_form.rows:
            for param in self.rest:
                self.more_form.add(param).set_help(self.header.help.isChecked())
            self.more_form.set_values(self.node.params)
            self.more_form.set_problems(self._at_fields())
        self.more_form.setVisible(opened)

    def _kept_values(self) -> Section:
        section = Section("Kept values")
        rows = FactRows()
        rows.set_rows([(name, value(kept)) for name, kept in self.node.params.items()] or [("none", "")])
        section.box.addWidget(rows)
        return section

    def _connect(self) -> None:
        for form in (self.key_form, self.more_form):
            form.changed.connect(self._set_param)
            form.left.connect(self.document.end_gesture)
        self.state.changed.connect(self._set_field)
        self.header.renamed.connect(self._rename)
        self.header.help_toggled.connect(self._help)
        self.header.menu.addAction("Rename", self.header.edit_name)
        self.reset = self.header.menu.addAction("Reset to defaults", self.reset_all)

    # What a person does.

    def _set_param(self, name: str, given: Json) -> None:
        self.document.do(SetParam(self.node_id, name, given, self.scope))

    def _set_field(self, name: str, given: bool) -> None:
        self.document.do(SetField(self.node_id, name, given, self.scope))

    def _rename(self, label: str) -> None:
        plain = "" if label in (self.node.type, self.node.block) else label
        self.document.do(SetField(self.node_id, "label", plain, self.scope))
        self.document.end_gesture()

    def reset_all(self) -> None:
        """Every parameter back to its default, as one step."""
        edits = [SetParam(self.node_id, name, UNSET, self.scope) for name in self.node.params]
        if edits:
            self.document.do_all(edits, f"reset {self.node_id}")

    def _fix(self, way: Fix) -> None:
        self.document.end_gesture()
        self.document.do(way.edit)
        self.document.end_gesture()

    def _help(self, shown: bool) -> None:
        for form in (self.key_form, self.more_form):
            for row in form.rows.values():
                row.set_help(shown)

    # What is shown.

    def refresh(self) -> None:
        """Show the node as it stands now."""
        node, facts = self.node, self.document.analysis.facts(self.path)
        family = self.spec.family if self.spec else "operations"
        self.header.show_words(family, node.name, node.id if node.name == node.type else f"{node.id} · {node.type}")
        self.text.setText(self._explanation(node))
        self.text.setVisible(bool(self.text.text()))
        self.key_form.set_values(node.params)
        self.more_form.set_values(node.params)
        changed = sum(param.name in node.params for param in self.rest)
        at_default = len(self.rest) - changed
        self.more.set_caption(f"{changed} changed, {at_default} at defaults" if changed else f"{at_default} at their defaults")
        self.reset.setEnabled(bool(node.params))
        kind = self.spec.kind if self.spec else ""
        self.state.show_node(node, kind in FREEZES and (facts is None or facts.weights > 0 or node.frozen), kind in MUTES)
        self.show_facts(facts)

    def show_facts(self, facts: Facts | None) -> None:
        """Shapes, costs and problems as analysis sees them now."""
        for part in (self.shape, self.cost):
            part.setVisible(facts is not None)
        if facts is not None:
            wired = self.document.document.scope(self.scope).count_into(self.node_id) > 0
            self.shape.show_facts(facts, wired)
            self.cost.show_facts(facts, self.document.analysis.totals)
        problems = self.document.analysis.problems_of(self.path)
        if problems == self._shown_problems:
            return
        self._shown_problems = problems
        at_field = self._at_fields()
        self.key_form.set_problems(at_field)
        self.more_form.set_problems(at_field)
        if any(param.name in at_field for param in self.rest):
            self.more.setChecked(True)
        self._show_cards([p for p in problems if p.param not in at_field or p.fixes])

    def _at_fields(self) -> dict[str, str]:
        """Words under fields, by parameter."""
        names = {param.name for param in self.params}
        return {p.param: _sentence(p) for p in reversed(self._shown_problems or []) if p.param in names}

    def _show_cards(self, problems: list[Diagnostic]) -> None:
        while (item := self.problems.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for problem in problems:
            card = ProblemCard(problem)
            card.fix.connect(self._fix, Qt.ConnectionType.QueuedConnection)
            self.problems.addWidget(card)
        self.problems.setContentsMargins(12, 0, 12, 12 if problems else 0)

    def _explanation(self, node: Node) -> str:
        if self.spec is None and not node.block:
            return "This type is unknown here. Its values are kept as they are and saved back."
        if node.block and node.block in self.document.document.blocks:
            inside = self.document.document.blocks[node.block]
            return inside.summary or f"A block of {plural(len(inside.graph.nodes), 'node')}. Double-click it to go inside."
        return (self.spec.text or self.spec.summary) if self.spec else ""


def _sentence(problem: Diagnostic) -> str:
    """The words under a field: what was expected and what came, or the title."""
    if problem.expected:
        return f"Expected {problem.expected}."
    return problem.hint or f"{problem.title}."

