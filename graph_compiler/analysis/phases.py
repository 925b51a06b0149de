"""Who is trained by what: the phases of a step, the weights each of them moves, and what they hold still.

A drawing without a contest has one phase, `fit`. With one, phase `D` trains the discriminators on real and fake samples,
and phase `G` trains everything else through them (GRAPH.md, "Who is trained by what").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import ContestPlan, Goals
from graph_compiler.analysis.reach import Reach, upstream

FIT, DISCRIMINATE, GENERATE = "fit", "D", "G"


@dataclass(frozen=True)
class PhasePlan:
    """One part of a training step. `objectives` are minimised together; ids are those of root nodes.

    Of several instances that share weights, `trains` and `held` name the first only. `limits` names, for an objective
    that trains a part of them, exactly which. `groups` maps names of optimiser settings to what they move.
    """

    name: str
    objectives: tuple[str, ...]
    trains: tuple[str, ...]
    held: tuple[str, ...]
    limits: dict[str, frozenset[str]] = field(default_factory=dict, hash=False)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


def make_phases(engine: GraphEngine, reach: Reach, goals: Goals, problems: list[Diagnostic]) -> tuple[PhasePlan, ...]:
    """The phases of the drawing; what an objective cannot train becomes a problem at it."""
    return _Phases(engine, reach, goals, problems).made()


class _Phases:
    def __init__(self, engine: GraphEngine, reach: Reach, goals: Goals, problems: list[Diagnostic]) -> None:
        self.engine, self.reach, self.goals, self.problems = engine, reach, goals, problems
        names = {contest.discriminator: contest for contest in goals.contests}
        self.judges: dict[str, tuple[str, ...]] = {name: self._instances(c.real_judge) for name, c in names.items()}
        self._judging = frozenset(n for nodes in self.judges.values() for n in nodes)

    def made(self) -> tuple[PhasePlan, ...]:
        plain = self.goals.plain
        if not self.goals.contests:
            moved = {node: self._moved(node, self.reach.moved[node]) for node in plain}
            return (self._phase(FIT, moved),) if moved else ()
        first: dict[str, frozenset[str]] = {}
        second: dict[str, frozenset[str]] = {}
        for node in plain:
            wanted = self._moved(node, self.reach.moved[node])
            if self._named(node) and wanted & self._judging:
                first[node] = wanted & self._judging
            rest = wanted - self._judging
            if rest or node not in first:
                second[node] = rest
                self._need_some(node, rest)
        for contest in self.goals.contests:
            first[contest.node] = frozenset(self.judges[contest.discriminator])
            second[contest.node] = self._made_by(contest)
        return self._phase(DISCRIMINATE, first), self._phase(GENERATE, second)

    def _moved(self, node: str, before: Iterable[str]) -> frozenset[str]:
        """What an objective trains: the nodes before it, or those of them that its `trains` names."""
        open_ = frozenset(before)
        named = self._named(node)
        if not named:
            return open_
        found = frozenset(n for n in open_ if n in named or self.engine.graph.nodes[n].weights in named)
        known = found | {self.engine.graph.nodes[n].weights for n in found}
        for name in named:
            if name not in known:
                self.problems.append(self._problem(
                    "trains", f"{self._name(node)} cannot train “{name}”", node, "trains",
                    expected="nodes or shared weights that stand before it", received=name,
                    hint="Take the name away, or connect that part."))
        return found

    def _made_by(self, contest: ContestPlan) -> frozenset[str]:
        """What the contest trains in phase G: all before the fake side's inputs, and what it names of the real side."""
        engine = self.engine
        stops = frozenset(n for n, node in engine.graph.nodes.items() if node.type == "StopGradient" and not node.muted)
        fakes = upstream(engine, [end[0] for end in contest.fake_inputs.values()], stops) - stops - self._judging
        reals = upstream(engine, [end[0] for end in contest.real_inputs.values()], stops) - stops - self._judging
        named = self._named(contest.node)
        alone = [n for n in self._weighted(reals - fakes) if n not in named and not self._trained_elsewhere(n)]
        if alone and not self._weighted(fakes | (reals & named)):
            self._swapped(contest.node, alone[0])
            return frozenset(fakes)
        if alone:
            guilty = engine.graph.nodes[alone[0]]
            self.problems.append(self._problem(
                "real-only", f"{guilty.name} is trained by nobody", contest.node, "", port="real",
                expected="weights that the fake side uses too, or none",
                received=f"{guilty.name} ({guilty.id}) before “real” only",
                hint=f"Freeze {guilty.name}, or name it under “trains”.", facts={"freeze": guilty.id}))
        made = fakes | (reals & named)
        self._need_some(contest.node, made)
        return frozenset(made)

    def _swapped(self, node: str, generator: str) -> None:
        """What could be trained stands before the real side only: the two wires are the wrong way round."""
        first = self.engine.graph.nodes[generator]
        self.problems.append(self._problem(
            "swapped", f"{self._name(node)} has fake and real swapped", node, "", port="fake",
            expected="the generator’s samples at “fake” and the data at “real”",
            received=f"{first.name} ({first.id}) before “real”, and nothing to train before “fake”",
            hint="Let the two wires change places."))

    def _trained_elsewhere(self, node: str) -> bool:
        return any(node in self._moved_quietly(goal) for goal in self.goals.plain)

    def _moved_quietly(self, node: str) -> frozenset[str]:
        named, before = self._named(node), self.reach.moved[node]
        return frozenset(n for n in before if not named or n in named or self.engine.graph.nodes[n].weights in named)

    def _need_some(self, node: str, nodes: Iterable[str]) -> None:
        if self._weighted(nodes):
            return
        judged = next((name for name, ids in self.judges.items() if set(ids) & self.reach.moved[node]), "")
        own = node not in {contest.node for contest in self.goals.contests}
        hint = f"Name “{judged}” under “trains”." if judged and own else "Add a layer such as Dense on the fake side."
        self.problems.append(self._problem(
            "nothing-to-learn", f"{self._name(node)} has nothing to train", node, "trains" if own else "",
            port="" if own else "fake", expected="a layer with weights before it that is not part of a discriminator",
            received="none", hint=hint, facts={"trains": [judged]} if judged and own else {}))

    def _phase(self, name: str, moved: dict[str, frozenset[str]]) -> PhasePlan:
        union = frozenset().union(*moved.values())
        before = frozenset().union(*(self.reach.before[node] for node in moved))
        trains = self._once(self._weighted(union))
        moved_too = self._sharing(trains)
        held = self._once([n for n in self.engine.order if n in before and self.engine.facts[n].weights and n not in moved_too])
        limits = {node: nodes for node, nodes in moved.items() if self._named(node)
                  and self._weighted(nodes) != self._weighted(self.reach.moved[node] & union)}
        groups: dict[str, tuple[str, ...]] = {}
        for node_id in trains:
            weights = self.engine.graph.nodes[node_id].weights
            key = weights if node_id in self._judging else ""
            groups[key] = (*groups.get(key, ()), node_id)
        return PhasePlan(name, tuple(moved), trains, held, limits, groups)

    def _weighted(self, nodes: Iterable[str]) -> list[str]:
        """Those with weights that a gradient may move, in order."""
        wanted, facts = set(nodes), self.engine.facts
        return [n for n in self.engine.order if n in wanted and facts[n].weights > facts[n].fixed]

    def _instances(self, node_id: str) -> tuple[str, ...]:
        """All instances that share the weights of one, in order."""
        like = self.engine.graph.nodes[node_id]
        return tuple(n for n in self.engine.order if (node := self.engine.graph.nodes[n]).weights
                     and (node.block, node.weights) == (like.block, like.weights))

    def _once(self, nodes: Iterable[str]) -> tuple[str, ...]:
        seen: dict[tuple[str, str], str] = {}
        for n in nodes:
            node = self.engine.graph.nodes[n]
            seen.setdefault((node.block, node.weights) if node.weights else (n, ""), n)
        return tuple(seen.values())

    def _sharing(self, nodes: Iterable[str]) -> frozenset[str]:
        """The nodes and every instance that shares weights with one of them."""
        graph, own = self.engine.graph.nodes, frozenset(nodes)
        pairs = {(graph[n].block, graph[n].weights) for n in own if graph[n].weights}
        return own | {n for n in self.engine.order if graph[n].weights and (graph[n].block, graph[n].weights) in pairs}

    def _named(self, node: str) -> frozenset[str]:
        return frozenset(self.engine.facts[node].values.get("trains", ()))

    def _name(self, node: str) -> str:
        return self.engine.graph.nodes[node].name

    def _problem(self, code: str, title: str, node: str, param: str, **rest: object) -> Diagnostic:
        return self.engine.problem(code, title, node, param=param, **rest)
