"""What the nodes of a drawing mean for each export target: at a node, for a part of the drawing, and as notes on all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.fixes import offered
from graph_compiler.graph.edits import Batch, Edit, SetParam
from graph_compiler.specs.leaving import TARGETS, Offer, Stays, Told
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.readiness import (
    BEHIND,
    FILES,
    KEPT,
    NOTED,
    READY,
    Line,
    Readiness,
    joined,
    lines_of,
    names_of,
    worst,
)

if TYPE_CHECKING:
    from graph_compiler.analysis.analyzer import Analyzer

FLOATS = Told(tuple(name for name in FILES if name != "keras"),
              "The file computes in float32: mixed precision is for training.")
IN_A_BLOCK = Stays(("python",), "A script lets nothing inside a block look at the rows", "place it before the block.")
FILES_HAVE = "files"
"""The code of notes on files of fewer bits, and on what files have otherwise."""
_NAMED = 2


@dataclass(frozen=True)
class Said:
    """Words that hold for some nodes, by their paths; `worth` where a card has a mark for them."""

    words: str
    paths: tuple[str, ...]
    worth: bool = True

    @property
    def sentence(self) -> str:
        """`lstm_1 and lstm_2: one sample a call.`; the words alone where they are of the whole."""
        names = _names([path.rpartition(".")[2] for path in self.paths])
        return f"{names}: {self.words}" if names else self.words


@dataclass(frozen=True)
class PartReady:
    """A target of a part: its state, how many nodes the part has, and what is said of those that are not plainly ready."""

    state: str
    nodes: int
    kept: tuple[Said, ...] = ()
    noted: tuple[Said, ...] = ()

    @property
    def left(self) -> int:
        """How many nodes can leave."""
        return self.nodes - len({path for said in self.kept for path in said.paths})


class KnownLines:
    """What is said of each node, kept as long as its facts are the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Facts, bool, tuple[Line, ...]]] = {}

    def at(self, analysis: Analyzer, facts: Facts) -> tuple[Line, ...]:
        """The lines of one node."""
        halves, known = analysis.document.training.mixed_precision, self._known.get(facts.path)
        if known is None or known[0] is not facts or known[1] != halves:
            known = self._known[facts.path] = (facts, halves, tuple(_said(facts, halves)))
        return known[2]


def _said(facts: Facts, halves: bool) -> Iterator[Line]:
    """What is said of the files of one node; nothing while it is not known, or muted."""
    spec = facts.spec
    if spec is None or facts.node.muted or spec.kind not in ("layer", "operation", "block") or not facts.outputs:
        return
    yield from lines_of(spec, facts.values, facts.inputs)
    if isinstance(spec, LayerSpec):
        if spec.adapts and "." in facts.path and not any(line.cut_off for line in spec.stays):
            yield IN_A_BLOCK
        if halves and any(x.is_float for x in facts.outputs.values()):
            yield FLOATS


def readiness_at(analysis: Analyzer, path: str) -> dict[str, Readiness]:
    """Every target of a node by its path, a block with all that is inside; empty where files have no part of it."""
    facts = analysis.facts(path)
    if facts is None or facts.spec is None or not facts.outputs or not _leaves(analysis, facts):
        return {}
    own = {target: joined(target, analysis.lines.at(analysis, facts)) for target in TARGETS}
    inside = analysis.inside(path) if facts.node.block else None
    if inside is None:
        return own if facts.spec.kind in ("layer", "operation") else {}
    within = [(inner.node.name, readiness_at(analysis, inner.path)) for inner in inside.facts.values()]
    return {target: _together(own[target], [(name, found[target]) for name, found in within if found]) for target in TARGETS}


def marks(analysis: Analyzer, outer: str = "") -> dict[str, str]:
    """The nodes inside an instance, or of the drawing itself, whose cards have a mark: the worst state worth knowing, by id."""
    engine = analysis.inside(outer)
    found = {facts.node.id: mark(analysis, facts) for facts in engine.facts.values()} if engine is not None else {}
    return {node_id: state for node_id, state in found.items() if state != READY}


def mark(analysis: Analyzer, facts: Facts) -> str:
    """The worst state of a node that is worth knowing; ready where nothing is."""
    if not _leaves(analysis, facts):
        return READY
    states = [_worth(line) for line in analysis.lines.at(analysis, facts)]
    if facts.node.block:
        states += marks(analysis, facts.path).values()
    return worst(states)


def _worth(line: Line) -> str:
    if isinstance(line, Told):
        return NOTED if line.title else READY
    return NOTED if line.cut_off else KEPT


def _leaves(analysis: Analyzer, facts: Facts) -> bool:
    return not facts.node.muted and facts.path.partition(".")[0] in analysis.plan.live


def _together(own: Readiness, inside: list[tuple[str, Readiness]]) -> Readiness:
    """A block is as ready as the worst inside it, and says where that is."""
    state = worst([own.state, *(one.state for _, one in inside)])
    said = [*([own.words] if own.state == state and own.words else []),
            *(f"{name}: {one.words}" for name, one in inside if one.state == state and one.words)]
    worth = own.worth or any(one.worth for _, one in inside)
    return replace(own, state=state, words=" ".join(dict.fromkeys(said)), worth=worth)


def part_readiness(analysis: Analyzer, block: str = "", roots: Collection[str] | None = None) -> dict[str, PartReady]:
    """Every target of the whole of what leaves, of one root instance of a block, or of what some root nodes make."""
    drawn: dict[tuple[str, str], Facts] = {}
    for facts in analysis.all_facts():
        root, inside, _ = facts.path.partition(".")
        if facts.spec is not None and facts.spec.kind in ("layer", "operation") and _leaves(analysis, facts) and (
                not block or (root == block and inside)) and (roots is None or root in roots):
            drawn.setdefault((facts.scope, facts.node.id), facts)
    found = [(facts.path, {t: joined(t, lines) for t in TARGETS}) for facts in drawn.values()
             for lines in (analysis.lines.at(analysis, facts),)]
    return {target: _of_part([(path, at[target]) for path, at in found]) for target in TARGETS}


def _of_part(found: list[tuple[str, Readiness]]) -> PartReady:
    return PartReady(worst(one.state for _, one in found), len(found), _all_said(found, KEPT), _all_said(found, NOTED))


def _all_said(found: list[tuple[str, Readiness]], state: str) -> tuple[Said, ...]:
    words: dict[tuple[str, bool], list[str]] = {}
    for path, one in found:
        if one.state == state:
            words.setdefault((one.words, one.worth), []).append(path)
    return tuple(Said(text, tuple(paths), worth) for (text, worth), paths in words.items())


# Notes on the drawing: one for each thing that is to be said, naming its nodes.


def narrow_notes(analysis: Analyzer) -> Iterator[Diagnostic]:
    """A note for each line that concerns files of fewer bits, or what files have otherwise, with all nodes it holds for."""
    places: dict[Line, dict[tuple[str, str], Facts]] = {}
    for facts in analysis.all_facts():
        if _leaves(analysis, facts):
            for line in analysis.lines.at(analysis, facts):
                if _worth_a_note(line):
                    places.setdefault(line, {}).setdefault((facts.scope, facts.node.id), facts)
    for line, nodes in places.items():
        first, names = next(iter(nodes.values())), _names([facts.node.label or facts.node.id for facts in nodes.values()])
        paths = [facts.path for facts in nodes.values()]
        if isinstance(line, Stays):
            yield Diagnostic(FILES_HAVE, f"{names} cannot leave as {line.names}", path=first.path, severity="note",
                             hint=f"{line.why}. {line.words}", fixes=tuple(_for_all(line.offers, nodes.values())),
                             facts={"formats": line.formats, "paths": paths})
        else:
            yield Diagnostic(FILES_HAVE, f"{names}: {line.title}", path=first.path, severity="note",
                             hint=f"{names_of(line.formats)}. {line.words}",
                             fixes=tuple(_for_all(line.offers, nodes.values())),
                             facts={"formats": line.formats, "paths": paths})


def _worth_a_note(line: Line) -> bool:
    """Not what has a note of its own at the node, nor what is quiet, nor what only a script lacks."""
    return line.narrow and line.formats != ("python",) if isinstance(line, Stays) else bool(line.title) and line != BEHIND


def _names(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return " and ".join(names) if rest <= 0 else f"{', '.join(names[:_NAMED])} and {rest} more"


def _for_all(offers: Iterable[Offer], nodes: Iterable[Facts]) -> Iterator[Fix]:
    """Offers that set parameters, for all nodes at once."""
    for offer in offers:
        edits: list[Edit] = [SetParam(facts.node.id, name, value, facts.scope) for facts in nodes if not offer.insert
                             for name, value in offer.params]
        if edits:
            yield Fix(offer.label, edits[0] if len(edits) == 1 else Batch(tuple(edits), offer.label))


def fixes_at(analysis: Analyzer, path: str, offers: Iterable[Offer]) -> tuple[Fix, ...]:
    """The edits of offers at a node, by its path."""
    engine, facts = analysis.inside(path.rpartition(".")[0]), analysis.facts(path)
    return tuple(offered(engine, facts, offers)) if engine is not None and facts is not None else ()
