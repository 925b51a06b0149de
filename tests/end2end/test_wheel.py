"""The built wheel, installed in a new environment, runs from a folder full of decoys."""

from __future__ import annotations

import json
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IGNORED = shutil.ignore_patterns(".git", ".venv*", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")


def ignored(folder: str, names: list[str]) -> set[str]:
    """What of a folder is no source. `graph_compiler/build` is; a `build` at the top is what an older build left."""
    left_over = {"build", "dist"} & set(names) if Path(folder) == ROOT else set()
    return IGNORED(folder, names) | left_over


def run(*command: str, cwd: Path) -> str:
    """Standard output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}\n{done.stderr[-1500:]}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The `netloom` command of a new environment. Dependencies come from the running one; the program only from the wheel."""
    base = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, base / "source", ignore=ignored)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(base / "dist"), str(base / "source"),
        cwd=base)
    venv.create(base / "env", with_pip=False)
    python = base / "env" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet",
        str(next((base / "dist").glob("*.whl"))), cwd=base)
    packages = next((base / "env" / "lib").glob("python*")) / "site-packages"
    others = [p for p in site.getsitepackages() if Path(p).is_dir()]
    (packages / "dependencies.pth").write_text("\n".join(others) + "\n")
    return base / "env" / "bin" / "netloom"


@pytest.fixture
def decoys(tmp_path) -> Path:
    """A folder in which every one of our names is taken by code that must not run."""
    for name in ("app", "widgets", "graph_compiler", "resources"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('the decoy was executed')\n")
    return tmp_path


def test_the_templates_are_in_the_wheel(installed, decoys):
    found = json.loads(run(str(installed), "templates", "--json", cwd=decoys))
    assert {"digits-cnn", "iris"} <= {row["id"] for row in found}


def test_a_template_trains_in_a_worker_of_the_installed_program(installed, decoys):
    out = run(str(installed), "run", "iris", "--epochs", "1", "--out", str(decoys / "run"), "--json", cwd=decoys)
    assert json.loads(out.strip().splitlines()[-1])["epochs"] == 1
