"""The parameter that names a layer inside another one, with the parameters of that layer: `{"name": "LSTM", "units": 64}`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Param
from graph_compiler.specs.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class Wrapped(Param):
    """A wrapped layer: a name, or `{"name": ..., parameter: value}`, checked by that layer's own parameters."""

    options: Mapping[str, LayerSpec] = field(default_factory=dict)
    """The layers that may be wrapped, by name."""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the wrapped layer that the wrapper decides; they are not asked for."""
    blocks: bool = False
    """Whether a block may stand in the place of the layer; the node is another one then (see graph/blocks/each_step)."""
    kind = "wrapped"

    def fields(self, name: str) -> tuple[Param, ...]:
        """The parameters that are asked for when a layer of this name is wrapped; none for an unknown one."""
        spec = self.options.get(name)
        return tuple(p for p in spec.params if p.name not in self.fixed) if spec is not None else ()

    def convert(self, value: Any) -> dict[str, Any]:
        """`{"name": ..., every parameter: checked value}`."""
        given = {"name": value} if isinstance(value, str) else value
        if not isinstance(given, dict) or str(given.get("name")) not in self.options:
            raise self.refuse(value)
        spec = self.options[str(given["name"])]
        asked = {param.name for param in self.fields(spec.name)}
        strange = [name for name in given if name != "name" and name not in asked]
        if strange:
            raise self.refuse(value, f"parameters of {spec.name} that {self.name} leaves open, not {strange[0]}")
        values = {param.name: self._checked(spec, param, given) for param in spec.params}
        return {"name": spec.name, **values}

    def _checked(self, spec: LayerSpec, param: Param, given: Mapping[str, Any]) -> Any:
        if param.name in self.fixed:
            return self.fixed[param.name]
        try:
            return param.check(given.get(param.name, param.default))
        except Refusal as refusal:
            raise Refusal("parameter", f"{spec.name}: {refusal.title}", expected=refusal.expected, received=refusal.received,
                          hint=refusal.hint, param=self.name) from refusal

    def spec_of(self, value: Mapping[str, Any]) -> LayerSpec:
        """The spec of the layer that a checked value names."""
        return self.options[value["name"]]

    def keras_value(self, keras: Any, value: Any) -> Any:
        if value is None:
            return None
        own = {name: part for name, part in value.items() if name != "name"}
        return self.spec_of(value).build(keras, own, str(value["name"]).lower())

    @property
    def expected(self) -> str:
        return "a layer: one of " + ", ".join(self.options)
