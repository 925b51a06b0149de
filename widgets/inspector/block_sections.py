"""Sections for an instance of a block: own or shared weights with their name, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from graph_compiler.graph.blocks.names import fresh_weights, weights_of
from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import Node
from widgets.controls import Button, Segmented
from widgets.fonts import dress
from widgets.inspector.editor import LineField
from widgets.inspector.row import LABEL_WIDTH
from widgets.inspector.sections import Section
from widgets.parts import Words
from widgets.words import plural

OWN, SHARED = "own", "shared"


def joined_name(graph: Graph, node: Node) -> str:
    """The weights name an instance takes when it begins to share: one that its block has here already, else a fresh one."""
    here = (n.weights for n in graph.nodes.values() if n.block == node.block and n.weights)
    return next(here, "") or fresh_weights(node.block, weights_of(graph))


def sharing_words(graph: Graph, node: Node) -> str:
    """How often the block is placed here, and with which weights."""
    instances = [n for n in graph.nodes.values() if n.block == node.block]
    twins = [n for n in instances if n.weights == node.weights]
    if not node.weights:
        others = len(instances) - 1
        return f"Placed {plural(len(instances), 'time')}; these weights are its own." if others else "Its weights are its own."
    if len(twins) == 1:
        return "Placed once under this name. Place it again, shared, or give another instance the same name."
    return f"Placed {plural(len(twins), 'time')} with one set of weights, counted once in every total."


class WeightsSection(Section):
    """Own or shared. `changed(name)` with the weights name, empty for own weights."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Weights", parent)
        self._graph, self._node = Graph(), Node(id="none", type="Block")
        self.switch = Segmented((OWN, SHARED), icons={SHARED: "link"})
        self.switch.setAccessibleName("Weights")
        self.switch.setFixedHeight(28)
        self.name = LineField()
        dress(self.name, 12, mono=True)
        self.name.setFixedHeight(28)
        self.name.setAccessibleName("Weights name")
        self.words = Words("", 12, 400, "text3", wrap=True)
        self.row = QWidget()
        line = QHBoxLayout(self.row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        label = Words("Name", 12, 400, "text2")
        label.setFixedSize(LABEL_WIDTH - 8, 28)
        label.setBuddy(self.name)
        line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.name, 1)
        for part in (self.switch, self.row, self.words):
            self.box.addWidget(part)
        self.switch.changed.connect(self._switched)
        self.name.left.connect(self._named)

    def show_node(self, graph: Graph, node: Node) -> None:
        """Show an instance as it stands."""
        self._graph, self._node = graph, node
        self.switch.set_value(SHARED if node.weights else OWN)
        self.row.setVisible(bool(node.weights))
        if not self.name.hasFocus() or not self.name.isModified():
            self.name.setText(node.weights)
        self.words.setText(sharing_words(graph, node))

    def _switched(self, word: str) -> None:
        self.changed.emit(joined_name(self._graph, self._node) if word == SHARED else "")

    def _named(self) -> None:
        text = self.name.text().strip()
        self.name.setModified(False)
        if text and text != self._node.weights:
            self.changed.emit(text)
        else:
            self.name.setText(self._node.weights)


class BlockButtons(QWidget):
    """Open block and Place again; `wanted(verb)` names a verb of the canvas."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open, self.again = Button("Open block", key="↵"), Button("Place again")
        self.again.setToolTip("Once more, with weights of its own. Shift+D on the canvas shares them.")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button, verb in ((self.open, "enter"), (self.again, "place_again")):
            button.clicked.connect(lambda _=False, verb=verb: self.wanted.emit(verb))
            row.addWidget(button, 1)
