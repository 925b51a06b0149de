"""Every check of the project in one go: style, types, import contracts, tests. Any argument goes on to pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app", "widgets", "graph_compiler", "resources", "tests")
STEPS = (
    ("style", [sys.executable, "-m", "ruff", "check", *CODE]),
    ("types", [sys.executable, "-m", "mypy", "app", "widgets", "graph_compiler"]),
    ("imports", [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]),
    ("tests", [sys.executable, "-m", "pytest", *sys.argv[1:]]),
)


def main() -> int:
    """Run the steps in order; the first failure ends it with its exit code."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TF_CPP_MIN_LOG_LEVEL": "2"}
    for name, command in STEPS:
        print(f"== {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if code:
            print(f"== {name} failed", flush=True)
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
