"""Notes on what an exported file cannot have: on the node while drawing, by format, out of the way of training."""

from __future__ import annotations

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.readiness import part_readiness
from graph_compiler.catalog import registry
from tests.helpers.drawing import block, drawing


def tagged() -> Analyzer:
    return Analyzer(drawing("data DateLanguage", "hash Hashing num_bins=12", "e Embedding input_dim=12 output_dim=4",
                            "p GlobalAveragePooling1D", "net Dense units=12", "loss Loss", "data.text > hash > e > p > net",
                            "net > loss.prediction", "data.language > loss.target"), registry())


def enlarged() -> Analyzer:
    """Pictures that are enlarged by a kernel that one format lacks."""
    return Analyzer(drawing("data Digits", "s Rescaling scale=0.004", "up UpSampling2D interpolation=bicubic", "flat Flatten",
                            "net Dense units=10", "loss Loss", "data.image > s > up > flat > net > loss.prediction",
                            "data.label > loss.target"), registry())


def test_a_note_names_the_format_and_the_way_around() -> None:
    analysis = enlarged()
    (note,) = analysis.problems
    assert (note.code, note.severity, note.path, note.title) == ("stays", "note", "up", "UpSampling2D cannot leave as TFLite")
    assert note.sentence == ("TensorFlow Lite enlarges by nearest and bilinear only. TFLite: take one of them; "
                             "ONNX takes bicubic too.")
    assert analysis.clean and analysis.plan.trainer == "supervised"
    ready = part_readiness(analysis)
    assert [said.paths for said in ready["tflite-int8"].kept] == [("up",)] and ready["tflite"].left == 3
    assert ready["onnx"].state == ready["keras"].state == "ready"


def test_what_is_cut_off_stands_in_no_formats_way() -> None:
    analysis = tagged()
    (note,) = analysis.problems
    assert note.title == "Hashing stays outside of files" and "TFLite, ONNX: the file begins behind it" in note.sentence
    ready = part_readiness(analysis)
    assert ready["tflite"].state == ready["keras"].state == "note" and ready["tflite"].kept == ()
    assert ready["python"].kept[0].sentence.startswith("hash: A script writes a file for phones")


def test_what_only_makes_a_target_is_not_spoken_of() -> None:
    analysis = Analyzer(drawing("data Digits", "s Rescaling scale=0.004", "up UpSampling2D interpolation=bicubic",
                                "flat Flatten", "net Dense units=256", "loss Loss", "d Flatten",
                                "data.image > s > up > flat > loss.target", "s > d > net > loss.prediction"), registry())
    assert analysis.facts("up") is not None and not [p for p in analysis.problems if p.code == "stays"]
    assert not analysis.problems_of("up")


def test_inside_a_block_it_is_said_at_its_place() -> None:
    inner = block("x BlockInput", "up UpSampling2D interpolation=bicubic", "y BlockOutput", "x > up > y")
    analysis = Analyzer(drawing("data Digits", "s Rescaling scale=0.004", "b Block block=inner", "flat Flatten",
                                "net Dense units=10", "loss Loss", "data.image > s > b.x",
                                "b.y > flat > net > loss.prediction", "data.label > loss.target", inner=inner), registry())
    assert [(p.path, p.severity) for p in analysis.problems] == [("b.up", "note")]
    assert [p.code for p in analysis.problems_inside("b")] == ["stays"]
    assert analysis.clean
