"""What the program remembers between starts: theme, window, recent files. One JSON file in the user's configuration folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from graph_compiler.graph.files import FileProblem, write_atomically

MOST_RECENT = 12


class Settings(msgspec.Struct, kw_only=True):
    """Values with their defaults; a file that is missing or damaged gives these."""

    theme: str = "system"
    contrast: bool = False
    """Lines and borders in the colour of captions."""
    text_size: int = 100
    """In percent."""
    still: bool = False
    """Reduced motion: nothing slides or fades."""
    recent: list[str] = []
    geometry: str = ""
    """Window geometry and docks as Qt saves them, base64."""
    docks: str = ""
    workbench_height: int = 507
    minimap: bool = True
    live: bool = False
    """Live miniatures on the cards while training."""
    snap: bool = True
    wires: str = "curved"
    """How wires are drawn: curved, straight or angled."""
    flow: str = "right"
    """Data flows to the right, or down."""
    only_selected: bool = False
    """Only the wires of the selection are drawn."""
    layers: list[str] = []
    """What was added last, newest first: the search lists it first."""
    families: list[str] | None = None
    """Open families of the palette, None before the first choice."""
    toured: bool = False
    """Whether the tour has been shown."""
    shortcuts: dict[str, str] = {}
    """Keys the user has chosen, by command; empty for none."""
    extra: dict[str, Any] = {}


def settings_file() -> Path:
    """Where the settings lie."""
    return Path(platformdirs.user_config_dir("netloom", appauthor=False)) / "settings.json"


def load_settings(path: Path | None = None) -> Settings:
    """The settings; defaults for a file that is missing or damaged."""
    try:
        return msgspec.json.decode((path or settings_file()).read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return Settings()


def save_settings(settings: Settings, path: Path | None = None) -> bool:
    """Write the settings whole or not at all; False when the folder cannot be written (nothing else is lost by that)."""
    target = path or settings_file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, msgspec.json.format(msgspec.json.encode(settings), indent=1))
    except (OSError, FileProblem):
        return False
    return True


def remember_file(settings: Settings, path: Path) -> None:
    """Put a file first among the recent ones."""
    name = str(path)
    settings.recent = [name, *(r for r in settings.recent if r != name)][:MOST_RECENT]
