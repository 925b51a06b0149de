"""Puts a rule and Keras side by side and says in words where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.oracle import Answer, KerasRefused, Out, ask
from tests.helpers.parameters import checked

STRICTER = "stricter"
KERAS_FAILS = "keras-fails"
DIFFERENT = "different"
CRASH = "crash"


@dataclass(frozen=True)
class Difference:
    """How rule and Keras differ: `stricter` (only the rule refuses), `keras-fails` (only Keras does) or `different`;
    `crash` is a rule that accepts what would end the process."""

    kind: str
    words: str


@dataclass(frozen=True)
class Known:
    """A difference we stand by. `witness` is a case that shows it; `when` says which cases it covers."""

    kind: str
    layers: frozenset[str]
    when: Callable[[Case], bool]
    why: str
    witness: Case

    def covers(self, case: Case, difference: Difference) -> bool:
        return difference.kind == self.kind and case.layer in self.layers and self.when(case)


def asked(spec: LayerSpec, case: Case) -> tuple[dict[str, Any], dict[str, tuple[Tensor, ...]]]:
    """Checked parameters, and the inputs of those ports that the parameters leave."""
    p = checked(spec, dict(case.given))
    names = {port.name for port in spec.input_ports(p)}
    return p, {name: tensors for name, tensors in case.inputs.items() if name in names}


def rule_of(spec: LayerSpec, case: Case) -> Inferred | Refusal:
    """What the rule says. A size below 1 counts as a refusal, as it does in the analysis."""
    try:
        found = spec.infer(*asked(spec, case))
    except Refusal as refusal:
        return refusal
    if any(d is not None and d < 1 for out in found.outputs for d in out.shape):
        return Refusal("empty-shape", "leaves nothing over", expected="every size to be at least 1", received="0")
    return found


def compare(keras: Any, spec: LayerSpec, case: Case) -> Difference | None:
    """None when rule and Keras agree."""
    found = rule_of(spec, case)
    try:
        answer = ask(keras, spec, *asked(spec, case))
    except KerasRefused as refused:
        return None if isinstance(found, Refusal) else Difference(KERAS_FAILS,
                                                                  f"{case}: Keras refuses ({refused}), the rule does not")
    if isinstance(found, Refusal):
        return Difference(STRICTER,
                          f"{case}: the rule refuses ({found.title}; {found.expected}), Keras gives {_words(answer.symbolic)}")
    unlike = list(_unlike(found, answer))
    return Difference(DIFFERENT, f"{case}: " + "; ".join(unlike)) if unlike else None


def _words(outs: Sequence[Out]) -> str:
    return ", ".join(out.words for out in outs)


def _unlike(found: Inferred, answer: Answer) -> Any:
    outs = tuple(Out(x.shape, x.dtype, x.masked) for x in found.outputs)
    if outs != answer.symbolic:
        yield f"rule {_words(outs)}, Keras symbolic {_words(answer.symbolic)}"
    for mode, real in answer.real.items():
        if len(real) != len(outs) or not all(map(_fits, outs, real)):
            yield f"rule {_words(outs)}, real call in {mode} {_words(real)}"
    if found.weights != answer.weights:
        yield f"rule {found.weights} weights, Keras {answer.weights}"
    if found.weights - found.fixed != answer.trainable:
        yield f"rule {found.weights - found.fixed} trainable weights, Keras {answer.trainable}"


def _fits(out: Out, real: Out) -> bool:
    if (out.dtype, out.masked, len(out.shape)) != (real.dtype, real.masked, len(real.shape)):
        return False
    return all(a is None or a == b for a, b in zip(out.shape, real.shape, strict=True))
