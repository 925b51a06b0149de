"""Edits of the document beside its graph: training settings, texts, block definitions."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.edit import UNSET, Edit, EditRefused, sound, sound_edge, sound_node
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.plain import id_problem
from graph_compiler.graph.values import BlockParameter, Json, TrainingSettings


@dataclass(frozen=True)
class SetTraining(Edit):
    """Set one field of the training settings; the value must have the field's type."""

    name: str
    value: Json

    def apply(self, document: Document) -> Edit:
        old = document.training
        if self.name not in TrainingSettings.__struct_fields__:
            raise EditRefused(f"“{self.name}” is not a training setting.")
        try:
            values = sound(msgspec.to_builtins(msgspec.structs.replace(old, **{self.name: self.value})))
            document.training = msgspec.convert(values, TrainingSettings)
        except (msgspec.ValidationError, TypeError) as error:
            raise EditRefused(f"{self.name}: {error}") from None
        return SetTraining(self.name, getattr(old, self.name))

    def changes(self) -> ChangeSet:
        return ChangeSet(training=True)

    def describe(self) -> str:
        return f"set {self.name.replace('_', ' ')} of training"

    @property
    def merge_key(self) -> tuple[str, ...]:
        return ("training", self.name)


@dataclass(frozen=True)
class SetAbout(Edit):
    """Set one text of the document (`title`, `summary`, ...); `UNSET` removes it."""

    name: str
    value: Json

    def apply(self, document: Document) -> Edit:
        old = document.about.get(self.name, UNSET)
        if self.value is UNSET:
            document.about.pop(self.name, None)
        else:
            document.about[self.name] = sound(self.value)
        return SetAbout(self.name, old)

    def changes(self) -> ChangeSet:
        return ChangeSet(about=True)

    def describe(self) -> str:
        return f"set {self.name} of the document"

    @property
    def merge_key(self) -> tuple[str, ...]:
        return ("about", self.name)


def _sound_block(block: BlockDefinition) -> BlockDefinition:
    """A copy, so that edits inside the block never reach the value that an edit holds."""
    fresh = BlockDefinition(Graph(map(sound_node, block.graph.nodes.values())), _sound_parameters(block.parameters),
                            sound(block.summary))
    for edge in block.graph.edges.values():
        if not {edge.source, edge.target} <= block.graph.nodes.keys():
            raise EditRefused("The block has a wire to a node that is not there.")
        fresh.graph.put_edge(sound_edge(edge))
    fresh.extra = sound(block.extra)
    return fresh


def _sound_parameters(parameters: tuple[BlockParameter, ...]) -> tuple[BlockParameter, ...]:
    if len({p.name for p in parameters}) < len(parameters):
        raise EditRefused("Two parameters have the same name.")
    return tuple(msgspec.structs.replace(p, name=sound(p.name), kind=sound(p.kind), default=sound(p.default),
                                         extra=sound(p.extra)) for p in parameters)


@dataclass(frozen=True)
class AddBlock(Edit):
    """Put a block definition into the document."""

    name: str
    definition: BlockDefinition

    def apply(self, document: Document) -> Edit:
        if problem := id_problem(self.name):
            raise EditRefused(problem)
        if self.name in document.blocks:
            raise EditRefused(f"A block “{self.name}” is here already.")
        document.blocks[self.name] = _sound_block(self.definition)
        return RemoveBlock(self.name)

    def changes(self) -> ChangeSet:
        return ChangeSet(blocks=frozenset({self.name}))

    def describe(self) -> str:
        return f"make block {self.name}"


@dataclass(frozen=True)
class RemoveBlock(Edit):
    """Take a block definition away; refused while an instance of it stands anywhere."""

    name: str

    def apply(self, document: Document) -> Edit:
        if self.name not in document.blocks:
            raise EditRefused(f"There is no block named “{self.name}”.")
        for _, graph in document.scopes():
            for node in graph.nodes.values():
                if node.block == self.name:
                    raise EditRefused(f"“{node.id}” still uses the block “{self.name}”.")
        return AddBlock(self.name, document.blocks.pop(self.name))

    def changes(self) -> ChangeSet:
        return ChangeSet(blocks=frozenset({self.name}))

    def describe(self) -> str:
        return f"remove block {self.name}"


@dataclass(frozen=True)
class SetBlockParameters(Edit):
    """Replace the parameters a block declares."""

    name: str
    parameters: tuple[BlockParameter, ...]

    def apply(self, document: Document) -> Edit:
        if self.name not in document.blocks:
            raise EditRefused(f"There is no block named “{self.name}”.")
        block = document.blocks[self.name]
        old, block.parameters = block.parameters, _sound_parameters(tuple(self.parameters))
        return SetBlockParameters(self.name, old)

    def changes(self) -> ChangeSet:
        return ChangeSet(blocks=frozenset({self.name}))

    def describe(self) -> str:
        return f"set parameters of {self.name}"

    @property
    def merge_key(self) -> tuple[str, ...]:
        return ("block parameters", self.name)


@dataclass(frozen=True)
class SetBlockSummary(Edit):
    """Say in words what a block does."""

    name: str
    summary: str

    def apply(self, document: Document) -> Edit:
        if self.name not in document.blocks:
            raise EditRefused(f"There is no block named “{self.name}”.")
        block = document.blocks[self.name]
        old, block.summary = block.summary, str(sound(self.summary))
        return SetBlockSummary(self.name, old)

    def changes(self) -> ChangeSet:
        return ChangeSet(blocks=frozenset({self.name}))

    def describe(self) -> str:
        return f"set summary of {self.name}"

    @property
    def merge_key(self) -> tuple[str, ...]:
        return ("summary", self.name)
