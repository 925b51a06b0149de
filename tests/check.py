"""Every check of the project in one go: style, types, import contracts, tests. Any argument goes on to one pytest.

Without arguments the tests run piece by piece, two side by side; each line they print has the piece's name before it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app", "widgets", "graph_compiler", "resources", "tests")
STEPS = (
    ("style", [sys.executable, "-m", "ruff", "check", *CODE]),
    ("types", [sys.executable, "-m", "mypy", "app", "widgets", "graph_compiler"]),
    ("imports", [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]),
)
TEMPLATES = "tests/end2end/test_templates.py"
APART = ("tests/conformance", "tests/end2end", "tests/gui")
PIECES = {
    "templates": [TEMPLATES],
    "conformance": ["tests/conformance"],
    "end2end": ["tests/end2end", f"--ignore={TEMPLATES}"],
    "gui": ["tests/gui"],
    "rest": ["tests", *(f"--ignore={folder}" for folder in APART)]}
"""What one process of tests runs, the longest first: whoever is done takes the next, so that both end about together."""
LANES = 2
TOLD = 70
"""Lines of a piece that failed which are told once more where everything ends: the other pieces bury them."""


def run(name: str, command: list[str], environment: dict[str, str]) -> int:
    """One step with its output as it comes. Its exit code."""
    print(f"== {name}", flush=True)
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if code:
        print(f"== {name} failed", flush=True)
    return code


def lane(waiting: SimpleQueue[str], environment: dict[str, str], codes: dict[str, int], last: dict[str, list[str]]) -> None:
    """Take pieces until none is left; their exit codes go into `codes`, their last lines into `last`."""
    with suppress(Empty):
        while True:
            name = waiting.get_nowait()
            began = time.monotonic()
            codes[name], last[name] = piece(name, environment)
            print(f"== tests, {name}: {time.monotonic() - began:.0f} s", flush=True)


def piece(name: str, environment: dict[str, str]) -> tuple[int, list[str]]:
    """One process of tests, its lines with the name before them. Its exit code and its last lines."""
    command = [sys.executable, "-m", "pytest", *PIECES[name]]
    out, both = subprocess.PIPE, subprocess.STDOUT
    last: deque[str] = deque(maxlen=TOLD)
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=out, stderr=both) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last.append(f"[{name}] {line.rstrip()}")
            print(last[-1], flush=True)
    return process.returncode, list(last)


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
    waiting: SimpleQueue[str] = SimpleQueue()
    for name in PIECES:
        waiting.put(name)
    last: dict[str, list[str]] = {}
    threads = [threading.Thread(target=lane, args=(waiting, environment, codes, last)) for _ in range(LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [name for name, code in codes.items() if code]
    for name in failed:
        print(f"== tests, {name}, its end once more", *last[name], sep="\n", flush=True)
    if failed:
        print("== tests failed: " + ", ".join(failed), flush=True)
    return next((code for code in codes.values() if code), 0)


if __name__ == "__main__":
    sys.exit(main())
