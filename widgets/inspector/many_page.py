"""The inspector's page for several nodes: what they have in common, set for all of them in one step."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.graph.edits import SetField, SetParam
from graph_compiler.graph.values import ROOT, Json, Node
from graph_compiler.specs.params import Param
from widgets.document import GraphDocument
from widgets.inspector.answers import Answers, node_answers
from widgets.inspector.form import Form
from widgets.inspector.node_page import FREEZES, MUTES, params_of
from widgets.inspector.sections import Section
from widgets.inspector.state import StateSection
from widgets.parts import Facts, Words
from widgets.words import count, plural


class ManyPage(QWidget):
    """Nodes by id. Parameters that all of them have with the same kind are edited together."""

    def __init__(self, document: GraphDocument, ids: list[str], scope: str = ROOT, outer: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.ids, self.scope, self.outer = document, ids, scope, outer
        self._before: dict[str, dict[str, Json]] = {}
        """What each node had before this typing, by parameter and node."""
        self.form = Form(common_params(document, self.nodes))
        self.figures, self.state = Facts(row_height=24), StateSection()
        self._arrange()
        self.form.changed.connect(self._set_param)
        self.form.left.connect(self._left)
        self.state.changed.connect(self._set_field)
        self.refresh()

    @property
    def nodes(self) -> list[Node]:
        """Those of the nodes that are still there."""
        nodes = self.document.document.scope(self.scope).nodes
        return [nodes[n] for n in self.ids if n in nodes]

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 16)
        box.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(16, 6, 16, 12)
        head.addWidget(Words(f"{len(self.ids)} nodes", 15, 600))
        types: dict[str, int] = {}
        for node in self.nodes:
            types[node.name] = types.get(node.name, 0) + 1
        head.addWidget(Words(", ".join(f"{n} {name}" for name, n in types.items()), 12, 400, "text2", wrap=True))
        box.addLayout(head)
        if self.form.rows:
            section = Section("In common")
            section.box.addWidget(self.form)
            box.addWidget(section)
        section = Section("Together")
        section.box.addWidget(self.figures)
        box.addWidget(section)
        box.addWidget(self.state)
        box.addStretch(1)

    def _left(self) -> None:
        self._before.clear()
        self.document.end_gesture()

    def _set_param(self, name: str, value: Json) -> None:
        """The value for all; each has its own again where what is typed cannot be read."""
        had = {node.id: node.params.get(name, self.form.rows[name].param.default) for node in self.nodes}
        before = self._before.setdefault(name, had)
        back = self.form.rows[name].unread
        edits = [SetParam(n, name, before.get(n, value) if back else value, self.scope) for n in had]
        self.document.do_all(edits, f"set {name} of {plural(len(edits), 'node')}")

    def _set_field(self, name: str, value: bool) -> None:
        edits = [SetField(node.id, name, value, self.scope) for node in self.nodes if getattr(node, name) != value
                 and self._kind(node) in (FREEZES if name == "frozen" else MUTES)]
        if edits:
            words = {"frozen": "freeze" if value else "unfreeze", "muted": "mute" if value else "unmute"}[name]
            self.document.do_all(edits, f"{words} {plural(len(edits), 'node')}")

    def _kind(self, node: Node) -> str:
        spec = self.document.registry.node(node.type)
        return spec.kind if spec else ""

    def refresh(self) -> None:
        """Show the nodes as they stand now; where they differ the field shows the first one's value."""
        nodes = self.nodes
        if not nodes:
            return
        inside = self.document.analysis.inside(self.outer) if self.scope != ROOT else None
        if inside is not None:
            self.form.set_names(inside.bindings)
        self.form.set_answers(self._answers())
        self.form.set_values(nodes[0].params)
        for name, row in self.form.rows.items():
            same = all(n.params.get(name, row.param.default) == nodes[0].params.get(name, row.param.default) for n in nodes)
            row.set_label(name if same else f"{name} (differ)")
        facts = [f for n in nodes if (f := self.document.analysis.facts(f"{self.outer}.{n.id}" if self.outer else n.id))]
        self.figures.set_rows([("Parameters", count(sum(f.weights for f in facts))),
                            ("MACs a sample", count(sum(f.macs or 0 for f in facts)))])
        both = Node(id="all", type="all", frozen=all(n.frozen for n in nodes), muted=all(n.muted for n in nodes))
        kinds = {self._kind(n) for n in nodes}
        self.state.show_node(both, bool(kinds & set(FREEZES)), bool(kinds & set(MUTES)))


    def _answers(self) -> Answers:
        """What the drawing knows for all of the nodes alike."""
        paths = [f"{self.outer}.{node.id}" if self.outer else node.id for node in self.nodes]
        first, *others = (node_answers(self.document.analysis, path) for path in paths)
        return {kind: tuple(name for name in names if all(name in other.get(kind, ()) for other in others))
                for kind, names in first.items()}


def common_params(document: GraphDocument, nodes: list[Node]) -> list[Param]:
    """Parameters that every node has under one name and of one kind, in the first one's order."""
    tables = [{p.name: p for p in params_of(document.document, document.registry.node(n.type), n)} for n in nodes]
    if not tables:
        return []
    return [param for name, param in tables[0].items()
            if all(name in table and type(table[name]) is type(param) and _fits(table[name], param) for table in tables[1:])]


def _fits(a: Param, b: Param) -> bool:
    """Whether one editor serves both: the same words to choose from, the same count of numbers."""
    return all(getattr(a, what, None) == getattr(b, what, None) for what in ("options", "length", "optional"))
