"""Which state each card is drawn in: problems, marks, connected ports, shares of the costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts, Totals
from graph_compiler.graph.values import ROOT, Node
from graph_compiler.specs.objectives import Resolved
from widgets.canvas.items import NodeItem

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

MOST_INSIDE = 8
LEAST_CHANGE = 0.004
"""Bars are 40 px or so long: a smaller change of a share cannot be seen."""
SHARED_HUES = ("vermilion", "sky", "green", "purple")
_TALL = frozenset({"convolution", "core", "recurrent", "attention"})


class Looks:
    """Keeps the looks of one scene in line with the analysis."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.problems: dict[str, list[Diagnostic]] = {}
        self._totals = Totals()
        self.settled: dict[str, Resolved] = {}
        """What each objective minimises, as the plan has settled it."""

    def changed_problems(self) -> set[str]:
        """Read the problems again; the nodes for which they differ from before."""
        found: dict[str, list[Diagnostic]] = {}
        for problem in self._scene.document.analysis.problems:
            if problem.scope == self._scene.scope and problem.node:
                found.setdefault(problem.node, []).append(problem)
        old, self.problems = self.problems, found
        return {n for n in old.keys() | found.keys() if old.get(n) != found.get(n)}

    def changed_objectives(self) -> set[str]:
        """Read the plan again; the objectives that now minimise something else."""
        here = self._scene.scope == ROOT
        found = {o.node: o.resolved for o in self._scene.document.analysis.plan.objectives} if here else {}
        old, self.settled = self.settled, found
        return {n for n in old.keys() | found.keys() if old.get(n) != found.get(n)}

    def apply(self, box: NodeItem, facts: Facts) -> None:
        """Set everything but the shares."""
        found = self.problems.get(box.node_id, [])
        look, node, graph = box.look, facts.node, self._scene.graph
        look.muted, look.frozen, look.weights_name = node.muted, node.frozen, node.weights
        look.error = facts.spec is not None and any(p.severity == "error" for p in found)
        look.warning = bool(found) and not look.error
        look.bad_ports = frozenset(p.port for p in found if p.severity == "error" and p.port)
        look.connected = frozenset({(e.target_port, False) for e in graph.into(node.id)}
                                   | {(e.source_port, True) for e in graph.out_of(node.id)})
        if facts.spec is not None and facts.spec.kind == "source":
            look.pictures = self._scene.thumbnails(node.id) or []
        if facts.spec is not None and facts.spec.kind == "block":
            look.inside = self._inside(node)
            look.weights_hue = self._weights_hue(node.weights)
        look.shares = self._shares(box)
        box.update()

    def _weights_hue(self, name: str) -> str:
        """Each weights name has a hue of its own, in turn."""
        names = sorted({n.weights for n in self._scene.graph.nodes.values() if n.weights})
        return SHARED_HUES[names.index(name) % len(SHARED_HUES)] if name in names else SHARED_HUES[0]

    def share(self) -> None:
        """Set the bars anew when the totals have changed; cards whose bars stay as they are stay unpainted."""
        totals = self._scene.document.analysis.totals
        if (totals.weights, totals.macs) == (self._totals.weights, self._totals.macs):
            return
        self._totals = totals
        for box in self._scene.boxes.values():
            if not isinstance(box, NodeItem) or not box.card.cost_top:
                continue
            shares = self._shares(box)
            if max(abs(a - b) for a, b in zip(shares, box.look.shares, strict=True)) >= LEAST_CHANGE:
                box.look.shares = shares
                box.update()

    def _shares(self, box: NodeItem) -> tuple[float, float]:
        totals = self._scene.document.analysis.totals
        return (box.card.weights / totals.weights if totals.weights else 0.0,
                (box.card.macs or 0) / totals.macs if totals.macs else 0.0)

    def _inside(self, node: Node) -> list[tuple[str, float]]:
        """Families and heights (0 to 1) of the first layers inside a block."""
        document = self._scene.document
        block = document.document.blocks.get(node.block)
        specs = [document.registry.node(n.type) for n in block.graph.nodes.values()] if block else []
        layers = [s for s in specs if s is not None and s.kind in ("layer", "operation", "block")]
        return [(s.family, 1.0 if s.family in _TALL else 0.4) for s in layers[:MOST_INSIDE]]
