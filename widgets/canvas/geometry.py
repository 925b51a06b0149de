"""Where things are on a card, as numbers: bands, rows and ports. No painting, no events; units are px at 100 %."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QRectF

from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.blocks.inside import EACH_STEP, port_name
from graph_compiler.specs.datasets import DataProblem, SourceSpec
from graph_compiler.specs.nodes import IN, OUT, Port, lone_port
from graph_compiler.specs.objectives import Resolved
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from graph_compiler.specs.wrapping import Wrapped
from widgets import words
from widgets.canvas.ports import PortSpot, port_shape, port_spot, tensor_words
from widgets.canvas.ports_down import lowered, ports_down, room_for
from widgets.fonts import text_width
from widgets.icons import tile_family

WIDEST_BY_VALUE = 224
"""A card grows to this width for the values of its parameters; longer ones are cut."""
WIDTH, BLOCK_WIDTH, OBJECTIVE_WIDTH, BOUNDARY_WIDTH, STEP = 168, 184, 208, 96, 8
HEADER, PORT_ROW, PARAM_ROW, OUT_ROW, OUT_GAP, COST = 40, 24, 20, 28, 7, 40
NAME_X, PAD = 44, 12
BOUNDARY_X = 34
"""Where the words on the card of a block's port begin, px."""
TILE, TILE_GAP = 24, 4
PORT = 12
SHADOW = 8
"""How far shadow, halo and ports reach beyond the card."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card laid out. Coordinates count from its top left corner."""

    width: int
    height: int
    kind: str
    family: str
    name: str
    ports: tuple[PortSpot, ...]
    rows: tuple[tuple[str, str], ...]
    """(key, value); an empty key lets the value stand alone."""
    rows_top: int
    picture: QRectF | None
    out: str
    out_top: int
    weights: int = 0
    macs: int | None = 0
    cost_top: int = 0
    """0 for a card without costs."""
    down: bool = False
    """Data flows from top to bottom: ports stand on the upper and lower edge."""

    @property
    def rect(self) -> QRectF:
        """The card itself."""
        return QRectF(0, 0, self.width, self.height)

    def port(self, name: str, out: bool) -> PortSpot | None:
        """The spot of a port."""
        return next((p for p in self.ports if p.name == name and p.out == out), None)


def _input_tensor(facts: Facts, port: Port) -> Tensor | None:
    found = facts.inputs.get(port.name)
    return found[0] if found else None


def layout(facts: Facts, settled: Resolved | None = None, down: bool = False) -> Card:
    """Lay out the card of a node; `settled` is what the plan has made of an objective, `down` the way the data flows."""
    card = _card(facts, settled, down)
    return replace(card, ports=lowered(card.ports, card.height), down=True) if down else card


def _card(facts: Facts, settled: Resolved | None, down: bool) -> Card:
    spec = facts.spec
    if spec is not None and spec.kind == "boundary":
        return _boundary(facts, down)
    kind, family = (spec.kind, tile_family(spec.name, spec.family)) if spec else ("unknown", "operations")
    table = isinstance(spec, SourceSpec)
    rows, name = card_rows(facts, settled), facts.node.name
    width = _width(kind, name, rows, room_for(ports_down(facts)) if down else _port_room(facts))
    named = len(facts.ports_in) > 1 or len(facts.ports_out) > 1 or table or kind == "objective"
    ports, top = (ports_down(facts), HEADER) if down else _ports(facts, width, named)
    picture, top = _picture(facts, kind, width, top)
    rows_top, top = top, top + PARAM_ROW * len(rows)
    if table or kind in ("objective", "unknown") or not facts.ports_out:
        bottom = 9 if table or kind == "objective" else 4 if rows else 8
        return Card(width, top + bottom, kind, family, name, ports, rows, rows_top, picture, "", top)
    out_top = top + OUT_GAP
    shown = words.shape(facts.output.shape) if facts.output is not None else "?"
    bottom = out_top + OUT_ROW
    if not facts.weights and kind != "block":
        return Card(width, bottom + 1, kind, family, name, ports, rows, rows_top, picture, shown, out_top)
    return Card(width, bottom + COST, kind, family, name, ports, rows, rows_top, picture, shown, out_top,
                facts.weights, facts.macs, bottom)


def _boundary(facts: Facts, down: bool) -> Card:
    """The slim card of a port of the block one is in: a name, the shape below it, one port at the inner side."""
    name, tensor = port_name(facts.node), facts.output
    if not facts.ports_out:
        tensor = next((tensors[0] for tensors in facts.inputs.values() if tensors), None)
    need = max(text_width(name, 13, 600), text_width(tensor_words(tensor), 11, 400, mono=True)) + BOUNDARY_X + 20
    width = int(max(BOUNDARY_WIDTH, -(-need // STEP) * STEP))
    width = max(width, WIDTH) if down else width
    ports = ports_down(facts) if down else _ports(facts, width, named=False)[0]
    family = tile_family(facts.node.type, "blocks")
    return Card(width, HEADER, "boundary", family, name, ports, (), HEADER, None, tensor_words(tensor), 0)


def _picture(facts: Facts, kind: str, width: int, top: int) -> tuple[QRectF | None, int]:
    """Room for samples of a source or for the inside of a block, and where the rows begin below it."""
    if isinstance(facts.spec, SourceSpec) and facts.spec.dataset.thumbnails:
        return QRectF(PAD, top + 4, width - 2 * PAD, 2 * TILE + TILE_GAP), top + 2 * TILE + TILE_GAP + 8
    if kind == "block":
        return QRectF(PAD, top, width - 2 * PAD, 40), top + 44
    return None, top + 8 if kind == "objective" else top


def _width(kind: str, name: str, rows: tuple[tuple[str, str], ...], ports: int = 0) -> int:
    least = {"block": BLOCK_WIDTH, "objective": OBJECTIVE_WIDTH}.get(kind, WIDTH)
    need = max(NAME_X + text_width(name, 13, 600) + 32, ports)
    for key, value in rows:
        if not key:
            need = max(need, text_width(value, 12) + 2 * PAD + 2)
        else:
            pair = text_width(key, 12) + 8 + text_width(value, 11, mono=True) + 2 * PAD + 2
            need = max(need, pair if kind == "source" else min(pair, WIDEST_BY_VALUE))
    wider = max(0, need - least)
    return int(least + -(-wider // STEP) * STEP)


def _ports(facts: Facts, width: int, named: bool) -> tuple[tuple[PortSpot, ...], int]:
    spots: list[PortSpot] = []
    if not named:
        for port in facts.ports_in[:1]:
            spots.append(port_spot(port.name, 0, 20, False, port_shape(port, _input_tensor(facts, port)), port.many))
        for port in facts.ports_out[:1]:
            spots.append(port_spot(port.name, width, 20, True, port_shape(port, facts.outputs.get(port.name))))
        return tuple(spots), HEADER
    ins, outs = facts.ports_in[_headed(facts, False):], facts.ports_out[_headed(facts, True):]
    for port in facts.ports_in[:len(facts.ports_in) - len(ins)]:
        spots.append(port_spot(port.name, 0, 20, False, port_shape(port, _input_tensor(facts, port)), port.many))
    for i, port in enumerate(ins):
        y = HEADER + PORT_ROW * i + PORT_ROW / 2
        shape = port_shape(port, _input_tensor(facts, port))
        spots.append(port_spot(port.name, 0, y, False, shape, port.many, port.name))
    for port in facts.ports_out[:len(facts.ports_out) - len(outs)]:
        spots.append(port_spot(port.name, width, 20, True, port_shape(port, facts.outputs.get(port.name))))
    for i, port in enumerate(outs):
        spots.append(_out_row(facts, port, ins[i].name if i < len(ins) else "", width, HEADER + PORT_ROW * (i + 0.5)))
    return tuple(spots), HEADER + PORT_ROW * max(len(ins), len(outs))


def _headed(facts: Facts, out: bool) -> int:
    """How many ports of a side, 0 or 1, stand in the header, so that chains run straight; the others have rows."""
    if facts.spec is None:
        return 0
    if out:
        return int(facts.spec.kind != "source" and (len(facts.ports_out) == 1 or facts.ports_out[:1] == OUT))
    leads = facts.ports_in[:1] == IN and lone_port(facts.ports_in) is not None
    return int(leads or (len(facts.ports_in) == 1 and len(facts.ports_out) > 1))


def _out_row(facts: Facts, port: Port, left: str, width: int, y: float) -> PortSpot:
    """An output port with a row of its own; its shape stands at the left, or beside it where an input has that place."""
    tensor = facts.outputs.get(port.name)
    detail, beside = tensor_words(tensor), 0.0
    if left:
        beside = text_width(port.name, 12) + 8
        if text_width(left, 12) + 8 + text_width(detail, 11, mono=True) + beside > width - 2 * PAD:
            detail = ""
    return port_spot(port.name, width, y, True, port_shape(port, tensor), False, port.name, detail, beside)


def _port_room(facts: Facts) -> int:
    """The width that the names of ports in one row need, and those of outputs beside their shapes."""
    ins, outs = facts.ports_in[_headed(facts, False):], facts.ports_out[_headed(facts, True):]
    pairs = [text_width(a.name, 12) + 12 + text_width(b.name, 12) for a, b in zip(ins, outs, strict=False)]
    alone = [text_width(tensor_words(facts.outputs.get(port.name)), 11, mono=True) + 12 + text_width(port.name, 12)
             for port in outs[len(ins):]]
    return int(max((*pairs, *alone), default=0.0)) + 2 * PAD if pairs or alone else 0


def card_rows(facts: Facts, settled: Resolved | None = None) -> tuple[tuple[str, str], ...]:
    """The lines of a card: key parameters, three at most; rows and split of a source; loss and metric of an objective."""
    spec = facts.spec
    if spec is None:
        first = [(key, words.value(value)) for key, value in list(facts.node.params.items())[:2]]
        return (*first, ("", "Unknown here. Its"), ("", "values are kept."))
    if isinstance(spec, SourceSpec):
        return _source_rows(spec, facts)
    if spec.kind == "objective" and "metrics" in facts.values:
        return _objective_rows(facts, settled)
    if spec.kind == "block":
        return _each_row(facts)
    shown = [p for p in spec.params if p.key]
    rows: list[tuple[str, str]] = []
    for param in shown:
        value = facts.values.get(param.name, param.default)
        rows.append((param.name, words.value(_effective(param.name, value, facts.values))))
        if isinstance(param, Wrapped) and isinstance(value, dict):
            rows += _inner_rows(param, value, 3 - len(shown))
    return tuple(rows[:3])


def _each_row(facts: Facts) -> tuple[tuple[str, str], ...]:
    """How often a block works for one sample, where that is at every step of a series."""
    if facts.node.type != EACH_STEP:
        return ()
    steps = next((x.shape[0] for x in facts.outputs.values() if x.shape), None)
    return (("at each of", "the steps" if steps is None else words.plural(steps, "step")),)


def _inner_rows(param: Wrapped, value: Mapping[str, Any], room: int) -> list[tuple[str, str]]:
    """The first lines that the card of a wrapped layer would have."""
    inner = [p for p in param.fields(str(value["name"])) if p.key][:max(room, 0)]
    return [(p.name, words.value(value.get(p.name, p.default))) for p in inner]


def _effective(name: str, value: Any, values: Mapping[str, Any]) -> Any:
    """What a parameter comes to: pooling without strides steps by its own size, no activation is the linear one."""
    if value is None and name.endswith("activation"):
        return "linear"
    return values["pool_size"] if name == "strides" and value is None and "pool_size" in values else value


def _source_rows(spec: SourceSpec, facts: Facts) -> tuple[tuple[str, str], ...]:
    from graph_compiler.datasets.split import split_counts

    try:
        schema = spec.dataset.schema(facts.values)
        counts = split_counts(schema, facts.values)
    except (DataProblem, Refusal, KeyError, TypeError, ValueError):  # not set up yet: its problem is shown elsewhere
        return ()
    rows = [("rows", words.count(schema.rows))] if schema.rows else []
    if counts:
        rows.append(("split", split_words(tuple(counts.values()))))
    return tuple(rows)


def split_words(counts: tuple[int, ...]) -> str:
    """Rows of each part, from a thousand on in thousands: `54 / 6 / 10 k`, `405 / 45 / 56`."""
    if max(counts, default=0) < 1000:
        return " / ".join(map(str, counts))
    return " / ".join(f"{n / 1000:.1f}".removesuffix(".0") for n in counts) + " k"


def _objective_rows(facts: Facts, settled: Resolved | None) -> tuple[tuple[str, str], ...]:
    """The loss and the metrics that are minimised and shown; `auto` only as what it comes to."""
    loss, metrics = facts.values.get("loss"), facts.values.get("metrics")
    rows: list[tuple[str, str]] = []
    if loss is not None:
        known = settled.loss if settled is not None else str(loss)
        rows.append(("loss", "what fits") if known == "auto" else ("", known))
    if metrics is not None:
        given = metrics if isinstance(metrics, (list, tuple)) else [metrics]
        names = [name for name, _, _ in settled.metrics] if settled is not None else [str(m) for m in given if m != "auto"]
        rows.append(("metric", ", ".join(names) or ("what fits" if metrics else "none")))
    return tuple(rows)
