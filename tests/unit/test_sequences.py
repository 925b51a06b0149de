"""Generated sequences: what Shift makes of a drawing, steps that agree with the whole, free running, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.generating import Generator
from graph_compiler.build.sequences import SequenceModels, sequence_models
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField, SetParam
from graph_compiler.graph.model import Document
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.data import Feed, load_feed
from graph_compiler.trainers.measures import unigram_entropy
from tests.helpers.drawing import codes, fix
from tests.helpers.sequences import text_model, transformer, translator
from tests.helpers.training import run


def made(document: Document, folder: Path) -> tuple[Compiled, SequenceModels, Feed]:
    compiled = compile_document(document, registry(), seed=3)
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(folder, folder))
    return compiled, sequence_models(compiled), feed


def test_a_translator_is_an_encoder_and_a_decoder() -> None:
    analysis = Analyzer(translator(), registry())
    plan = analysis.plan.sequence
    assert plan is not None
    assert (codes(analysis), analysis.plan.trainer) == ([], "supervised")
    assert (plan.form, plan.column, plan.length, plan.start) == ("state", ("dates", "iso"), 11, 1)
    assert plan.decoder == {"shift", "written", "decoder", "attention", "both", "scores", "loss"}
    assert plan.context == (("encoder", "out"),)
    assert [(s.path, s.name, s.units, s.initial) for s in plan.states] == [
        ("decoder", "h", 16, ("encoder", "h")), ("decoder", "c", 16, ("encoder", "c"))]


def test_models_say_what_goes_in_and_out(tmp_path: Path) -> None:
    _, models, _ = made(translator(), tmp_path)
    assert models.columns == (("dates", "spoken"),)
    assert models.encoder_outputs == ("encoder_out", "encoder_out_mask", "encoder_h", "encoder_c")
    assert models.step_inputs == ("token", "decoder_h", "decoder_c", "encoder_out", "encoder_out_mask")
    assert models.step_outputs == ("scores", "decoder_h_next", "decoder_c_next")
    assert (models.passed, models.starts) == ((0, 1), (2, 3))


def test_layers_that_look_back_make_the_step_take_all_tokens(tmp_path: Path) -> None:
    compiled, models, _ = made(transformer(), tmp_path)
    assert models.plan.form == "prefix"
    assert models.step_inputs == ("tokens", "position", "look", "look_mask")
    assert codes(compiled.analysis) == []


@pytest.mark.parametrize("document", [translator, transformer, text_model], ids=lambda f: f.__name__)
def test_steps_fed_with_the_target_give_the_scores_of_the_whole(document: Any, tmp_path: Path) -> None:
    compiled, models, feed = made(document(), tmp_path)
    generator, plan = Generator(models), models.plan
    rows = feed.rows["test"][feed.sources[0]][:5]
    columns = {end: feed.columns[end][rows] for end in compiled.columns}
    whole = np.asarray(compiled.training_model([columns[end] for end in compiled.columns] if len(columns) > 1
                                               else columns[compiled.columns[0]], training=False))
    logs = whole - np.log(np.exp(whole).sum(-1, keepdims=True)) if models.logits else np.log(np.maximum(whole, 1e-12))
    context, starts = generator.context([columns[end] for end in generator.reads])
    states = generator.states(starts, len(rows))
    tokens = np.asarray(columns[plan.column])
    for place in range(4):
        found, states = generator.step(tokens, place, states, context)
        keep = [i for i in range(plan.tokens) if i not in (0, plan.start)]
        np.testing.assert_allclose(np.asarray(found)[:, keep], logs[:, place][:, keep], rtol=1e-4, atol=1e-4)


def test_a_trained_translator_is_judged_by_what_it_generates(tmp_path: Path) -> None:
    training = run(translator(), tmp_path, limit_steps=6)
    metrics = training.result["metrics"]
    assert {"val_exact_match", "test_exact_match", "test_free_accuracy", "test_bits", "test_unigram_share"} <= metrics.keys()
    assert 0 <= metrics["test_exact_match"] <= metrics["test_free_accuracy"] < 1
    assert metrics["test_bits"] == pytest.approx(metrics["test_loss"] / math.log(2))


def test_greedy_is_the_first_beam_of_one_and_wider_beams_are_never_less_likely(tmp_path: Path) -> None:
    _compiled, models, feed = made(translator(), tmp_path)
    generator = Generator(models)
    columns = {end: feed.columns[end][:3] for end in generator.reads}
    greedy = generator.greedy(columns)
    assert greedy.shape == (3, 11)
    one, score = generator.beam(columns, 1)
    np.testing.assert_array_equal(one[:, 0], greedy)
    _, wide = generator.beam(columns, 4)
    assert (wide[:, 0] >= score[:, 0] - 1e-5).all()
    assert (np.diff(wide, axis=1) <= 1e-6).all()


def test_a_muted_decoder_layer_carries_no_state(tmp_path: Path) -> None:
    document = translator()
    SetField("decoder", "muted", True).apply(document)
    SetParam("written", "output_dim", 16).apply(document)
    compiled, models, feed = made(document, tmp_path)
    assert (codes(compiled.analysis), models.plan.states) == ([], ())
    generator = Generator(models)
    assert generator.greedy({end: feed.columns[end][:2] for end in generator.reads}).shape == (2, 11)


def test_nothing_comes_after_the_end_mark(tmp_path: Path) -> None:
    _, models, feed = made(translator(), tmp_path)
    generator = Generator(models)
    drawn = generator.sampled({end: feed.columns[end][:40] for end in generator.reads}, 3.0, seed=5)
    ends = [list(row).index(models.plan.end) for row in drawn if models.plan.end in row]
    assert ends
    for row in drawn:
        if models.plan.end in row:
            assert not row[list(row).index(models.plan.end) + 1:].any()
    assert not np.isin(drawn[drawn > 0], [models.plan.start]).any()


def test_text_goes_on_from_a_beginning_and_repeats_for_a_seed(tmp_path: Path) -> None:
    _, models, _ = made(text_model(), tmp_path)
    generator = Generator(models)
    assert generator.reads == ()
    first = generator.sampled({}, 0.8, seed=4, rows=2, begin=[7, 9, 11], length=35)
    assert first.shape == (2, 35)
    assert (first[:, :3] == [7, 9, 11]).all()
    np.testing.assert_array_equal(first, generator.sampled({}, 0.8, seed=4, rows=2, begin=[7, 9, 11], length=35))
    assert (first != generator.sampled({}, 0.8, seed=5, rows=2, begin=[7, 9, 11], length=35)).any()


def test_the_entropy_of_tokens_leaves_padding_out() -> None:
    assert unigram_entropy(np.array([[1, 2, 0, 0], [1, 2, 0, 0]])) == pytest.approx(1.0)
    assert unigram_entropy(np.array([3, 3, 3])) == 0.0


# What is refused.


def test_a_target_that_comes_around_the_shift_is_a_leak() -> None:
    document = translator("dates.iso > late", "late Embedding input_dim=14 output_dim=16", "late > both.in#2")
    analysis = Analyzer(document, registry())
    problem = next(p for p in analysis.problems if p.code == "target-leak")
    assert (problem.node, problem.title) == ("late", "Loss predicts “iso” from itself")
    assert fix(analysis, "target-leak") == "insert Shift"
    assert "target-leak" not in {p.code for p in analysis.problems}


def test_layers_that_see_later_positions_have_no_step() -> None:
    analysis = Analyzer(transformer(causal="false"), registry())
    problem = next(p for p in analysis.problems if p.code == "no-step")
    assert (problem.node, problem.hint) == ("back", "Switch use_causal_mask on.")
    assert fix(analysis, "no-step") == "set use_causal_mask to on"
    assert codes(analysis) == []
    turned = Analyzer(text_model("LSTM units=8 return_sequences=true go_backwards=true"), registry())
    assert [p.node for p in turned.problems if p.code == "no-step"] == ["rnn"]
