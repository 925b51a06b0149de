"""numpy, imported at its first use: a window that shows a drawing and no data needs none of its 17 MB.

`from graph_compiler.arrays import np` stands for `import numpy as np` in whatever the window imports at its start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["np"]


class Later:
    """A module by its name, imported when something of it is first asked for."""

    __slots__ = ("__dict__", "_name")

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        module = import_module(self._name)
        self.__dict__ = vars(module)  # from now on everything is found without coming here
        return getattr(module, name)


if TYPE_CHECKING:
    import numpy as np
else:
    np = Later("numpy")
