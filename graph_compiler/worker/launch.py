"""The command that starts a worker, from an installed program, from a source checkout, and from a frozen build.

`-P` keeps the working directory off the path: a folder named `app` beside a downloaded document must not be executed.
"""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

HOME = Path(__file__).resolve().parents[2]
"""The folder that holds the packages."""
SWITCH = "--worker"
SPARE = "--spare"
MODULE = "graph_compiler.worker"

_FROM_SOURCE = "import sys; sys.path.insert(0, {home!r}); from graph_compiler.worker.process import main; sys.exit(main())"


def command(spare: bool = False) -> list[str]:
    """The command line of a worker; a spare does its imports at low priority."""
    rest = [SPARE] if spare else []
    if getattr(sys, "frozen", False):
        return [sys.executable, SWITCH, *rest]
    if str(HOME) in _installed():
        return [sys.executable, "-P", "-m", MODULE, *rest]
    return [sys.executable, "-P", "-c", _FROM_SOURCE.format(home=str(HOME)), *rest]


def _installed() -> set[str]:
    """Folders that every Python of this installation has on its path."""
    import sysconfig

    paths = [*site.getsitepackages(), site.getusersitepackages() if site.ENABLE_USER_SITE else "",
             sysconfig.get_path("purelib")]
    return {str(Path(path).resolve()) for path in paths if path}


def start(line: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a worker in a group of its own, with three pipes. OSError when it cannot be started."""
    import subprocess

    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    return subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
                            env=environment, bufsize=0, **_group())


def _group() -> dict[str, Any]:
    """What keeps Ctrl+C in a terminal from reaching the worker, and lets its children be killed with it."""
    if sys.platform == "win32":
        import subprocess

        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
