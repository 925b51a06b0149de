"""Layers as Python text: the Keras call that makes one, parameter values, long lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Param, Rules
from graph_compiler.specs.wrapping import Wrapped

_WIDTH = 110
_REQUIRED = frozenset({
    "activation", "axes", "dims", "equation", "factor", "filters", "head_dim", "height", "height_factor", "input_dim",
    "kernel_size", "key_dim", "layer", "n", "num_bins", "num_heads",
    "num_key_value_heads", "num_query_heads", "num_tokens", "output_dim",
    "output_shape", "output_size", "pool_size", "rate", "scale", "stddev", "target_shape", "units", "width", "width_factor"})
"""Parameters that some Keras layer has no default for; they are written even at our default."""


def shown(value: Any) -> str:
    """A variable, or a list of variables."""
    return "[" + ", ".join(map(shown, value)) + "]" if isinstance(value, list) else str(value)


def several(names: Iterable[str]) -> str:
    """The only variable, or the list of several."""
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"[{', '.join(listed)}]"


def wrapped(line: str, indent: int = 0) -> list[str]:
    """A long line broken inside the brackets of its first call, so that it stays readable `indent` characters to the right."""
    if len(line) + indent <= _WIDTH or "(" not in line:
        return [line]
    first = line.index("(")
    cut = line.rfind(")(")
    cut = cut if cut > first else len(line) - 1
    return [line[:first + 1], *_packed(line[first + 1:cut], _WIDTH - indent - 4), line[cut:]]


def _packed(arguments: str, width: int) -> list[str]:
    """Arguments on as few lines as they need, broken between them."""
    lines = [""]
    for part in re.split(r"(?<=, )(?=\w+=)", arguments):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return [f"    {line.rstrip()}" for line in lines]


def layer_expression(spec: LayerSpec, values: Mapping[str, Any], name: str = "", trainable: str = "",
                     written: Mapping[str, str] | None = None) -> str:
    """The Keras call that makes the layer, with the parameters Keras asks for and those that differ from the defaults.

    Without a `name` Keras finds one. `written` has the text of parameters that are not written as their values, `trainable`
    that of Keras's argument.
    """
    written = written or {}
    if spec.source is not None:
        return spec.source(values, name)
    defaults = spec.defaults()
    given = {p.name: written.get(p.name) or literal(p, values[p.name]) for p in spec.params if p.name not in spec.at_call
             and (p.name in written or _required(spec, p, values[p.name]) or values[p.name] != defaults[p.name])}
    if spec.to_keras is not None:
        given = spec.to_keras(given)
    text = [f"{key}={part if isinstance(part, str) else _dictionary(part)}" for key, part in given.items()]
    text += [f"trainable={trainable}"] if trainable else []
    made = spec.defined_as or f"keras.layers.{spec.name}"
    text += [f"name={json.dumps(name)}"] if name else []
    return f"{made}({', '.join(text)})"


def _required(spec: LayerSpec, param: Param, value: Any) -> bool:
    if param.name == "activation":
        return spec.name == "Activation" and value is not None
    return param.name in _REQUIRED and value is not None and not isinstance(value, bool)


def _dictionary(texts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in texts.items()) + "}"


def literal(param: Param, value: Any) -> str:
    """A checked parameter value as Python text."""
    if isinstance(param, Wrapped) and isinstance(value, dict):
        return layer_expression(param.spec_of(value), value)
    if isinstance(param, Rules) and isinstance(value, dict):
        given = ", ".join(f"{name}={part!r}" for name, part in value.items() if name != "name")
        home = next(h for ending, h in _HOMES.items() if param.name.endswith(ending))
        return f"keras.{home}.{value['name']}({given})" if given else json.dumps(value["name"])
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


_HOMES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
