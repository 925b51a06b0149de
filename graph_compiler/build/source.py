"""Show as Python: the drawing as a readable script in Keras's functional style. Needs no Keras, so the window can write it."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable, Mapping
from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.plan import Plan
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.wiring import Wiring, call_arguments, upstream
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import OptimizerSettings
from graph_compiler.layers.metric_rules import OWN
from graph_compiler.layers.operations.custom import definitions
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Param, Rules
from graph_compiler.specs.registry import Registry

_TAKEN = frozenset({"keras", "model"})
_WIDTH = 110
_REQUIRED = frozenset({
    "activation", "axes", "dims", "equation", "factor", "filters", "head_dim", "height", "height_factor", "input_dim",
    "kernel_size", "key_dim", "layer", "n", "num_heads", "num_key_value_heads", "num_query_heads", "num_tokens", "output_dim",
    "output_shape", "output_size", "pool_size", "rate", "scale", "stddev", "target_shape", "units", "width", "width_factor"})
"""Parameters that some Keras layer has no default for; they are written even at our default."""


def python_source(document: Document, registry: Registry, analysis: Analyzer | None = None) -> str:
    """A script that defines `model`, with the layer names, inputs and outputs of the compiled one.

    BuildProblem when the drawing has an error or nothing to return.
    """
    analysis = analysis or Analyzer(document, registry)
    plan = analysis.plan
    if not analysis.clean or not plan.outputs:
        problem = next((p for p in analysis.problems if p.severity == "error"), None)
        raise BuildProblem(problem.path if problem else "", f"{problem.title}." if problem else plan.reason)
    script = _Script(list(analysis.engine.graph.nodes))
    inputs = {i.end: script.variable(i.name) for i in plan.inputs}
    script.lines += [_input(name, i.name, i.tensor.shape, i.tensor.dtype)
                     for name, i in zip(inputs.values(), plan.inputs, strict=True)]
    ends = [o.end for o in plan.outputs]
    tensors = script.run(analysis.engine, inputs, upstream(analysis.engine.graph, [node for node, _ in ends]))
    title = json.dumps(str(document.about.get("title", "") or "The model, as drawn."), ensure_ascii=False)[1:-1]
    head = [f'"""{title}"""', "", "import keras", "", *script.classes]
    made = f"model = keras.Model({_several(inputs.values())}, {_several([tensors[end] for end in ends])}, name=\"model\")"
    tail = ["", made, *_compile(document, plan)]
    return "\n".join([*head, *script.lines, *tail, ""])


class _Script(Wiring):
    """The same walk as the compiler's, with variable names in the place of tensors and lines in the place of layers."""

    def __init__(self, ids: list[str]) -> None:
        super().__init__(None)
        self.lines: list[str] = []
        self._used: list[str] = [*_TAKEN, *definitions()]
        self._defined: list[str] = []
        self._instances: dict[str, str] = {}

    def variable(self, name: str) -> str:
        """A fresh Python name made of `name`."""
        wished = safe_names([name])[0]
        wished = f"{wished}_1" if keyword.iskeyword(wished) else wished
        made = safe_names([*self._used, wished])[-1]
        self._used.append(made)
        return made

    @property
    def classes(self) -> list[str]:
        """The classes of ours that the lines call, each once."""
        texts = [f"\n{definitions()[name]}\n" for name in self._defined]
        return [*texts, ""] if texts else []

    def _layer(self, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        path, spec = place + facts.node.id, facts.spec
        if not isinstance(spec, LayerSpec):
            raise BuildProblem(facts.path, f"{facts.node.type} is not a layer.")
        if spec.defined_as and spec.defined_as not in self._defined:
            self._defined.append(spec.defined_as)
        arguments, named = call_arguments(facts, self.spared(facts, inputs, path))
        call = ", ".join([*map(_shown, arguments), *(f"{name}={_shown(value)}" for name, value in named.items())])
        made = layer_expression(spec, facts.values, path, facts.node.frozen or frozen)
        if facts.path != path or self._is_shared(place):
            made = self._instance(path, made)
        outs = [self.variable(facts.path if n == 0 else f"{facts.path}_{port.name}") for n, port in enumerate(facts.ports_out)]
        self.lines += _wrapped(f"{', '.join(outs)} = {made}({call})")
        return outs

    def _copy(self, name: str, tensor: Any) -> Any:
        made = f"keras.layers.Rescaling(1.0, name={json.dumps(name)})"
        if self._is_shared(name):
            made = self._instance(name, made)
        copied = self.variable(name)
        self.lines += _wrapped(f"{copied} = {made}({tensor})")
        return copied

    def _is_shared(self, place: str) -> bool:
        return any(place.startswith(inside) for inside in self._shared.values())

    def _instance(self, path: str, made: str) -> str:
        """A layer that several instances call gets a variable of its own, written once."""
        if path not in self._instances:
            self._instances[path] = self.variable(f"{path}_layer")
            self.lines += _wrapped(f"{self._instances[path]} = {made}")
        return self._instances[path]


def _shown(value: Any) -> str:
    return "[" + ", ".join(map(_shown, value)) + "]" if isinstance(value, list) else str(value)


def _several(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"[{', '.join(listed)}]"


def _input(variable: str, name: str, shape: tuple[int | None, ...], dtype: str) -> str:
    kind = "" if dtype == "float32" else f', dtype="{dtype}"'
    return f'{variable} = keras.Input(shape={shape!r}{kind}, name="{name}")'


def _wrapped(line: str) -> list[str]:
    """A long line broken at the bracket of the call, so that it stays readable."""
    cut = line.rfind("](") if line.endswith("])") else line.rfind(")(")
    if len(line) <= _WIDTH or cut < 0:
        return [line]
    first = line.index("(")
    return [line[:first + 1], f"    {line[first + 1:cut]}", line[cut:]]


def layer_expression(spec: LayerSpec, values: Mapping[str, Any], name: str, frozen: bool = False) -> str:
    """The Keras call that makes the layer, with the parameters Keras asks for and those that differ from the defaults."""
    if spec.source is not None:
        return spec.source(values, name)
    defaults = spec.defaults()
    given = {p.name: literal(p, values[p.name]) for p in spec.params if p.name not in spec.at_call
             and (_required(spec, p, values[p.name]) or values[p.name] != defaults[p.name])}
    if spec.to_keras is not None:
        given = spec.to_keras(given)
    text = [f"{key}={part if isinstance(part, str) else _dictionary(part)}" for key, part in given.items()]
    text += ["trainable=False"] if frozen else []
    made = spec.defined_as or f"keras.layers.{spec.name}"
    return f"{made}({', '.join([*text, f'name={json.dumps(name)}'])})"


def _required(spec: LayerSpec, param: Param, value: Any) -> bool:
    return param.name in _REQUIRED and value is not None and (param.name != "activation" or spec.name == "Activation")


def _dictionary(texts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in texts.items()) + "}"


def literal(param: Param, value: Any) -> str:
    """A checked parameter value as Python text."""
    if isinstance(param, Rules) and isinstance(value, dict):
        given = ", ".join(f"{name}={part!r}" for name, part in value.items() if name != "name")
        home = next(h for ending, h in _HOMES.items() if param.name.endswith(ending))
        return f"keras.{home}.{value['name']}({given})" if given else json.dumps(value["name"])
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


_HOMES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}


def _compile(document: Document, plan: Plan) -> list[str]:
    """The `compile` line, where each output is the prediction of one objective."""
    if not plan.objectives or [o.prediction for o in plan.objectives] != [o.end for o in plan.outputs]:
        return []
    losses = [f"keras.losses.{o.resolved.loss}({_arguments(_told(o.resolved.arguments))})" for o in plan.objectives]
    metrics = ["[" + ", ".join(f"keras.metrics.{kind}({_arguments({**given, 'name': name})})" for name, kind, given
                               in o.resolved.metrics if kind not in OWN) + "]" for o in plan.objectives]
    one = len(losses) == 1
    parts = [f"optimizer={_optimizer(document.training.optimizers.get('') or OptimizerSettings())}",
             f"loss={losses[0] if one else '[' + ', '.join(losses) + ']'}",
             f"metrics={metrics[0] if one else '[' + ', '.join(metrics) + ']'}"]
    if any(o.weight != 1 for o in plan.objectives):
        parts.append(f"loss_weights={[o.weight for o in plan.objectives]!r}")
    return ["model.compile(", *(f"    {part}," for part in parts), ")"]


def _told(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a loss without those that switch something off."""
    return {name: value for name, value in arguments.items() if value not in (False, 0.0)}


def _optimizer(settings: OptimizerSettings) -> str:
    return f"keras.optimizers.{settings.name}({_arguments({'learning_rate': settings.learning_rate, **settings.params})})"


def _arguments(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={json.dumps(v) if isinstance(v, str) else repr(v)}" for name, v in given.items())
