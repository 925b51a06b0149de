"""Values of a block's inside as Python text: expressions over its parameters stay expressions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from graph_compiler.analysis.facts import Facts
from graph_compiler.build.source_layers import layer_expression
from graph_compiler.graph.expressions import is_expression, is_name, tokens_of
from graph_compiler.graph.substitution import mentioned
from graph_compiler.graph.values import Json
from graph_compiler.specs.wrapping import Wrapped


class Names:
    """Variables by the block parameter they hold; remembers which were used."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = dict(variables or {})
        self.used: set[str] = set()

    def of(self, name: str) -> str:
        """The variable of a parameter."""
        self.used.add(name)
        return self.variables.get(name, name)


def written_values(facts: Facts, names: Names) -> dict[str, str]:
    """Texts of the parameters of a node that expressions give."""
    given = {name: value for name, value in facts.node.params.items() if name in facts.values and mentioned(value)}
    found: dict[str, str] = {}
    for name, value in given.items():
        param, checked = facts.spec.param(name) if facts.spec else None, facts.values[name]
        if isinstance(param, Wrapped) and isinstance(value, dict) and not is_expression(value):
            found[name] = _wrapped(param, value, checked, names)
        elif text := _written(value, checked, names):
            found[name] = text
    return found


def _wrapped(param: Wrapped, value: dict[str, Json], checked: dict[str, Any], names: Names) -> str:
    """The call that makes a wrapped layer of which some parameters are expressions."""
    written = {name: text for name, part in value.items() if mentioned(part) and (text := _written(part, checked[name], names))}
    return layer_expression(param.spec_of(checked), checked, written=written)


def written_value(value: Json, checked: Any, names: Names) -> str:
    """The text of one value: its expression, or what it is."""
    return (mentioned(value) and _written(value, checked, names)) or plain_text(checked)


def plain_text(value: Any) -> str:
    """A plain value as Python text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _written(value: Json, checked: Any, names: Names) -> str:
    """An expression that Python computes to the checked value; empty where there is none of that form."""
    if isinstance(value, list):
        return _listed(value, checked, names)
    if not is_expression(value):
        return ""
    text = " ".join(_token(token, names) for token in tokens_of(value["="])).replace("( ", "(").replace(" )", ")")
    if isinstance(checked, tuple):
        return f"({text},) * {len(checked)}" if len(set(checked)) == 1 else ""
    if isinstance(checked, (dict, type(None))):
        return ""
    return f"int({text})" if type(checked) is int and "." in text else text


def _listed(value: list[Json], checked: Any, names: Names) -> str:
    if not isinstance(checked, tuple) or len(checked) != len(value):
        return ""
    parts = [_written(part, own, names) if is_expression(part) else repr(own)
             for part, own in zip(value, checked, strict=True)]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})" if all(parts) else ""


def _token(token: str, names: Names) -> str:
    if is_name(token):
        return names.of(token)
    return repr(float(token)) if "." in token else str(int(token)) if token.isdigit() else token
