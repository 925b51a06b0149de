"""Back along a drawing, from a tensor to the column it was made of, and what that says about pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.goals import End
from graph_compiler.analysis.reach import feeding, last_activation
from graph_compiler.datasets.previews import stretch_of
from graph_compiler.graph.blocks.inside import EACH_STEP, boundary, port_name
from graph_compiler.specs.tensors import Tensor

Size = tuple[int, int, int]
"""Height, width and channels of a picture."""
RANGES = {"sigmoid": (0.0, 1.0), "hard_sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
"""What an activation makes of black and white."""
_KEEPS = frozenset({"Identity", "Output", "Cast", "Clip", "StopGradient", "ReLU"})
_KEEPING_FAMILIES = frozenset({"reshape", "regularisation", "preprocessing", "pooling"})
_MIXES = frozenset({"Permute", "Normalization", "Discretization", "CategoryEncoding", "Hashing"})


@dataclass(frozen=True)
class Traced:
    """A tensor that is the picture of a column, through nodes that keep pixels: its values are scale * raw + offset.

    `size` is that of the picture before it was flattened. Where `known` is False, some node between changed the values.
    """

    column: End
    size: Size
    scale: float = 1.0
    offset: float = 0.0
    known: bool = True


@dataclass(frozen=True)
class Pixels:
    """How values become a picture: its size, and which values are black and white (None: whatever range they span)."""

    size: Size
    ends: tuple[float, float] | None = None

    def drawn(self, values: np.ndarray) -> np.ndarray:
        """Values [rows, ...] as pictures uint8 [rows, h, w, c]. What is not finite is black."""
        exact = np.nan_to_num(np.asarray(values, np.float32).reshape(len(values), *self.size), posinf=0.0, neginf=0.0)
        black, white = self.ends or spanned(exact)
        shares = (exact - black) / ((white - black) or 1.0)
        return np.asarray(np.clip(np.rint(shares * 255), 0, 255), np.uint8)


def spanned(values: np.ndarray) -> tuple[float, float]:
    """Black and white by the range of values: 0 to 1, -1 to 1 or 0 to 255 where they fit, else what they span."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    for black, white, slack in ((0.0, 1.0, 0.02), (-1.0, 1.0, 0.02), (0.0, 255.0, 1.0)):
        if black - slack <= low and high <= white + slack:
            return black, white
    return low, high


def back(engine: GraphEngine, end: End) -> Iterator[tuple[Facts, Tensor | None]]:
    """The nodes a tensor comes through, nearest first, into blocks and out of them, as long as each has one wire in."""
    outer: list[tuple[GraphEngine, str]] = []
    node_id, port = end
    while (facts := engine.facts.get(node_id)) is not None and facts.spec is not None:
        if facts.spec.kind == "block" and facts.node.type != EACH_STEP and not facts.node.muted:
            found = _inside(engine, node_id, port)
            if found is None:
                return
            outer.append((engine, node_id))
            engine, node_id, port = found
            continue
        if facts.spec.kind == "boundary" and not facts.ports_in:
            if not outer:
                return
            name = port_name(facts.node)
            engine, instance = outer.pop()
            wires = engine.graph.into_port(instance, name)
        else:
            if facts.spec.kind != "boundary":
                yield facts, facts.outputs.get(port)
            wires = feeding(engine, node_id)
        if len(wires) != 1:
            return
        node_id, port = wires[0].source, wires[0].source_port


def _inside(engine: GraphEngine, node_id: str, port: str) -> tuple[GraphEngine, str, str] | None:
    child, block = engine.children.get(node_id), engine.document.blocks.get(engine.graph.nodes[node_id].block)
    end = next((n for n in boundary(block, "BlockOutput") if port_name(n) == port), None) if block else None
    return (child, end.id, "out") if child is not None and end is not None else None


def traced(engine: GraphEngine, end: End) -> Traced | None:
    """The image column a tensor shows, untouched or rescaled; None when it shows none."""
    size: Size | None = None
    scale, offset, known = 1.0, 0.0, True
    for facts, tensor in back(engine, end):
        size = size or picture_size(tensor)
        if facts.spec is not None and facts.spec.kind == "source":
            column = tensor.column if tensor is not None else None
            if column is None or column.kind != "image" or size is None:
                return None
            return Traced((facts.node.id, column.name), size, scale, offset, known)
        if facts.node.muted:
            continue
        step = _step(facts)
        if step is None:
            return None
        factor, added, sure = step
        scale, offset, known = scale * factor, scale * added + offset, known and sure
    return None


def _step(facts: Facts) -> tuple[float, float, bool] | None:
    """What a node makes of a value, factor * x + added, and whether that is known. None when it makes no picture of it."""
    assert facts.spec is not None
    name, p = facts.spec.name, facts.values
    if name == "Rescaling":
        return p["scale"], p["offset"], True
    if name == "Arithmetic":
        value = p["value"]
        known = {"add": (1.0, value), "subtract": (1.0, -value), "multiply": (value, 0.0),
                 "divide": (1 / value if value else 0.0, 0.0)}.get(p["operation"])
        return (*known, True) if known else (1.0, 0.0, False)
    if name == "Normalization":
        return 1.0, 0.0, False
    keeps = name in _KEEPS or facts.spec.kind in ("boundary", "output")
    keeps = keeps or (facts.spec.family in _KEEPING_FAMILIES and name not in _MIXES)
    return (1.0, 0.0, True) if keeps else None


def picture_size(tensor: Tensor | None) -> Size | None:
    """The size of a tensor that has the shape of a grey or colour picture."""
    if tensor is None or len(tensor.shape) != 3 or None in tensor.shape or tensor.shape[-1] not in (1, 3):
        return None
    height, width, channels = (int(d or 0) for d in tensor.shape)
    return height, width, channels


def pixels_of(engine: GraphEngine, end: End, like: End | None, columns: Mapping[End, np.ndarray]) -> Pixels | None:
    """How a tensor is shown: in the range of what it shall resemble, else in that of its activation. None: no picture.

    `like` may be the tensor itself. Columns say how far raw values go (some data sets end at 16).
    """
    found = traced(engine, like) if like is not None else None
    facts = engine.facts[end[0]]
    size = own_size(facts.outputs.get(end[1]), found)
    if size is None:
        return None
    if found is not None and found.known and found.column in columns:
        top = 255.0 / stretch_of(columns[found.column])
        return Pixels(size, (found.offset, found.scale * top + found.offset))
    return Pixels(size, RANGES.get(last_activation(engine, *end).name))


def own_size(tensor: Tensor | None, like: Traced | None) -> Size | None:
    """The picture size of a tensor: its own shape, or that of what it shall resemble when it has as many numbers."""
    size = picture_size(tensor)
    if size is not None or tensor is None or like is None:
        return size
    height, width, channels = like.size
    return like.size if tensor.size == height * width * channels else None
