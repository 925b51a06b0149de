"""What leaves of a run, part by part: the whole, the encoder and the step of a generated sequence, each block by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph_compiler.analysis.parts import leaving_blocks
from graph_compiler.analysis.plan import End, InputPlan, ObjectivePlan
from graph_compiler.build.behind_tables import behind_tables
from graph_compiler.build.blocks import block_model
from graph_compiler.build.generating import Generator
from graph_compiler.build.sequences import SequenceModels
from graph_compiler.exporters.description import describe, describe_entries, describe_model, input_json
from graph_compiler.exporters.part import Arrays, Part
from graph_compiler.exporters.proof import Measure, Samples, samples_of
from graph_compiler.exporters.python_file import Sources
from graph_compiler.graph.blocks.inside import EACH_STEP
from graph_compiler.graph.ids import safe_names
from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.judging import judged
from graph_compiler.worker.jobs.measuring import classes_of, place_classes_of, run_model
from graph_compiler.worker.jobs.restored import TRAIN, Restored
from graph_compiler.worker.jobs.scripting import sources_of

MOST_ROWS = 1000
"""Held-out rows the whole is compared on."""
FEW_ROWS = 200
"""Held-out rows the other parts are compared on."""
CALIBRATION_ROWS = 256
"""Training rows that show a converter what flows."""
WHOLE, ENCODER, STEP, ALL = "whole", "encoder", "step", "all"


@dataclass(frozen=True)
class Leaving:
    """A part that is exported: the model, rows to compare it on, and what an app developer is told of it."""

    part: Part
    samples: Samples
    description: dict[str, Any]
    calibration: Callable[[], Arrays]
    """Training rows as the part takes them, for formats that must know what flows."""
    source: Callable[[], Sources] | None = None
    """The script of the drawing; None for a part of it."""

    @property
    def suffix(self) -> str:
        """What a file name says of the part."""
        return "" if self.part.name == WHOLE else f"-{self.part.name}"


def part_names(restored: Restored) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parts that leave unless others are named, and the blocks that may leave by themselves."""
    plan = restored.compiled.plan
    first: tuple[str, ...] = (WHOLE,) if plan.sequence is None else (STEP,)
    if plan.sequence is not None and restored.sequence.encoder is not None:
        first = (ENCODER, STEP)
    return first, tuple(_blocks(restored))


def checked(restored: Restored, names: Sequence[str], whole: bool = False) -> list[str]:
    """The names of parts in full; without names those that make up the drawing. JobProblem for a name that is none."""
    usual, blocks = part_names(restored)
    wanted = list(usual) if not names else [*usual, *blocks] if ALL in names else list(names)
    unknown = [name for name in wanted if name not in (*usual, *blocks, *((WHOLE,) if whole else ()))]
    if unknown:
        raise JobProblem("part", f"There is no part “{', '.join(unknown)}” to export.",
                         f"Choose of {', '.join((*usual, *blocks))}, or all.")
    return wanted


def leaving(restored: Restored, title: str, names: Sequence[str], whole: bool = False,
            rows: int | None = None) -> Iterator[Leaving]:
    """The parts to export, in order; JobProblem for a name that is none, WeightsProblem where a file lacks layers of a part.

    The `whole` of a drawing that leaves as encoder and step is a part for scripts only. Each is compared on so many held-out
    `rows`; without a number on as many as is usual.
    """
    wanted = checked(restored, names, whole)
    models = restored.sequence if {ENCODER, STEP} & set(wanted) else None
    few = rows or FEW_ROWS
    for name in wanted:
        if name == WHOLE:
            yield _whole(restored, title, rows or MOST_ROWS)
        elif models is not None and name == ENCODER:
            yield _encoder(restored, title, models, few)
        elif models is not None and name == STEP:
            yield _step(restored, title, models, few)
        else:
            yield _block(restored, title, name, few)


def _whole(restored: Restored, title: str, rows: int = MOST_ROWS) -> Leaving:
    compiled, plan = restored.compiled, restored.compiled.plan
    told, behind = describe(title, plan, compiled.analysis.engine), behind_tables(compiled)
    part = Part(WHOLE, compiled.model, compiled.input_names, compiled.output_names)
    if behind is not None:
        part = Part(WHOLE, behind.model, tuple(entry.name for entry in behind.entries), compiled.output_names)
        told["inputs"] = describe_entries(behind, told["inputs"])
    restored.need(compiled.model)

    def entering(name: str, most: int) -> Arrays:
        found = {i.name: _column(restored, name, i.end, most) for i in plan.inputs}
        return found if behind is None else behind.rows(found, compiled.input_names)

    return Leaving(part, samples_of(part, entering(restored.part, rows), _measure(restored, rows)), told,
                   lambda: entering(TRAIN, CALIBRATION_ROWS), lambda: sources_of(restored))


def _column(restored: Restored, part: str, end: End, most: int) -> np.ndarray:
    """At most so many values of a column: the first held-out rows, and training rows spread over all of them."""
    return restored.spread(end, most) if part == TRAIN else restored.column(part, end, most)


def _measure(restored: Restored, rows: int) -> Measure | None:
    """How well outputs do on the held-out rows: the headline figure of the first output an objective judges."""
    compiled, part = restored.compiled, restored.part
    for number, output in enumerate(compiled.plan.outputs):
        plan = restored.objective_of(output.end)
        if plan is None:
            continue
        place = compiled.computed_targets.get(compiled.plan.objectives.index(plan))
        if place is None:
            target = restored.column(part, plan.target, rows)
        else:
            target = run_model(compiled.training_model, [restored.column(part, e, rows) for e in compiled.columns])[place]
        return lambda outputs: _headline(plan, outputs[number], target)
    return None


def _headline(plan: ObjectivePlan, found: np.ndarray, target: np.ndarray) -> tuple[str, float]:
    rows, logits = np.arange(len(target)), bool(plan.resolved.arguments.get("from_logits"))
    if (other := judged(plan, found, target)) is not None:
        return Evaluation(other.task, {}, other.classes, other.prediction, other.target, rows,
                          place_classes=other.place_classes).headline()
    return Evaluation(plan.resolved.task, {}, classes_of(plan), found, target, rows, logits=logits,
                      place_classes=place_classes_of(plan)).headline()


# A generated sequence.


def _encoder(restored: Restored, title: str, models: SequenceModels, few: int) -> Leaving:
    restored.need(models.encoder)
    engine = restored.compiled.analysis.engine
    names = safe_names([end[1] for end in models.columns])
    part = Part(ENCODER, models.encoder, tuple(names), models.encoder_outputs)

    def entering(name: str, most: int) -> Arrays:
        return {own: _column(restored, name, end, most) for own, end in zip(names, models.columns, strict=True)}

    told = describe_model(f"{title}, encoder", models.encoder, part.input_names, part.output_names)
    told["inputs"] = [input_json(InputPlan(name, end, engine.facts[end[0]].outputs[end[1]]), engine)
                      for name, end in zip(names, models.columns, strict=True)]
    return Leaving(part, samples_of(part, entering(restored.part, few)), told, lambda: entering(TRAIN, CALIBRATION_ROWS))


def _step(restored: Restored, title: str, models: SequenceModels, few: int) -> Leaving:
    """The step, compared on tokens of the held-out rows at all places in turn."""
    plan, part = models.plan, Part(STEP, models.step, models.step_inputs, models.step_outputs)
    restored.need(models.step, *([models.encoder] if models.encoder is not None else []))
    generator = Generator(models)

    def entering(name: str, most: int) -> Arrays:
        columns = [_column(restored, name, end, most) for end in generator.reads]
        wanted = _column(restored, name, plan.column, most)
        context, starts = generator.context(columns)
        states = generator.states(starts, len(wanted))
        shifted = np.concatenate([np.full((len(wanted), 1), plan.start, np.int32), wanted[:, :-1]], axis=1)
        places = np.arange(len(wanted), dtype=np.int32) % plan.length
        lead = [shifted[np.arange(len(wanted)), places][:, None]] if plan.form == "state" else [shifted, places]
        arrays = [*lead, *(np.asarray(t) for t in (*states, *context))]
        return dict(zip(models.step_inputs, arrays, strict=True))

    told = describe_model(f"{title}, one step", models.step, part.input_names, part.output_names)
    return Leaving(part, samples_of(part, entering(restored.part, few)), {**told, "sequence": _loop(restored, models)},
                   lambda: entering(TRAIN, CALIBRATION_ROWS))


def _loop(restored: Restored, models: SequenceModels) -> dict[str, Any]:
    """What a program needs to run the step again and again: marks, vocabulary, what is fed to what."""
    plan, outputs, reads = models.plan, models.encoder_outputs, Generator(models).reads
    engine = restored.compiled.analysis.engine
    target = next(o for o in restored.compiled.plan.objectives if o.node == plan.objective)
    column = target.target_tensor.column
    lead = 1 if plan.form == "state" else 2
    states = models.step_inputs[lead:lead + len(plan.states)]
    context = models.step_inputs[lead + len(plan.states):]
    return {
        "form": plan.form, "length": plan.length, "start": plan.start, "end": plan.end,
        "vocabulary": list(column.vocabulary) if column is not None else [],
        "tokeniser": column.tokeniser if column is not None else "",
        "reads": [input_json(InputPlan(name, end, engine.facts[end[0]].outputs[end[1]]))
                  for name, end in zip(safe_names([end[1] for end in reads]), reads, strict=True)],
        "scores": "logits" if models.logits else "probabilities",
        "states": {name: {"from": models.step_outputs[1 + n], "first": "zeros" if place is None else outputs[place]}
                   for n, (name, place) in enumerate(zip(states, models.starts, strict=True))},
        "context": {name: place[1] if isinstance(place, tuple) else outputs[place]
                    for name, place in zip(context, models.passed, strict=True)}}


# Blocks.


def _blocks(restored: Restored) -> dict[str, str]:
    """Ids of the blocks that leave by the name their file gets."""
    return leaving_blocks(restored.compiled.analysis, {path.split(".")[0] for path in restored.compiled.layers})


def _block(restored: Restored, title: str, name: str, few: int) -> Leaving:
    """A block by itself, compared on what arrives at it for the held-out rows."""
    compiled, node_id = restored.compiled, _blocks(restored)[name]
    engine, facts = compiled.analysis.engine, compiled.analysis.engine.facts[node_id]
    model = block_model(compiled, engine, node_id)
    wires = {edge.target_port: (edge.source, edge.source_port) for edge in engine.graph.into(node_id)}
    ends = [wires[port.name] for port in facts.ports_in if port.name in wires]
    before, columns = compiled.part(ends)
    restored.need(model, before)
    outputs = safe_names([port.name for port in facts.ports_out])
    part = Part(name, model, tuple(tensor.name for tensor in model.inputs), tuple(outputs))

    def entering(rows: str, most: int) -> Arrays:
        arrays = run_model(before, [_column(restored, rows, end, most) for end in columns])
        if facts.node.type == EACH_STEP:
            arrays = [array.reshape(-1, *array.shape[2:])[:most] for array in arrays]
        return dict(zip(part.input_names, arrays, strict=True))

    return Leaving(part, samples_of(part, entering(restored.part, few)),
                   describe_model(f"{title}, {name}", model, part.input_names, part.output_names),
                   lambda: entering(TRAIN, CALIBRATION_ROWS))
