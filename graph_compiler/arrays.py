"""numpy, imported at its first use: a window that shows a drawing and no data needs none of its 17 MB.

`from graph_compiler.arrays import np` stands for `import numpy as np` in whatever the window imports at its start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["np"]


class Later:
    """A module by its name, imported when something of it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        value = getattr(import_module(self._name), name)
        setattr(self, name, value)  # from now on found without coming here
        return value


if TYPE_CHECKING:
    import numpy as np
else:
    np = Later("numpy")
