"""The inspector's page of the block one is in, when nothing is selected: name, summary, ports, parameters, instances."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.analysis.totals import counted
from graph_compiler.graph.blocks import (
    add_port,
    boundary,
    instances,
    port_name,
    remove_port,
    rename_block,
    rename_port,
    reorder_port,
    set_parameters,
)
from graph_compiler.graph.blocks.names import fresh_name
from graph_compiler.graph.edits import Edit, EditRefused, SetBlockParameters, SetBlockSummary
from graph_compiler.graph.model import BlockDefinition
from graph_compiler.graph.values import ROOT, Node
from graph_compiler.specs.params import Text
from widgets.canvas.scopes import instance_path
from widgets.document import GraphDocument
from widgets.inspector.declared import DeclaredSection
from widgets.inspector.form import Form
from widgets.inspector.header import Header
from widgets.inspector.rows import LinkRow, ListSection, NameRow
from widgets.inspector.sections import Section, tensor_words
from widgets.offer import PORTS
from widgets.parts import Facts
from widgets.words import count, plural

SUMMARY = Text(name="summary", default="", multiline=True, summary="What the block does, in a sentence.")
TITLES = {"BlockInput": "Inputs", "BlockOutput": "Outputs"}


class BlockPage(QWidget):
    """A definition, seen from the instance at `outer`. `jump(path)` asks to show another instance."""

    jump = Signal(str)
    wanted = Signal(str)
    """A verb of the canvas."""

    def __init__(self, document: GraphDocument, scope: str, outer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.scope, self.outer = document, scope, outer
        self.header = Header()
        self.header.help.hide()
        self.header.menu.addAction("Rename block", self.header.edit_name)
        self.header.menu.addAction("Save to my blocks", lambda: self.wanted.emit("save_block"))
        self.form, self.figures = Form((SUMMARY,)), Facts(row_height=24)
        self.ports = {kind: ListSection(TITLES[kind], f"Add an {words.split()[1]}", "None.")
                      for kind, (words, _) in PORTS.items()}
        self.declared = DeclaredSection()
        self.instances = Section("Instances")
        self._shown: dict[str, object] = {}
        self._arrange()
        self._connect()
        self.refresh()

    @property
    def definition(self) -> BlockDefinition:
        """The definition as it stands. KeyError once it is gone."""
        return self.document.document.blocks[self.scope]

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 16)
        box.setSpacing(0)
        box.addWidget(self.header)
        about = Section()
        about.box.addWidget(self.form)
        about.box.addWidget(self.figures)
        self.column = QVBoxLayout()
        self.column.setSpacing(2)
        self.column.setContentsMargins(-8, 0, -8, 0)
        self.instances.box.addLayout(self.column)
        for part in (about, *self.ports.values(), self.declared, self.instances):
            box.addWidget(part)
        box.addStretch(1)

    def _connect(self) -> None:
        document = self.document
        self.header.renamed.connect(lambda name: self._do(lambda: rename_block(document.document, self.scope, name)))
        self.form.changed.connect(lambda _, text: document.do(SetBlockSummary(self.scope, text)))
        self.form.left.connect(document.end_gesture)
        for kind, section in self.ports.items():
            section.added.connect(lambda kind=kind: self._add_port(kind))
        self.declared.changed.connect(self._declare)
        self.declared.default_changed.connect(lambda declared: document.do(SetBlockParameters(self.scope, declared)))
        self.declared.left.connect(document.end_gesture)

    # What a person does.

    def _do(self, make: Callable[[], Edit]) -> None:
        """Do the edit that `make` finds; a refusal is said, and the fields show what holds."""
        self.document.end_gesture()
        try:
            self.document.do(make())
        except EditRefused as refusal:
            self.document.refused.emit(str(refusal))
        self.document.end_gesture()

    def _declare(self, declared: object, renamed: object) -> None:
        assert isinstance(declared, tuple)
        assert isinstance(renamed, dict)
        self._do(lambda: set_parameters(self.document.document, self.scope, declared, renamed))

    def _add_port(self, kind: str) -> None:
        side = PORTS[kind][1]
        name = fresh_name(side, {port_name(n) for n in boundary(self.definition, kind)})
        self._do(lambda: add_port(self.document.document, self.scope, side, name))

    def _port_row(self, node: Node, place: int, many: int) -> NameRow:
        document, scope = self.document.document, self.scope
        row = NameRow(port_name(node), self._shape(node), place == 0, place == many - 1)
        row.renamed.connect(lambda name: self._do(lambda: rename_port(document, scope, node.id, name)))
        row.moved.connect(lambda by: self._do(lambda: reorder_port(document, scope, node.id, place + by)))
        row.removed.connect(lambda: self._do(lambda: remove_port(document, scope, node.id)))
        return row

    # What is shown.

    def refresh(self) -> None:
        """Show the definition as it stands; rows that stay keep the cursor."""
        facts, definition = self.document.analysis.facts(self.outer), self.definition
        places = [(scope, node) for scope, node in instances(self.document.document, self.scope)]
        self.header.show_words("blocks", self.scope, f"placed {plural(len(places), 'time')}")
        self.form.set_values({"summary": definition.summary})
        inside = counted(definition.graph, self.document.registry)
        self.figures.set_rows([("Nodes", count(inside)), ("Parameters", count(facts.weights if facts else 0)),
                               ("MACs a sample", count((facts.macs or 0) if facts else 0))])
        for kind, section in self.ports.items():
            nodes = boundary(definition, kind)
            self._once(kind, [(n.id, port_name(n), self._shape(n)) for n in nodes], partial(self._show_ports, section, nodes))
        self.declared.show_parameters(definition.parameters)
        self._once("instances", [(scope, n.id, n.weights, n.name) for scope, n in places], lambda: self._show_instances(places))

    def _show_ports(self, section: ListSection, nodes: list[Node]) -> None:
        section.set_rows([self._port_row(node, place, len(nodes)) for place, node in enumerate(nodes)])

    def _shape(self, node: Node) -> str:
        """What flows through a port, as the instance one came through sees it."""
        facts = self.document.analysis.facts(f"{self.outer}.{node.id}")
        if facts is None:
            return ""
        return tensor_words(next((given for given in facts.inputs.values() if given), tuple(facts.outputs.values())[:1]))

    def _once(self, name: str, state: object, show: Callable[[], object]) -> None:
        """Show a part again only when what it shows has changed."""
        if self._shown.get(name) != state:
            self._shown[name] = state
            show()

    def _show_instances(self, places: list[tuple[str, Node]]) -> None:
        while (item := self.column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for scope, node in places:
            base = instance_path(self.document.document, scope)
            path = f"{base}.{node.id}" if base else node.id
            where = "drawing" if scope == ROOT else scope
            row = LinkRow(node.id, where, "here" if path == self.outer else node.weights)
            row.clicked.connect(lambda _=False, path=path: self.jump.emit(path))
            row.setEnabled(base is not None)
            self.column.addWidget(row)
