"""`netloom export` and `netloom verify` as people use them: real processes, real files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end2end.test_cli import last_object, netloom

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few steps of digits-mlp."""
    folder = tmp_path_factory.mktemp("export") / "run"
    done = netloom("run", "digits-mlp", "--limit-steps", "60", "--out", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def exported(run: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = run.parent / "out"
    return out, netloom("export", "digits-mlp", "--weights", str(run), "--out", str(out), "--json", "--to",
                        "tflite,tflite-float16,tflite-dynamic,tflite-int8:ends=int8,onnx:opset=15,onnx-int8,savedmodel")


def test_all_files_are_written_and_proven(exported: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, done = exported
    assert done.returncode == 0, done.stderr
    told = last_object(done)
    assert [row["format"] for row in told["exports"]] == [
        "tflite", "tflite-float16", "tflite-dynamic", "tflite-int8", "onnx", "onnx-int8", "savedmodel"]
    assert told["failed"] == [] and told["out"] == str(out)
    rows = {row["format"]: row for row in json.loads((out / "proof.json").read_text())}
    assert rows["tflite-int8"]["options"] == {"ends": "int8", "batch": "auto"} and rows["onnx"]["options"] == {"opset": "15"}
    size = {name: row["bytes"] for name, row in rows.items()}
    assert size["tflite-float16"] < 0.55 * size["tflite"] and size["tflite-dynamic"] < 0.35 * size["tflite"]
    assert all(row["latency_all_ms"] > 0 for row in rows.values())
    assert not list(out.glob(".*"))


def test_a_file_is_verified_against_the_drawing_it_came_from(run: Path, exported: object) -> None:
    for name in ("digits-mlp-int8.tflite", "digits-mlp.onnx"):
        done = netloom("verify", str(run.parent / "out" / name), "--against", "digits-mlp", "--weights", str(run), "--json")
        assert done.returncode == 0, done.stderr
        told = last_object(done)
        assert told["agrees"] and told["format"] == ("tflite-int8" if "int8" in name else "onnx")


def test_a_file_of_other_weights_does_not_agree_and_stays(run: Path, exported: object) -> None:
    path = run.parent / "out" / "digits-mlp.tflite"
    other = run.parent / "other"
    assert netloom("run", "digits-mlp", "--limit-steps", "2", "--seed", "9", "--out", str(other)).returncode == 0
    done = netloom("verify", str(path), "--against", "digits-mlp", "--weights", str(other), "--json")
    assert done.returncode == 3 and path.is_file()
    told = last_object(done)
    assert not told["agrees"] and "differs from Keras" in told["problem"] and "not kept" not in told["problem"]


def test_a_file_of_weights_is_enough(run: Path, tmp_path: Path) -> None:
    weights = next(run.glob("checkpoints/final/*.weights.h5"))
    done = netloom("export", "digits-mlp", "--weights", str(weights), "--to", "keras", "--out", str(tmp_path), "--rows", "7")
    assert done.returncode == 0, done.stderr
    assert [row["rows"] for row in json.loads((tmp_path / "proof.json").read_text())] == [7]
    assert done.stdout.startswith("keras: ") and (tmp_path / "digits-mlp.keras").is_file()
    without = netloom("export", "digits-mlp", "--weights", str(weights), "--to", "keras")
    assert without.returncode == 2 and "Say with --out where the files go" in without.stderr


@pytest.mark.parametrize(("given", "words"), [
    (["--to", "tflight"], "“tflight” is no export format"),
    (["--to", "onnx:opset=12"], "“12” is no opset of ONNX"),
    (["--to", "onnx:opset"], "“opset” is no choice: write it as opset=15"),
])
def test_what_is_written_wrongly_is_told(given: list[str], words: str, tmp_path: Path) -> None:
    done = netloom("export", "digits-mlp", "--weights", str(tmp_path), *given)
    assert done.returncode == 2 and words in done.stderr


def test_the_help_names_every_format_and_choice() -> None:
    done = subprocess.run([sys.executable, "-m", "app.main", "export", "--help"], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).resolve().parents[2])
    for words in ("tflite-int16x8", ":ends=float|int8", ":opset=17|13", "savedmodel", "--accept"):
        assert words in done.stdout
