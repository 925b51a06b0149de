"""Checked parameter values of a node: defaults filled in, expressions evaluated, each misfit a refusal.

Checking the defaults of a layer once and for all is what keeps a full analysis of hundreds of layers quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph_compiler.graph.expressions import ExpressionError, evaluate
from graph_compiler.graph.substitution import computes, mapped, mentioned
from graph_compiler.graph.values import Json, Node
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.params import Param
from graph_compiler.specs.refusal import Refusal

Bindings = Mapping[str, Json]
"""Values of the block's parameters in force inside it."""


@dataclass(frozen=True)
class _Plain:
    """Checked values of a node but for the `computed` parameters, which block parameters decide on."""

    node: Node
    spec: NodeSpec
    values: dict[str, Any]
    refusals: list[Refusal]
    computed: tuple[Param, ...]


class CheckedValues:
    """Checks parameter values against specs and remembers the defaults of every spec it has seen."""

    def __init__(self) -> None:
        self._defaults: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Param]]] = {}
        self._plain: dict[str, _Plain] = {}

    def of(self, node: Node, spec: NodeSpec, bindings: Bindings) -> tuple[dict[str, Any], list[Refusal]]:
        """Values of all parameters of the spec, and what does not fit (the misfit keeps its stored value)."""
        plain = self._plain.get(node.id)
        if plain is not None and plain.node is node and plain.spec is spec:
            values = dict(plain.values)
            return values, [*plain.refusals, *_check(values, node, plain.computed, bindings)]
        key = (spec.name, spec.chosen(node.params) if spec.branch else "")
        if key not in self._defaults:
            self._defaults[key] = _sound_defaults(spec.params_for(node.params))
        sound, params = self._defaults[key]
        values = dict(sound)
        given = [params[name] for name in node.params if name in params]
        asked = given if len(sound) == len(params) else [p for n, p in params.items() if n in node.params or n not in sound]
        computed = tuple(p for p in asked if computes(node.params.get(p.name)))
        if not computed:
            return values, _check(values, node, asked, bindings)
        names = {p.name for p in computed}
        refusals = _check(values, node, [p for p in asked if p.name not in names], {})
        self._plain[node.id] = _Plain(node, spec, dict(values), refusals, computed)
        return values, [*refusals, *_check(values, node, computed, bindings)]

    @staticmethod
    def of_params(node: Node, params: Iterable[Param], bindings: Bindings) -> tuple[dict[str, Any], list[Refusal]]:
        """The same for parameters that no spec declares (those of a block)."""
        values: dict[str, Any] = {}
        return values, _check(values, node, params, bindings)


def _sound_defaults(params: Iterable[Param]) -> tuple[dict[str, Any], dict[str, Param]]:
    """Checked defaults that are allowed (a required parameter has none), and the parameters by name."""
    sound: dict[str, Any] = {}
    for param in params:
        try:
            sound[param.name] = param.check(param.default)
        except Refusal:
            continue
    return sound, {param.name: param for param in params}


def _check(values: dict[str, Any], node: Node, params: Iterable[Param], bindings: Bindings) -> list[Refusal]:
    refusals: list[Refusal] = []
    for param in params:
        given = node.params.get(param.name, param.default)
        try:
            values[param.name] = param.check(evaluated(given, bindings))
        except Refusal as refusal:
            values[param.name] = given
            refusals.append(_computed(refusal, given, bindings) if mentioned(given) else refusal)
        except ExpressionError as error:
            values[param.name] = given
            refusals.append(_without_value(param.name, given, bindings, error))
    return refusals


def _computed(refusal: Refusal, given: Json, bindings: Bindings) -> Refusal:
    """A refusal of a value that an expression gave: says which expression, and what its names stand for."""
    names = " or ".join(sorted(mentioned(given) & bindings.keys()))
    return Refusal(refusal.code, refusal.title, expected=refusal.expected, param=refusal.param,
                   received=f"{refusal.received} from {_in_words(given, bindings)}",
                   hint=f"Change {refusal.param}, or {names}.", **refusal.facts)


def _without_value(name: str, given: Json, bindings: Bindings, error: ExpressionError) -> Refusal:
    """The refusal of an expression that has no value here."""
    hint = str(error)
    if mentioned(given) - bindings.keys():
        hint += f" The block has {', '.join(bindings)}." if bindings else " Type a number."
    return Refusal("expression", f"{name} cannot be computed", param=name, expected="an expression with a value",
                   received=_in_words(given, bindings), hint=hint)


def _in_words(given: Json, bindings: Bindings) -> str:
    """Expressions with the values of the parameters they use: `“width // rate” with rate = 0, width = 6`."""
    texts: list[str] = []
    mapped(given, lambda text: texts.append(f"“{text.strip()}”"))
    used = [f"{name} = {bindings[name]}" for name in sorted(mentioned(given)) if name in bindings]
    return " and ".join(dict.fromkeys(texts)) + (f" with {', '.join(used)}" if used else "")


def evaluated(value: Json, bindings: Bindings) -> Json:
    """The value with every expression in it computed. ExpressionError when one has no value here."""
    return mapped(value, lambda text: evaluate(text, bindings))
