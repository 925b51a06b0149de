"""One readable script that trains a drawing again and exports it: the model, its rows, the training, the file.

The rows lie beside it as `data.npz` (`train_image`, `test_label` ...), split as the run split them. Nothing here needs Keras.
`script_fit` writes what Keras's `fit` can do, `script_taught` what needs a step of its own.
"""

from __future__ import annotations

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.facts import Facts
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.script_fit import fitted_script
from graph_compiler.build.script_lines import RESERVED, Column, Script, adaptive
from graph_compiler.build.script_step import padded
from graph_compiler.build.script_taught import taught_script
from graph_compiler.build.source import Written, written_drawing
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.layers.loss_meeting import ALIGNED, OVERLAP
from graph_compiler.layers.metric_rules import OWN
from graph_compiler.specs.registry import Registry

__all__ = ["Column", "Script", "python_script"]

_INSTEAD = "Show as Python writes the model; train it with a loop of your own."


def python_script(document: Document, registry: Registry, analysis: Analyzer | None = None) -> Script:
    """The script of a drawing. BuildProblem for what cannot be trained in a few lines."""
    analysis = analysis or Analyzer(document, registry)
    settings = document.training
    moving = settings.schedule.kind != "constant" or settings.schedule.warmup_epochs > 0
    rate = "Rate()" if moving and settings.schedule.kind != "plateau" else ""
    written = written_drawing(document, registry, analysis, rate, reserved=RESERVED)
    fits = _fits(analysis, written)
    if not fits:
        written = written_drawing(document, registry, analysis, taught=True, reserved=RESERVED)
    _refuse(analysis, settings, written)
    return (fitted_script if fits else taught_script)(analysis, settings, written, rate)


def _fits(analysis: Analyzer, written: Written) -> bool:
    """Whether Keras's `compile` and `fit` can do it: losses against columns, nothing else."""
    plan, facts = analysis.plan, analysis.engine.facts
    return (bool(written.compiled) and plan.trainer == "supervised" and not plan.terms and plan.sequence is None
            and all(hasattr(facts[o.target[0]].spec, "dataset") and not padded(o) and not o.prediction_tensor.masked
                    for o in plan.objectives)
            and not any(kind in OWN for o in plan.objectives for _, kind, _ in o.resolved.metrics))


def _refuse(analysis: Analyzer, settings: TrainingSettings, written: Written) -> None:
    """What no script can do, in words."""
    plan, facts, contests = analysis.plan, analysis.engine.facts, analysis.plan.contests
    tables = [n for n in plan.sources if hasattr(facts[n].spec, "dataset")]
    computed = [o for o in plan.objectives if o.target[0] not in tables]
    kinds = {kind for o in plan.objectives for _, kind, _ in o.resolved.metrics}
    reasons = {
        "it has more than one contest": len(contests) > 1,
        "an objective trains only some of the layers before it": any(phase.limits for phase in plan.phases),
        "noise goes in without a contest": not contests and any(i.end[0] not in tables for i in plan.inputs),
        "the rows of several sources are shuffled apart": len(tables) > 1,
        "its loss reads a mask in a way of its own": any(
            o.prediction_tensor.masked and o.resolved.loss in (*OVERLAP, *ALIGNED) for o in plan.objectives),
        "its metrics are the program's own": "LabelErrorRate" in kinds,
        "it has penalties on every kernel": bool(settings.l1 or settings.l2),
        "its classes are balanced": settings.class_weights != "none",
        "layers are trained by optimisers of their own": bool(
            settings.optimizers.keys() - {"", *(c.discriminator for c in contests)}),
        "a plateau lowers the rates of two optimisers": bool(contests) and settings.schedule.kind == "plateau",
        "early stopping looks at one of several phases": bool(contests) and settings.early_stopping is not None,
        "some layers change several tensors alike in training": any("acts in training only" in line for line in written.model),
        "it looks words up, or learns its bins": bool(_others(analysis)),
        "it hashes, and its last line writes a file for phones, which cannot": any(
            stays.cut_off for facts in analysis.all_facts() if facts.spec is not None for stays in facts.spec.stays),
        "layers of a contest learn from training rows": bool(contests) and bool(adaptive(analysis)),
        "it goes back to the unit of a target that is computed": any(o.restored_by for o in computed),
    }
    if reason := next((words for words, holds in reasons.items() if holds), ""):
        raise BuildProblem("", f"This drawing has no script that trains it: {reason}.", _INSTEAD)


def _others(analysis: Analyzer) -> list[Facts]:
    """What learns otherwise than by mean and variance, or inside a block."""
    return [facts for facts in adaptive(analysis) if facts.node.type != "Normalization" or "." in facts.path]
