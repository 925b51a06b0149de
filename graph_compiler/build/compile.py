"""From an analysed drawing to Keras models: one for inference and export, one for training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import End, ends_of
from graph_compiler.analysis.plan import Plan
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.wiring import Wiring, upstream
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.model import Document
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.registry import Registry
from graph_compiler.specs.tensors import Tensor


@dataclass(frozen=True)
class Compiled:
    """A drawing as Keras models that share their layers (one model twice when there is no objective).

    `model` maps `plan.inputs` to `plan.outputs`, in order. `training_model` maps `columns` (source id, column name; noise
    too) to the predictions of the Losses, then to those targets that are computed, then to whatever else objectives read;
    a target that is a column stays data.
    """

    analysis: Analyzer
    plan: Plan
    model: Any
    training_model: Any
    layers: dict[str, Any]
    columns: tuple[End, ...]
    computed_targets: dict[int, int] = field(default_factory=dict)
    """Objective number -> place among the outputs of `training_model`; objectives not in it compare with a column."""
    adaptive: tuple[tuple[str, Any], ...] = ()
    """(path, symbolic input) of layers that learn from training rows before training, in graph order."""
    restoring: dict[str, int] = field(default_factory=dict)
    """Path -> objective number: layers that learn from the target of an objective before training."""
    activations: dict[str, Any] = field(default_factory=dict)
    """First symbolic output of each layer and block on the way to a prediction, by path."""
    tensors: dict[End, Any] = field(default_factory=dict)
    """Every symbolic tensor of the root graph, by node and port."""

    @property
    def input_names(self) -> tuple[str, ...]:
        """Safe names of the inputs of `model`."""
        return tuple(i.name for i in self.plan.inputs)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Safe names of the outputs of `model`."""
        return tuple(o.name for o in self.plan.outputs)

    @property
    def target_columns(self) -> tuple[End, ...]:
        """Columns that are targets as they are, one an objective that compares with a column."""
        return tuple(o.target for n, o in enumerate(self.plan.objectives) if n not in self.computed_targets)

    @property
    def trainable_variables(self) -> list[Any]:
        """What the objectives move: trainable variables of the plan's trainable nodes, each once, in model order."""
        return self.variables_of(self.plan.trainable)

    def variables_of(self, nodes: Iterable[str]) -> list[Any]:
        """Trainable variables of some root nodes, each once, in model order."""
        own = {id(v) for layer in self.layers_of(nodes) for v in layer.trainable_variables}
        return [v for v in self.training_model.trainable_variables if id(v) in own]

    def layers_of(self, nodes: Iterable[str]) -> list[Any]:
        """Keras layers of some root nodes and of everything inside them; shared ones may come twice."""
        roots = set(nodes)
        return [layer for path, layer in self.layers.items() if path.split(".")[0] in roots]

    def part(self, ends: Sequence[End]) -> tuple[Any, tuple[End, ...]]:
        """A model of some tensors of the drawing, and the columns it reads, in the order of its inputs."""
        import keras

        needed = upstream(self.analysis.engine.graph, [node for node, _ in ends])
        graph = self.analysis.engine.graph
        read = {(e.source, e.source_port) for e in graph.edges.values() if e.target in needed} | set(ends)
        columns = tuple(end for end in self.columns if end in read)
        return keras.Model(one_or_list([self.tensors[end] for end in columns]),
                           one_or_list([self.tensors[end] for end in ends])), columns


def compile_document(document: Document, registry: Registry, analysis: Analyzer | None = None, *,
                     seed: int | None = None, policy: str = "float32") -> Compiled:
    """Build the models of a drawing. BuildProblem when analysis found an error or Keras refuses.

    With a `seed`, initial weights and random layers are the same each time. `policy` is the Keras dtype policy of the layers.
    """
    import keras

    analysis = analysis or Analyzer(document, registry)
    plan = analysis.plan
    _need_clean(analysis, plan)
    if seed is not None:
        keras.utils.set_random_seed(seed)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        return _build(keras, analysis, plan)
    finally:
        keras.config.set_dtype_policy(before)


def _need_clean(analysis: Analyzer, plan: Plan) -> None:
    for problem in analysis.problems:
        if problem.severity == "error":
            raise BuildProblem(problem.path, f"{problem.title}. {problem.sentence}".strip(), problem.hint)
    if not plan.outputs:
        raise BuildProblem("", plan.reason or "The drawing has no output.", "Add a Loss, or an Output.")


def _build(keras: Any, analysis: Analyzer, plan: Plan) -> Compiled:
    engine = analysis.engine
    ends = [*(o.end for o in plan.outputs), *(o.target for o in plan.objectives), *ends_of(plan.goals)]
    needed = upstream(engine.graph, [node for node, _ in ends])
    inputs = _inputs(keras, analysis, plan, needed, ends)
    wiring = Wiring(keras)
    tensors = wiring.run(engine, inputs, needed)
    used = _at_rest(wiring, analysis, inputs) or tensors
    _need_given(analysis, used)
    model = keras.Model(one_or_list([inputs[i.end] for i in plan.inputs]), one_or_list([used[o.end] for o in plan.outputs]),
                        name="model")
    if not plan.goals.settled:
        return Compiled(analysis, plan, model, model, wiring.layers, tuple(i.end for i in plan.inputs), tensors=tensors)
    computed = [n for n, o in enumerate(plan.objectives) if o.target not in inputs]
    outputs = [o.prediction for o in plan.objectives] + [plan.objectives[n].target for n in computed]
    outputs += [end for end in dict.fromkeys(ends_of(plan.goals)) if end not in outputs]
    columns = tuple(e for e in inputs if e not in _only_targets(analysis, plan, inputs))
    training = keras.Model(one_or_list([inputs[e] for e in columns]), one_or_list([tensors[e] for e in outputs]),
                           name="training_model")
    restoring = _restoring(plan, wiring)
    first, predicting = len(plan.objectives), upstream(engine.graph, [node for node, _ in ends_of(plan.goals)])
    return Compiled(analysis, plan, model, training, wiring.layers, columns,
                    {n: first + place for place, n in enumerate(computed)}, _adaptive(analysis, wiring, restoring), restoring,
                    {path: tensor for path, tensor in wiring.made.items() if path.split(".")[0] in predicting}, tensors)


def _at_rest(wiring: Wiring, analysis: Analyzer, inputs: dict[End, Any]) -> dict[End, Any] | None:
    """The tensors of the model that is used: the layers of the other one, without what changes several tensors alike.

    None where nothing stands aside and both are the same.
    """
    resting = Wiring(wiring.keras, wiring.layers, resting=True)
    if not any(resting.stand_in(facts) for facts in analysis.all_facts()):
        return None
    engine = analysis.engine
    return resting.run(engine, inputs, upstream(engine.graph, [o.end[0] for o in analysis.plan.outputs]))


def _need_given(analysis: Analyzer, tensors: dict[End, Any]) -> None:
    """Refuse an output that only training has."""
    for output in analysis.plan.outputs:
        if output.end not in tensors:
            node, port = output.end
            name = analysis.engine.graph.nodes[node].name
            raise BuildProblem(node, f"{name} gives “{port}” in training only, so that no model returns it.",
                               "Take the output before it.")


def one_or_list(tensors: Sequence[Any]) -> Any:
    """What a Keras model is made of and called with: the only tensor itself, or the list of several."""
    return tensors[0] if len(tensors) == 1 else list(tensors)


def as_graph(model: Any) -> Any:
    """A model in inference as a TensorFlow graph, called with what the model is called with.

    Called without one, some Keras layers give whole numbers where they give decimal ones in training (Resizing of pictures).
    """
    import tensorflow as tf

    return tf.function(lambda given: model(given, training=False), autograph=False)


def _inputs(keras: Any, analysis: Analyzer, plan: Plan, needed: set[str], ends: Sequence[End]) -> dict[End, Any]:
    """A Keras input for every column that is read, those of the plan first and under their names."""
    engine = analysis.engine
    tensors = {i.end: i.tensor for i in plan.inputs}
    names = [i.name for i in plan.inputs]
    used = {(e.source, e.source_port) for e in engine.graph.edges.values() if e.target in needed} | set(ends)
    for node_id in engine.order:
        facts = engine.facts[node_id]
        for port, tensor in facts.outputs.items() if facts.spec and facts.spec.kind == "source" else ():
            if (node_id, port) in used and (node_id, port) not in tensors:
                tensors[node_id, port] = tensor
                names.append(f"{facts.node.name}_{port}")
    taken = {*engine.graph.nodes}
    safe = safe_names([name if name not in taken else f"{name}_input" for name in names])
    return {end: _input(keras, name, tensor) for (end, tensor), name in zip(tensors.items(), safe, strict=True)}


def _input(keras: Any, name: str, tensor: Tensor) -> Any:
    return keras.Input(shape=tensor.shape, dtype=tensor.dtype, name=name)


def _only_targets(analysis: Analyzer, plan: Plan, inputs: dict[End, Any]) -> set[End]:
    """Columns that no layer reads: they are compared with as they are."""
    graph, facts = analysis.engine.graph, analysis.engine.facts
    predicted = set(ends_of(plan.goals))
    ends = [*(node for node, _ in predicted), *(o.target[0] for o in plan.objectives if o.target not in inputs)]
    needed = upstream(graph, ends)
    read = {(e.source, e.source_port) for e in graph.edges.values()
            if e.target in needed and (spec := facts[e.target].spec) and spec.kind != "objective"}
    return {end for end in inputs if end not in read and end not in predicted}


def _restoring(plan: Plan, wiring: Wiring) -> dict[str, int]:
    """Layers that go back to the unit of a target, each once (shared ones by the first objective they serve)."""
    found: dict[int, str] = {}
    numbers: dict[str, int] = {}
    for number, objective in enumerate(plan.objectives):
        path = objective.restored_by
        if path in wiring.layers and found.setdefault(id(wiring.layers[path]), path) == path:
            numbers.setdefault(path, number)
    return numbers


def _adaptive(analysis: Analyzer, wiring: Wiring, elsewhere: Iterable[str]) -> tuple[tuple[str, Any], ...]:
    found: dict[int, str] = {}
    for facts in analysis.all_facts():
        if isinstance(facts.spec, LayerSpec) and facts.spec.adapts and facts.path in wiring.layers and not facts.node.muted:
            found.setdefault(id(wiring.layers[facts.path]), facts.path)
    others = {id(wiring.layers[path]) for path in elsewhere}
    return tuple((path, wiring.fed[path]) for made, path in found.items() if path in wiring.fed and made not in others)
