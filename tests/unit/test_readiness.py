"""What each node means for each export target: at the node, for parts of the drawing, as notes, with changes that help."""

from __future__ import annotations

import json

import pytest

from app.paths import template
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.readiness import fixes_at, marks, part_readiness, readiness_at
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.script import python_script
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField, SetParam, SetTraining
from graph_compiler.specs.leaving import TARGETS
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.readiness import KEPT, NOTED, READY, STRAIGHTER, alike, names_of
from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.laid_out import laid_out
from tests.helpers.drawing import analysed, apply, block, drawing

SERIES = ("data Weather", "lstm LSTM units=4", "net Dense units=1", "loss Loss",
          "data.window > lstm > net > loss.prediction", "data.target > loss.target")


def series() -> Analyzer:
    return analysed(*SERIES)


def states(analysis: Analyzer, path: str) -> dict[str, str]:
    return {target: one.state for target, one in readiness_at(analysis, path).items()}


def test_every_target_has_a_state() -> None:
    found = states(series(), "net")
    assert found == dict.fromkeys(TARGETS, READY)


def test_steps_take_one_sample_or_are_written_out() -> None:
    ready = readiness_at(series(), "lstm")
    assert ready["tflite"].words == "One sample a call: its steps are a loop."
    assert ready["tflite-int8"].words.startswith("Its steps are written out")
    assert ready["onnx"] == ready["keras"].__class__("onnx")
    assert [(names_of(targets), one.state) for targets, one in alike(ready)] == [
        ("TFLite float32, float16, dynamic", NOTED), ("TFLite int8, int16×8", NOTED),
        ("ONNX · Keras · SavedModel · Python script", READY)]


def test_writing_out_is_one_change_and_undone_in_one() -> None:
    analysis = series()
    (note,) = analysis.file_notes
    assert (note.title, note.path, note.severity) == ("lstm: one sample a call", "lstm", "note")
    assert note.sentence.startswith("TFLite float32, float16, dynamic. ")
    (way,) = fixes_at(analysis, "lstm", readiness_at(analysis, "lstm")["tflite"].offers)
    assert way == note.fixes[0] and way.label == "set unroll to on"
    back = apply(analysis, way.edit)
    assert states(analysis, "lstm")["tflite"] == READY and not analysis.file_notes
    apply(analysis, back)
    assert states(analysis, "lstm")["tflite"] == NOTED


def test_long_series_have_no_whole_numbers() -> None:
    analysis = series()
    apply(analysis, SetParam("data", "length", 300))
    ready = readiness_at(analysis, "lstm")["tflite-int8"]
    assert ready.state == KEPT and "200 steps at most" in ready.words and "dynamic range" in ready.words


def test_what_a_layer_holds_counts_too() -> None:
    lines = ("data Weather", 'both Bidirectional layer={"name":"GRU","units":4}', "net Dense units=1", "loss Loss",
             "data.window > both > net > loss.prediction", "data.target > loss.target")
    assert states(analysed(*lines), "both")["tflite"] == NOTED
    film = analysed("data MovingShapes", "s Rescaling", 'each TimeDistributed layer={"name":"LayerNormalization"}', "f Flatten",
                    "net Dense units=8", "loss Loss", "data.clip > s > each > f > net > loss.prediction",
                    "data.motion > loss.target")
    assert states(film, "each")["tflite-int16x8"] == KEPT and states(film, "each")["tflite-int8"] != KEPT


def test_an_activation_that_whole_numbers_spoil_is_changed_in_all_its_layers_at_once() -> None:
    analysis = analysed("iris Iris", "a Dense units=8 activation=celu", "b Dense units=3 activation=celu", "loss Loss",
                        "iris.features > a > b > loss.prediction", "iris.species > loss.target")
    (note,) = [p for p in analysis.file_notes if "celu" in p.hint]
    assert note.title == "a and b cannot leave as TFLite int8, TFLite int16×8"
    apply(analysis, note.fixes[0].edit)
    assert [analysis.document.graph.nodes[n].params["activation"] for n in "ab"] == ["elu", "elu"]
    assert not [p for p in analysis.file_notes if "celu" in p.hint]


@pytest.mark.parametrize(("activation", "instead"), STRAIGHTER.items())
def test_a_bend_without_a_form_in_16_bits_has_the_nearest_one_that_has(activation: str, instead: str) -> None:
    analysis = analysed("iris Iris", f"a Dense units=8 activation={activation}", "b Dense units=3", "loss Loss",
                        "iris.features > a > b > loss.prediction", "iris.species > loss.target")
    kept = readiness_at(analysis, "a")["tflite-int16x8"]
    assert kept.state == KEPT and instead in kept.words
    (note,) = analysis.file_notes
    (way,) = fixes_at(analysis, "a", kept.offers)
    assert way == note.fixes[0] and way.label == f"set activation to {instead}"
    back = apply(analysis, way.edit)
    assert states(analysis, "a") == dict.fromkeys(TARGETS, READY) and not analysis.file_notes
    apply(analysis, back)
    assert states(analysis, "a")["tflite-int16x8"] == KEPT


@pytest.mark.parametrize(("layer", "params"), [
    ('"Dense"', {}), ('{"name":"Dense","units":5,"activation":"relu"}', {"units": 5, "activation": "relu"})])
def test_a_dense_of_any_number_of_steps_goes_without_its_wrapper(layer: str, params: dict[str, object]) -> None:
    spec = registry().nodes["TimeDistributed"]
    assert isinstance(spec, LayerSpec)
    made = laid_out(spec, Case(spec.name, {"layer": json.loads(layer)}, {"in": (Tensor((None, 4)),)}))
    analysis = made.analysis
    (note,) = [problem for problem in analysis.problems if problem.path == "layer"]
    (way,) = note.fixes
    before = analysis.facts("layer").output
    assert states(analysis, "layer")["onnx"] == KEPT and way.label == "use Dense without it"
    back = apply(analysis, way.edit)
    node = analysis.document.graph.nodes["layer"]
    assert (node.type, node.params) == ("Dense", params)
    assert analysis.facts("layer").output == before and states(analysis, "layer") == dict.fromkeys(TARGETS, READY)
    apply(analysis, back)
    assert analysis.document.graph.nodes["layer"].type == "TimeDistributed"


def test_padded_steps_are_skipped_in_8_bits_and_not_in_16() -> None:
    analysis = analysed("data Weather", "m Masking", "gru GRU units=4", "net Dense units=1", "loss Loss",
                        "data.window > m > gru > net > loss.prediction", "data.target > loss.target")
    ready = readiness_at(analysis, "gru")
    assert ready["tflite-int8"].state == NOTED and "written out" in ready["tflite-int8"].words
    assert ready["tflite-int16x8"].state == KEPT and "int8" in ready["tflite-int16x8"].words


def test_a_script_says_why_it_has_no_hash_before_and_when_it_is_asked() -> None:
    analysis = analysed(
        "data Digits", "hash Hashing num_bins=12 output_mode=one_hot", "net Dense units=10", "loss Loss",
        "data.label > hash > net > loss.prediction", "data.label > loss.target")
    assert "no hash" in readiness_at(analysis, "hash")["python"].words
    with pytest.raises(BuildProblem, match="it hashes"):
        python_script(analysis.document, registry(), analysis)


def test_noise_and_what_only_training_does_is_left_out() -> None:
    analysis = Analyzer(template("vae"), registry())
    ready = readiness_at(analysis, "sampling_1")
    assert ready["keras"].words == ready["tflite"].words == "The file gives its mean: noise is for training."
    assert ready["python"].state == READY and marks(analysis)["sampling_1"] == NOTED
    fashion = Analyzer(template("digits-cnn"), registry())
    dropped = readiness_at(fashion, "dropout_1")["onnx"]
    assert dropped.state == NOTED and "training only" in dropped.words and marks(fashion) == {}


def test_text_is_cut_off_and_a_script_has_no_words() -> None:
    analysis = analysed("data DateLanguage", "words Hashing num_bins=50", "e Embedding input_dim=50 output_dim=4",
                        "p GlobalAveragePooling1D", "net Dense units=13", "loss Loss",
                        "data.text > words > e > p > net > loss.prediction", "data.language > loss.target")
    ready = readiness_at(analysis, "words")
    assert ready["tflite"].state == NOTED and "model.json" in ready["tflite"].words and ready["python"].state == KEPT
    assert marks(analysis) == {"words": KEPT, "e": KEPT}


def test_mixed_precision_is_for_training() -> None:
    analysis = analysed("iris Iris", "net Dense units=3", "loss Loss", "iris.features > net > loss.prediction",
                        "iris.species > loss.target")
    assert states(analysis, "net")["tflite"] == READY
    apply(analysis, SetTraining("mixed_precision", True))
    ready = readiness_at(analysis, "net")
    assert "float32" in ready["tflite"].words and ready["keras"].state == READY and not marks(analysis)


def test_what_files_do_not_have_is_silent() -> None:
    analysis = series()
    assert readiness_at(analysis, "loss") == readiness_at(analysis, "data") == readiness_at(analysis, "nowhere") == {}
    apply(analysis, SetField("lstm", "muted", True))
    assert readiness_at(analysis, "lstm") == {} and not analysis.file_notes


def test_a_block_is_as_ready_as_the_worst_inside_it() -> None:
    inner = block("x BlockInput", "norm LayerNormalization", "drop Dropout", "y BlockOutput", "x > norm > drop > y")
    analysis = Analyzer(drawing("iris Iris", "b Block block=inner", "c Block block=inner", "net Dense units=3", "loss Loss",
                                "iris.features > b.x", "b.y > c.x", "c.y > net > loss.prediction",
                                "iris.species > loss.target", inner=inner), registry())
    ready = readiness_at(analysis, "b")
    assert ready["tflite-int16x8"].state == KEPT and ready["tflite-int16x8"].words.startswith("LayerNormalization: ")
    assert ready["onnx"].words.startswith("Dropout: ") and marks(analysis) == {"b": KEPT, "c": KEPT}
    assert marks(analysis, "b") == {"norm": KEPT}
    whole, alone = part_readiness(analysis)["tflite-int16x8"], part_readiness(analysis, "b")["tflite-int16x8"]
    assert (whole.nodes, whole.left, whole.state) == (3, 2, KEPT) and (alone.nodes, alone.left) == (2, 1)
    (note,) = [p for p in analysis.file_notes if "Squares" in p.hint]
    assert note.path == "b.norm" and note.title.startswith("norm cannot leave")


def test_what_learns_inside_a_block_keeps_a_script_back() -> None:
    inner = block("x BlockInput", "norm Normalization", "y BlockOutput", "x > norm > y")
    analysis = Analyzer(drawing("iris Iris", "b Block block=inner", "net Dense units=3", "loss Loss", "iris.features > b.x",
                                "b.y > net > loss.prediction", "iris.species > loss.target", inner=inner), registry())
    assert states(analysis, "b")["python"] == KEPT and states(analysis, "b")["onnx"] == READY


@pytest.mark.parametrize("name", ["date-transformer", "resnet"])
def test_notes_follow_edits_and_cost_little(name: str) -> None:
    analysis = Analyzer(template(name), registry())
    before = analysis.file_notes
    assert analysis.file_notes is before and [n.title for n in before] == [
        n.title for n in Analyzer(template(name), registry()).file_notes]
    node = next(n for n in analysis.document.graph.nodes.values() if n.type == "Dense")
    apply(analysis, SetParam(node.id, "activation", "celu"))
    assert any("celu" in note.hint for note in analysis.file_notes)
