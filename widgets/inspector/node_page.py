"""The inspector's page for one node, made from its spec; it follows the document while fields keep focus and cursor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from graph_compiler.analysis.blocks import block_params
from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.readiness import fixes_at, readiness_at
from graph_compiler.graph.blocks import name_instance, port_name, rename_port
from graph_compiler.graph.blocks.each_step import each_step_blocks, each_step_by_layer, each_step_of
from graph_compiler.graph.blocks.inside import BOUNDARY, EACH_STEP
from graph_compiler.graph.edits import UNSET, EditRefused, SetField, SetParam
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT, Json, Node
from graph_compiler.layers.wrappers import TIME_DISTRIBUTED
from graph_compiler.runs.watched import Watched
from graph_compiler.specs.datasets import SourceSpec, idle
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.params import Param
from graph_compiler.specs.wrapping import Wrapped
from widgets.document import GraphDocument
from widgets.icons import tile_family
from widgets.inspector.answers import node_answers
from widgets.inspector.block_sections import BlockButtons, WeightsSection
from widgets.inspector.field_menu import fill
from widgets.inspector.file_editor import FileEditor
from widgets.inspector.files import FilesSection
from widgets.inspector.form import Form, More
from widgets.inspector.header import Header
from widgets.inspector.live import LiveSection
from widgets.inspector.sections import CostSection, Section, ShapeSection
from widgets.inspector.state import StateSection
from widgets.inspector.wrapped import WrappedEditor
from widgets.parts import Facts as FactRows
from widgets.parts import Words
from widgets.problem_card import ProblemCard
from widgets.words import value

ALSO_KEY = ("strides", "padding", "weight", "together")
"""Not on the card, but at the top of the form."""
EACH_LAYER = next(p for p in TIME_DISTRIBUTED.params if isinstance(p, Wrapped))
"""The choice of what works at every step, a layer or a block."""
LIVE_PLACE = 3
"""Below header, text and problems."""
FREEZES = ("layer", "operation", "block")
MUTES = ("layer", "operation", "block", "objective")


def params_of(document: Document, spec: NodeSpec | None, node: Node) -> tuple[Param, ...]:
    """The parameters of a node: its spec's, or those its block declares."""
    if node.block and node.block in document.blocks:
        own = block_params(document, node)
        return own if node.type != EACH_STEP or any(p.name == EACH_LAYER.name for p in own) else (EACH_LAYER, *own)
    return spec.params_for(node.params) if spec else ()


class NodePage(QWidget):
    """One node by id. Every edit goes through `document.do`."""

    file_wanted = Signal()
    """The file of the source should be asked for."""

    def __init__(self, document: GraphDocument, node_id: str, scope: str = ROOT, outer: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.node_id, self.scope, self.outer = document, node_id, scope, outer
        self.path = f"{outer}.{node_id}" if outer else node_id
        self.spec = document.registry.node(self.node.type)
        self.params = params_of(document.document, self.spec, self.node)
        self.header = Header()
        self.text = Words("", 12, 400, "text2", wrap=True)
        self.problems = QVBoxLayout()
        self.key_form, self.more_form = Form(), Form()
        self.more = More()
        self.shape, self.cost, self.state = ShapeSection(), CostSection(), StateSection()
        self.files = FilesSection()
        self.weights, self.buttons = WeightsSection(), BlockButtons()
        self.live, self._running = LiveSection(), False
        self._shown_problems: list[Diagnostic] | None = None
        self._rest: Section | None = None
        """The section of the parameters behind More."""
        self._arrange()
        self._connect()
        self.refresh()

    @property
    def node(self) -> Node:
        """The node as it stands. KeyError once it is gone."""
        return self.document.document.scope(self.scope).nodes[self.node_id]

    def _arrange(self) -> None:
        box = self._box = QVBoxLayout(self)
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
            editor = self.key_form.add(param).editor
            if isinstance(editor, WrappedEditor):
                editor.block_chosen.connect(self._set_block)
            elif isinstance(editor, FileEditor):
                editor.wanted.connect(self.file_wanted)
        is_block = bool(self.node.block)
        if is_block:
            box.addWidget(self.weights)
        if key:
            section = Section("Block parameters" if is_block else "")
            section.box.addWidget(self.key_form)
            box.addWidget(section)
        if is_block:
            section = Section()
            section.box.addWidget(self.buttons)
            box.addWidget(section)
        if self.rest:
            box.addWidget(self._more_section())
        if self.spec is None:
            box.addWidget(self._kept_values())
        for part in (self.shape, self.cost, self.files, self.state, self.live):
            box.addWidget(part)
        box.addStretch(1)

    def _more_section(self) -> Section:
        section = self._rest = Section()
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
            form.menu_wanted.connect(self._field_menu)
        self.weights.changed.connect(self._set_weights)
        self.state.changed.connect(self._set_field)
        self.files.fix.connect(lambda way: self._fix(self.path, way), Qt.ConnectionType.QueuedConnection)
        self.header.renamed.connect(self._rename)
        self.header.help_toggled.connect(self._help)
        self.header.menu.addAction("Rename", self.header.edit_name)
        self.reset = self.header.menu.addAction("Reset to defaults", self.reset_all)

    def field_in_use(self) -> str:
        """The parameter whose field has the focus, empty where none has."""
        rows = {**self.key_form.rows, **self.more_form.rows}
        here = QApplication.focusWidget()
        return next((name for name, row in rows.items() if here is not None and row.isAncestorOf(here)), "")

    def use_field(self, name: str) -> None:
        """Put the focus into the field of a parameter, if it is shown."""
        row = self.key_form.rows.get(name) or self.more_form.rows.get(name)
        if row is not None:
            row.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    # What a person does.

    def _set_param(self, name: str, given: Json) -> None:
        if self.params[:1] == (EACH_LAYER,) and name == EACH_LAYER.name and self.node.block:
            self.document.do(each_step_by_layer(self.document.document, self.scope, self.node_id, given))
            return
        self.document.do(SetParam(self.node_id, name, given, self.scope))

    def _set_block(self, name: str) -> None:
        try:
            self.document.do(each_step_of(self.document.document, self.scope, self.node_id, name))
        except EditRefused as refusal:
            self.document.refused.emit(str(refusal))

    def _set_field(self, name: str, given: bool) -> None:
        self.document.do(SetField(self.node_id, name, given, self.scope))

    def _set_weights(self, name: str) -> None:
        self.document.end_gesture()
        self.document.do(SetField(self.node_id, "weights", name, self.scope))

    def _field_menu(self, name: str, menu: QMenu) -> None:
        param = next(p for p in self.params if p.name == name)
        fill(menu, self.document, self.scope, self.node, param, self._names() or {})

    def _names(self) -> Mapping[str, Json] | None:
        """Inside a block: its parameters with the values in force; None in the drawing itself."""
        inside = self.document.analysis.inside(self.outer) if self.scope != ROOT else None
        return inside.bindings if inside is not None else None

    def _rename(self, label: str) -> None:
        if self.node.type in BOUNDARY and self.scope != ROOT:
            self._rename_port(label)
            return
        if self.node.block:
            self.document.do(name_instance(self.document.document, self.scope, self.node_id, label))
        else:
            self.document.do(SetField(self.node_id, "label", "" if label == self.node.type else label, self.scope))
        self.document.end_gesture()

    def _rename_port(self, name: str) -> None:
        try:
            self.document.do(rename_port(self.document.document, self.scope, self.node_id, name))
        except EditRefused as refusal:
            self.document.refused.emit(str(refusal))

    def reset_all(self) -> None:
        """Every parameter back to its default, as one step."""
        edits = [SetParam(self.node_id, name, UNSET, self.scope) for name in self.node.params]
        if edits:
            self.document.do_all(edits, f"reset {self.node_id}")

    def _fix(self, path: str, way: Fix) -> None:
        self.document.mend(way.edit, path)

    def _help(self, shown: bool) -> None:
        for form in (self.key_form, self.more_form):
            for row in form.rows.values():
                row.set_help(shown)

    # What is shown.

    def refresh(self) -> None:
        """Show the node as it stands now."""
        node, facts = self.node, self.document.analysis.facts(self.path)
        family = tile_family(self.spec.name, self.spec.family) if self.spec else "operations"
        name, kind_of = (port_name(node) if node.type in BOUNDARY else node.name), node.block or node.type
        self.header.show_words(family, name, node.id if name == kind_of else f"{node.id} · {kind_of}")
        answers = node_answers(self.document.analysis, self.path)
        for form in (self.key_form, self.more_form):
            if (names := self._names()) is not None:
                form.set_names(names)
            form.set_answers(answers)
        self.weights.show_node(self.document.document.scope(self.scope), node)
        self.text.setText(self._explanation(node))
        self._show_text()
        self._show_values(node)
        without_effect = self._idle(facts)
        for form in (self.key_form, self.more_form):
            for name, row in form.rows.items():
                row.setVisible(name not in without_effect)
        rest = [param for param in self.rest if param.name not in without_effect]
        if self._rest is not None:
            self._rest.setVisible(bool(rest))
        changed = sum(param.name in node.params for param in rest)
        at_default = len(rest) - changed
        self.more.set_caption(f"{changed} changed, {at_default} at defaults" if changed else f"{at_default} at their defaults")
        self.reset.setEnabled(bool(node.params))
        kind = self.spec.kind if self.spec else ""
        self.state.show_node(node, kind in FREEZES and (facts is None or facts.weights > 0 or node.frozen), kind in MUTES)
        self.show_facts(facts)

    def _idle(self, facts: Facts | None) -> frozenset[str]:
        """Parameters of a source that change nothing as it stands; one that is wrong is shown all the same."""
        if facts is None or not isinstance(self.spec, SourceSpec) or facts.failed:
            return frozenset()
        wrong = {p.param for p in facts.problems}
        return idle(self.spec.dataset.schema(facts.values), facts.values) - wrong

    def _show_values(self, node: Node) -> None:
        stored = {**node.params, EACH_LAYER.name: {"block": node.block}} if node.type == EACH_STEP else node.params
        self.key_form.set_values(stored)
        self.more_form.set_values(stored)
        for row in self.key_form.rows.values():
            if isinstance(row.editor, WrappedEditor) and row.param == EACH_LAYER:
                row.editor.set_blocks(each_step_blocks(self.document.document, self.scope))

    def _show_text(self) -> None:
        """While a run goes on its figures are more than an explanation."""
        self.text.setVisible(bool(self.text.text()) and not (self._running and self.live.isVisibleTo(self)))

    def show_live(self, seen: Watched | None, words: str, running: bool) -> None:
        """What is seen inside the node: on top while a run goes on, below everything else after it."""
        if running != self._running:
            self._running = running
            self._box.removeWidget(self.live)
            self._box.insertWidget(LIVE_PLACE if running else self._box.count() - 1, self.live)
        self.live.show_seen(seen, words, self.spec.family if self.spec else "operations")
        self._show_text()

    def show_facts(self, facts: Facts | None) -> None:
        """Shapes, costs and problems as analysis sees them now."""
        for part in (self.shape, self.cost):
            part.setVisible(facts is not None)
        if facts is not None:
            wired = self.document.document.scope(self.scope).count_into(self.node_id) > 0
            self.shape.show_facts(facts, wired)
            self.cost.show_facts(facts, self.document.analysis.totals)
        ready = readiness_at(self.document.analysis, self.path)
        self.files.show_ready(ready, {target: fixes_at(self.document.analysis, self.path, one.offers)
                                      for target, one in ready.items() if one.offers})
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
        """Words under fields, by parameter: what is wrong there. Warnings have a card of their own."""
        names = {param.name for param in self.params}
        errors = [p for p in self._shown_problems or [] if p.severity == "error"]
        return {p.param: _sentence(p) for p in reversed(errors) if p.param in names}

    def _show_cards(self, problems: list[Diagnostic]) -> None:
        while (item := self.problems.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for problem in problems:
            card = ProblemCard(problem)
            card.fix.connect(partial(self._fix, problem.path), Qt.ConnectionType.QueuedConnection)
            self.problems.addWidget(card)
        self.problems.setContentsMargins(12, 0, 12, 12 if problems else 0)

    def _explanation(self, node: Node) -> str:
        if self.spec is None and not node.block:
            return "This type is unknown here. Its values are kept as they are and saved back."
        if node.block and node.block in self.document.document.blocks:
            return self.document.document.blocks[node.block].summary
        return (self.spec.text or self.spec.summary) if self.spec else ""


def _sentence(problem: Diagnostic) -> str:
    """The words under a field: what was expected and what came, or the title."""
    if problem.expected:
        return f"Expected {problem.expected}."
    return problem.hint or f"{problem.title}."

