"""Normalisation: numbers are brought to a common scale, over the batch, a sample, groups of channels or a vector's length."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.common import (
    axis_index,
    axis_indices,
    constraint,
    initializer,
    known_size,
    like,
    regularizer,
    same,
    times,
)
from graph_compiler.layers.staying import NO_SQUARES, ROUGH_PAIRS, rough
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.leaving import INT8, ONNX_INT8
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Axes, Bool, Float, Int, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def _learnt(p: Values) -> int:
    return int(p["scale"]) + int(p["center"])


def batch_normalization(p: Values, x: Tensor) -> Inferred:
    """Shape unchanged; for each place of the axis a scale, an offset, and two or five moving statistics."""
    size = known_size(x, axis_index(p["axis"], x, "BatchNormalization"), "BatchNormalization", "the axis it normalises")
    fixed = size * (5 if p["renorm"] else 2)
    return Inferred((like(x, x.shape),), size * _learnt(p) + fixed, fixed, macs=x.size)


def explain_batch(p: Values, x: Tensor) -> str:
    """Where the weights come from."""
    size = x.shape[axis_index(p["axis"], x, "BatchNormalization")] or 0
    return f"{size:,} channels × ({_learnt(p)} learnt + {5 if p['renorm'] else 2} measured)"


_LIMITS = ("rmax", "rmin", "dmax")


def batch_arguments(arguments: dict[str, Any]) -> dict[str, Any]:
    """The three limits of renorm as the one dictionary Keras takes."""
    rest = {name: value for name, value in arguments.items() if name not in _LIMITS}
    given = {name: arguments[name] for name in _LIMITS if arguments.get(name) is not None}
    return {**rest, "renorm_clipping": given} if given else rest


def check_batch(p: Values, x: Tensor) -> Inferred:
    """`batch_normalization`, after a look at the limits of renorm."""
    if p["renorm"] and p["rmax"] is not None and p["rmin"] is not None and p["rmax"] < p["rmin"]:
        raise Refusal("parameter", "BatchNormalization's limits are crossed", expected=f"rmax of at least {p['rmin']}",
                      received=str(p["rmax"]), param="rmax", hint="Use a larger rmax, or a smaller rmin.")
    return batch_normalization(p, x)


def _size_of(places: tuple[int, ...], x: Tensor, layer: str) -> int:
    size = 1
    for index in places:
        size *= known_size(x, index, layer, "the axis it normalises")
    return size


def layer_normalization(p: Values, x: Tensor) -> Inferred:
    """Shape unchanged; a scale and an offset for each place of the axes."""
    places = axis_indices(p["axis"], x, "LayerNormalization")
    weights = _size_of(places, x, "LayerNormalization") * _learnt(p) if _learnt(p) else 0
    return Inferred((like(x, x.shape),), weights, macs=times(2, x.size))


def explain_layer(p: Values, x: Tensor) -> str:
    """Where the weights come from."""
    size = times(*(x.shape[i] for i in axis_indices(p["axis"], x, "LayerNormalization")))
    return f"{'?' if size is None else f'{size:,}'} places × {_learnt(p)} learnt"


def group_normalization(p: Values, x: Tensor) -> Inferred:
    """Shape unchanged; a scale and an offset for each place of the axis, which the groups divide."""
    size = known_size(x, axis_index(p["axis"], x, "GroupNormalization"), "GroupNormalization", "the number of channels")
    groups = size if p["groups"] == -1 else p["groups"]
    if groups < 1 or size % groups:
        raise Refusal("parameter", f"GroupNormalization cannot share {size} channels among {groups} groups",
                      expected=f"groups that divide {size}, or -1 for one a channel", received=str(groups), param="groups",
                      hint="Change groups, or the channels before.")
    return Inferred((like(x, x.shape),), size * _learnt(p), macs=times(2, x.size))


def explain_group(p: Values, x: Tensor) -> str:
    """How the channels are shared out."""
    size = x.shape[axis_index(p["axis"], x, "GroupNormalization")] or 0
    groups = size if p["groups"] == -1 else p["groups"]
    return f"{size:,} channels ÷ {groups:,} groups = {size // groups:,} channels in each"


def rms_normalization(p: Values, x: Tensor) -> Inferred:
    """Shape unchanged; a scale for each place of the axes. Keras drops the mask here."""
    given = (p["axis"],) if isinstance(p["axis"], int) else tuple(sorted(p["axis"]))
    places = tuple(axis_index(a, x, "RMSNormalization") for a in given)
    if places != tuple(range(x.rank - len(places), x.rank)):
        raise Refusal("axis", "RMSNormalization works on the last axes only", expected="-1, or the last axes in order",
                      received=str(list(given)), param="axis", hint="Use -1, or LayerNormalization for other axes.")
    return Inferred((like(x, x.shape, masked=False),), _size_of(places, x, "RMSNormalization"), macs=times(2, x.size))


def unit_normalization(p: Values, x: Tensor) -> Inferred:
    """Shape unchanged; no weights."""
    axis_indices(p["axis"], x, "UnitNormalization")
    return same(x, macs=times(2, x.size))


def _axis(many: bool = True, summary: str = "Axis that is brought to a common scale.") -> Axes:
    return Axes(name="axis", default=-1, many=many, key=True, summary=summary)


def _epsilon(default: float = 0.001) -> Float:
    return Float(name="epsilon", default=default, minimum=0.0, summary="Keeps from dividing by 0.")


def _switches() -> tuple[Param, ...]:
    return (Bool(name="center", default=True, summary="Learns an offset."),
            Bool(name="scale", default=True, summary="Learns a scale."),
            initializer("beta_initializer", "Zeros", "offsets"), initializer("gamma_initializer", "Ones", "scales"))


def _limits() -> tuple[Param, ...]:
    return (regularizer("beta_regularizer", "the offsets"), regularizer("gamma_regularizer", "the scales"),
            constraint("beta_constraint", "the offsets"), constraint("gamma_constraint", "the scales"))


def _limit(name: str, summary: str) -> Float:
    return Float(name=name, default=None, optional=True, minimum=0.0, summary=summary)


def _renorm() -> tuple[Param, ...]:
    return (Bool(name="renorm", default=False, summary="Corrects for small batches."),
            _limit("rmax", "Largest scale correction of renorm."), _limit("rmin", "Smallest scale correction of renorm."),
            _limit("dmax", "Largest offset correction of renorm."),
            Float(name="renorm_momentum", default=0.99, minimum=0.0, maximum=1.0, summary="How slowly renorm's averages move."),
            Bool(name="synchronized", default=False, summary="Measures over all devices together."))


BATCH = LayerSpec(
    name="BatchNormalization", family="normalisation", summary="Steadies training, by batch",
    text="Brings each channel to mean 0 and spread 1 over the batch, then learns a scale of its own. Training gets faster.",
    params=(_axis(False, "Axis of the channels."),
            Float(name="momentum", default=0.99, minimum=0.0, maximum=1.0, key=True,
                  summary="How slowly the moving averages move."),
            _epsilon(), *_switches(), initializer("moving_mean_initializer", "Zeros", "moving means"),
            initializer("moving_variance_initializer", "Ones", "moving variances"), *_limits(), *_renorm()),
    rule=check_batch, explain=explain_batch, to_keras=batch_arguments,
    keywords=("batch norm", "bn", "standardise", "normalization"))

LAYER = LayerSpec(
    name="LayerNormalization", family="normalisation", summary="Steadies training, by sample",
    text="Brings each sample to mean 0 and spread 1 on its own, whatever the batch. Usual for sequences and attention.",
    params=(_axis(), _epsilon(), *_switches(), *_limits()), rule=layer_normalization, explain=explain_layer, accepts=FLOAT,
    stays=(NO_SQUARES,), tells=(ROUGH_PAIRS,), keywords=("layer norm", "ln", "transformer", "normalization"))

GROUP = LayerSpec(
    name="GroupNormalization", family="normalisation", summary="Steadies training, by group of channels",
    text="Brings groups of channels to mean 0 and spread 1 within each sample. Works with small batches too.",
    params=(Int(name="groups", default=32, minimum=-1, key=True, summary="Groups of channels; -1 is one a channel."),
            _axis(False, "Axis of the channels."), _epsilon(), *_switches(), *_limits()),
    rule=group_normalization, explain=explain_group, accepts=FLOAT, stays=(NO_SQUARES,), tells=(rough(INT8),),
    keywords=("group norm", "instance norm", "normalization"))

RMS = LayerSpec(
    name="RMSNormalization", family="normalisation", summary="Steadies training, by size alone",
    text="Divides by the typical size of the numbers and leaves the mean alone. A lighter LayerNormalization.",
    params=(_axis(), _epsilon(1e-6)), rule=rms_normalization, accepts=FLOAT, stays=(NO_SQUARES,),
    tells=(rough(INT8, ONNX_INT8),),
    keywords=("rms norm", "root mean square", "llama", "normalization"))

UNIT = LayerSpec(
    name="UnitNormalization", family="normalisation", summary="Vectors of length 1",
    text="Divides each vector by its length, so that only its direction counts. Good before comparing vectors.",
    params=(_axis(summary="Axis along which the length is measured."),), rule=unit_normalization, accepts=FLOAT,
    stays=(NO_SQUARES,), tells=(rough(INT8, ONNX_INT8),), keywords=("l2", "length", "cosine", "normalization"))

SPECS: tuple[LayerSpec, ...] = (BATCH, LAYER, GROUP, RMS, UNIT)
