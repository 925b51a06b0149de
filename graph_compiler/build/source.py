"""Show as Python: the drawing as a readable script in Keras's functional style. Needs no Keras, so the window can write it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.goals import End, ObjectivePlan, ends_of
from graph_compiler.analysis.plan import Plan
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.source_blocks import Blocks, Lines
from graph_compiler.build.source_layers import several, wrapped
from graph_compiler.build.wiring import StandIn, upstream
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node, OptimizerSettings
from graph_compiler.layers.metric_rules import OWN
from graph_compiler.specs.registry import Registry
from graph_compiler.specs.tensors import Tensor


@dataclass(frozen=True)
class Written:
    """A drawing in lines: its title, classes of ours and of blocks, what defines `model`, and its `compile` line, if any.

    `inputs` and `tensors` are the variables of columns and of everything that was written, by node and port.
    """

    title: str
    classes: list[str]
    model: list[str]
    compiled: list[str]
    inputs: dict[End, str]
    tensors: dict[End, str]


def python_source(document: Document, registry: Registry, analysis: Analyzer | None = None) -> str:
    """A script that defines `model`, with the layer names, inputs and outputs of the compiled one.

    BuildProblem when the drawing has an error or nothing to return.
    """
    written = written_drawing(document, registry, analysis)
    head = [f'"""{written.title}"""', "", "import keras", ""]
    return "\n".join([*head, *written.classes, *written.model, *written.compiled, ""])


def written_drawing(document: Document, registry: Registry, analysis: Analyzer | None = None, rate: str = "",
                    taught: bool = False, reserved: Sequence[str] = ()) -> Written:
    """The drawing in lines; `rate` is the text of the learning rate where it is not a number.

    `taught` writes what only objectives read, too: discriminators, and targets that are computed. No variable is called as
    what is `reserved`.
    """
    analysis = analysis or Analyzer(document, registry)
    plan = analysis.plan
    if not analysis.clean or not plan.outputs:
        problem = next((p for p in analysis.problems if p.severity == "error"), None)
        raise BuildProblem(problem.path if problem else "", f"{problem.title}." if problem else plan.reason)
    blocks = Blocks(analysis.engine)
    script = _Script(blocks, [*blocks.variables, *reserved])
    ends = [o.end for o in plan.outputs]
    read = [*ends, *(o.target for o in plan.objectives), *ends_of(plan.goals)] if taught else ends
    needed = upstream(analysis.engine.graph, [node for node, _ in read])
    given = {i.end: (i.name, i.tensor) for i in plan.inputs} | (_others(analysis, needed) if taught else {})
    inputs = {end: script.variable(name) for end, (name, _) in given.items()}
    names = {i.end: i.name for i in plan.inputs}
    names = {end: names.get(end, variable) for end, variable in inputs.items()}
    taken = analysis.engine.graph.nodes  # Keras takes a name for one layer only, and an input is one
    script.lines += [_input(inputs[end], f"{name}_input" if name in taken else name, given[end][1].shape, given[end][1].dtype)
                     for end, name in names.items()]
    tensors = script.run(analysis.engine, inputs, needed)
    title = json.dumps(str(document.about.get("title", "") or "The model, as drawn."), ensure_ascii=False)[1:-1]
    read_by_model = several(inputs[i.end] for i in plan.inputs)
    made = f"model = keras.Model({read_by_model}, {several([tensors[end] for end in ends])}, name=\"model\")"
    compiled = [] if taught else _compile(document, plan, rate)
    return Written(title, blocks.classes, [*script.lines, "", made], compiled, inputs, tensors)


def _others(analysis: Analyzer, needed: set[str]) -> dict[End, tuple[str, Tensor]]:
    """Names of columns that only training reads, and what they hold; one that is only compared with is none of them."""
    engine, known = analysis.engine, {i.end for i in analysis.plan.inputs}
    used = {(e.source, e.source_port) for e in engine.graph.edges.values() if e.target in needed}
    used |= set(ends_of(analysis.plan.goals))
    sources = [facts for n in engine.order if (facts := engine.facts[n]).spec and facts.spec.kind == "source"]
    return {end: (port, tensor) for facts in sources for port, tensor in facts.outputs.items()
            if (end := (facts.node.id, port)) in used - known}


class _Script(Lines):
    """The lines of the drawing itself: a layer is made and called in one; a block is an instance of its class."""

    def _layer(self, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        name = facts.node.id
        call = self.call(facts, self.spared(facts, inputs, name))
        made, later = self.layer(facts, json.dumps(name), "False" if facts.node.frozen else "")
        outs = [self.variable(name if n == 0 else f"{name}_{port.name}") for n, port in enumerate(facts.ports_out)]
        if later:
            layer = self.variable(f"{name}_layer")
            self.lines += [*wrapped(f"{layer} = {made}"), f"{layer}.{later}"]
            made = layer
        self.lines += wrapped(f"{', '.join(outs)} = {made}({call})")
        return outs

    def stand(self, facts: Facts, stand_in: StandIn, tensor: Any, place: str) -> Any:
        out, port = self.variable(facts.node.id), " and ".join(port.name for port in facts.ports_out[1:])
        self.lines += [f"# {facts.node.name} acts in training only, on {port} too.",
                       *wrapped(f"{out} = {self.standing(facts, stand_in, json.dumps(facts.node.id))}({tensor})")]
        return out

    def _copy(self, name: str, tensor: Any) -> Any:
        copied = self.variable(name)
        self.lines += wrapped(f"{copied} = keras.layers.Rescaling(1.0, name={json.dumps(name)})({tensor})")
        return copied

    def _block(self, engine: GraphEngine, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        node = facts.node
        made = self.blocks.instance(engine, facts, json.dumps(node.id), "False" if node.frozen else "", self.names)
        if node.weights:
            made = self._shared_instance(node, made)
        made = self.each_step(engine, facts, made, json.dumps(node.id))
        outs = self.outputs(engine.document, node)
        self.lines += wrapped(f"{', '.join(outs)} = {made}({self.block_call(facts, inputs)})")
        return outs

    def _shared_instance(self, node: Node, made: str) -> str:
        """Instances that share weights are calls of one object, made where it is called first."""
        key = (node.block, node.weights)
        if key not in self.instances:
            self.instances[key] = self.variable(f"{node.block}_{node.weights}")
            self.lines += wrapped(f"{self.instances[key]} = {made}")
        return self.instances[key]


def _input(variable: str, name: str, shape: tuple[int | None, ...], dtype: str) -> str:
    kind = "" if dtype == "float32" else f', dtype="{dtype}"'
    return f'{variable} = keras.Input(shape={shape!r}{kind}, name="{name}")'


def _compile(document: Document, plan: Plan, rate: str) -> list[str]:
    """The `compile` line, where each output is the prediction of one objective."""
    if not plan.objectives or [o.prediction for o in plan.objectives] != [o.end for o in plan.outputs]:
        return []
    losses = [loss_text(o) for o in plan.objectives]
    metrics = [_listed([f"keras.metrics.{kind}({arguments_text({**given, 'name': name})})"
                        for name, kind, given in o.resolved.metrics if kind not in OWN]) for o in plan.objectives]
    parts = [f"optimizer={optimizer_text(document.training.optimizers.get('') or OptimizerSettings(), rate)},",
             *_each("loss", losses), *_each("metrics", metrics)]
    if any(o.weight != 1 for o in plan.objectives):
        parts.append(f"loss_weights={[o.weight for o in plan.objectives]!r},")
    return ["model.compile(", *(f"    {line}" for part in parts for line in part.splitlines()), ")"]


def _listed(texts: list[str]) -> str:
    """A list on one line, or an entry a line where that is long."""
    whole = f"[{', '.join(texts)}]"
    return whole if len(whole) < _LONG else "\n".join(["[", *(f"    {text}," for text in texts), "]"])


_LONG = 100


def _each(name: str, texts: list[str]) -> list[str]:
    """An argument that is one thing an output: the only one, or a list, a line each."""
    return [f"{name}={texts[0]},"] if len(texts) == 1 else [f"{name}=[", *(f"    {text}," for text in texts), "],"]


def loss_text(plan: ObjectivePlan) -> str:
    """The Keras loss of an objective; that it does not take scores goes without saying."""
    given = {name: value for name, value in plan.resolved.arguments.items() if (name, value) != ("from_logits", False)}
    return f"keras.losses.{plan.resolved.loss}({arguments_text(given)})"


def optimizer_text(settings: OptimizerSettings, rate: str) -> str:
    """A Keras optimiser; `rate` is the text of its learning rate where that is not a number."""
    given = arguments_text({"learning_rate": settings.learning_rate, **settings.params})
    if rate:
        given = given.replace(f"learning_rate={settings.learning_rate!r}", f"learning_rate={rate}", 1)
    return f"keras.optimizers.{settings.name}({given})"


def arguments_text(given: Mapping[str, Any]) -> str:
    """Arguments of a call by name."""
    return ", ".join(f"{name}={json.dumps(v) if isinstance(v, str) else repr(v)}" for name, v in given.items())
