"""The frozen values a document is made of: nodes, edges, block parameters and training settings.

Every struct keeps keys it does not know in `extra`, so that a newer file survives being saved by an older program.
"""

from __future__ import annotations

from typing import Any

import msgspec

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

ROOT = ""
"""The scope of the root graph; every other scope is the name of a block definition."""

EdgeKey = tuple[str, str, str, str, int]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One node of a graph. `id` never changes; `params` holds only what differs from the default."""

    id: str
    type: str
    label: str = ""
    params: dict[str, Json] = msgspec.field(default_factory=dict)
    x: float = 0.0
    y: float = 0.0
    muted: bool = False
    frozen: bool = False
    block: str = ""
    """For instances (`Block`, `TimeDistributedBlock`): the name of the block definition."""
    weights: str = ""
    """For blocks: the weights name shared with every instance of that name; empty means own weights."""
    extra: dict[str, Json] = msgspec.field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people read: the label, or the block's name, or the type."""
        return self.label or self.block or self.type


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """One wire. `index` orders the wires of a port that takes many (0 for every other port)."""

    source: str
    source_port: str
    target: str
    target_port: str
    index: int = 0
    points: tuple[tuple[float, float], ...] = ()
    """Reroute points in scene coordinates."""
    extra: dict[str, Json] = msgspec.field(default_factory=dict)

    @property
    def key(self) -> EdgeKey:
        """The identity of the wire inside its graph."""
        return (self.source, self.source_port, self.target, self.target_port, self.index)


class BlockParameter(msgspec.Struct, frozen=True, kw_only=True):
    """A typed parameter a block declares: `kind` is int, float, bool or text."""

    name: str
    kind: str = "int"
    default: Json = 0
    extra: dict[str, Json] = msgspec.field(default_factory=dict)


class OptimizerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One Keras optimiser by name with the parameters that differ from Keras's defaults."""

    name: str = "Adam"
    learning_rate: float = 0.001
    params: dict[str, Json] = msgspec.field(default_factory=dict)
    extra: dict[str, Json] = msgspec.field(default_factory=dict)


class ScheduleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the learning rate moves: constant, step, exponential, cosine or plateau, after `warmup_epochs` of linear growth."""

    kind: str = "constant"
    warmup_epochs: float = 0.0
    params: dict[str, Json] = msgspec.field(default_factory=dict)
    extra: dict[str, Json] = msgspec.field(default_factory=dict)


class EarlyStopping(msgspec.Struct, frozen=True, kw_only=True):
    """Stop when `monitor` has not improved by `min_delta` for `patience` epochs; the best weights come back."""

    monitor: str = "val_loss"
    patience: int = 5
    min_delta: float = 0.0
    extra: dict[str, Json] = msgspec.field(default_factory=dict)


class TrainingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a run that is not the drawing. `optimizers[""]` is the default group."""

    batch_size: int = 32
    epochs: int = 5
    seed: int = 0
    optimizers: dict[str, OptimizerSettings] = msgspec.field(default_factory=lambda: {"": OptimizerSettings()})
    schedule: ScheduleSettings = msgspec.field(default_factory=ScheduleSettings)
    early_stopping: EarlyStopping | None = None
    class_weights: str = "none"
    """`none` or `balanced` (inverse frequency of the target's classes on training rows)."""
    l1: float = 0.0
    l2: float = 0.0
    """Penalties added to every kernel that has no regulariser of its own."""
    mixed_precision: bool = False
    """float16 arithmetic on GPUs; ignored on a CPU."""
    shuffle: bool = True
    device: str = "auto"
    step: str = "multi"
    """`plain`, `multi` (many steps a call) or `xla`."""
    extra: dict[str, Json] = msgspec.field(default_factory=dict)
