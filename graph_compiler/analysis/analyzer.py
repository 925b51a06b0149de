"""The analysis of a whole document: facts of every node, problems of the drawing, totals, and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.drawing import drawing_problems
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts, Totals
from graph_compiler.analysis.fixes import fixes_for
from graph_compiler.analysis.gaps import gap_problems
from graph_compiler.analysis.insides import look_inside
from graph_compiler.analysis.leaving import leaves_with
from graph_compiler.analysis.places import Insides
from graph_compiler.analysis.plan import Plan, make_plan
from graph_compiler.analysis.reach import Reach, reach_of
from graph_compiler.analysis.readiness import KnownLines, narrow_notes
from graph_compiler.analysis.scales import scale_problems, step_problems
from graph_compiler.analysis.settings import class_weight_problems, settings_problems
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
        self.engine = GraphEngine(document, registry, document.graph, ROOT, Insides())
        self.totals = Totals()
        self.plan = Plan()
        self._drawing: tuple[Diagnostic, ...] = ()
        self._settings: tuple[Diagnostic, ...] = ()
        self._data: dict[str, DataProblem] = {}
        self.lines = KnownLines()
        """What exported files have of each node."""
        self._problems: list[Diagnostic] | None = None
        self._file_notes: list[Diagnostic] | None = None
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
        changed = self._rebuild() if changes.everything else self._refresh(changes)
        if self._reach is None:
            self._reach = reach_of(self.engine)
        self.plan, plan_problems = make_plan(self.engine, self._reach)
        self._drawing = (*drawing_problems(self.engine, self._reach), *plan_problems,
                         *scale_problems(self.engine, self.plan.objectives, self.plan.sources),
                         *gap_problems(self.engine, self._reach.of("source")),
                         *step_problems(self.engine, self.plan.objectives),
                         *class_weight_problems(self.document.training, self.plan.objectives))
        self.totals = totals_of(self.document, self.engine)
        self._problems = self._file_notes = None
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
            if name not in engine.inner and place not in self._insides:
                self._insides[place] = look_inside(engine, name)
            engine = engine.child(name) or self._insides[place]
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

    @property
    def file_notes(self) -> list[Diagnostic]:
        """What exported files have otherwise, or lack where they have fewer bits: no problems, but worth knowing."""
        if self._file_notes is None:
            self._file_notes = list(narrow_notes(self))
        return self._file_notes

    def problems_of(self, path: str) -> list[Diagnostic]:
        """Problems at one node, its own and those of the whole drawing that name it."""
        outer, _, last = path.rpartition(".")
        return [p for p in self.problems_inside(outer) if p.node == last]

    def problems_inside(self, path: str) -> list[Diagnostic]:
        """Problems of the nodes inside one instance as that instance sees them; of the drawing itself for an empty path."""
        engine = self.inside(path)
        if not path or engine is None:
            return [p for p in self.problems if p.scope == ROOT]
        own = [p for facts in engine.facts.values() for p in facts.problems if leaves_with(self.plan, p)]
        own += [replace(problem, path=f"{path}.{problem.path}") for problem in engine.sums.problems]
        return sorted(map(self._with_fixes, own), key=_rank)

    @property
    def clean(self) -> bool:
        """Whether there is no error."""
        return not any(p.severity == "error" for p in self.problems)

    def _rebuild(self) -> set[str]:
        old, self._reach = self.engine.facts, None
        self.engine.shared.known.clear()
        self.engine = GraphEngine(self.document, self.registry, self.document.graph, ROOT, Insides())
        self.engine.run()
        new = self.engine.facts
        return {n for n in old.keys() | new.keys() if old.get(n) != new.get(n)}

    def _refresh(self, changes: ChangeSet) -> set[str]:
        nodes, known = self.document.graph.nodes, self.engine.facts
        dirty = {node_id for scope, node_id in changes.nodes if scope == ROOT}
        edges = {key for scope, key in changes.edges if scope == ROOT}
        blocks = self.engine.shared.update(self.document, changes)
        if edges or blocks or any(_role(nodes.get(n)) != _role(known[n].node if n in known else None)
                                  or (n in nodes and nodes[n].muted) for n in dirty):
            self._reach = None
        if blocks:
            dirty |= {node.id for node in nodes.values() if node.block in blocks}
        changed = self.engine.look_again(dirty, edges)
        self.engine.shared.sweep(self.engine)
        return changed

    def _gather(self) -> list[Diagnostic]:
        found: dict[tuple[str, ...], Diagnostic] = {}
        for problem in (*_own_problems(self.engine, "", set()), *self._data_problems(), *self._drawing, *self._settings):
            if leaves_with(self.plan, problem):
                found.setdefault((problem.scope, problem.node, problem.port, problem.param, problem.code), problem)
        return sorted(map(self._with_fixes, found.values()), key=_rank)

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


def _rank(problem: Diagnostic) -> tuple[int, bool]:
    """Errors first; an instance that only passes on what is wrong inside it comes after that."""
    return _RANK[problem.severity], problem.code == "block-inside"


def _role(node: Node | None) -> tuple[str, bool, bool] | None:
    return (node.type, node.muted, node.frozen) if node is not None else None


def _in_order(engine: GraphEngine) -> Iterator[str]:
    yield from engine.order
    yield from (n for n in engine.graph.nodes if n not in engine.rank)


def _walk(engine: GraphEngine) -> Iterator[Facts]:
    for node_id in _in_order(engine):
        yield engine.facts[node_id]
        if (child := engine.child(node_id)) is not None:
            yield from _walk(child)


def _own_problems(engine: GraphEngine, prefix: str, seen: set[int]) -> Iterator[Diagnostic]:
    """Problems of nodes and of insides as a whole, each inside once, at the first instance that has it."""
    for node_id in _in_order(engine):
        yield from (replace(p, path=prefix + p.path) if prefix else p for p in engine.facts[node_id].problems)
        inner = engine.inner.get(node_id)
        if inner is not None and id(inner) not in seen:
            seen.add(id(inner))
            place = f"{prefix}{node_id}."
            yield from _own_problems(inner, place, seen)
            yield from (replace(p, path=place + p.path) for p in inner.sums.problems)
