"""The training settings as parameters: their form and their check read the same tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from graph_compiler.graph.values import ROOT, TrainingSettings
from graph_compiler.specs.optimizers import check_optimizer
from graph_compiler.specs.params import Bool, Choice, Float, Int, Param, Text
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.schedules import check_schedule

BASICS: tuple[Param, ...] = (
    Int(name="batch_size", default=32, minimum=1, maximum=65536, summary="Rows that are computed together in one step."),
    Int(name="epochs", default=5, minimum=1, maximum=100000, summary="How often training goes through all rows."),
    Int(name="seed", default=0, minimum=0, maximum=2**32 - 1, summary="The same seed gives the same run."),
    Bool(name="shuffle", default=True, summary="Rows in a new order each epoch."),
    Choice(name="class_weights", default="none", options=("none", "balanced"), summary="Balanced: rare classes count more."))
STOPPING: tuple[Param, ...] = (
    Text(name="monitor", default="val_loss", of="figures", summary="The figure that is watched."),
    Int(name="patience", default=5, minimum=1, summary="Epochs without improvement before it stops."),
    Float(name="min_delta", default=0.0, minimum=0.0, summary="The least change that counts as improvement."))
DEVICE = Choice(name="device", default="auto", options=("auto", "cpu", "gpu:0"), summary="Where it computes.")
PLACE: tuple[Param, ...] = (
    DEVICE,
    Choice(name="step", default="multi", options=("plain", "multi", "xla"),
           summary="plain: one step a call; multi: many; xla: compiled."),
    Float(name="l1", default=0.0, minimum=0.0, summary="Penalty on absolute values of every kernel without one of its own."),
    Float(name="l2", default=0.0, minimum=0.0, summary="Penalty on squares of every kernel without one of its own."),
    Bool(name="mixed_precision", default=False, summary="float16 arithmetic on GPUs; a CPU ignores it."))


def setting_refusals(settings: TrainingSettings) -> list[Refusal]:
    """What no run can have, each with the guilty setting as `param`."""
    return [refusal for check in _checks(settings) if (refusal := _refused(check)) is not None]


def _checks(settings: TrainingSettings) -> Iterator[Callable[[], Any]]:
    for param in (*BASICS, *PLACE):
        value = getattr(settings, param.name)
        if param is not DEVICE or not re.fullmatch(r"gpu(:\d{1,3})?", value):
            yield partial(param.check, value)
    if settings.early_stopping is not None:
        for param in STOPPING:
            yield partial(param.check, getattr(settings.early_stopping, param.name))
    if ROOT not in settings.optimizers:
        yield _no_optimizer
    for optimizer in settings.optimizers.values():
        yield partial(check_optimizer, optimizer)
    yield partial(check_schedule, settings.schedule)


def _no_optimizer() -> None:
    raise Refusal("parameter", "The training settings have no optimiser", expected="one by the name “”", received="none",
                  param="optimizers", hint="Choose one in the Training section.")


def _refused(check: Callable[[], Any]) -> Refusal | None:
    try:
        check()
    except Refusal as refusal:
        return refusal
    return None
