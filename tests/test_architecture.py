"""The contracts that import-linter cannot see: what a running window has imported, and what the code says of itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "widgets", "graph_compiler", "resources")
HEAVY = ("tensorflow", "keras", "onnx", "tf2onnx", "onnxruntime", "sklearn")

WINDOW = """
import sys
from app.shot import shot
shot("digits-cnn", sys.argv[1])
print([name for name in %r if name in sys.modules])
"""


def modules() -> list[Path]:
    """Every module of the program."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path):
    if path == ROOT / "resources" / "__init__.py" or not path.read_text().strip():
        return
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path} has no docstring"


def test_the_open_window_has_imported_nothing_heavy(tmp_path):
    done = subprocess.run([sys.executable, "-c", WINDOW % (HEAVY,), str(tmp_path / "window.png")],
                          capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1] == "[]"
    assert (tmp_path / "window.png").stat().st_size > 20_000


def test_no_file_is_larger_than_one_can_read():
    large = {str(path.relative_to(ROOT)): lines for path in modules()
             if (lines := len(path.read_text().splitlines())) > 400}
    assert not large


def test_no_call_that_makes_a_widget_the_child_of_another_one():
    """PySide takes what these return for a child of what they are asked of, and lets it go with that."""
    stealing = ("nextInFocusChain(", "previousInFocusChain(", "focusProxy(")
    found = [f"{path.relative_to(ROOT)}:{number}" for path in modules()
             for number, line in enumerate(path.read_text().splitlines(), 1) if any(f".{call}" in line for call in stealing)]
    assert found == []
