"""Pictures beside what the network makes of them: reconstructions, cleaned, coloured or enlarged pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import End, ObjectivePlan
from graph_compiler.analysis.reach import feeding, upstream
from graph_compiler.trainers.sights.base import Seen, Sources, logits_of, sigmoid
from graph_compiler.trainers.sights.chain import own_size, pixels_of, traced
from graph_compiler.trainers.sights.parts import Part
from graph_compiler.trainers.sights.reading import cuts, is_noise, read_by
from graph_compiler.trainers.sights.rows import fixed

ROWS = 10
_HARMLESS = frozenset({"Rescaling", "Normalization", "Flatten", "Reshape", "Identity", "Cast", "Output"})
"""What leaves a picture what it is."""


@dataclass(frozen=True)
class ReconstructionsPlan:
    """One Loss that compares pictures. `entry` is the picture as the first layer with weights gets it.

    `noisy` says that it differs from the target by chance: noise that is added on the way.
    """

    loss: ObjectivePlan
    entry: End | None
    noisy: bool
    same: bool
    kind: str = "reconstructions"

    @property
    def title(self) -> str:
        """By what is done."""
        return "Denoising" if self.noisy else "Reconstructions" if self.same else "Predictions"

    @property
    def at(self) -> str:
        """The Loss."""
        return self.loss.node

    def make(self, sources: Sources) -> Reconstructions:
        """At work."""
        return Reconstructions(self, sources)


def plans(analysis: Analyzer) -> Iterator[ReconstructionsPlan]:
    """One for each Loss whose target and prediction are pictures."""
    engine = analysis.engine
    for loss in analysis.plan.objectives:
        like = traced(engine, loss.target)
        if like is None and loss.resolved.task != "reconstruction":
            continue
        if own_size(loss.prediction_tensor, like) is None or own_size(loss.target_tensor, like) is None:
            continue
        entry = _entry(engine, loss)
        noisy = entry is not None and _by_chance(engine, entry, loss) and cuts(engine, loss.prediction, entry)
        yield ReconstructionsPlan(loss, entry, noisy, entry is None or _same(engine, entry, loss.target))


def _entry(engine: GraphEngine, loss: ObjectivePlan) -> End | None:
    """The first picture that enters a node with weights on the way to the prediction."""
    before = upstream(engine, [loss.prediction[0]])
    plain: set[str] = set()
    for node_id in engine.order:
        facts = engine.facts[node_id]
        weighted = facts.weights > 0 or bool(facts.node.weights)
        if node_id not in before:
            continue
        if not weighted and all(edge.source in plain for edge in feeding(engine, node_id)):
            plain.add(node_id)
            continue
        for edge in feeding(engine, node_id):
            end = (edge.source, edge.source_port)
            tensor = engine.facts[edge.source].outputs.get(edge.source_port)
            if edge.source in plain and own_size(tensor, traced(engine, end) or traced(engine, loss.target)) is not None:
                return end
    return None


def _by_chance(engine: GraphEngine, entry: End, loss: ObjectivePlan) -> bool:
    """Whether something random stands before the entry and not before the target too."""
    own = upstream(engine, [entry[0]]) - upstream(engine, [loss.target[0]])
    return any(getattr(engine.facts[n].spec, "random", False) or is_noise(engine, (n, "out"))
               for n in own if not engine.facts[n].node.muted)


def _same(engine: GraphEngine, entry: End, target: End) -> bool:
    """Whether the network is to give back the very picture it gets."""
    differ = upstream(engine, [entry[0]]) ^ upstream(engine, [target[0]])
    return all(engine.graph.nodes[n].muted or engine.graph.nodes[n].type in _HARMLESS for n in differ)


class Reconstructions:
    """Ten fixed rows."""

    def __init__(self, plan: ReconstructionsPlan, sources: Sources) -> None:
        compiled, engine, loss = sources.compiled, sources.compiled.analysis.engine, plan.loss
        self._plan = plan
        self._logits = logits_of(loss)
        self._target = None if loss.target in sources.feed.columns else Part.of(compiled, loss.target)
        self._entry = Part.of(compiled, plan.entry) if plan.entry is not None else None
        self._predicted = self._prediction(sources)
        columns = {*self._predicted.columns, *(self._target.columns if self._target else (loss.target,)),
                   *(self._entry.columns if self._entry else ())}
        self._given = fixed(sources.feed, (end for end in columns if end in sources.feed.columns), ROWS)
        known = sources.feed.columns
        made, like = (pixels_of(engine, end, loss.target, known) for end in (loss.prediction, loss.target))
        assert made is not None and like is not None
        self._made, self._like = made, like
        self._seen = pixels_of(engine, plan.entry, plan.entry, known) if plan.entry is not None else None
        if plan.noisy and (self._seen is None or self._seen.ends is None):
            self._seen = like

    def _prediction(self, sources: Sources) -> Part:
        """From the noisy picture where there is one: in inference nothing would be noisy."""
        compiled, plan = sources.compiled, self._plan
        engine, end = compiled.analysis.engine, plan.loss.prediction
        if plan.noisy and plan.entry is not None and cuts(engine, end, plan.entry):
            beside = tuple(read_by(engine, end, frozenset([plan.entry[0]])))
            return Part.behind(compiled, plan.entry, end, beside)
        return Part.of(compiled, end)

    def look(self) -> Seen:
        """`tiles_0`, `tiles_1`, ... uint8 [columns, h, w, c], a line of pictures each; facts: the names of the `lines`."""
        plan, given = self._plan, dict(self._given)
        target = self._target.run(given)[0] if self._target is not None else given[plan.loss.target]
        entry = None
        if self._entry is not None and plan.entry is not None:
            entry = (self._entry.noisy if plan.noisy else self._entry.run)(given)[0]
            given[plan.entry] = entry if plan.noisy else given.get(plan.entry, entry)
        predicted = self._predicted.run(given)[0]
        if self._logits:
            predicted = sigmoid(predicted)
        lines = [("original" if plan.noisy else "input" if plan.same else "target", self._like.drawn(target))]
        if entry is not None and self._seen is not None and (plan.noisy or not plan.same):
            lines.insert(1 if plan.noisy else 0, ("with noise" if plan.noisy else "input", self._seen.drawn(entry)))
        lines.append(("reconstruction" if plan.same or plan.noisy else "prediction", self._made.drawn(predicted)))
        return {f"tiles_{i}": tiles for i, (_, tiles) in enumerate(lines)}, {"lines": [name for name, _ in lines]}
