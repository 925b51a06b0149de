"""The parameters of each Keras loss, with Keras's names and defaults, and what a Loss makes of them.

`name`, `dtype` and `reduction` are not among them: a loss is the mean over what it compares, so that several can be added up.
Nor is the `axis` of the cross-entropies, which is the last one in every drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_compiler.layers.loss_meeting import SMOOTHS, TAKES_LOGITS, YES_NO, Meeting
from graph_compiler.specs.params import Axes, Bool, Float, Floats, Int, Param
from graph_compiler.specs.refusal import Refusal

_LOGITS = Bool(name="from_logits", default=False, key=True, summary="Whether predictions are scores before softmax or sigmoid.")
_SMOOTH = Float(name="label_smoothing", default=0.0, minimum=0.0, maximum=1.0, key=True,
                summary="How much certainty is taken from the labels.")
_FOCUS = Float(name="gamma", default=2.0, minimum=0.0, key=True, summary="How little easy samples count; 0: as much as all.")
_OVER = Axes(name="axis", default=None, optional=True, key=True,
             summary="Axes the overlap is summed over; none: all, batch included.")

PARAMS: dict[str, tuple[Param, ...]] = {
    "auto": (Bool(name="from_logits", default=False, summary=_LOGITS.summary),
             Float(name="label_smoothing", default=0.0, minimum=0.0, maximum=1.0, summary=_SMOOTH.summary)),
    "SparseCategoricalCrossentropy": (
        _LOGITS, Int(name="ignore_class", default=None, optional=True, key=True,
                     summary="A class number whose places are left out (a “void” label).")),
    "CategoricalGeneralizedCrossEntropy": (
        Float(name="q", default=0.5, minimum=0.0, maximum=1.0, open_low=True, open_high=True, key=True,
              summary="Towards 0 like cross-entropy, towards 1 less led by wrong labels."),),
    "CategoricalCrossentropy": (_LOGITS, _SMOOTH),
    "CategoricalFocalCrossentropy": (
        Floats(name="alpha", default=0.25, minimum=0.0, key=True, summary="Weight of the classes: one, or one for each."),
        _FOCUS, _LOGITS, _SMOOTH),
    "BinaryCrossentropy": (_LOGITS, _SMOOTH),
    "BinaryFocalCrossentropy": (
        Bool(name="apply_class_balancing", default=False, key=True, summary="Whether alpha weighs the two classes."),
        Float(name="alpha", default=0.25, minimum=0.0, maximum=1.0, key=True,
              summary="Weight of yes, 1 − alpha of no; only with apply_class_balancing."),
        _FOCUS, _LOGITS, _SMOOTH),
    "Dice": (_OVER,),
    "Tversky": (
        Float(name="alpha", default=0.5, minimum=0.0, key=True, summary="Weight of what is true and was missed."),
        Float(name="beta", default=0.5, minimum=0.0, key=True, summary="Weight of what was said and is not true."),
        _OVER),
    "Huber": (Float(name="delta", default=1.0, minimum=0.0, open_low=True, key=True,
                    summary="Errors beyond it count by their size, smaller ones by their square."),),
    "CosineSimilarity": (Axes(name="axis", default=-1, many=False, key=True, summary="The axis of the compared lists."),),
    "Circle": (
        Float(name="gamma", default=80.0, minimum=0.0, open_low=True, key=True, summary="How sharply pairs are weighed."),
        Float(name="margin", default=0.4, minimum=0.0, maximum=1.0, key=True,
              summary="How far apart classes are kept; small is strict."),
        Bool(name="remove_diagonal", default=True, key=True, summary="Whether a row is not compared with itself.")),
}
"""By loss; a loss that is not here takes none. `auto` hands on what the loss it stands for can take."""


def arguments(m: Meeting, loss: str, chosen: bool) -> dict[str, Any]:
    """Keras's arguments of the loss that are not at their defaults, and `from_logits` wherever it is one.

    Refusal where a setting cannot be: scores and probabilities mixed up, an axis that is not there.
    """
    out: dict[str, Any] = {}
    if loss in TAKES_LOGITS:
        out["from_logits"] = _from_logits(m, loss, chosen)
    elif m.p.get("from_logits"):
        raise Refusal("from-logits", f"{loss} knows no scores", expected="from_logits off", received="from_logits on",
                      param="from_logits", hint="Switch from_logits off.", from_logits=False)
    if smoothing := m.p.get("label_smoothing"):
        if loss not in SMOOTHS:
            raise Refusal("label-smoothing", f"{loss} cannot smooth labels", expected="label_smoothing 0",
                          received=f"{smoothing:g}", param="label_smoothing",
                          hint="Set it to 0, or give the loss a one-hot target.", label_smoothing=0.0)
        out["label_smoothing"] = smoothing
    own = PARAMS.get(loss, ()) if chosen else ()
    out |= {param.name: m.p[param.name] for param in own
            if param.name not in ("from_logits", "label_smoothing") and m.p[param.name] != param.check(param.default)}
    if loss in _LIMITS:
        _LIMITS[loss](m, out)
    return out


def _from_logits(m: Meeting, loss: str, chosen: bool) -> bool:
    """Whether the loss is told that it gets scores. `auto` sees by itself; a chosen loss takes the switch at its word."""
    wanted = "sigmoid" if loss in YES_NO else "softmax"
    if m.p["from_logits"] and m.probabilities:
        raise Refusal("logits", "Loss expects scores, not probabilities", port="prediction", param="from_logits",
                      expected="scores before softmax or sigmoid", received=f"the values after {m.activation}",
                      hint="Switch from_logits off, or take the activation away.", from_logits=False, activation=None)
    if chosen and not m.p["from_logits"] and not m.probabilities:
        raise Refusal("logits", "Loss expects probabilities, not scores", port="prediction", param="from_logits",
                      expected=f"probabilities, such as {wanted} gives them",
                      received="scores of any size" if m.activation == "linear" else f"the values after {m.activation}",
                      hint=f"Switch from_logits on, or set activation to {wanted}.", from_logits=True, activation=wanted)
    return not m.probabilities


def _weights_of_classes(m: Meeting, given: dict[str, Any]) -> None:
    alpha = given.get("alpha")
    if isinstance(alpha, tuple) and m.scores is not None and len(alpha) != m.scores:
        raise Refusal("parameter", "alpha does not fit the classes", param="alpha",
                      expected=f"one number, or {m.scores:,} of them", received=f"{len(alpha):,} numbers",
                      hint="Give one number for each class.", alpha=0.25)


def _overlap_axes(m: Meeting, given: dict[str, Any]) -> None:
    axis = given.get("axis")
    axes, rank = ((axis,) if isinstance(axis, int) else tuple(axis or ())), m.prediction.rank + 1
    places = [a + rank if a < 0 else a for a in axes]
    if any(not 0 <= place < rank for place in places) or len(set(places)) != len(places):
        raise _no_axis(f"axes from 0, the batch, to {rank - 1}, each once", axis)


def _both_sides(m: Meeting, given: dict[str, Any]) -> None:
    if m.p["alpha"] == 0 and m.p["beta"] == 0:
        raise Refusal("parameter", "No mistake would count", param="alpha", expected="alpha or beta above 0",
                      received="both are 0", hint="Raise one of them.", alpha=0.5)
    _overlap_axes(m, given)


def _vectors(m: Meeting, given: dict[str, Any]) -> None:
    axis, rank = m.p["axis"], m.prediction.rank + 1
    place = axis + rank if axis < 0 else axis
    if not 1 <= place < max(rank, 2):
        raise _no_axis("an axis after the batch, such as -1", axis)
    if rank > 1 and m.prediction.shape[place - 1] == 1:
        raise Refusal("units", "One number has no direction", port="prediction", expected="two numbers or more",
                      received="one number", hint="Set loss to MeanSquaredError.", loss="MeanSquaredError")


def _no_axis(expected: str, axis: Any) -> Refusal:
    return Refusal("parameter", "There is no such axis", param="axis", expected=expected,
                   received=", ".join(map(str, axis)) if isinstance(axis, tuple) else f"{axis}", hint="Change axis.")


_LIMITS: dict[str, Callable[[Meeting, dict[str, Any]], None]] = {
    "CategoricalFocalCrossentropy": _weights_of_classes, "Dice": _overlap_axes, "Tversky": _both_sides,
    "CosineSimilarity": _vectors}
