"""The analysis of a whole document: facts of every node, problems of the drawing, totals, and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.drawing import drawing_problems
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts, Totals
from graph_compiler.analysis.fixes import fixes_for
from graph_compiler.analysis.insides import look_inside
from graph_compiler.analysis.plan import Plan, make_plan
from graph_compiler.analysis.reach import Reach, reach_of
from graph_compiler.analysis.settings import settings_problems
from graph_compiler.analysis.totals import totals_of
from graph_compiler.graph.changes import EVERYTHING, ChangeSet
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT, Node
from graph_compiler.specs.datasets import DataProblem
from graph_compiler.specs.registry import Registry

_RANK = {"error": 0, "warning": 1, "note": 2}


class Analyzer:
    """Keeps the analysis of one document up to date. Call `update` with what an edit touched."""

    def __init__(self, document: Document, registry: Registry) -> None:
        self.document, self.registry = document, registry
        self.engine = GraphEngine(document, registry, document.graph, ROOT)
        self.totals = Totals()
        self.plan = Plan()
        self._drawing: tuple[Diagnostic, ...] = ()
        self._settings: tuple[Diagnostic, ...] = ()
        self._data: dict[str, DataProblem] = {}
        self._problems: list[Diagnostic] | None = None
        self._insides: dict[str, GraphEngine | None] = {}
        """Of instances that the analysis of the drawing did not enter, by path."""
        self._reach: Reach | None = None
        """Kept while edits only change parameters."""
        self.update(EVERYTHING)

    def update(self, changes: ChangeSet) -> set[str]:
        """Look again after an edit. Returns the root ids whose facts changed (those that are gone included)."""
        if not changes.meaning:
            return set()
        self._insides.clear()
        if changes.training or changes.everything:
            self._settings = settings_problems(self.document.training)
        changed = self._rebuild() if self._touches_blocks(changes) else self._refresh(changes)
        if self._reach is None:
            self._reach = reach_of(self.engine)
        self.plan, plan_problems = make_plan(self.engine, self._reach)
        self._drawing = (*drawing_problems(self.engine, self._reach), *plan_problems)
        self.totals = totals_of(self.document, self.engine)
        self._problems = None
        return changed

    def set_data_problems(self, problems: Mapping[str, DataProblem]) -> set[str]:
        """What a look at the files found, by source id: each becomes a diagnostic of code `data-mismatch`.

        Replaces what was found before. Returns the ids whose problems changed.
        """
        touched = {n for n in self._data.keys() | problems.keys() if self._data.get(n) is not problems.get(n)}
        self._data, self._problems = dict(problems), None
        return touched

    def facts(self, path: str) -> Facts | None:
        """Facts by path from the root: `conv2d_1`, or `block_1.conv2d_1` inside an instance."""
        outer, _, last = path.rpartition(".")
        engine = self.inside(outer)
        return engine.facts.get(last) if engine else None

    def inside(self, path: str) -> GraphEngine | None:
        """The analysis inside the instance at a path, for an empty one of the drawing itself; None without such an instance."""
        engine: GraphEngine | None = self.engine
        for name in path.split(".") if path else ():
            if engine is None:
                return None
            place = engine.prefix + name
            if name not in engine.children and place not in self._insides:
                self._insides[place] = look_inside(engine, name)
            engine = engine.children.get(name) or self._insides[place]
        return engine

    def all_facts(self) -> Iterator[Facts]:
        """Facts of every node, the insides of blocks after their instance."""
        yield from _walk(self.engine)

    @property
    def problems(self) -> list[Diagnostic]:
        """Every problem with its fixes, errors first, in drawing order; the same inside two instances of a block comes once."""
        if self._problems is None:
            self._problems = self._gather()
        return self._problems

    def problems_of(self, path: str) -> list[Diagnostic]:
        """Problems at one node, its own and those of the whole drawing that name it."""
        outer, _, last = path.rpartition(".")
        return [p for p in self.problems_inside(outer) if p.node == last]

    def problems_inside(self, path: str) -> list[Diagnostic]:
        """Problems of the nodes inside one instance as that instance sees them; of the drawing itself for an empty path."""
        engine = self.inside(path)
        if not path or engine is None:
            return [p for p in self.problems if p.scope == ROOT]
        own = [problem for facts in engine.facts.values() for problem in facts.problems]
        own += [problem for problem in self._drawing if problem.path.rpartition(".")[0] == path]
        return sorted(map(self._with_fixes, own), key=lambda p: _RANK[p.severity])

    @property
    def clean(self) -> bool:
        """Whether there is no error."""
        return not any(p.severity == "error" for p in self.problems)

    def _touches_blocks(self, changes: ChangeSet) -> bool:
        return changes.everything or bool(changes.blocks) or any(scope != ROOT for scope, _ in changes.nodes | changes.edges)

    def _rebuild(self) -> set[str]:
        old, self._reach = self.engine.facts, None
        self.engine = GraphEngine(self.document, self.registry, self.document.graph, ROOT)
        self.engine.run()
        new = self.engine.facts
        return {n for n in old.keys() | new.keys() if old.get(n) != new.get(n)}

    def _refresh(self, changes: ChangeSet) -> set[str]:
        nodes, known = self.document.graph.nodes, self.engine.facts
        dirty = {node_id for _, node_id in changes.nodes}
        rewired = bool(changes.edges) or any((n in known) != (n in nodes) for n in dirty)
        for _, key in changes.edges:
            dirty |= {key[0], key[2]}
        if rewired or any(_role(nodes[n]) != _role(known[n].node) or nodes[n].muted for n in dirty if n in nodes):
            self._reach = None
        return self.engine.update(dirty & nodes.keys(), rewired)

    def _gather(self) -> list[Diagnostic]:
        found: dict[tuple[str, ...], Diagnostic] = {}
        own = (problem for facts in self.all_facts() for problem in facts.problems)
        for problem in (*own, *self._data_problems(), *self._drawing, *self._settings):
            found.setdefault((problem.scope, problem.node, problem.port, problem.param, problem.code), problem)
        return sorted(map(self._with_fixes, found.values()), key=lambda p: _RANK[p.severity])

    def _with_fixes(self, problem: Diagnostic) -> Diagnostic:
        engine = self.inside(problem.path.rpartition(".")[0])
        fixes = fixes_for(engine, problem) if engine and problem.node else ()
        return replace(problem, fixes=fixes) if fixes else problem

    def _data_problems(self) -> Iterator[Diagnostic]:
        for node_id, problem in self._data.items():
            facts = self.engine.facts.get(node_id)
            if facts is not None and not facts.failed:
                yield Diagnostic("data-mismatch", problem.title, node_id, facts.path, facts.scope, param=problem.param,
                                 hint=problem.hint)


def _role(node: Node) -> tuple[str, bool, bool]:
    return node.type, node.muted, node.frozen


def _walk(engine: GraphEngine) -> Iterator[Facts]:
    for node_id in (*engine.order, *(n for n in engine.graph.nodes if n not in engine.rank)):
        yield engine.facts[node_id]
        if node_id in engine.children:
            yield from _walk(engine.children[node_id])
