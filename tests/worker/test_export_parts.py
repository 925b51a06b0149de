"""Parts that leave: the blocks of a contest, encoder and step of a translator; the exported step in a loop is the program's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.readiness import part_readiness
from graph_compiler.build.generating import Generator
from graph_compiler.build.sequences import sequence_models
from graph_compiler.catalog import registry
from graph_compiler.exporters.proofs import read_proofs
from graph_compiler.graph.model import Document
from graph_compiler.messages import Export, Message, Proof
from graph_compiler.runs.folder import RunFolder
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.checkpoints import restored
from graph_compiler.trainers.session import Control
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.export import export
from graph_compiler.worker.jobs.restored import with_data
from tests.helpers.contests import CRITIC, contest
from tests.helpers.drawing import drawing
from tests.helpers.sequences import text_model, transformer, translator
from tests.helpers.training import run


def trained(document: Document, folder: Path) -> RunFolder:
    """A run folder of a drawing that took a few steps."""
    made = RunFolder.create(folder, document, title="Net")
    run(document, made.path, limit_steps=2)
    return made


def exported(made: RunFolder, parts: tuple[str, ...] = (), formats: tuple[str, ...] = ("tflite", "onnx")) -> dict[str, Any]:
    said: list[Message] = []
    request = Export(run=str(made.path), formats=formats, out="", parts=parts)
    answer = export(request, Context(said.append, Control(), lambda: None))
    assert not answer["failed"], answer["failed"]
    assert {(m.part, m.format) for m in said if isinstance(m, Proof)} == {(r["part"], r["format"]) for r in answer["exports"]}
    return answer


def test_a_generator_and_its_discriminator_leave_apart(tmp_path: Path) -> None:
    made = trained(contest(discriminator=CRITIC), tmp_path / "run")
    rows = exported(made, ("all",))["exports"]
    assert [(row["part"], row["format"]) for row in rows] == [
        (part, kind) for part in ("whole", "made", "judge_fake") for kind in ("tflite", "onnx")]
    assert {Path(row["path"]).name for row in rows} >= {"net.tflite", "net-made.onnx", "net-judge_fake.tflite"}
    beside = json.loads((made.exports / "proof.json").read_text())
    assert [row["path"] for row in beside] == [row["path"] for row in rows]
    told = json.loads((made.exports / "model.json").read_text())["parts"][0]
    assert [(i["name"], i["shape"]) for i in told["inputs"]] == [("noise", [None, 4])]
    Path(rows[-1]["path"]).unlink()
    (later,) = exported(made, ("whole",), ("keras",))["exports"]
    assert [row["path"] for row in read_proofs(made.exports)] == [row["path"] for row in (*rows[:-1], later)]


def test_what_has_no_file_is_refused_in_the_words_that_were_said_before(tmp_path: Path) -> None:
    """A converter's own words are of operations; what is possible all the same is made."""
    document = drawing("digits Digits", "scaled Rescaling scale=0.0625", "up UpSampling2D interpolation=bicubic",
                       "flat Flatten", "norm LayerNormalization", "net Dense units=10", "loss Loss",
                       "digits.image > scaled > up > flat > norm > net > loss.prediction", "digits.label > loss.target")
    made = trained(document, tmp_path / "run")
    ready = part_readiness(Analyzer(document, registry()))
    said: list[Message] = []
    request = Export(run=str(made.path), formats=("tflite", "tflite-int16x8", "onnx"), out="", rows=8)
    answer = export(request, Context(said.append, Control(), lambda: None))
    assert [row["format"] for row in answer["exports"]] == ["onnx"]
    words = {one["format"]: (one["problem"], one["node"]) for one in answer["failed"]}
    assert words == {name: (ready[name].kept[0].sentence, "up") for name in ("tflite", "tflite-int16x8")}
    assert "enlarges by nearest and bilinear only" in words["tflite"][0]
    assert {m.format: m.problem for m in said if isinstance(m, Proof) and m.problem} == {name: found for name, (found, _) in
                                                                                        words.items()}


def test_a_part_that_is_none_is_named(tmp_path: Path) -> None:
    made = trained(contest(discriminator=CRITIC), tmp_path / "run")
    with pytest.raises(JobProblem, match="no part “step”"):
        exported(made, ("step",))


@pytest.mark.slow
@pytest.mark.parametrize("document", [transformer, text_model, translator], ids=lambda f: f.__name__)
def test_exported_steps_in_a_loop_generate_what_the_program_does(document: Any, tmp_path: Path) -> None:
    made = trained(document(), tmp_path / "run")
    rows = exported(made)["exports"]
    compiled = restored(made.document(), registry(), made.path)
    data = with_data(made, compiled, Place(tmp_path, tmp_path))
    generator = Generator(sequence_models(compiled))
    columns = {end: data.column("test", end, 3) for end in generator.reads}
    wanted = generator.greedy(columns, rows=3)
    for kind in ("tflite", "onnx"):
        files = {row["part"]: Path(row["path"]) for row in rows if row["format"] == kind}
        parts = json.loads((made.exports / "model.json").read_text())["parts"]
        told = next(part for part in parts if part["name"] == "step")
        np.testing.assert_array_equal(looped(files, kind, told, {end[1]: array for end, array in columns.items()}), wanted)


def looped(files: dict[str, Path], kind: str, told: dict[str, Any], columns: dict[str, np.ndarray]) -> np.ndarray:
    """Greedy generation with nothing but the files and the description beside them, one row at a time."""
    sequence, names = told["sequence"], [i["name"] for i in told["inputs"]]
    shapes = {i["name"]: i["shape"] for i in told["inputs"]}
    out = np.zeros((3, sequence["length"]), np.int32)
    for row in range(3):
        encoded = dict(columns)
        if "encoder" in files:
            made = runtime(files["encoder"], kind)({name: array[row:row + 1] for name, array in columns.items()})
            encoded = made
        step = runtime(files["step"], kind)
        states = {name: np.zeros([1, *shapes[name][1:]], np.float32) if state["first"] == "zeros" else encoded[state["first"]]
                  for name, state in sequence["states"].items()}
        context = {name: encoded[source] for name, source in sequence["context"].items()}
        last = sequence["start"]
        for place in range(sequence["length"]):
            if sequence["form"] == "state":
                lead = [np.array([[last]], np.int32)]
            else:
                before = np.concatenate([[sequence["start"]], out[row, :-1]]).astype(np.int32)
                lead = [before[None], np.array([place], np.int32)]
            found = step({**dict(zip(names, lead, strict=False)), **states, **context})
            scores = found["scores"][0].copy()
            scores[[0, sequence["start"]]] = -np.inf
            last = int(scores.argmax())
            out[row, place] = last
            states = {name: found[state["from"]] for name, state in sequence["states"].items()}
            if sequence["end"] and last == sequence["end"]:
                break
    return out


def runtime(path: Path, kind: str) -> Any:
    """A file in its own runtime, from arrays by name to arrays by name."""
    if kind == "onnx":
        import onnxruntime

        net = onnxruntime.InferenceSession(str(path))
        names = [o.name for o in net.get_outputs()]
        return lambda given: dict(zip(names, net.run(names, given), strict=True))
    from ai_edge_litert.interpreter import Interpreter

    signature = Interpreter(str(path)).get_signature_runner()
    return lambda given: signature(**given)

