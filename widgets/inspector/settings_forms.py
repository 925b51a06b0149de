"""The training settings as parameters, and how a changed field becomes an edit."""

from __future__ import annotations

from typing import Any

import msgspec

from graph_compiler.graph.edits import Edit, SetTraining
from graph_compiler.graph.values import EarlyStopping, Json, OptimizerSettings, ScheduleSettings, TrainingSettings
from graph_compiler.specs.optimizers import OPTIMIZERS
from graph_compiler.specs.params import Bool, Choice, Float, Param
from graph_compiler.specs.schedules import SCHEDULES
from graph_compiler.specs.settings import BASICS, PLACE, STOPPING

OPTIMISER = Choice(name="optimizer", default="Adam", options=tuple(OPTIMIZERS), summary="How weights follow their gradients.")
LEARNING_RATE = Float(name="learning_rate", default=0.001, minimum=0.0, open_low=True, summary="Size of a step.")
SCHEDULE = Choice(name="schedule", default="constant", options=tuple(SCHEDULES), summary="How the learning rate moves.")
WARMUP = Float(name="warmup_epochs", default=0.0, minimum=0.0, summary="Epochs in which the rate grows to its full size.")
STOPS = Bool(name="early_stopping", default=False, summary="Stop when nothing improves; the best weights come back.")
PLAIN = tuple(p.name for p in (*BASICS, *PLACE))


AS_DEFAULT = "as the generator’s"
"""The choice of a group that has no optimiser of its own."""


def optimiser_of(settings: TrainingSettings, group: str = "") -> OptimizerSettings:
    """The optimiser of a group: its own, or the default one."""
    return settings.optimizers.get(group) or settings.optimizers.get("", OptimizerSettings())


def optimiser_params(name: str) -> tuple[Param, ...]:
    """What an optimiser takes besides its learning rate."""
    return tuple(p for p in OPTIMIZERS.get(name, ()) if p.name != "learning_rate")


def schedule_params(kind: str) -> tuple[Param, ...]:
    """What a schedule takes."""
    return SCHEDULES.get(kind, ())


def values_of(settings: TrainingSettings) -> dict[str, Json]:
    """Every field of the form by its name; those of optimiser, schedule and stopping with a prefix."""
    optimiser, schedule, stopping = optimiser_of(settings), settings.schedule, settings.early_stopping
    out: dict[str, Json] = {name: getattr(settings, name) for name in PLAIN}
    out |= {"optimizer": optimiser.name, "learning_rate": optimiser.learning_rate, "schedule": schedule.kind,
            "warmup_epochs": schedule.warmup_epochs, "early_stopping": stopping is not None}
    out |= {f"optimizer.{name}": value for name, value in optimiser.params.items()}
    out |= {f"schedule.{name}": value for name, value in schedule.params.items()}
    if stopping is not None:
        out |= {p.name: getattr(stopping, p.name) for p in STOPPING}
    return out


def edit_of(settings: TrainingSettings, name: str, value: Json) -> Edit:
    """The edit behind one changed field."""
    replace = msgspec.structs.replace
    schedule, stopping = settings.schedule, settings.early_stopping
    if name in PLAIN:
        return SetTraining(name, value)
    if name == "learning_rate" or name.partition(".")[0] == "optimizer":
        return optimiser_edit(settings, "", name, value)
    if name == "schedule":
        return SetTraining("schedule", ScheduleSettings(kind=str(value), warmup_epochs=schedule.warmup_epochs))
    if name == "warmup_epochs":
        return SetTraining("schedule", replace(schedule, warmup_epochs=value))
    if name.startswith("schedule."):
        params = _with(schedule.params, name[9:], value, schedule_params(schedule.kind))
        return SetTraining("schedule", replace(schedule, params=params))
    if name == "early_stopping":
        return SetTraining("early_stopping", EarlyStopping() if value else None)
    return SetTraining("early_stopping", replace(stopping or EarlyStopping(), **{name: value}))


def optimiser_values(settings: TrainingSettings, group: str) -> dict[str, Json]:
    """The fields of a group of weights by name: its choice alone while it has no optimiser of its own."""
    if group not in settings.optimizers:
        return {"optimizer": AS_DEFAULT}
    own = settings.optimizers[group]
    return {"optimizer": own.name, "learning_rate": own.learning_rate,
            **{f"optimizer.{name}": value for name, value in own.params.items()}}


def optimiser_edit(settings: TrainingSettings, group: str, name: str, value: Json) -> Edit:
    """The edit behind one changed field of the optimiser of a group."""
    if value == AS_DEFAULT:
        return SetTraining("optimizers", {key: one for key, one in settings.optimizers.items() if key != group})
    replace, own = msgspec.structs.replace, optimiser_of(settings, group)
    if name == "optimizer":
        fresh = _other_optimiser(own, str(value))
    elif name == "learning_rate":
        fresh = replace(own, learning_rate=value)
    else:
        fresh = replace(own, params=_with(own.params, name[10:], value, optimiser_params(own.name)))
    return SetTraining("optimizers", {**settings.optimizers, group: fresh})


def _with(params: dict[str, Any], name: str, value: Json, table: tuple[Param, ...]) -> dict[str, Any]:
    """The parameters with one more; one that equals its default is left out."""
    default = next((p.default for p in table if p.name == name), None)
    kept = {key: old for key, old in params.items() if key != name}
    return kept if value == default and type(value) is type(default) else {**kept, name: value}


def _other_optimiser(old: OptimizerSettings, name: str) -> OptimizerSettings:
    """Another optimiser: parameters it shares stay; a learning rate at the old one's default takes the new one's."""
    rates = {key: next((p.default for p in table if p.name == "learning_rate"), 0.001) for key, table in OPTIMIZERS.items()}
    rate = rates.get(name, 0.001) if old.learning_rate == rates.get(old.name) else old.learning_rate
    known = {p.name for p in optimiser_params(name)}
    return OptimizerSettings(name=name, learning_rate=rate, params={k: v for k, v in old.params.items() if k in known})
