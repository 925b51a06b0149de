"""How a rule says no."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A rule refuses its input or parameters.

    `title` is a short sentence without full stop ("Conv2D needs an image"); `expected` and `received` complete
    "Expected ..., received ..."; `hint` says what to do. `port` or `param` is the guilty place.
    """

    def __init__(self, code: str, title: str, *, expected: str = "", received: str = "", hint: str = "",
                 port: str = "", param: str = "", **facts: Any) -> None:
        super().__init__(title)
        self.code = code
        self.title = title
        self.expected = expected
        self.received = received
        self.hint = hint
        self.port = port
        self.param = param
        self.facts = facts
        """Plain values a fix can use (for instance `units=10`)."""
