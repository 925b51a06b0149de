"""What a layer means for each export target: ready, ready with a note, or not possible; before anything is exported.

A layer's own lines (`NodeSpec.stays`, `NodeSpec.tells`) come first; others follow from what its spec says anyway: that it goes
through steps, acts in training only, learns from rows, takes whole numbers, applies a function, holds another layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph_compiler.specs.leaving import (
    INT8,
    INT16X8,
    LONGEST_UNROLLED,
    TARGETS,
    TFLITE,
    TITLES,
    Offer,
    Stays,
    Told,
)
from graph_compiler.specs.nodes import Inputs, LayerSpec, NodeSpec, Values
from graph_compiler.specs.tensors import Tensor
from graph_compiler.specs.wrapping import Wrapped

READY, NOTED, KEPT = "ready", "note", "not possible"
"""The states, from the best to the worst."""
STATES = (READY, NOTED, KEPT)
WHOLE = (INT8, INT16X8)
"""Targets that compute with whole numbers throughout."""
FILES = tuple(name for name in TARGETS if name != "python")
"""Targets that hold a model; a script makes one."""

Line = Stays | Told

NO_WORDS = Stays(("python",), "A script knows no words", "“Show as Python” writes the model.")
NO_HASHES = Stays(("python",), "A script writes a file for phones in the end, and that has no hash",
                  "“Show as Python” writes the model.")
NO_PAIRS = Stays(("python",), "`fit` hands a layer one tensor, and this one changes several alike",
                 "“Show as Python” writes the model.")
NO_CELU = Stays(WHOLE, "celu loses most of its precision in whole numbers", "take elu.",
                offers=(Offer("set activation to elu", (("activation", "elu"),)),))
STRAIGHTER = {"selu": "elu", "soft_shrink": "hard_shrink", "squareplus": "softplus", "sparse_plus": "softplus",
              "sparse_sigmoid": "hard_sigmoid"}
"""Activations whose operations have no form with 16 bits, and the nearest ones that have."""
NO_BENDS = Stays((INT16X8,), "This activation has no form with 16 bits", "take float16.")
NO_INTEGERS = Stays((INT16X8,), "Activations of 16 bits take no whole numbers", "take int8 or float16.")
NO_LONG_STEPS = Stays(WHOLE, f"Whole numbers need a fixed series of {LONGEST_UNROLLED} steps at most",
                      "dynamic range stores the same 8-bit weights and keeps the file small.")
NO_PADDED_STEPS = Stays((INT16X8,), "Padded steps are not skipped with 16 bits", "take int8 or dynamic range.")
UNROLL = Offer("set unroll to on", (("unroll", True),))
ONE_SAMPLE = Told((TFLITE, "tflite-float16", "tflite-dynamic"),
                  "One sample a call: its steps are a loop.", "one sample a call")
UNROLLED = Told(WHOLE, "Its steps are written out one by one: the file grows with the series.")
LEFT_OUT = Told(FILES, "It acts in training only; the file does without it.")
BEHIND = Told(FILES, "The file begins behind it and takes the numbers it gives; the vocabulary lies in model.json.",
              "stays outside of files")


@dataclass(frozen=True)
class Readiness:
    """One target of one layer. `words` are sentences for people, empty where it is plainly ready.

    `worth` says whether the card should have a mark, `offers` what change helps.
    """

    target: str
    state: str = READY
    words: str = ""
    worth: bool = False
    offers: tuple[Offer, ...] = ()


def readiness(spec: NodeSpec, values: Values, inputs: Inputs) -> dict[str, Readiness]:
    """Every target of a layer with these parameters and inputs."""
    lines = list(lines_of(spec, values, inputs))
    return {target: joined(target, lines) for target in TARGETS}


def joined(target: str, said: Iterable[Line]) -> Readiness:
    """One target, of everything that is said of a layer."""
    lines = [line for line in said if line.covers(target)]
    kept = [line for line in lines if isinstance(line, Stays) and not line.cut_off]
    if kept:
        words = " ".join(f"{line.why}: {line.instead}" for line in kept[:1])
        return Readiness(target, KEPT, words, True, tuple(offer for line in kept for offer in line.offers))
    told = [line for line in lines if isinstance(line, Told)]
    if not told:
        return Readiness(target)
    return Readiness(target, NOTED, " ".join(dict.fromkeys(line.words for line in told)), any(line.title for line in told),
                     tuple(offer for line in told for offer in line.offers))


def lines_of(spec: NodeSpec, values: Values, inputs: Inputs) -> Iterator[Line]:
    """Everything that holds for a layer, its own first; that of a layer it holds too."""
    said: tuple[Line, ...] = (*spec.stays, *spec.tells)
    yield from (line for line in said if line.holds(values, inputs))
    if isinstance(spec, LayerSpec):
        yield from _following(spec, values, inputs)
        for inner, own, fed in _held(spec, values, inputs):
            yield from lines_of(inner, own, fed)


def _following(spec: LayerSpec, values: Values, inputs: Inputs) -> Iterator[Line]:
    if any(line.cut_off for line in spec.stays):
        yield from (BEHIND, NO_WORDS if spec.adapts else NO_HASHES)
        if values.get("output_mode", "int") == "int":
            yield NO_INTEGERS
        return
    if any("int" in x.dtype and x.dtype != "uint8" for xs in inputs.values() for x in xs):
        yield NO_INTEGERS
    if spec.loops:
        yield from _steps(values, next(iter(inputs.values()))[0])
    if spec.at_rest is not None and spec.at_rest(values) is not None:
        yield NO_PAIRS
    if spec.random and spec.family in ("preprocessing", "regularisation"):
        yield LEFT_OUT
    if values.get("activation") == "celu":
        yield NO_CELU
    for name in ("activation", "recurrent_activation"):
        if instead := STRAIGHTER.get(str(values.get(name))):
            yield replace(NO_BENDS, instead=f"take {instead}, or float16.",
                          offers=(Offer(f"set {name} to {instead}", ((name, instead),)),))


def _steps(values: Values, series: Tensor) -> Iterator[Line]:
    steps = series.shape[0] if series.rank else None
    short = steps is not None and steps <= LONGEST_UNROLLED
    if series.masked:
        yield NO_PADDED_STEPS
    if not values.get("unroll"):
        offers = (UNROLL,) if short and "unroll" in values else ()
        yield replace(ONE_SAMPLE, offers=offers)
    yield UNROLLED if short else NO_LONG_STEPS


def _held(spec: LayerSpec, values: Values, inputs: Inputs) -> Iterator[tuple[LayerSpec, Values, Inputs]]:
    """Layers inside a layer with what reaches them: one step of the series where it is taken apart."""
    for param in spec.params:
        value: Any = values.get(param.name) if isinstance(param, Wrapped) else None
        if isinstance(param, Wrapped) and isinstance(value, Mapping):
            x = inputs["in"][0]
            yield param.spec_of(value), value, {"in": (Tensor(x.shape[1:], x.dtype) if spec.each_step else x,)}


def worst(states: Iterable[str]) -> str:
    """The worst of some states; ready where there are none."""
    return max(states, key=STATES.index, default=READY)


# Words.


def alike(ready: Mapping[str, Readiness]) -> list[tuple[tuple[str, ...], Readiness]]:
    """Targets that have the same state and words together, in the order of the targets."""
    found: dict[tuple[str, str], list[str]] = {}
    for target, one in ready.items():
        found.setdefault((one.state, one.words), []).append(target)
    return [(tuple(targets), ready[targets[0]]) for targets in found.values()]


def names_of(targets: tuple[str, ...]) -> str:
    """Targets with the family's name said once: `TFLite float32, float16 · ONNX`."""
    families: dict[str, list[str]] = {}
    for target in targets:
        families.setdefault(target.partition("-")[0], []).append(target)
    return " · ".join(_family(family, own) for family, own in families.items())


def _family(family: str, targets: list[str]) -> str:
    title = TITLES.get(family, TARGETS[targets[0]])
    if set(targets) == {t for t in TARGETS if t.partition("-")[0] == family}:
        return title
    return f"{title} " + ", ".join(TARGETS[t].removeprefix(title).strip() or "float32" for t in targets)
