"""Files that left are taken up again: a `.keras` file as weights, every kind of file verified against its drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import ExportProblem
from graph_compiler.graph.model import Document
from graph_compiler.messages import Export, Verify
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.export import export
from graph_compiler.worker.jobs.verify import verify
from tests.helpers.contests import CRITIC, contest
from tests.helpers.drawing import drawing
from tests.helpers.sequences import translator
from tests.helpers.training import run

pytestmark = pytest.mark.slow
FILES = tuple(name for name, spec in FORMATS.items() if not spec.scripts)
EXACT = tuple(name for name in FILES if FORMATS[name].limits is None)


def quiet() -> Context:
    return Context(lambda _: None, Control(), lambda: None)


def pictures() -> Document:
    """A small net of pictures."""
    return drawing("digits Digits", "scaled Rescaling scale=0.0625", "conv Conv2D filters=4 kernel_size=[3,3]", "flat Flatten",
                   "scores Dense units=10 activation=softmax", "loss Loss",
                   "digits.image > scaled > conv > flat > scores > loss.prediction", "digits.label > loss.target")


def judged() -> Document:
    return contest(discriminator=CRITIC)


def trained(document: Document, folder: Path) -> RunFolder:
    """A run folder of a drawing that took a few steps."""
    made = RunFolder.create(folder, document, title="Net")
    run(document, made.path, limit_steps=4)
    return made


def left(made: RunFolder, formats: tuple[str, ...], out: Path, **more: Any) -> dict[str, Any]:
    """What an export of all parts came to."""
    return export(Export(run=str(made.path), formats=formats, out=str(out), parts=("all",), rows=20, **more), quiet())


@pytest.fixture(scope="module", params=[pictures, judged, translator], ids=lambda build: build.__name__)
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, dict[str, Any]]:
    """A run of each kind of drawing with every file of every part, also those over their limits."""
    folder = tmp_path_factory.mktemp(request.param.__name__)
    made = trained(request.param(), folder / "run")
    return made, left(made, FILES, folder / "out", accept=FILES)


# Verified.


def test_every_kind_of_file_is_verified_and_says_its_part_itself(exported: tuple[RunFolder, dict[str, Any]]) -> None:
    made, answer = exported
    assert {row["format"] for row in answer["exports"]} >= {*EXACT, "tflite-float16", "onnx-float16", "tflite-dynamic"}
    for row in answer["exports"]:
        if row["accepted"]:
            with pytest.raises(ExportProblem, match=r"is allowed|are allowed"):
                verify(Verify(run=str(made.path), file=row["path"]), quiet())
            continue
        found = verify(Verify(run=str(made.path), file=row["path"]), quiet())["proof"]
        assert (found["format"], found["part"], found["bytes"]) == (row["format"], row["part"], row["bytes"]), row["path"]
        assert found["max_abs_diff"] <= found["allowed"] or found["judged"] == "mean_abs_diff"


@pytest.mark.parametrize("kind", FILES)
def test_a_torn_file_is_told_in_words(exported: tuple[RunFolder, dict[str, Any]], kind: str, tmp_path: Path) -> None:
    made, answer = exported
    row = next((row for row in answer["exports"] if row["format"] == kind), None)
    if row is None:
        assert any(file["format"] == kind and file["problem"] for file in answer["failed"])
        return
    torn = tmp_path / Path(row["path"]).name
    whole = Path(row["path"])
    if whole.is_dir():
        torn.mkdir()
        (torn / "saved_model.pb").write_bytes((whole / "saved_model.pb").read_bytes()[:200])
    else:
        torn.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(ExportProblem) as caught:
        verify(Verify(run=str(made.path), file=str(torn)), quiet())
    words = f"{caught.value.sentence} {caught.value.hint}"
    assert torn.name in words and ("damaged" in words) and "not kept" not in words, words
    assert torn.exists()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of a drawing that none of the files is of."""
    return trained(drawing("iris Iris", "wide Dense units=3 activation=softmax", "loss Loss",
                           "iris.features > wide > loss.prediction", "iris.species > loss.target"),
                   tmp_path_factory.mktemp("other") / "run")


def test_a_file_of_another_drawing_is_told_in_words(exported: tuple[RunFolder, dict[str, Any]], other: RunFolder) -> None:
    for row in exported[1]["exports"]:
        with pytest.raises((ExportProblem, JobProblem)) as caught:
            verify(Verify(run=str(other.path), file=row["path"]), quiet())
        told = f"{caught.value.sentence} {caught.value.hint}"
        assert any(words in told for words in (
            "was made of another drawing", "was not made of this drawing")), (row["format"], row["part"], told)
        assert "not kept" not in told and Path(row["path"]).exists()


# A saved model as weights.


def test_a_saved_generator_gives_what_has_only_its_layers(tmp_path: Path) -> None:
    made = trained(judged(), tmp_path / "run")
    first = left(made, ("keras", "tflite"), tmp_path / "out")
    saved = next(row["path"] for row in first["exports"] if (row["part"], row["format"]) == ("whole", "keras"))
    again = left(made, ("keras", "tflite"), tmp_path / "again", weights=saved)
    assert [(row["part"], row["format"]) for row in again["exports"]] == [
        ("whole", "keras"), ("whole", "tflite"), ("made", "keras"), ("made", "tflite")]
    by_place = {(row["part"], row["format"]): row for row in first["exports"]}
    for row in again["exports"]:
        before = by_place[row["part"], row["format"]]
        if row["format"] == "tflite":
            assert Path(row["path"]).read_bytes() == Path(before["path"]).read_bytes()
    assert [(file["part"], file["format"]) for file in again["failed"]] == [("judge_fake", "keras"), ("judge_fake", "tflite")]
    for file in again["failed"]:
        assert file["problem"] == ("The weights do not fit these layers. judge_fake.hidden: not in the file; "
                                   "judge_fake.score: not in the file.")


def test_a_saved_encoder_gives_the_encoder_and_not_the_step(tmp_path: Path) -> None:
    made = trained(translator(), tmp_path / "run")
    first = left(made, ("keras",), tmp_path / "out")
    saved = {row["part"]: row["path"] for row in first["exports"]}
    again = left(made, ("onnx",), tmp_path / "again", weights=saved["encoder"])
    assert [row["part"] for row in again["exports"]] == ["encoder"]
    assert [file["part"] for file in again["failed"]] == ["step"]
    assert "not in the file" in again["failed"][0]["problem"]


