"""The tooltip of a node: its full story in one table, for a pointer that rests on the card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolTip

from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.leaving import STAYS
from graph_compiler.analysis.readiness import readiness_at
from graph_compiler.analysis.sums import result_bytes
from graph_compiler.specs.readiness import KEPT, alike, names_of
from graph_compiler.specs.tensors import Tensor
from widgets.canvas.gestures import Gesture
from widgets.canvas.hint import Hint
from widgets.document import GraphDocument
from widgets.theme import theme
from widgets.words import count, percent, shape, size_words, value

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

MOST_PARAMS = 12
FURTHER = "F1 on a selected node opens the guide."
_WORKING = ("layer", "operation", "block", "source")


def story(document: GraphDocument, path: str) -> list[tuple[str, str]]:
    """What is known of a node by its path from the root, as (what, words); the first line is its names."""
    facts = document.analysis.facts(path)
    if facts is None:
        return []
    node, spec = facts.node, facts.spec
    what = node.block or node.type
    lines = [(node.name, " · ".join(dict.fromkeys(part for part in (what, node.id) if part != node.name)))]
    summary = document.document.blocks[node.block].summary if node.block in document.document.blocks else ""
    if text := summary or (spec.summary if spec is not None else "This program does not know this type."):
        lines.append(("", f"{text.rstrip('.')}."))
    lines += [("in" if port == "in" else f"in, {port}", _tensor(tensor))
              for port, tensors in facts.inputs.items() for tensor in tensors]
    lines += [(f"out, {port}" if len(facts.outputs) > 1 else "out", _tensor(t)) for port, t in facts.outputs.items()]
    lines += _params(facts)
    if spec is not None and spec.kind in _WORKING:
        lines += _costs(document, facts, path)
        lines.append(("files", _leaves(document, facts, path)))
    lines += [(state, words) for state, on, words in (
        ("muted", node.muted, "what comes in goes through"), ("frozen", node.frozen, "its weights do not learn")) if on]
    return lines + [(p.severity, p.title) for p in document.analysis.problems_of(path) if p.code != STAYS]


def _tensor(tensor: Tensor) -> str:
    return shape(tensor.shape) if tensor.dtype == "float32" else f"{shape(tensor.shape)} {tensor.dtype}"


def _params(facts: Facts) -> Iterator[tuple[str, str]]:
    """Key parameters, and those that are not at their default."""
    if facts.spec is None:
        return
    said = [p for p in facts.spec.params if p.key or p.name in facts.node.params]
    for param in said[:MOST_PARAMS]:
        words = value(facts.values.get(param.name))
        yield param.name, words if len(words) <= 48 else f"{words[:47]}…"


def _costs(document: GraphDocument, facts: Facts, path: str) -> Iterator[tuple[str, str]]:
    totals, training = document.analysis.totals, document.document.training
    if facts.weights:
        fixed = f", {count(facts.fixed)} of them fixed" if facts.fixed else ""
        share = f" ({percent(facts.weights / totals.weights, 1)})" if totals.weights else ""
        yield "parameters", f"{count(facts.weights)}{share}{fixed}"
    if facts.macs:
        share = f" ({percent(facts.macs / totals.macs, 1)})" if totals.macs else ""
        yield "MACs a sample", f"{count(facts.macs)}{share}"
    elif facts.macs is None:
        yield "MACs a sample", "depend on a free axis"
    engine = document.analysis.inside(path.rpartition(".")[0])
    size = result_bytes(engine, facts) if engine is not None else 0
    if size:
        yield "results", f"{size_words(size * training.batch_size)} for a batch of {count(training.batch_size)}"


def _leaves(document: GraphDocument, facts: Facts, path: str) -> str:
    """What exported files make of the node, the formats where it is plainly ready last."""
    if facts.failed:
        return "not before its problem is mended"
    if facts.spec is not None and facts.spec.kind == "source":
        return "not part of them: files take the data as input"
    told = alike(readiness_at(document.analysis, path))
    if not told:
        return "not part of them"
    said = [f"{names_of(targets)}: {'not possible. ' if one.state == KEPT else ''}{one.words}"
            for targets, one in told if one.words]
    ready = [names_of(targets) for targets, one in told if not one.words]
    return "\n".join([*said, *(f"{names}: ready" if said else "ready in every format" for names in ready)])


def as_html(lines: list[tuple[str, str]]) -> str:
    """The story as a table for a tooltip."""
    from html import escape  # with a table of 2,000 names, needed when a pointer first rests on a card

    t = theme()
    (name, what), *rest = lines
    rows = [f'<tr><td colspan="2" style="padding-bottom:4px"><b>{escape(name)}</b>&nbsp; <span style="color:{t.text3}">'
            f'{escape(what)}</span></td></tr>']
    for key, words in rest:
        if not key:
            rows.append(f'<tr><td colspan="2" style="padding-bottom:6px; color:{t.text2}">{escape(words)}</td></tr>')
            continue
        ink = {"error": t.error, "warning": t.warn}.get(key, t.text)
        rows.append(f'<tr><td style="color:{t.text3}; padding-right:14px">{escape(key)}</td>'
                    f'<td style="color:{ink}">{escape(words).replace(chr(10), "<br>")}</td></tr>')
    rows.append(f'<tr><td colspan="2" style="padding-top:6px; color:{t.text3}">{FURTHER}</td></tr>')
    return f'<table cellspacing="0" cellpadding="1">{"".join(rows)}</table>'


class Telling:
    """Shows the story of the node under the pointer, unless its problem is told there already; and what verbs have to say."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.hint = Hint(view)

    def show(self, at: QPoint, on_screen: QPoint) -> None:
        """For a pointer that rests at a place of the viewport."""
        view = self._view
        box = view.canvas.box_at(view.mapToScene(at)) if view.gestures.active is Gesture.NONE else None
        problem = view.bubbles.wanted()
        told = problem.node if problem is not None and problem.severity != "note" else ""
        lines = story(view.document, view.canvas.path_of(box.node_id)) if box is not None else []
        if box is None or not lines or box.node_id == told:
            QToolTip.hideText()
            return
        area = view.mapFromScene(box.card_rect()).boundingRect()
        QToolTip.showText(on_screen, as_html(lines), view.viewport(), area)
