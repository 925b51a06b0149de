"""What lies beside exported files: `model.json` against its schema, and lines that name what the very file has."""

from __future__ import annotations

import json
from importlib import resources

import msgspec
import pytest

from app.paths import find, template_ids
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.parts import leaving_parts
from graph_compiler.analysis.readiness import part_readiness
from graph_compiler.catalog import registry
from graph_compiler.exporters.beside import add_file, part_of, read
from graph_compiler.exporters.description import describe
from graph_compiler.exporters.model_file import SCHEMA, Model, schema_text
from graph_compiler.exporters.snippets import languages, snippet
from tests.helpers.snippets import closes, problems


def described(name: str) -> tuple[Analyzer, dict]:
    analysis = Analyzer(find(name).document, registry())
    return analysis, describe(name, analysis.plan, analysis.engine)


def file_of(told: dict, suffix: str = ".tflite", kind: str = "tflite", **changes: object) -> dict:
    tensors = {key: [{"name": t["name"], "shape": t["shape"], "dtype": t["dtype"], **changes} for t in told[key]]
               for key in ("inputs", "outputs")}
    return {"file": f"net{suffix}", "format": kind, "bytes": 10, **tensors}


def test_the_schema_that_is_shipped_is_that_of_the_structs():
    assert resources.files("resources").joinpath("schemas", SCHEMA).read_text() == schema_text()


@pytest.mark.parametrize("name", template_ids())
def test_a_template_is_told_of_within_the_schema_and_its_lines_are_sound(name):
    _, told = described(name)
    part = part_of("whole", told, [file_of(told), file_of(told, ".onnx", "onnx")])
    whole = {"$schema": SCHEMA, "format": 1, "name": name, "parts": [part]}
    msgspec.json.decode(json.dumps(whole).encode(), type=Model)
    assert all(tensor.get("outside") for tensor in told["inputs"])
    for kind in ("tflite", "onnx"):
        for language in languages(whole, "whole", kind):
            file = next(file for file in part["files"] if file["format"] == kind)
            assert problems(snippet(whole, "whole", kind, language), language, part, file) == []


def test_argmax_goes_over_the_last_axis_and_labels_are_looked_up():
    _, told = described("date-tagger")
    assert (told["outputs"][0]["decoding"], told["outputs"][0]["axis"]) == ("argmax", -1)
    whole = {"parts": [part_of("whole", told, [file_of(told)])]}
    assert 'print(labels[np.argmax(found["dense_1"][0], axis=-1)])' in snippet(whole, "whole", "tflite", "python")
    assert snippet(whole, "encoder", "tflite", "python") == "" and languages(whole, "whole", "onnx") == ()


def test_whole_numbers_are_translated_by_scale_and_zero_point():
    _, told = described("digits-cnn")
    assert told["inputs"][0]["range"] == [0, 255] and "28×28" in told["inputs"][0]["outside"]
    assert told["inputs"][0]["inside"][0]["layer"] == "Rescaling"
    whole = {"parts": [part_of("whole", told, [file_of(told, scale=0.5, zero_point=-3)])]}
    text = snippet(whole, "whole", "tflite", "python")
    assert "/ 0.5) + -3" in text and '(0.5 * (found["dense_1"][0].astype("float32") - -3))' in text


def test_what_lies_there_is_told_and_nothing_else(tmp_path):
    _, told = described("digits-cnn")
    for suffix, kind in ((".tflite", "tflite"), (".onnx", "onnx")):
        (tmp_path / f"net{suffix}").write_bytes(b"x")
        add_file(tmp_path, "Digits", part_of("whole", told, [file_of(told, suffix, kind)]))
    assert [f["format"] for f in read(tmp_path)["parts"][0]["files"]] == ["tflite", "onnx"]
    assert (tmp_path / "labels.txt").read_text().splitlines() == told["outputs"][0]["classes"]
    code = (tmp_path / "examples" / "net.onnx.py").read_text()
    assert code.index("os.chdir") < code.index("labels.txt"), "it runs wherever it is started"
    assert {p.name for p in (tmp_path / "examples").iterdir()} == {
        f"net.{kind}{suffix}" for kind in ("tflite", "onnx") for suffix in (".py", ".kt", ".swift")}
    (tmp_path / "net.onnx").unlink()
    assert [f["format"] for f in read(tmp_path)["parts"][0]["files"]] == ["tflite"]
    (tmp_path / "model.json").write_text("{}")
    assert read(tmp_path) == {}


@pytest.mark.parametrize(("name", "parts"), [
    ("digits-cnn", ["whole"]), ("date-translator", ["encoder", "step"]), ("text-rnn", ["step"]),
    ("dcgan", ["whole", "generator_1", "discriminator_1"]), ("vae", ["whole", "encoder_1", "decoder_1"]),
    ("siamese", ["whole", "twin_1"])])
def test_parts_are_known_before_anything_is_trained(name, parts):
    found = leaving_parts(described(name)[0])
    assert [part.name for part in found] == parts
    assert all(part.weights > 0 for part in found)


def test_each_node_of_a_translator_is_in_the_encoder_or_in_the_step():
    analysis, _ = described("date-translator")
    encoder, step = (part_readiness(analysis, part.node, part.roots)["tflite"] for part in leaving_parts(analysis))
    assert encoder.nodes + step.nodes == part_readiness(analysis)["tflite"].nodes
    assert [said.paths for said in encoder.noted if said.worth] == [("lstm_1",)]
    assert [said.paths for said in step.noted if said.worth] == [("lstm_2",)]


def test_nodes_inside_blocks_are_counted_once_a_drawn_node():
    analysis, _ = described("resnet")
    roots = sum(1 for n in analysis.engine.order if analysis.engine.facts[n].spec.kind in ("layer", "operation"))
    inner = [f for f in analysis.all_facts() if "." in f.path and f.spec.kind in ("layer", "operation")]
    inside = len({(f.scope, f.node.id) for f in inner})
    assert inside and part_readiness(analysis)["onnx"].nodes == roots + inside


def test_keras_is_not_asked_in_training_mode():
    _, told = described("fashion-cnn")
    text = snippet({"parts": [part_of("whole", told, [file_of(told, ".keras", "keras")])]}, "whole", "keras", "python")
    assert "net(image, training=False)" in text, "augmentation would bring batch statistics with it"


def test_brackets_in_texts_and_comments_do_not_count():
    assert closes('print("(", [1])  # )', "#") and not closes("f(]", "#") and not closes("f((1)", "//")


def test_noise_is_random_and_a_picture_of_classes_is_counted():
    for name, words in (("dcgan", {"kotlin": "random.nextGaussian()", "swift": "normal()", "python": "rng.normal(0, 1, "}),
                        ("street-unet", {"kotlin": "eachCount()", "swift": "a class a pixel, 64 rows of 64",
                                         "python": "return_counts=True"}),
                        ("playground-mlp", {"kotlin": "> 0.5f) 1 else 0]", "swift": "> 0.5 ? 1 : 0]", "python": "> 0.5)"}),
                        ("forecast", {"kotlin": "// °F", "swift": "// °F", "python": "# °F"})):
        _, told = described(name)
        for kind in ("tflite", "onnx"):
            whole = {"parts": [part_of("whole", told, [file_of(told, f".{kind}", kind)])]}
            for language, word in words.items():
                assert word in snippet(whole, "whole", kind, language), (name, kind, language)


def test_whole_numbers_at_the_end_are_translated_in_every_language():
    _, told = described("forecast")
    whole = {"parts": [part_of("whole", told, [file_of(told, scale=0.5, zero_point=-3)])]}
    assert "0.5f * (it - -3)" in snippet(whole, "whole", "tflite", "kotlin")
    assert "0.5 * (Float32($0) - -3)" in snippet(whole, "whole", "tflite", "swift")


def generating(kind: str, form: str = "state") -> dict:
    """What is told of a translator with attention that left as encoder and step."""
    def tensor(name: str, dtype: str, *shape: int | None) -> dict:
        return {"name": name, "dtype": dtype, "shape": [None, *shape]}

    reads = {**tensor("spoken", "int32", 8), "kind": "tokens", "tokeniser": "characters", "vocabulary": ["", "a", "b"],
             "end": 2, "outside": "The place of each character in the vocabulary."}
    lead = [tensor("token", "int32", 1)] if form == "state" else [tensor("tokens", "int32", 5), tensor("place", "int32")]
    states = [tensor("h", "float32", 4)] if form == "state" else []
    parts = {"encoder": ([reads], [tensor("memory", "float32", 8, 6), *([tensor("first", "float32", 4)] if states else [])]),
             "step": ([*lead, *states, tensor("seen", "float32", 8, 6)],
                      [tensor("scores", "float32", 7), *([tensor("h_next", "float32", 4)] if states else [])])}
    sequence = {"form": form, "length": 5, "start": 1, "end": 2, "vocabulary": list(" ^$0123"), "scores": "logits",
                "states": {"h": {"from": "h_next", "first": "first"}} if states else {}, "context": {"seen": "memory"},
                "tokeniser": "characters", "reads": [reads]}
    told = [{"name": name, "title": name, "inputs": ins, "outputs": outs,
             "files": [{"file": f"net-{name}.{kind}", "format": kind, "bytes": 1, "inputs": ins, "outputs": outs}]}
            for name, (ins, outs) in parts.items()]
    told[1]["sequence"] = sequence
    return {"parts": told}


@pytest.mark.parametrize("form", ["state", "prefix"])
@pytest.mark.parametrize("kind", ["tflite", "onnx"])
def test_encoder_and_step_are_run_in_a_loop_in_every_language(kind, form):
    told = generating(kind, form)
    encoder, step = told["parts"]
    for language in languages(told, "step", kind):
        text = snippet(told, "step", kind, language)
        assert text == snippet(told, "encoder", kind, language)
        assert problems(text, language, encoder, encoder["files"][0]) == []
        assert problems(text, language, step, step["files"][0]) == []
        stepping = "for (place in " if language == "kotlin" else "for place in "
        order = [text.index(word) for word in ("net-encoder", "net-step", stepping, "scores[", "vocabulary[")]
        assert order == sorted(order), "opened, then stepped, then read"
        stop = {"kotlin": "if (tokens.last() == end) break", "swift": "if tokens.last == end { break }",
                "python": "if tokens[-1] == END:"}[language]
        assert stop in text
        if form == "state":
            assert ("hState = try " if language == "swift" else 'given["h"] = found["h_next"]') in text


def test_a_step_without_an_encoder_in_its_format_runs_with_the_one_in_float32():
    told = generating("tflite")
    encoder, step = told["parts"]
    step["files"].append({**step["files"][0], "file": "net-step-int8.tflite", "format": "tflite-int8"})
    for language in languages(told, "step", "tflite-int8"):
        text = snippet(told, "step", "tflite-int8", language)
        assert problems(text, language, step, step["files"][1]) == []
        assert "net-encoder.tflite" in text and "net-step.tflite" not in text
    encoder["files"][0] |= {"file": "net-encoder.onnx", "format": "onnx"}
    assert "net-encoder" not in snippet(told, "step", "tflite-int8", "python")
