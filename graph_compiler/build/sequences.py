"""A generated sequence as two Keras models: the encoder, and one step of the decoder. They share the layers of the drawing.

The encoder maps source columns to the context and to the states that recurrent layers start from. The step takes a token and
states (form `state`) or all tokens so far and a position (form `prefix`), and the context; it gives the scores of the next
token and the new states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.goals import End
from graph_compiler.analysis.sequences import RECURRENT, SequencePlan
from graph_compiler.build.compile import Compiled, one_or_list
from graph_compiler.build.problems import from_keras
from graph_compiler.build.wiring import Wiring, upstream
from graph_compiler.graph.ids import safe_names
from graph_compiler.layers.custom.registry import custom_class

TOKEN, TOKENS, POSITION, SCORES = "token", "tokens", "position", "scores"


@dataclass(frozen=True)
class SequenceModels:
    """The models with the names of what goes in and out, in order.

    `encoder` is None where the decoder needs nothing but its own tokens, or reads source columns as they are; `columns` are
    what the encoder reads. The step's inputs are the token (int32 [1]) or tokens and position (int32 [length], []), the
    states, then the context (a masked tensor is followed by its mask, float32 of 0 and 1). `passed` says for each context
    input where it comes from: a place among the encoder's outputs, or a source column. `starts` gives, for each state, the
    place among the encoder's outputs it starts from, or None for zeros.
    """

    plan: SequencePlan
    encoder: Any
    step: Any
    columns: tuple[End, ...]
    encoder_outputs: tuple[str, ...]
    step_inputs: tuple[str, ...]
    step_outputs: tuple[str, ...]
    passed: tuple[int | End, ...]
    starts: tuple[int | None, ...]
    logits: bool = True
    """Whether the scores are before softmax."""


def sequence_models(compiled: Compiled) -> SequenceModels:
    """The models of the drawing's generated sequence. BuildProblem when Keras refuses a step; ValueError without a sequence."""
    if compiled.plan.sequence is None:
        raise ValueError("The drawing generates no sequence.")
    return _Maker(compiled, compiled.plan.sequence).models()


class _Maker:
    def __init__(self, compiled: Compiled, plan: SequencePlan) -> None:
        import keras

        self.keras, self.compiled, self.plan = keras, compiled, plan
        self.engine = compiled.analysis.engine
        self.raw = {end for end in plan.context if end in compiled.columns}
        ends = [*plan.context, *(s.initial for s in plan.states if s.initial)]
        self.names = dict(zip(dict.fromkeys(ends), safe_names([self._name(end) for end in dict.fromkeys(ends)]), strict=True))

    def _name(self, end: End) -> str:
        node = self.engine.graph.nodes[end[0]]
        several = len(self.engine.facts[end[0]].outputs) > 1
        return f"{node.label or node.id}_{end[1]}" if several else node.label or node.id

    def models(self) -> SequenceModels:
        encoder, columns, outputs, places = self._encoder()
        step, inputs, gives, passed = self._step(places)
        starts = tuple(places.get(s.initial) if s.initial else None for s in self.plan.states)
        loss = next(o for o in self.compiled.plan.objectives if o.node == self.plan.objective)
        return SequenceModels(self.plan, encoder, step, columns, outputs, inputs, gives, passed, starts,
                              bool(loss.resolved.arguments.get("from_logits", False)))

    def _encoder(self) -> tuple[Any, tuple[End, ...], tuple[str, ...], dict[Any, int]]:
        """Model, columns, output names, and the place of each end (and of its mask, by `(end, "mask")`)."""
        tensors, names, places = list[Any](), list[str](), dict[Any, int]()
        wanted = [*self.plan.context, *(s.initial for s in self.plan.states if s.initial)]
        for end in dict.fromkeys(wanted):
            if end in self.raw:
                continue
            places[end] = len(tensors)
            tensors.append(self.compiled.tensors[end])
            names.append(self.names[end])
            if self._masked(end):
                places[end, "mask"] = len(tensors)
                tensors.append(custom_class(self.keras, "MaskOf")()(self.compiled.tensors[end]))
                names.append(f"{self.names[end]}_mask")
        if not tensors:
            return None, (), (), places
        needed = upstream(self.engine.graph, [end[0] for end in places if len(end) == 2 and end[1] != "mask"])
        read = {(e.source, e.source_port) for e in self.engine.graph.edges.values() if e.target in needed}
        columns = tuple(end for end in self.compiled.columns if end in read)
        model = self.keras.Model(one_or_list([self.compiled.tensors[end] for end in columns]), one_or_list(tensors),
                                 name="encoder")
        return model, columns, tuple(names), places

    def _masked(self, end: End) -> bool:
        return self.engine.facts[end[0]].outputs[end[1]].masked

    def _step(self, places: Mapping[Any, int]) -> tuple[Any, tuple[str, ...], tuple[str, ...], tuple[int | End, ...]]:
        keras, plan = self.keras, self.plan
        wiring = _StepWiring(keras, self.compiled, plan)
        inputs = self._token_inputs()
        states = [keras.Input((s.units,), name=self._free(f"{s.path}_{s.name}")) for s in plan.states]
        wiring.states = {(s.path, s.name): tensor for s, tensor in zip(plan.states, states, strict=True)}
        inputs += states
        given: dict[End, Any] = {s.initial: tensor for s, tensor in zip(plan.states, states, strict=True) if s.initial}
        given[plan.shift, "out"] = inputs[0]
        passed: list[int | End] = []
        for end in plan.context:
            tensor, fresh = self._context_input(end)
            given[end] = tensor
            inputs += fresh
            passed += [end] if end in self.raw else [places[end], *([places[end, "mask"]] if (end, "mask") in places else [])]
        tensors = wiring.run(self.engine, given, set(plan.decoder) - {plan.shift})
        scores = self._scores(tensors[plan.prediction], inputs)
        outputs = [scores, *(wiring.after[s.path, s.name] for s in plan.states)]
        names = (SCORES, *safe_names([f"{s.path}_{s.name}_next" for s in plan.states]))
        step = keras.Model(inputs, one_or_list(outputs), name="step")
        return step, tuple(tensor.name for tensor in inputs), names, tuple(passed)

    def _free(self, name: str) -> str:
        """The name made safe, and not that of a layer of the decoder."""
        taken = self.plan.decoder
        safe = safe_names([name])[0]
        return f"{safe}_input" if safe in taken else safe

    def _token_inputs(self) -> list[Any]:
        if self.plan.form == "state":
            return [self.keras.Input((1,), dtype="int32", name=self._free(TOKEN))]
        return [self.keras.Input((self.plan.length,), dtype="int32", name=self._free(TOKENS)),
                self.keras.Input((), dtype="int32", name=self._free(POSITION))]

    def _context_input(self, end: End) -> tuple[Any, list[Any]]:
        """The tensor of a context end with its mask put back, and the inputs it is made of."""
        facts = self.engine.facts[end[0]].outputs[end[1]]
        name = self._free(self.names[end] if end not in self.raw else end[1])
        tensor = self.keras.Input(facts.shape, dtype=facts.dtype, name=name)
        if not facts.masked or end in self.raw:
            return tensor, [tensor]
        mask = self.keras.Input(facts.shape[:1], name=self._free(f"{name}_mask"))
        return custom_class(self.keras, "WithMask")()([tensor, mask]), [tensor, mask]

    def _scores(self, prediction: Any, inputs: list[Any]) -> Any:
        """Scores [tokens] of the step's position."""
        keras = self.keras
        if self.plan.form == "state":
            return keras.layers.Reshape((self.plan.tokens,))(prediction)
        place = keras.ops.one_hot(inputs[1], self.plan.length)
        return keras.layers.Dot(axes=(1, 1))([place, prediction])


class _StepWiring(Wiring):
    """The walk of the compiler over the decoder, with one step of its cell in place of each recurrent layer."""

    def __init__(self, keras: Any, compiled: Compiled, plan: SequencePlan) -> None:
        super().__init__(keras)
        self.layers.update(compiled.layers)
        self.states: dict[tuple[str, str], Any] = {}
        self.after: dict[tuple[str, str], Any] = {}
        self._form = plan.form

    def _layer(self, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        if self._form != "state" or facts.node.type not in RECURRENT:
            return super()._layer(facts, inputs, place, frozen)
        keras, layer, names = self.keras, self.layers[facts.path], RECURRENT[facts.node.type]
        try:
            x = keras.layers.Flatten()(inputs["in"][0])
            out, after = layer.cell(x, [self.states[facts.path, name] for name in names], training=False)
        except Exception as error:  # Keras raises whatever its backend raised
            raise from_keras(facts.path, facts.node.name, error) from error
        news = list(after) if isinstance(after, (list, tuple)) else [after]
        self.after |= {(facts.path, name): tensor for name, tensor in zip(names, news, strict=True)}
        first = keras.layers.Reshape((1, int(facts.values["units"])))(out) if facts.values.get("return_sequences") else out
        return [first, *news]
