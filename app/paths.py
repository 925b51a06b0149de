"""Where things are: the templates that come with the program, and the folders of the user.

`find` turns what a person names on the command line, a file or the id of a template, into a document.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs

from graph_compiler.graph.files import FileProblem, load, loads
from graph_compiler.graph.model import Document
from graph_compiler.runs.hashing import sha256
from graph_compiler.runs.listing import folder_for
from resources import FOLDER

SUFFIX = ".netloom"
UNTITLED = "untitled-"
"""How the names of runs begin that belong to a drawing without a file."""


class NotFound(Exception):
    """Neither a file nor a template has that name. The message says so and names what is near."""


@dataclass(frozen=True)
class Opened:
    """A document with where it came from. `path` is None for a template; `stem` names its files, `runs` its runs."""

    name: str
    document: Document
    path: Path | None
    stem: str

    @property
    def runs(self) -> str:
        """The name of the folder its runs are kept under."""
        return runs_name(self.path) if self.path else self.stem

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.document.about.get("title") or self.stem)

    @property
    def folder(self) -> str:
        """The folder relative data paths count from, empty for a template."""
        return str(self.path.resolve().parent) if self.path else ""


def runs_name(path: Path) -> str:
    """The folder name for runs of a file: its stem, and what tells it from files of that name in other folders."""
    place = sha256(str(path.resolve().parent).encode())[:6]
    return f"{path.stem}-{place}"


def forget_runs(path: Path | str | None, runs: str) -> None:
    """Take the runs of a drawing that goes without a file from the disk: nothing leads to them any more."""
    if not path and runs.startswith(UNTITLED):
        shutil.rmtree(folder_for(runs), ignore_errors=True)


def user_data() -> Path:
    """The folder of everything the program keeps for the user."""
    return Path(platformdirs.user_data_dir("netloom", appauthor=False))


def user_log() -> Path:
    """The folder of the details of errors."""
    return Path(platformdirs.user_log_dir("netloom", appauthor=False))


@cache
def _template_files() -> dict[str, Path]:
    return {file.stem: file for file in sorted(FOLDER.joinpath("templates").glob(f"*{SUFFIX}"))}


def template_ids() -> list[str]:
    """Ids of all templates, in order."""
    return list(_template_files())


def template(name: str) -> Document:
    """A template by its id. KeyError when there is none, FileProblem when it is damaged."""
    return loads(_template_files()[name].read_bytes())


def template_about(name: str) -> dict[str, object]:
    """Only what a template says about itself: title, summary, tags, minutes. KeyError when there is none.

    The rest of the file is not looked into, which makes the gallery quick; `template` does so.
    """
    about = json.loads(_template_files()[name].read_bytes()).get("about")
    return about if isinstance(about, dict) else {}


def find(name: str) -> Opened:
    """The document of a file name or template id; a file wins over a template of that name.

    NotFound when there is neither, FileProblem when what is there is no sound document.
    """
    path = Path(name)
    if path.is_file() or (path.suffix == SUFFIX and path.exists()):
        return Opened(name, load(path), path, path.stem)
    if name in _template_files():
        try:
            return Opened(name, template(name), None, name)
        except FileProblem as problem:
            raise problem.of(name + SUFFIX) from None
    if path.is_dir():
        raise NotFound(f"“{name}” is a folder. Name a {SUFFIX} file or a template.{_near(name)}")
    raise NotFound(f"There is no file and no template “{name}”.{_near(name)}")


def _near(name: str) -> str:
    """A sentence with the names that may have been meant: templates, and documents in the folder that was named."""
    import difflib

    path = Path(name)
    try:
        files = [str(found) for found in sorted(path.parent.glob(f"*{SUFFIX}"))[:200]]
    except (OSError, ValueError):
        files = []
    named = {file: Path(file).stem.lower() for file in files} | {name: name for name in template_ids()}
    stems = difflib.get_close_matches(path.stem.lower(), set(named.values()), n=2, cutoff=0.5)
    near = [name for stem in stems for name in named if named[name] == stem]
    if near:
        return f" Did you mean {' or '.join(near[:3])}?"
    return f" Templates are {', '.join(template_ids())}."
