"""One port on the edge of a card: where it is, how it looks, what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF

from graph_compiler.specs.nodes import Port
from graph_compiler.specs.tensors import Tensor
from widgets import words


@dataclass(frozen=True, slots=True)
class PortSpot:
    """One port on the edge of a card: its name, where, and how it looks."""

    name: str
    place: QPointF
    out: bool
    shape: str
    """circle, square or diamond."""
    many: bool = False
    caption: str = ""
    detail: str = ""
    beside: float = 0.0
    """How far the detail keeps from the right end of the row, where a port of the other side has the left; 0 for the left."""


@lru_cache(maxsize=2048)
def port_spot(name: str, x: float, y: float, out: bool, shape: str, many: bool = False, caption: str = "", detail: str = "",
              beside: float = 0.0) -> PortSpot:
    """The spot at x, y; equal ones are one object, a thousand cards share a dozen of them."""
    return PortSpot(name, QPointF(x, y), out, shape, many, caption, detail, beside)


def port_shape(port: Port, tensor: Tensor | None) -> str:
    """Diamond for states of recurrent layers, square for whole numbers, circle for everything else."""
    if port.role == "state":
        return "diamond"
    if tensor is not None and tensor.column is not None and tensor.column.kind in ("category", "tokens", "mask"):
        return "square" if tensor.is_integer else "circle"
    return "circle"


def tensor_words(tensor: Tensor | None) -> str:
    """What stands beside a port: the shape, or how many classes."""
    if tensor is None:
        return "?"
    column = tensor.column
    if column is not None and column.kind == "category" and not tensor.shape and column.classes:
        return f"{len(column.classes)} classes"
    return words.shape(tensor.shape)
