"""Where a node that goes into a wire stands: in a gap that is wide enough, else what follows makes room for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSizeF

from graph_compiler.graph.edits import AddNode, Batch, Disconnect, Edit, Move, Resize
from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import Edge, Node
from widgets.canvas.arranging import MARGIN, TITLE, inside_of
from widgets.canvas.bending import bends_between, shifted
from widgets.canvas.items import NodeItem
from widgets.canvas.notes import FrameItem
from widgets.canvas.places import Place
from widgets.canvas.room import GAP, GRID, expected_card

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

BETWEEN, LEAST = 88.0, 40.0
"""What is left free before and behind a node in a wire, and the least of it that is taken as it is, px."""
LEVEL = 96.0
"""Ends of a wire that differ by so much stand in one row, px."""
HELD, HELD_DOWN = 20.0, 84.0
"""Where across the flow the pointer holds a new card."""


def with_room(canvas: CanvasScene, edit: Edit) -> Edit:
    """An edit that puts one new node into a wire of this scene, with a place where it covers nothing; others as they are."""
    steps = list(edit.edits) if isinstance(edit, Batch) else [edit]
    added = [step for step in steps if isinstance(step, AddNode) and step.scope == canvas.scope]
    cut = [canvas.graph.edges[s.key] for s in steps if isinstance(s, Disconnect) and s.key in canvas.graph.edges]
    if len(added) != 1 or not cut:
        return edit
    node, further = in_wire(canvas, cut[0], added[0].node)
    placed: list[Edit] = [AddNode(node, canvas.scope) if step is added[0] else step for step in steps]
    return Batch((*placed, *further), edit.describe())


def in_wire(canvas: CanvasScene, edge: Edge, node: Node, keep: str = "") -> tuple[Node, list[Edit]]:
    """The node with its place in a wire, and edits that move away what would be covered.

    With `keep` it stays where it is as long as it stands clear of every card there: "place" just so, "pointer" with its
    port at the height of the wire.
    """
    places = {n: _turned(canvas, box.card_rect()) for n, box in canvas.boxes.items()
              if not isinstance(box, FrameItem) and n != node.id}
    along, across, into, out = _measures(canvas, node)
    (_, start), (_, end) = _ends(canvas, edge)
    near = abs(end - start) <= LEVEL
    if keep:
        left, top, _, _ = _turned(canvas, QRectF(canvas.flow.place(node.x, node.y), QSizeF(1, 1)))
        if keep == "pointer":
            here = top + (HELD_DOWN if canvas.flow.down else HELD)
            top = start - into if abs(start - here) <= LEVEL else end - out if abs(end - here) <= LEVEL else here - into
        if not _hit((left, top, left + along, top + across), places.values()):
            return _placed(canvas, node, left, top), []
    source, target = places[edge.source], places[edge.target]
    gap = target[0] - source[2]
    moved: set[str] = set()
    way = 0.0
    if gap >= along + 2 * LEAST:  # a gap of its own, at the end of the wire
        left = max(target[0] - BETWEEN - along, source[2] + min((gap - along) / 2, BETWEEN))
        top = start - into if near else end - out
    else:
        alone = len(canvas.graph.out_of(edge.source)) == 1
        left, top = source[2] + BETWEEN, start - into if near or alone else end - out
        if gap >= 0:
            way = -(-(left + along + BETWEEN - target[0]) // GRID) * GRID
            moved = pushed(places, _behind(canvas.graph, edge.target, places), way)
    places |= {n: (p[0] + way, p[1], p[2] + way, p[3]) for n in moved for p in (places[n],)}
    left = round(left / GRID) * GRID
    while hit := _hit((left, top, left + along, top + across), places.values()):
        top = -(-(max(p[3] for p in hit) + GAP) // GRID) * GRID
    return _placed(canvas, node, left, top), _making_way(canvas, moved, way)


def _placed(canvas: CanvasScene, node: Node, left: float, top: float) -> Node:
    x, y = canvas.flow.back(canvas.flow.turned(QPointF(left, top)))
    return replace(node, x=x, y=y)


def _ends(canvas: CanvasScene, edge: Edge) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a wire begins and ends, along and across the flow."""
    source, target = canvas.boxes[edge.source], canvas.boxes[edge.target]
    assert isinstance(source, NodeItem) and isinstance(target, NodeItem)
    ends = (source.port_place(edge.source_port, out=True), target.port_place(edge.target_port, out=False))
    start, end = map(canvas.flow.turned, ends)
    return (start.x(), start.y()), (end.x(), end.y())


def spread(canvas: CanvasScene, fresh: Iterable[str]) -> list[Edit]:
    """Edits that free cards which came together: they go clear of those before them, what stands behind makes way."""
    places = {n: _turned(canvas, box.card_rect()) for n, box in canvas.boxes.items() if not isinstance(box, FrameItem)}
    own = {n for n in fresh if n in places}
    if not own:
        return []
    others = {n: p for n, p in places.items() if n not in own}
    left, right = min(places[n][0] for n in own), max(places[n][2] for n in own)
    hit = {n for n, p in others.items() if _hit(p, (places[m] for m in own))}
    before = {n for n in hit if others[n][0] + others[n][2] < left + right}
    aside = max((others[n][2] + LEAST - left for n in before), default=0.0)
    aside = max(0.0, -(-aside // GRID) * GRID)
    gone = [(p[0] + aside, p[1], p[2] + aside, p[3]) for p in (places[n] for n in own)]
    after = {n for n, p in others.items() if n not in before and _hit(p, gone)}
    way = max((right + aside + LEAST - others[n][0] for n in after), default=0.0)
    way = -(-way // GRID) * GRID
    return [*_making_way(canvas, own if aside else set(), aside), *_making_way(canvas, pushed(others, after, way), way)]


def pushed(places: Mapping[str, Place], first: Iterable[str], way: float) -> set[str]:
    """The cards that have to go `way` along when `first` do: these, and all they would come to lie on."""
    found = set(first)
    todo = list(found)
    while todo:
        left, top, right, bottom = places[todo.pop()]
        for node_id, place in places.items():
            if node_id not in found and place[0] >= left and _hit((left, top, right + way, bottom), [place]):
                found.add(node_id)
                todo.append(node_id)
    return found


def _behind(graph: Graph, start: str, places: Mapping[str, Place]) -> set[str]:
    """A card and what follows it in its row; what goes on in a row below stands on the other side."""
    found, todo = {start}, [start]
    while todo:
        for after in graph.successors(todo.pop()):
            if after not in found and places[after][0] >= places[start][0]:
                found.add(after)
                todo.append(after)
    return found


def _making_way(canvas: CanvasScene, moved: set[str], way: float) -> list[Edit]:
    """Edits that move cards along the flow; frames they stand in grow with them."""
    if not moved:
        return []
    nodes = canvas.graph.nodes
    x, y = way, 0.0  # the document counts along the flow
    edits: list[Edit] = [Move({n: (nodes[n].x + x, nodes[n].y + y) for n in sorted(moved)}, canvas.scope,
                              bends=shifted(bends_between(canvas, moved), x, y))]
    away = canvas.flow.turned(QPointF(way, 0))
    for frame_id, frame in canvas.boxes.items():
        if not isinstance(frame, FrameItem) or not (held := moved & set(inside_of(frame, canvas.boxes))):
            continue
        around = frame.card_rect()
        for node_id in held:
            box = canvas.boxes[node_id].card_rect().translated(away)
            around = around.united(box.adjusted(-MARGIN, -TITLE, MARGIN, MARGIN))
        edits.append(Resize(frame_id, *canvas.flow.framed(around), canvas.scope))
    return edits


def _measures(canvas: CanvasScene, node: Node) -> tuple[float, float, float, float]:
    """Of a card, whether it is there or not: its size along and across the flow, and where across its first ports are."""
    box, document = canvas.boxes.get(node.id), canvas.document
    card = box.card if isinstance(box, NodeItem) else expected_card(
        document.document, node, document.registry.node(node.type), canvas.flow.down)
    left, top, right, bottom = canvas.flow.turned_rect(card.rect)
    spots = [next((canvas.flow.turned(p.place).y() for p in card.ports if p.out == out), 0.0) for out in (False, True)]
    return right - left, bottom - top, spots[0], spots[1]


def _turned(canvas: CanvasScene, rect: QRectF) -> Place:
    return canvas.flow.turned_rect(rect)


def _hit(box: Place, places: Iterable[Place]) -> list[Place]:
    """Those that a card here would cover or nearly touch."""
    left, top, right, bottom = box
    return [p for p in places if p[0] < right + 8 and p[2] > left - 8 and p[1] < bottom + 8 and p[3] > top - 8]
