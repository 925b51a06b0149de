"""Problems as product text: where, what was expected, what came, what to do, and the edit that does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.graph.edits import Edit
from graph_compiler.specs.refusal import Refusal


@dataclass(frozen=True)
class Fix:
    """One right way out: the words on the button and the edit behind it."""

    label: str
    edit: Edit


@dataclass(frozen=True)
class Diagnostic:
    """One problem. `path` is the node seen from the root (`outer.inner`), empty for the whole drawing.

    `severity` is error (cannot train), warning (can, but is probably not meant) or note.
    `title` has no full stop; `sentence` has.
    """

    code: str
    title: str
    node: str = ""
    path: str = ""
    scope: str = ""
    port: str = ""
    param: str = ""
    severity: str = "error"
    expected: str = ""
    received: str = ""
    hint: str = ""
    fixes: tuple[Fix, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Plain values a fix is made of (see analysis/fixes.py)."""

    @property
    def sentence(self) -> str:
        """Expected and received in one sentence, then the hint."""
        parts = []
        if self.expected and self.received:
            parts.append(f"Expected {self.expected}, received {self.received}.")
        elif self.expected:
            parts.append(f"Expected {self.expected}.")
        if self.hint:
            parts.append(self.hint)
        return " ".join(parts)


def from_refusal(refusal: Refusal, node: str, path: str, scope: str) -> Diagnostic:
    """The diagnostic of a rule's refusal at a node."""
    return Diagnostic(refusal.code, refusal.title, node, path, scope, refusal.port, refusal.param,
                      expected=refusal.expected, received=refusal.received, hint=refusal.hint, facts=refusal.facts)
