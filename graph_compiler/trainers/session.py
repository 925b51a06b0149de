"""One training: what is trained, where it may look, where it writes, whom it tells, and how it is held or stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from graph_compiler.graph.model import Document
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.messages import Done, Failed, Message, Train
from graph_compiler.specs.datasets import Place
from graph_compiler.specs.registry import Registry
from graph_compiler.trainers.problems import Dropped, explain


class Run(Protocol):
    """What a trainer needs of a run folder."""

    @property
    def checkpoints(self) -> Path:
        """The folder checkpoints go to; it exists."""


class Control:
    """How a training is held and stopped from another thread. States: "" (go on), pause, stop (and keep), drop."""

    def __init__(self) -> None:
        self._state = ""
        self._changed = threading.Condition()
        self.miniatures = False
        self.watch = ""

    def set(self, state: str) -> None:
        """Ask for a state. A stop or drop cannot be taken back."""
        with self._changed:
            if self._state not in ("stop", "drop") or state == "drop":
                self._state = state
            self._changed.notify_all()

    def poll(self) -> str:
        """What is asked for now."""
        return self._state

    def wait_while_paused(self) -> str:
        """Block until something else than a pause is asked for, and say what."""
        with self._changed:
            self._changed.wait_for(lambda: self._state != "pause")
            return self._state


@dataclass(frozen=True)
class Options:
    """What a request sets over the document's training settings; None and empty leave them as they are."""

    epochs: int | None = None
    batch_size: int | None = None
    seed: int | None = None
    device: str = ""
    step: str = ""
    limit_steps: int | None = None
    resume: str = ""
    """A checkpoint folder of this run to go on from exactly."""
    continue_from: str = ""
    """Another run's folder, a checkpoint or a weights file whose weights start this run."""
    miniatures: bool = False
    watch: str = ""

    @classmethod
    def of(cls, request: Train) -> Options:
        """The options of a request."""
        return cls(**{name: getattr(request, name) for name in cls.__dataclass_fields__})

    def over(self, settings: TrainingSettings) -> TrainingSettings:
        """The settings in force."""
        given = {name: getattr(self, name) for name in ("epochs", "batch_size", "seed") if getattr(self, name) is not None}
        given |= {name: getattr(self, name) for name in ("device", "step") if getattr(self, name)}
        return msgspec.structs.replace(settings, **given)


@dataclass
class Session:
    """Everything a trainer gets. `emit` may be called from the training thread only."""

    document: Document
    registry: Registry
    place: Place
    run: Run
    options: Options = field(default_factory=Options)
    emit: Callable[[Message], None] = lambda message: None
    control: Control = field(default_factory=Control)

    @property
    def settings(self) -> TrainingSettings:
        """The training settings in force: the document's with the request's over them."""
        return self.options.over(self.document.training)


def conclude(session: Session, train: Callable[[Session], dict[str, Any]]) -> Done | Failed:
    """Run a trainer to its end, whatever that is. The message is returned, not emitted.

    A run that the user dropped ends with `Done(result={"dropped": True})`; removing its folder is the caller's business.
    """
    try:
        return Done(result=train(session))
    except Dropped:
        return Done(result={"dropped": True})
    except Exception as error:  # every end of a training is told
        return explain(error, session.settings.batch_size)
