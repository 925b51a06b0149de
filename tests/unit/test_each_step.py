"""A block at every step of a series: analysed for one step, built as Keras's TimeDistributed, shown, shared, exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.source import python_source
from graph_compiler.build.weights import load_weights, save_weights
from graph_compiler.catalog import registry
from graph_compiler.graph.blocks.each_step import each_step_by_layer, each_step_of
from graph_compiler.graph.blocks.unpacking import unpack
from graph_compiler.graph.edit import EditRefused
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.writing import dumps
from tests.helpers.drawing import block, drawing
from tests.helpers.training import run

LOOK = ("x BlockInput", "c Conv2D filters==width kernel_size=[3,3] activation=relu", "n BatchNormalization", "d Dropout",
        "g GlobalAveragePooling2D", "y BlockOutput", "x > c > n > d > g > y")


def look(width: int = 4) -> BlockDefinition:
    """A small network for one frame."""
    return block(*LOOK, width=width)


def films(*more: str, cell: BlockDefinition | None = None) -> Document:
    """A film of eight frames, each looked at by the block, then read in order."""
    return drawing("data MovingShapes", "s Rescaling scale=0.004", "each TimeDistributedBlock block=cell", "rnn GRU units=6",
                   "net Dense units=8 activation=softmax", "loss Loss", "data.clip > s > each.x",
                   "each.y > rnn > net > loss.prediction", "data.motion > loss.target", *more, cell=cell or look())


def error(document: Document) -> tuple[str, str, str, str]:
    found = next(p for p in Analyzer(document, registry()).problems if p.severity == "error")
    return found.code, found.path, found.expected, found.received


def test_costs_count_the_weights_once_and_the_work_at_every_step() -> None:
    analysis = Analyzer(films(), registry())
    facts, inside = analysis.engine.facts["each"], analysis.inside("each")
    assert inside is not None and analysis.clean
    assert facts.outputs["y"].shape == (8, 4)
    assert inside.facts["c"].inputs["in"][0].shape == (24, 24, 1)
    assert facts.weights == inside.sums.weights == 4 * 10 + 4 * 4
    assert facts.macs == 8 * inside.sums.macs > 0
    assert analysis.facts("each.c").path == "each.c"


def test_it_is_kerass_time_distributed() -> None:
    import keras

    compiled = compile_document(films(), registry(), seed=1)
    layer = compiled.layers["each"]
    assert type(layer) is keras.layers.TimeDistributed
    assert compiled.model.count_params() == compiled.analysis.totals.weights
    clip = np.random.default_rng(0).integers(0, 255, (3, 8, 24, 24, 1)).astype("uint8")
    seen = keras.Model(compiled.model.input, compiled.tensors["each", "y"])(clip).numpy()
    frame = layer.layer
    by_hand = np.stack([frame(clip[:, t].astype("float32") * 0.004).numpy() for t in range(8)], axis=1)
    np.testing.assert_allclose(seen, by_hand, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("lines", "cell", "wanted"), [
    (("data Iris", "each TimeDistributedBlock block=cell", "data.features > each.x"), look(),
     ("rank", "each", "steps × anything: 2 axes or more", "4")),
    (("data DateTags", "e Embedding input_dim=79 output_dim=4 mask_zero=true", "each TimeDistributedBlock block=cell",
      "data.text > e > each.x"), block("x BlockInput", "d Dense", "y BlockOutput", "x > d > y"),
     ("mask", "each", "a series without a mask", "a series whose padding is masked")),
    (("data MovingShapes", "each TimeDistributedBlock block=cell", "data.clip > each.x", "data.clip > each.z"),
     block("x BlockInput", "z BlockInput", "a Add", "y BlockOutput", "x > a.in#0", "z > a.in#1", "a > y"),
     ("each-step", "each", "a block with one input and one output", "cell with 2 and 1")),
    (("data MovingShapes", "each TimeDistributedBlock block=cell", "data.clip > each.x"),
     block("x BlockInput", "n Normalization", "y BlockOutput", "x > n > y"),
     ("each-step", "each", "layers that learn in training only, at every step", "Normalization inside cell")),
])
def test_what_cannot_be_is_said(lines: tuple[str, ...], cell: BlockDefinition, wanted: tuple[str, ...]) -> None:
    assert error(drawing(*lines, cell=cell)) == wanted


def test_an_error_inside_is_found_from_outside() -> None:
    wrong = block("x BlockInput", "c Conv2D filters=0 kernel_size=[3,3]", "g GlobalAveragePooling2D", "y BlockOutput",
                  "x > c > g > y")
    problems = {p.code: p for p in Analyzer(films(cell=wrong), registry()).problems}
    assert problems["parameter"].path == "each.c"
    assert problems["block-inside"].node == "each"


def test_weights_are_shared_and_kept_by_their_paths(tmp_path: Path) -> None:
    document = films("again TimeDistributedBlock block=cell weights=D", "s > again.x", "sum Output", "again.y > sum")
    graph = document.graph
    from graph_compiler.graph.edits import SetField

    SetField("each", "weights", "D").apply(document)
    assert graph.nodes["again"].weights == "D"
    compiled = compile_document(document, registry(), seed=1)
    assert compiled.layers["each.c"] is compiled.layers["again.c"]
    assert compiled.training_model.count_params() == compiled.analysis.totals.weights
    save_weights(compiled, tmp_path / "w.weights.h5")
    fresh = compile_document(document, registry(), seed=2)
    before = fresh.layers["each.c"].get_weights()[0]
    compiled.training_model.save(tmp_path / "w.keras", include_optimizer=False)
    assert load_weights(compile_document(document, registry()), tmp_path / "w.keras").whole
    assert load_weights(fresh, tmp_path / "w.weights.h5").whole
    np.testing.assert_array_equal(fresh.layers["each.c"].get_weights()[0], compiled.layers["each.c"].get_weights()[0])
    assert not np.array_equal(before, fresh.layers["each.c"].get_weights()[0])


def test_training_moves_what_is_inside(tmp_path: Path) -> None:
    training = run(films(), tmp_path, limit_steps=3)
    assert len(training.losses) == 3 and np.isfinite(training.losses).all()


def scripted(document: Document) -> tuple[Compiled, Any]:
    compiled = compile_document(document, registry(), seed=1)
    space: dict[str, Any] = {}
    exec(compile(python_source(document, registry()), "model.py", "exec"), space)
    return compiled, space["model"]


@pytest.mark.parametrize("nested", [False, True])
def test_the_script_says_the_same(nested: bool) -> None:
    document = films()
    if nested:
        outer = block("a BlockInput", "each TimeDistributedBlock block=cell", "rnn GRU units=6", "b BlockOutput",
                      "a > each.x", "each.y > rnn > b")
        document = drawing("data MovingShapes", "s Rescaling scale=0.004", "outer Block block=outer",
                           "net Dense units=8 activation=softmax", "loss Loss", "data.clip > s > outer.a",
                           "outer.b > net > loss.prediction", "data.motion > loss.target", cell=look(), outer=outer)
    compiled, model = scripted(document)
    assert model.count_params() == compiled.model.count_params()
    model.set_weights(compiled.model.get_weights())
    clip = np.random.default_rng(0).integers(0, 255, (2, 8, 24, 24, 1)).astype("uint8")
    np.testing.assert_allclose(model(clip), compiled.model(clip), rtol=1e-5, atol=1e-6)


# The way there and back.

def layered() -> Document:
    return drawing("data MovingShapes", "s Rescaling scale=0.004", "each TimeDistributed layer=GlobalAveragePooling2D",
                   "rnn GRU units=6", "data.clip > s > each > rnn", cell=look())


def test_a_layer_becomes_a_block_and_back_in_one_step_each() -> None:
    document = layered()
    before = dumps(document)
    edit = each_step_of(document, "", "each", "cell")
    back = edit.apply(document)
    node = document.graph.nodes["each"]
    assert (node.type, node.block, node.params) == ("TimeDistributedBlock", "cell", {})
    assert [(e.source_port, e.target_port) for e in document.graph.into("each")] == [("out", "x")]
    assert [(e.source_port, e.target_port) for e in document.graph.out_of("each")] == [("y", "in")]
    assert dumps(loads(dumps(document))) == dumps(document)
    back.apply(document)
    assert dumps(document) == before
    edit.apply(document)
    each_step_by_layer(document, "", "each", "GlobalAveragePooling2D").apply(document)
    assert dumps(document) == before


def test_what_has_no_single_way_through_is_refused() -> None:
    document = layered()
    document.blocks["two"] = block("x BlockInput", "z BlockInput", "a Add", "y BlockOutput", "x > a.in#0", "z > a.in#1",
                                   "a > y")
    with pytest.raises(EditRefused, match="one input and one output"):
        each_step_of(document, "", "each", "two")
    document.blocks["cell"].graph.put_node(document.graph.nodes["each"])
    with pytest.raises(EditRefused, match="no end"):
        each_step_of(document, "cell", "each", "cell")


def test_it_is_not_unpacked() -> None:
    with pytest.raises(EditRefused, match="every step"):
        unpack(films(), "", "each")


@pytest.mark.parametrize("name", ["keras", "onnx", "tflite"])
@pytest.mark.parametrize("inner", ["pictures", "series"])
def test_it_leaves_and_agrees(name: str, inner: str, tmp_path: Path) -> None:
    from graph_compiler.exporters.formats import FORMATS
    from graph_compiler.exporters.part import Part
    from graph_compiler.exporters.proof import prove, samples_of

    rows = block("x BlockInput", "r Reshape target_shape=[24,24]", "g GRU units=5", "y BlockOutput", "x > r > g > y")
    compiled = compile_document(films(cell=look() if inner == "pictures" else rows), registry(), seed=1)
    part = Part("whole", compiled.model, compiled.input_names, compiled.output_names)
    clips = np.random.default_rng(0).integers(0, 255, (12, 8, 24, 24, 1)).astype("uint8")
    spec = FORMATS[name]
    proof = prove(spec, part, samples_of(part, {compiled.input_names[0]: clips}), tmp_path / f"net{spec.suffix}", {},
                  lambda *_: None)
    assert proof.max_abs_diff <= proof.allowed
