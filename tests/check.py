"""Every check of the project in one go: style, types, import contracts, tests. Any argument goes on to one pytest.

Without arguments the tests run in two processes side by side; each line they print has the lane's name before it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app", "widgets", "graph_compiler", "resources", "tests")
STEPS = (
    ("style", [sys.executable, "-m", "ruff", "check", *CODE]),
    ("types", [sys.executable, "-m", "mypy", "app", "widgets", "graph_compiler"]),
    ("imports", [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]),
)
APART = ("tests/conformance", "tests/end2end")
"""Folders that take about as long as all others together."""
LANES = {"long": list(APART), "rest": ["tests", *(f"--ignore={folder}" for folder in APART)]}


def run(name: str, command: list[str], environment: dict[str, str]) -> int:
    """One step with its output as it comes. Its exit code."""
    print(f"== {name}", flush=True)
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if code:
        print(f"== {name} failed", flush=True)
    return code


def lane(name: str, environment: dict[str, str], codes: dict[str, int]) -> None:
    """One process of tests; its exit code goes into `codes`."""
    command = [sys.executable, "-m", "pytest", *LANES[name]]
    out, both = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=out, stderr=both) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(f"[{name}] {line}", end="", flush=True)
    codes[name] = process.returncode


def main() -> int:
    """Run the steps in order; the first failure ends it with its exit code."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TF_CPP_MIN_LOG_LEVEL": "2"}
    for name, command in STEPS:
        if code := run(name, command, environment):
            return code
    if sys.argv[1:]:
        return run("tests", [sys.executable, "-m", "pytest", *sys.argv[1:]], environment)
    print("== tests", flush=True)
    codes: dict[str, int] = {}
    threads = [threading.Thread(target=lane, args=(name, environment, codes)) for name in LANES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if any(codes.values()):
        print("== tests failed: " + ", ".join(name for name, code in codes.items() if code), flush=True)
    return next((code for code in codes.values() if code), 0)


if __name__ == "__main__":
    sys.exit(main())
