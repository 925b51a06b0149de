"""Each template: a few steps of training, every export reopened and proven, from the command line in processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.paths import template_ids

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("keras", "tflite", "onnx")


@pytest.mark.slow
@pytest.mark.parametrize("name", template_ids())
def test_a_template_trains_exports_and_agrees(name, tmp_path):
    command = [sys.executable, "-m", "app.main", "run", name, "--limit-steps", "20", "--export", ",".join(FORMATS),
               "--part", "all", "--out", str(tmp_path / "run"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert answer["figure"]["name"]
    parts = {export["part"] for export in answer["exports"]}
    assert len(answer["exports"]) == len(parts) * len(FORMATS)
    for row in json.loads((tmp_path / "run" / "exports" / "proof.json").read_text()):
        assert Path(row["path"]).stat().st_size == row["bytes"]
        assert row["max_abs_diff"] <= row["allowed"]
        if row["before"] is not None:
            assert row["after"] == pytest.approx(row["before"], rel=1e-5)
