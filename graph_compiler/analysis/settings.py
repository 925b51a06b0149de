"""Problems of the training settings: they belong to no node, and the default is the way out where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graph_compiler.analysis.diagnostics import Diagnostic, Fix, from_refusal
from graph_compiler.analysis.goals import ObjectivePlan
from graph_compiler.graph.edits import SetTraining
from graph_compiler.graph.values import ROOT, TrainingSettings
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.settings import BASICS, PLACE, setting_refusals

_DEFAULTS = {param.name: param.default for param in (*BASICS, *PLACE)}


def settings_problems(settings: TrainingSettings) -> tuple[Diagnostic, ...]:
    """One diagnostic of code `setting` for each setting that no run can have."""
    return tuple(map(_problem, setting_refusals(settings)))


def class_weight_problems(settings: TrainingSettings, objectives: Iterable[ObjectivePlan]) -> Iterator[Diagnostic]:
    """A warning at each loss of classes that has no number for a single answer, where rare classes should count more."""
    if settings.class_weights != "balanced":
        return
    for plan in objectives:
        if plan.resolved.joint:
            yield Diagnostic(
                "class-weights", f"{plan.resolved.loss} knows no class weights", plan.node, plan.node, ROOT, severity="warning",
                expected="a loss of single answers", received="class_weights balanced",
                hint="They are left out here.", fixes=(Fix("set class_weights to none", SetTraining("class_weights", "none")),))


def _problem(refusal: Refusal) -> Diagnostic:
    found, name = replace(from_refusal(refusal, "", "", ROOT), code="setting"), refusal.param
    if name not in _DEFAULTS:
        return found
    default = _DEFAULTS[name]
    return replace(found, fixes=(Fix(f"Set {name} to {default}", SetTraining(name, default)),))
