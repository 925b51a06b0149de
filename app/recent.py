"""The recent files as menus list them: those that are there, each with a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from app.settings import Settings


def present(settings: Settings) -> dict[str, str]:
    """Paths of the recent files that are still there, newest first, with what to call them.

    The others stay in the settings: those on a drive that is not there now come back with it.
    """
    return called([name for name in settings.recent if Path(name).is_file()])


def called(files: Sequence[str]) -> dict[str, str]:
    """File names by their paths; with the folder where two files have one name."""
    times = Counter(Path(file).name for file in files)
    return {file: path.name if times[path.name] == 1 else f"{path.name} in {path.parent}"
            for file in files for path in [Path(file)]}
