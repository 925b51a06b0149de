"""Blocks as Python classes: an object makes its layers once, and each call of it uses them on other tensors."""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import dataclass
from typing import Any

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.source_layers import layer_expression, shown, wrapped
from graph_compiler.build.source_values import Names, plain_text, written_value, written_values
from graph_compiler.build.wiring import StandIn, Wiring, call_arguments, upstream
from graph_compiler.graph.blocks.inside import EACH_STEP, INPUT, OUTPUT, boundary, port_name
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from graph_compiler.layers.custom.registry import definitions
from graph_compiler.specs.nodes import LayerSpec


@dataclass(frozen=True)
class BlockClass:
    """A class that was written: its name, and the block parameters that its constructor takes, as it calls them."""

    name: str
    parameters: dict[str, str]
    freezes: bool
    """Whether its constructor takes `trainable`."""


class Blocks:
    """The classes of a script: one a block, or several where instances differ in more than its parameters say."""

    def __init__(self, engine: GraphEngine) -> None:
        self.own: list[str] = []
        """Our layer classes that are called, by name."""
        self.each_step = False
        """Whether some block works at every step of a series."""
        self._texts: list[str] = []
        self._made: dict[int, BlockClass] = {}
        self._same: dict[tuple[str, str], BlockClass] = {}
        self._frozen = _frozen_blocks(engine)
        self._names = ["keras", "model", "each_step", *definitions(), *keyword.kwlist]
        self.variables: list[str] = [p.name for block in engine.document.blocks.values() for p in block.parameters]
        """Names that classes must not have."""

    @property
    def taken(self) -> list[str]:
        """Names that variables must not have."""
        return self._names

    @property
    def classes(self) -> list[str]:
        """The classes of ours and of blocks that the script calls, each once, those that are used by others first."""
        texts = [f"\n{definitions()[name]}\n" for name in self.own] + [f"\n{text}\n" for text in self._texts]
        texts = [f"\n{_EACH_STEP}\n", *texts] if self.each_step else texts
        return [*texts, ""] if texts else []

    def instance(self, engine: GraphEngine, facts: Facts, name: str, trainable: str, names: Names) -> str:
        """The call that makes the object of an instance. `names` are the parameters in force around it."""
        node, made = facts.node, self.of(engine, facts)
        declared = engine.document.blocks[node.block].parameters
        given = [f"{made.parameters[p.name]}={written_value(node.params[p.name], facts.values[p.name], names)}"
                 for p in declared if p.name in made.parameters and p.name in node.params]
        if made.freezes and trainable:
            given.append(f"trainable={trainable}")
        return f"{made.name}({', '.join([name, *given])})"

    def of(self, engine: GraphEngine, facts: Facts) -> BlockClass:
        """The class of an instance's inside."""
        core = engine.inner[facts.node.id].core
        if id(core) not in self._made:
            body = _Body(self, core, facts.node.block in self._frozen)
            key = facts.node.block, body.text("")
            if key not in self._same:
                name = safe_names([*self._names, *self.variables, _camel(facts.node.block)])[-1]
                self._names.append(name)
                self._same[key] = BlockClass(name, body.used, facts.node.block in self._frozen)
                self._texts.append(body.text(name))
            self._made[id(core)] = self._same[key]
        return self._made[id(core)]


class Lines(Wiring):
    """The compiler's walk with variable names in the place of tensors and lines in the place of layers.

    It writes the network that is used: layers that change several tensors alike in training stand aside.
    """

    def __init__(self, blocks: Blocks, used: list[str]) -> None:
        super().__init__(None, resting=True)
        self.blocks = blocks
        self.lines: list[str] = []
        self.instances: dict[tuple[str, str], str] = {}
        self.names = Names()
        self._used = used

    def variable(self, name: str) -> str:
        """A fresh Python name made of `name`."""
        made = safe_names([*self._used, *self.blocks.taken, name])[-1]
        self._used.append(made)
        return made

    def layer(self, facts: Facts, name: str, trainable: str) -> tuple[str, str]:
        """The call that makes a layer of a name (as text), and what has to be set on it afterwards (empty as a rule)."""
        spec = facts.spec
        if not isinstance(spec, LayerSpec):
            raise BuildProblem(facts.path, f"{facts.node.type} is not a layer.")
        if spec.defined_as and spec.defined_as not in self.blocks.own:
            self.blocks.own.append(spec.defined_as)
        made = layer_expression(spec, facts.values, _MARK, trainable, written_values(facts, self.names))
        later = f"trainable = {trainable}" if trainable and f"trainable={trainable}" not in made else ""
        return re.sub(f"[\"']{_MARK}[\"']", lambda _: name, made), later

    def standing(self, facts: Facts, stand_in: StandIn, name: str) -> str:
        """The call that makes the layer that stands for one, under its name (as text)."""
        given = [*(f"{key}={value!r}" for key, value in stand_in[1].items() if value is not None), f"name={name}"]
        return f"keras.layers.{stand_in[0]}({', '.join(given)})"

    def call(self, facts: Facts, inputs: dict[str, list[Any]]) -> str:
        """The arguments of a layer's call."""
        arguments, named = call_arguments(facts, inputs)
        return ", ".join([*map(shown, arguments), *(f"{name}={shown(value)}" for name, value in named.items())])

    def each_step(self, engine: GraphEngine, facts: Facts, made: str, name: str) -> str:
        """The object of a block as it is called: inside a TimeDistributed of a name (as text) if it works at every step."""
        if facts.node.type != EACH_STEP:
            return made
        self.blocks.each_step = True
        (given,) = engine.inner[facts.node.id].given.values()
        return f"each_step({made}, {given.shape!r}, {json.dumps(given.dtype)}, {name})"

    def block_call(self, facts: Facts, inputs: dict[str, list[Any]]) -> str:
        """The arguments of a block's call: a tensor for each of its input ports."""
        connected = [port.name for port in facts.ports_in if port.name in facts.inputs]
        return ", ".join(str(inputs[name][0]) if name in inputs else "None" for name in connected)

    def outputs(self, document: Document, node: Node) -> list[str]:
        """Variables for what a block gives."""
        ports = [port_name(n) for n in boundary(document.blocks[node.block], OUTPUT)]
        return [self.variable(node.id if len(ports) == 1 else f"{node.id}_{port}") for port in ports]


_EACH_STEP = '''def each_step(block, shape, dtype, name):
    """A block at every step of a series."""
    step = keras.Input(shape, dtype=dtype)
    return keras.layers.TimeDistributed(keras.Model(step, block(step)), name=name)'''
_MARK = "the-name-of-the-layer"
_INDENT = 8


class _Body(Lines):
    """The inside of a block as a class: what its constructor makes, and what a call of it does."""

    def __init__(self, blocks: Blocks, core: GraphEngine, freezes: bool) -> None:
        super().__init__(blocks, ["self", "name", "trainable"])
        definition = core.document.blocks[core.scope]
        self._block_name, self._summary, self._freezes = core.scope, definition.summary, freezes
        self.making: list[str] = []
        self._attributes: list[str] = []
        self.names = Names({p.name: self.variable(p.name) for p in definition.parameters})
        self._defaults = {p.name: plain_text(p.default) for p in definition.parameters}
        ins, outs = boundary(definition, INPUT), boundary(definition, OUTPUT)
        self._arguments = {n.id: self.variable(port_name(n)) for n in ins if n.id in core.given}
        given = {(node_id, "out"): name for node_id, name in self._arguments.items()}
        tensors = self.run(core, given, upstream(core.graph, [n.id for n in outs]))
        self._returned = [tensors.get((n.id, "out"), "None") for n in outs]
        self.used = {name: text for name, text in self.names.variables.items() if name in self.names.used}

    def text(self, name: str) -> str:
        """The class under a name."""
        about = json.dumps(self._summary or f"The block {self._block_name}.", ensure_ascii=False)[1:-1]
        taken = [f"{text}={self._defaults[own]}" for own, text in self.used.items()]
        taken += ["trainable=True"] if self._freezes else []
        return "\n".join([
            f"class {name}:", f'    """{about}"""', "", f"    def __init__({', '.join(['self', 'name', *taken])}):",
            *(f"        {line}" for line in self.making or ["pass"]), "",
            f"    def __call__({', '.join(['self', *self._arguments.values()])}):", *(f"        {line}" for line in self.lines),
            f"        return {', '.join(self._returned)}"])

    def _attribute(self, name: str) -> str:
        made = safe_names([*self._attributes, *keyword.kwlist, name])[-1]
        self._attributes.append(made)
        return f"self.{made}"

    def _trainable(self, node: Node) -> str:
        return "False" if node.frozen else "trainable" if self._freezes else ""

    def _layer(self, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        node = facts.node
        call = self.call(facts, self.spared(facts, inputs, node.id))
        made, later = self.layer(facts, _inner_name(node.id), self._trainable(node))
        attribute = self._attribute(node.id)
        self.making += wrapped(f"{attribute} = {made}", _INDENT)
        self.making += [f"{attribute}.{later}"] if later else []
        outs = [self.variable(node.id if n == 0 else f"{node.id}_{port.name}") for n, port in enumerate(facts.ports_out)]
        self.lines += wrapped(f"{', '.join(outs)} = {attribute}({call})", _INDENT)
        return outs

    def stand(self, facts: Facts, stand_in: StandIn, tensor: Any, place: str) -> Any:
        attribute, out = self._attribute(facts.node.id), self.variable(facts.node.id)
        self.making += wrapped(f"{attribute} = {self.standing(facts, stand_in, _inner_name(facts.node.id))}")
        self.lines += wrapped(f"{out} = {attribute}({tensor})")
        return out

    def _copy(self, name: str, tensor: Any) -> Any:
        attribute, copied = self._attribute(name), self.variable(name)
        self.making += wrapped(f"{attribute} = keras.layers.Rescaling(1.0, name={_inner_name(name)})", _INDENT)
        self.lines += wrapped(f"{copied} = {attribute}({tensor})", _INDENT)
        return copied

    def _block(self, engine: GraphEngine, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        node, key = facts.node, (facts.node.block, facts.node.weights or f".{facts.node.id}")
        if key not in self.instances:
            self.instances[key] = self._attribute(f"{node.block}_{node.weights}" if node.weights else node.id)
            made = self.blocks.instance(engine, facts, _inner_name(node.id), self._trainable(node), self.names)
            self.making += wrapped(f"{self.instances[key]} = {made}", _INDENT)
        called = self.each_step(engine, facts, self.instances[key], _inner_name(node.id))
        if called != self.instances[key]:
            attribute = self._attribute(f"{node.id}_each")
            self.making += wrapped(f"{attribute} = {called}", _INDENT)
            called = attribute
        outs = self.outputs(engine.document, node)
        self.lines += wrapped(f"{', '.join(outs)} = {called}({self.block_call(facts, inputs)})", _INDENT)
        return outs


def _inner_name(name: str) -> str:
    """The text of an inner layer's name: that of the object, a dot, its own."""
    own = json.dumps(name).replace("{", "{{").replace("}", "}}")
    return f'f"{{name}}.{own[1:]}'


def _camel(name: str) -> str:
    """The name of a class: `residual block` becomes `ResidualBlock`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words) or "Block"


def _frozen_blocks(engine: GraphEngine) -> frozenset[str]:
    """Blocks of which some instance is frozen, itself or by one around it."""
    found, seen, todo = set(), set[int](), [engine]
    while todo:
        for inner in todo.pop().inner.values():
            if id(inner) not in seen:
                seen.add(id(inner))
                todo.append(inner)
                found |= {inner.scope} if inner.frozen else set()
    return frozenset(found)
