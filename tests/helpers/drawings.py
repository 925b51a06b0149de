"""Small drawings for tests: chains of layers between a table and a Loss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph_compiler.graph.edits import AddNode, Connect
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Edge, Node, TrainingSettings

Step = tuple[str, dict[str, Any]]


class Drawing:
    """Builds a document by edits. `add` returns the new node's id; wires are laid from `out` to `in` unless told otherwise."""

    def __init__(self, **training: Any) -> None:
        self.document = Document(training=TrainingSettings(**training))

    def add(self, type_name: str, params: dict[str, Any] | None = None, *sources: str | tuple[str, str], **fields: Any) -> str:
        """A node wired from `sources` (ids, or (id, port)) into its port `in`, in order."""
        node_id = fields.pop("id", None) or fresh_id(type_name, self.document.graph.nodes)
        AddNode(Node(id=node_id, type=type_name, params=params or {}, **fields)).apply(self.document)
        for index, source in enumerate(sources):
            self.wire(source, (node_id, "in"), index)
        return node_id

    def wire(self, source: str | tuple[str, str], target: tuple[str, str], index: int = 0) -> None:
        """A wire from an id (its port `out`) or (id, port)."""
        start, port = source if isinstance(source, tuple) else (source, "out")
        Connect(Edge(source=start, source_port=port, target=target[0], target_port=target[1], index=index)).apply(self.document)

    def chain(self, start: str | tuple[str, str], *steps: Step) -> str:
        """Layers one after another; the id of the last."""
        last: str | tuple[str, str] = start
        for type_name, params in steps:
            last = self.add(type_name, params, last)
        assert isinstance(last, str)
        return last

    def loss(self, prediction: str | tuple[str, str], target: str | tuple[str, str], **params: Any) -> str:
        """A Loss between the two."""
        node_id = self.add("Loss", params)
        self.wire(prediction, (node_id, "prediction"))
        self.wire(target, (node_id, "target"))
        return node_id


SCALE: Step = ("Rescaling", {"scale": 1 / 255})


def digits_mlp(dropout: float = 0.2, source: dict[str, Any] | None = None, **training: Any) -> Document:
    """The classic five-line MNIST example; predictions are scores."""
    drawing = Drawing(**training)
    data = drawing.add("MNIST", source or {})
    steps: list[Step] = [SCALE, ("Flatten", {}), ("Dense", {"units": 128, "activation": "relu"})]
    if dropout:
        steps.append(("Dropout", {"rate": dropout}))
    last = drawing.chain((data, "image"), *steps, ("Dense", {"units": 10}))
    drawing.loss(last, (data, "label"), from_logits=True)
    return drawing.document


def digits_cnn(source: dict[str, Any] | None = None, **training: Any) -> Document:
    """Two convolutions, 34,826 parameters."""
    drawing = Drawing(**training)
    data = drawing.add("MNIST", source or {})
    last = drawing.chain(
        (data, "image"), SCALE,
        ("Conv2D", {"filters": 32, "kernel_size": [3, 3], "activation": "relu"}), ("MaxPooling2D", {"pool_size": [2, 2]}),
        ("Conv2D", {"filters": 64, "kernel_size": [3, 3], "activation": "relu"}), ("MaxPooling2D", {"pool_size": [2, 2]}),
        ("Flatten", {}), ("Dropout", {"rate": 0.5}), ("Dense", {"units": 10, "activation": "softmax"}))
    drawing.loss(last, (data, "label"))
    return drawing.document


def iris(**training: Any) -> Document:
    """Four measurements to three species, normalised inside: trains in a blink."""
    drawing = Drawing(**training)
    data = drawing.add("Iris", {})
    last = drawing.chain((data, "features"), ("Normalization", {}), ("Dense", {"units": 8, "activation": "tanh"}),
                         ("Dropout", {"rate": 0.1}), ("Dense", {"units": 3, "activation": "softmax"}))
    drawing.loss(last, (data, "species"))
    return drawing.document


class FolderRun:
    """A run folder as a trainer needs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkpoints = folder / "checkpoints"
        self.checkpoints.mkdir(parents=True, exist_ok=True)
