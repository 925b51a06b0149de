"""What of a drawing may leave: the whole or encoder and step, and each block alone; known before anything is trained."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from graph_compiler.analysis.alike import Alike
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import End
from graph_compiler.analysis.reach import needed, reach_of
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.values import Node

WHOLE, ENCODER, STEP = "whole", "encoder", "step"


@dataclass(frozen=True)
class Leaving:
    """A part by its name, its weights, and whether it leaves unless others are named (a block leaves when asked for)."""

    name: str
    weights: int
    usual: bool = True
    node: str = ""
    """The instance of a block that leaves alone; empty for all others."""
    roots: frozenset[str] | None = None
    """Root nodes it is made of where it is neither the whole nor a block."""

    @property
    def suffix(self) -> str:
        """What a file name says of it."""
        return "" if self.name == WHOLE else f"-{self.name}"


def leaving_parts(analysis: Analyzer) -> tuple[Leaving, ...]:
    """Parts in the order they are written; none while the drawing has nothing to export."""
    return (*_usual(analysis), *_blocks(analysis))


def _usual(analysis: Analyzer) -> tuple[Leaving, ...]:
    plan = analysis.plan
    if not plan.outputs:
        return ()
    if plan.sequence is None:
        nodes = _nodes(analysis, (o.end for o in plan.outputs))
        return (Leaving(WHOLE, _weights(analysis, nodes)),)
    columns = {(node, port) for node in plan.sources for port in analysis.engine.facts[node].outputs}
    starts = [*plan.sequence.context, *(s.initial for s in plan.sequence.states if s.initial)]
    before = [end for end in starts if end not in columns]
    step = _made_of(analysis, STEP, plan.sequence.decoder)
    return (_made_of(analysis, ENCODER, _nodes(analysis, before)), step) if before else (step,)


def _made_of(analysis: Analyzer, name: str, nodes: Collection[str]) -> Leaving:
    return Leaving(name, _weights(analysis, nodes), roots=frozenset(nodes))


def _weights(analysis: Analyzer, nodes: Collection[str]) -> int:
    """How many weights root nodes have, those they share once."""
    found = {_own(analysis.engine.graph.nodes[n]): analysis.engine.facts[n].weights for n in nodes}
    return sum(found.values())


def _own(node: Node) -> tuple[str, str]:
    """The same for nodes that have the same weights."""
    return (node.block, node.weights) if node.weights else (node.id, "")


def _nodes(analysis: Analyzer, ends: Iterable[End]) -> set[str]:
    return needed(analysis.engine, ends, Alike(analysis.engine))[0]


def _blocks(analysis: Analyzer) -> tuple[Leaving, ...]:
    """Root instances of blocks with weights, those that share weights once."""
    engine = analysis.engine
    reach = reach_of(engine)
    named = leaving_blocks(analysis, reach.live.union(*reach.before.values()))
    return tuple(Leaving(name, engine.facts[n].weights, usual=False, node=n) for name, n in named.items())


def leaving_blocks(analysis: Analyzer, made: Collection[str]) -> dict[str, str]:
    """Of the nodes that are `made`, root instances of blocks with weights by the name their file gets.

    Those that share weights stand there once.
    """
    engine = analysis.engine
    found: dict[tuple[str, str], str] = {}
    for node_id in engine.order:
        node, facts = engine.graph.nodes[node_id], engine.facts[node_id]
        if node.block and not node.muted and facts.weights and node_id in made:
            found.setdefault(_own(node), node_id)
    names = safe_names([engine.graph.nodes[n].label or n for n in found.values()])
    return dict(zip(names, found.values(), strict=True))
