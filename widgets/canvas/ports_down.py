"""Ports of a card whose data flows from top to bottom: on its upper and lower edge, their names beside them outside."""

from __future__ import annotations

from collections.abc import Sequence

from graph_compiler.analysis.facts import Facts
from graph_compiler.specs.nodes import Port
from graph_compiler.specs.tensors import Tensor
from widgets.canvas.ports import PortSpot, port_shape, port_spot
from widgets.fonts import text_width

FIRST, BESIDE, CAPTION_GAP = 84.0, 10.0, 18.0
"""Where the first port stands, how far its name keeps from it, and from the name to the next port, px."""


def ports_down(facts: Facts) -> tuple[PortSpot, ...]:
    """Spots of all ports; those of the lower edge stand at height 0 until the card knows its height."""
    ins = [(port, _input_tensor(facts, port)) for port in facts.ports_in]
    outs = [(port, facts.outputs.get(port.name)) for port in facts.ports_out]
    return (*_row(ins, out=False), *_row(outs, out=True))


def _row(ports: Sequence[tuple[Port, Tensor | None]], out: bool) -> list[PortSpot]:
    x, found = FIRST, []
    for port, tensor in ports:
        caption = port.name if len(ports) > 1 else ""
        found.append(port_spot(port.name, x, 0, out, port_shape(port, tensor), port.many and not out, caption))
        x += BESIDE + text_width(caption, 11) + CAPTION_GAP
    return found


def room_for(spots: Sequence[PortSpot]) -> int:
    """The width a card needs for its ports and their names."""
    return int(max((s.place.x() + (BESIDE + text_width(s.caption, 11) if s.caption else 0) + 12 for s in spots), default=0.0))


def lowered(spots: Sequence[PortSpot], height: int) -> tuple[PortSpot, ...]:
    """The spots, outputs on the lower edge of a card so high."""
    return tuple(port_spot(s.name, s.place.x(), height, True, s.shape, s.many, s.caption, s.detail, s.beside) if s.out else s
                 for s in spots)


def _input_tensor(facts: Facts, port: Port) -> Tensor | None:
    found = facts.inputs.get(port.name)
    return found[0] if found else None
