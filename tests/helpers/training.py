"""Runs of small drawings in this process, with everything they said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from graph_compiler.messages import Message, Progress
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.session import Options, Session
from graph_compiler.trainers.training import train
from tests.helpers.drawings import FolderRun

M = TypeVar("M")


class Training:
    """One run. `when(message, control)` sees every message while the run goes on."""

    def __init__(self, document: Document, folder: Path, when: Callable[[Message, Session], None] | None = None,
                 **options: Any) -> None:
        self.messages: list[Message] = []
        self.when = when
        self.result: dict[str, Any] = {}
        self.session = Session(document, registry(), Place(folder, folder), FolderRun(folder), Options(**options), self._take)

    def _take(self, message: Message) -> None:
        self.messages.append(message)
        if self.when is not None:
            self.when(message, self.session)

    def run(self) -> Training:
        """Train to the end; `result` has what came of it."""
        self.result = train(self.session)
        return self

    def said(self, kind: type[M]) -> list[M]:
        """Messages of a kind."""
        return [m for m in self.messages if isinstance(m, kind)]

    @property
    def losses(self) -> list[float]:
        """Losses of single steps (where no message had to average)."""
        return [loss for message in self.said(Progress) for _, loss in message.points]



def run(document: Document, folder: Path, **options: Any) -> Training:
    """A finished training."""
    return Training(document, folder, **options).run()
