"""The analysis of a whole document: facts of every node, problems of the drawing, totals, and the plan."""

from __future__ import annotations

from collections.abc import Iterator

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.drawing import drawing_problems
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts, Totals
from graph_compiler.analysis.plan import Plan, make_plan
from graph_compiler.analysis.totals import totals_of
from graph_compiler.graph.changes import EVERYTHING, ChangeSet
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT
from graph_compiler.specs.registry import Registry


class Analyzer:
    """Keeps the analysis of one document up to date. Call `update` with what an edit touched."""

    def __init__(self, document: Document, registry: Registry) -> None:
        self.document, self.registry = document, registry
        self.engine = GraphEngine(document, registry, document.graph, ROOT)
        self.totals = Totals()
        self.plan = Plan()
        self._drawing: tuple[Diagnostic, ...] = ()
        self.update(EVERYTHING)

    def update(self, changes: ChangeSet) -> set[str]:
        """Look again after an edit. Returns the root ids whose facts changed."""
        if not changes.meaning:
            return set()
        if changes.everything or changes.blocks or any(scope != ROOT for scope, _ in changes.nodes | changes.edges):
            self.engine = GraphEngine(self.document, self.registry, self.document.graph, ROOT)
            self.engine.run()
            changed = set(self.engine.facts)
        else:
            dirty = {node_id for _, node_id in changes.nodes} | {key[2] for _, key in changes.edges}
            structural = bool(changes.edges) or any(
                (n in self.engine.facts) != (n in self.document.graph.nodes) for _, n in changes.nodes)
            changed = self.engine.update(dirty & self.document.graph.nodes.keys(), structural)
        self.plan, plan_problems = make_plan(self.document, self.engine)
        self._drawing = (*drawing_problems(self.document, self.engine), *plan_problems)
        self.totals = totals_of(self.document, self.engine)
        return changed

    def facts(self, path: str) -> Facts | None:
        """Facts by path from the root: `conv2d_1`, or `block_1.conv2d_1` inside an instance."""
        engine: GraphEngine | None = self.engine
        *outer, last = path.split(".")
        for name in outer:
            engine = engine.children.get(name) if engine else None
        return engine.facts.get(last) if engine else None

    def all_facts(self) -> Iterator[Facts]:
        """Facts of every node, the insides of blocks after their instance."""
        yield from _walk(self.engine)

    @property
    def problems(self) -> list[Diagnostic]:
        """Every problem, errors first, in drawing order; the same problem inside two instances of a block comes once."""
        found: dict[tuple[str, ...], Diagnostic] = {}
        for facts in self.all_facts():
            for problem in facts.problems:
                found.setdefault((problem.scope, problem.node, problem.port, problem.param, problem.code), problem)
        for problem in self._drawing:
            found.setdefault((problem.scope, problem.node, problem.port, problem.param, problem.code), problem)
        rank = {"error": 0, "warning": 1, "note": 2}
        return sorted(found.values(), key=lambda p: rank[p.severity])

    def problems_of(self, path: str) -> list[Diagnostic]:
        """Problems at one node, its own and those of the whole drawing that name it."""
        return [p for p in self.problems if p.path == path]

    @property
    def clean(self) -> bool:
        """Whether there is no error."""
        return not any(p.severity == "error" for p in self.problems)


def _walk(engine: GraphEngine) -> Iterator[Facts]:
    for node_id in (*engine.order, *(engine.facts.keys() - set(engine.order))):
        facts = engine.facts.get(node_id)
        if facts is not None:
            yield facts
            if node_id in engine.children:
                yield from _walk(engine.children[node_id])
