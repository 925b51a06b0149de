"""Which state each card is drawn in: problems, marks, connected ports, shares of the costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts, Totals
from graph_compiler.analysis.readiness import marks
from graph_compiler.graph.values import ROOT
from graph_compiler.specs.datasets import SourceSpec
from graph_compiler.specs.objectives import Resolved
from widgets.canvas.inside import bars_of
from widgets.canvas.items import NodeItem
from widgets.canvas.samples import BLANK, EMPTY, CardSamples
from widgets.canvas.scopes import inner
from widgets.canvas.sharing import Sharing, sharing_of
from widgets.canvas.states import Look

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

LEAST_CHANGE = 0.004
"""Bars are 40 px or so long: a smaller change of a share cannot be seen."""


class Looks:
    """Keeps the looks of one scene in line with the analysis."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.problems: dict[str, list[Diagnostic]] = {}
        self._totals = Totals()
        self.settled: dict[str, Resolved] = {}
        """What each objective minimises, as the plan has settled it."""
        self.sharing = Sharing()
        self.files: dict[str, str] = {}
        """What exported files make of nodes, where cards show it."""

    def changed_sharing(self) -> set[str]:
        """Read the weights names again; the instances that may look otherwise now."""
        old, self.sharing = self.sharing, sharing_of(self._scene.graph)
        if old == self.sharing and list(old.groups) == list(self.sharing.groups):
            return set()
        return {n for groups in (old.groups, self.sharing.groups) for ids in groups.values() for n in ids}

    def changed_problems(self) -> set[str]:
        """Read the problems again; the nodes for which they differ from before."""
        found: dict[str, list[Diagnostic]] = {}
        for problem in self._scene.document.analysis.problems_inside(self._scene.outer):
            if problem.node:
                found.setdefault(problem.node, []).append(problem)
        old, self.problems = self.problems, found
        return {n for n in old.keys() | found.keys() if old.get(n) != found.get(n)}

    def changed_files(self) -> set[str]:
        """Read again what exported files make of the nodes; those for which it differs from before."""
        found = marks(self._scene.document.analysis, self._scene.outer)
        old, self.files = self.files, found
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
        look.warning = not look.error and any(p.severity in ("error", "warning") for p in found)
        look.note, look.files = bool(found), self.files.get(box.node_id, "")
        bad = {p.port for p in found if p.severity == "error" and p.port}
        look.bad_ports = frozenset(bad) if bad else frozenset()  # one object for all that have none
        look.connected = _one(frozenset({(e.target_port, False) for e in graph.into(node.id)}
                                        | {(e.source_port, True) for e in graph.out_of(node.id)}))
        if facts.spec is not None and facts.spec.kind == "source":
            look.samples = self._scene.thumbnails(node.id) or _nothing_yet(facts)
        if facts.spec is not None and facts.spec.kind == "block":
            inside = self._scene.document.analysis.inside(facts.path)
            look.inside = bars_of(inside) if inside is not None else ()
            look.weights_hue, look.counted = self.sharing.hue(node), self.sharing.counts(node)
        look.shares = self._shares(box)
        box.update()

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
        weights = box.card.weights if box.look.counted else 0
        return (weights / totals.weights if totals.weights else 0.0,
                (box.card.macs or 0) / totals.macs if totals.macs else 0.0)

    def update_thumbnails(self, node_id: str) -> None:
        """The pictures of a source have arrived."""
        box, facts = self._scene.boxes.get(node_id), self._scene.facts(node_id)
        if isinstance(box, NodeItem) and facts is not None:
            self.apply(box, facts)

    # While something goes on.

    def offer(self, ids: set[str], side: str) -> None:
        """Light the side of these cards that takes what is pulled; everything else goes out."""
        for node_id, box in self._scene.boxes.items():
            takes = side if node_id in ids else ""
            if box.look.takes != takes:
                box.look.takes = takes
                box.update()

    def fade(self, ids: set[str]) -> None:
        """Fade these cards and the wires between them; everything else comes back."""
        for node_id, box in self._scene.boxes.items():
            if not isinstance(box, NodeItem):
                continue
            if box.look.faded != (node_id in ids):
                box.fade(node_id in ids)
            if box.look.target:
                box.look.target = False
                box.update()
        for key, wire in self._scene.wires.items():
            dim = key[0] in ids and key[2] in ids
            if wire.dim != dim:
                wire.dim = dim
                wire.restyle()

    def change(self, path: str, change: Callable[[Look], None]) -> None:
        """Change the running state of a card by the path of its node; nothing when it stands elsewhere."""
        box = self._scene.boxes.get(inner(path, self._scene.outer) or "")
        if isinstance(box, NodeItem):
            change(box.look)
            box.update()

    def clear_live(self) -> None:
        """Take live miniatures and numbers off all cards."""
        for node_id, box in self._scene.boxes.items():
            if box.look.live or box.look.live_text:
                self.change(self._scene.path_of(node_id), _not_live)


@lru_cache(maxsize=1024)
def _one(ports: frozenset[tuple[str, bool]]) -> frozenset[tuple[str, bool]]:
    """The same set, one object for equal ones: a thousand cards have a dozen different ones."""
    return ports


def _not_live(look: Look) -> None:
    look.live, look.live_text = (), ""


def _nothing_yet(facts: Facts) -> CardSamples:
    """Empty tiles for pictures, an empty box for everything else."""
    shown = facts.outputs.get(facts.spec.dataset.thumbnails) if isinstance(facts.spec, SourceSpec) else None
    pictures = shown is None or shown.column is None or shown.column.kind in ("image", "video")
    return EMPTY if pictures else BLANK
