"""What can be seen of small nets: which sights a drawing has, what they show, and how their files stay few."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.compile import compile_document
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddNode, Connect, Disconnect, RemoveNode, SetField
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Edge
from graph_compiler.runs import sights as files
from graph_compiler.runs.sights import Look, NoLook
from graph_compiler.specs.datasets import Place
from graph_compiler.specs.registry import Registry
from graph_compiler.trainers.data import load_feed
from graph_compiler.trainers.sights.attention import crossings
from graph_compiler.trainers.sights.base import Seen, Sources, name_of
from graph_compiler.trainers.sights.chain import Pixels, traced
from graph_compiler.trainers.sights.choosing import further_columns, wanted
from graph_compiler.trainers.sights.latent import principal
from graph_compiler.trainers.sights.masks import mean_iou
from graph_compiler.trainers.sights.rows import spread
from graph_compiler.trainers.sights.scores import bin_edges, chance, sentence
from tests.helpers.contests import CRITIC, GENERATOR, contest
from tests.helpers.drawing import analysed, block, node
from tests.helpers.sequences import text_model, transformer, translator
from tests.helpers.sights import (
    DIGITS,
    autoencoder,
    denoiser,
    playground,
    points_contest,
    segmentation,
    trained,
    variational,
    with_scenes,
)

NOWHERE = Place(Path("/nowhere"), Path("/nowhere"))


def kinds(document: Document, known: Registry | None = None) -> dict[str, str]:
    """Title by name of every sight."""
    return {name_of(plan): plan.title for plan in wanted(Analyzer(document, known or registry()))}


def seen(document: Document, kind: str, known: Registry | None = None) -> Seen:
    """What the first sight of a kind shows of the untrained network."""
    compiled = compile_document(document, known or registry(), seed=1)
    plans = wanted(compiled.analysis)
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns, *further_columns(plans)], NOWHERE)
    return next(p for p in plans if p.kind == kind).make(Sources(compiled, feed)).look()


def labelled(inside: tuple[str, ...]) -> tuple[str, ...]:
    """The inside of a block with a second port `label`."""
    lines = [line.replace("x > hidden", "x > both.in#0") for line in inside]
    first = next(line for line in lines if ">" in line)
    return (*(line for line in lines if line != first), "label BlockInput order=1", "both Concatenate", "x > both.in#0",
            "label > both.in#1", first.replace("x > both.in#0", "both > hidden", 1))


def conditional() -> Document:
    return contest("onehot OneHot num_classes=10", "digits.label > onehot", "onehot > made.label", "onehot > judge_fake.label",
                   "onehot > judge_real.label", generator=labelled(GENERATOR), discriminator=labelled(CRITIC))


# Which sights a drawing has.


def test_the_drawing_decides_what_there_is_to_see() -> None:
    assert kinds(contest()) == {"samples-made_y": "Generated samples", "scores-adversarial": "Scores"}
    assert kinds(autoencoder()) == {"reconstructions-loss": "Reconstructions", "latent-code": "Latent space"}
    assert kinds(denoiser()) == {"reconstructions-loss": "Denoising"}
    assert kinds(variational()) == {"samples-c_out": "Generated samples", "reconstructions-loss": "Reconstructions",
                                    "latent-mean": "Latent space"}
    assert kinds(segmentation(), with_scenes()) == {"masks-loss": "Segmentation"}


def test_a_classifier_and_an_unfinished_drawing_have_none() -> None:
    lines = (*DIGITS, "flat Flatten", "d Dense units=10", "loss Loss", "digits.label > loss.target")
    assert kinds(trained(*lines, "digits.image > scaled > flat > d > loss.prediction")) == {}
    assert kinds(trained(*lines, "digits.image > scaled > flat > d")) == {}


def test_what_goes_around_the_narrowest_place_makes_it_no_code() -> None:
    around = trained(*DIGITS, "flat Flatten", "code Dense units=4", "wide Dense units=64", "sum Add", "loss Loss",
                     "digits.image > scaled > flat > code > wide > sum.in#0", "flat > sum.in#1", "sum > loss.prediction",
                     "flat > loss.target")
    assert kinds(around) == {"reconstructions-loss": "Reconstructions"}


def test_a_code_inside_a_block_is_found() -> None:
    inner = block("x BlockInput", "a Dense units=16", "code Dense units=3", "b Dense units=64", "y BlockOutput",
                  "x > a > code > b > y")
    document = trained(*DIGITS, "flat Flatten", "whole Block block=whole", "loss Loss",
                       "digits.image > scaled > flat > whole.x", "whole.y > loss.prediction", "flat > loss.target", whole=inner)
    assert "latent-whole_code" in kinds(document)
    arrays, facts = seen(document, "latent")
    assert (arrays["points"].shape, facts["size"]) == ((180, 2), 3)


def test_a_smaller_picture_is_no_learnt_code_and_stands_beside_the_prediction() -> None:
    document = trained(*DIGITS, "small AveragePooling2D", "up UpSampling2D", "c Conv2D filters=1 padding=same", "loss Loss",
                       "digits.image > scaled > small > up > c > loss.prediction", "scaled > loss.target")
    assert kinds(document) == {"reconstructions-loss": "Predictions"}
    arrays, facts = seen(document, "reconstructions")
    assert facts["lines"] == ["input", "target", "prediction"]
    assert arrays["tiles_0"].shape == (10, 8, 8, 1)
    assert not np.array_equal(arrays["tiles_0"], arrays["tiles_1"])


# Pictures of values.


@pytest.mark.parametrize(("lines", "scale", "offset", "size"), [
    (("digits.image > loss.target",), 1.0, 0.0, (8, 8, 1)),
    (("r Rescaling scale=0.125 offset=-1", "digits.image > r > loss.target"), 0.125, -1.0, (8, 8, 1)),
    (("r Rescaling scale=0.5 offset=-1", "q Rescaling scale=2 offset=3", "f Flatten", "digits.image > r > f > q > loss.target"),
     1.0, 1.0, (8, 8, 1)),
    (("r Arithmetic operation=divide value=8", "q Arithmetic operation=subtract value=1", "c Cast",
      "digits.image > c > r > q > loss.target"), 0.125, -1.0, (8, 8, 1)),
    (("z Resizing height=4 width=4", "r Rescaling scale=0.125", "digits.image > z > r > loss.target"), 0.125, 0.0, (4, 4, 1))])
def test_rescaling_is_followed_back_to_the_column(lines: tuple[str, ...], scale: float, offset: float, size: Any) -> None:
    analysis = analysed("digits Digits", "loss Loss", *lines)
    edge = analysis.engine.graph.into_port("loss", "target")[0]
    found = traced(analysis.engine, (edge.source, edge.source_port))
    assert found is not None
    assert (found.column, found.size, found.known) == (("digits", "image"), size, True)
    assert (found.scale, found.offset) == pytest.approx((scale, offset))


def test_weights_and_labels_are_no_pictures_of_a_column() -> None:
    analysis = analysed("digits Digits", "c Conv2D filters=1", "n Normalization", "digits.image > c", "digits.image > n")
    assert traced(analysis.engine, ("c", "out")) is None
    assert traced(analysis.engine, ("digits", "label")) is None
    through = traced(analysis.engine, ("n", "out"))
    assert through is not None and not through.known


@pytest.mark.parametrize(("ends", "values", "expected"), [
    ((-1.0, 1.0), [-1.0, 0.0, 1.0, 3.0], [0, 128, 255, 255]), ((0.0, 16.0), [0.0, 8.0, 16.0, -4.0], [0, 128, 255, 0]),
    (None, [0.0, 0.5, 1.0, 0.25], [0, 128, 255, 64]), (None, [-1.0, 0.0, 1.0, 0.5], [0, 128, 255, 191]),
    (None, [0.0, 100.0, 255.0, 50.0], [0, 100, 255, 50]), (None, [-3.0, 0.0, 3.0, 0.0], [0, 128, 255, 128]),
    ((0.0, 1.0), [np.nan, np.inf, 1.0, 0.0], [0, 0, 255, 0])])
def test_values_become_bytes(ends: Any, values: list[float], expected: list[int]) -> None:
    drawn = Pixels((2, 2, 1), ends).drawn(np.array([values], np.float32))
    assert (drawn.shape, drawn.dtype) == ((1, 2, 2, 1), np.uint8)
    assert drawn.reshape(-1).tolist() == expected


# What they show.


def test_samples_are_pictures_of_one_fixed_noise_in_the_range_of_the_real_side() -> None:
    arrays, facts = seen(contest(), "samples")
    again, _ = seen(contest(), "samples")
    assert arrays["tiles"].shape == (5, 8, 8, 1)
    assert facts == {"rows": [], "of": "noise"}
    assert np.array_equal(arrays["tiles"], again["tiles"])
    assert 60 < np.median(arrays["tiles"]) < 195  # scores around 0 lie between -1 (black) and 1 (white)


def test_what_pictures_are_made_from_stands_beside_them() -> None:
    document = contest("scaled > made.x", without=("noise > made.x",))
    arrays, facts = seen(document, "samples")
    assert arrays["tiles"].shape == arrays["given"].shape == (5, 8, 8, 1)
    assert facts["of"] == "pictures"


def test_a_conditional_generator_is_asked_for_each_class() -> None:
    arrays, facts = seen(conditional(), "samples")
    assert arrays["tiles"].shape == (10, 8, 8, 1)
    assert facts["rows"] == [str(n) for n in range(10)]


def test_a_variational_decoder_draws_from_the_prior() -> None:
    arrays, facts = seen(variational(), "samples")
    assert (arrays["tiles"].shape, facts["of"]) == ((5, 8, 8, 1), "prior")
    assert 100 < np.median(arrays["tiles"]) < 155  # scores near 0 are probabilities near one half


def test_a_draw_inside_the_encoder_serves_too() -> None:
    encoder = block("x BlockInput", "mean Dense units=3", "logvar Dense units=3", "z Sampling", "code BlockOutput",
                    "m BlockOutput order=1", "v BlockOutput order=2", "x > mean > z.mean", "x > logvar > z.logvar",
                    "z > code", "mean > m", "logvar > v")
    lines = (*DIGITS, "flat Flatten", "enc Block block=enc", "c Dense units=64", "loss Loss", "kl GaussianKL",
             "digits.image > scaled > flat > enc.x", "enc.code > c > loss.prediction", "flat > loss.target", "enc.m > kl.mean",
             "enc.v > kl.logvar")
    document = trained(*lines, enc=encoder)
    assert {"samples-c_out", "latent-enc"} <= kinds(document).keys()
    assert seen(document, "samples")[0]["tiles"].shape == (5, 8, 8, 1)
    assert seen(document, "latent")[1]["size"] == 3
    around = trained(*lines, "d Dense units=64", "s Add", "enc.m > d > s.in#0", "c > s.in#1", "s > other.prediction",
                     "other Loss", "flat > other.target", enc=encoder)
    assert [name for name in kinds(around) if name.startswith("samples")] == ["samples-c_out"]


def test_scores_share_their_bins_and_say_who_is_ahead() -> None:
    arrays, facts = seen(contest(), "scores")
    assert arrays["real"].shape == arrays["fake"].shape == (32,)
    assert arrays["edges"].shape == (33,)
    assert arrays["real"].sum() == pytest.approx(1.0) and arrays["fake"].sum() == pytest.approx(1.0)
    assert 0 <= facts["overlap"] <= 1 and facts["sentence"].endswith(".")


@pytest.mark.parametrize(("real", "fake", "overlap", "words"), [
    ([2, 3], [0, 1], 0.0, "The discriminator is ahead."), ([0, 1], [2, 3], 0.0, "The generator is ahead."),
    ([1, 2], [1, 2], 1.0, "The discriminator cannot tell them apart."), ([1, 4], [2, 2], 0.2, "Neither is ahead.")])
def test_the_sentence_goes_by_the_order_of_scores_and_the_overlap(real: Any, fake: Any, overlap: float, words: str) -> None:
    assert sentence(np.array(real), np.array(fake), overlap) == words


def test_the_chance_that_a_real_score_is_higher_counts_ties_half() -> None:
    assert chance(np.array([1.0, 2.0]), np.array([1.0, 0.0])) == pytest.approx(0.875)
    assert bin_edges(np.zeros(3), np.zeros(3), probabilities=True)[[0, -1]].tolist() == [0.0, 1.0]
    assert np.all(np.diff(bin_edges(np.zeros(3), np.zeros(3), probabilities=False)) > 0)


def test_reconstructions_stand_below_their_pictures() -> None:
    arrays, facts = seen(autoencoder(), "reconstructions")
    assert facts["lines"] == ["input", "reconstruction"]
    assert arrays["tiles_0"].shape == arrays["tiles_1"].shape == (10, 8, 8, 1)
    assert arrays["tiles_0"].max() == 255  # the data set ends at 16


def test_denoising_shows_the_noise_though_inference_has_none_and_leaves_no_trace() -> None:
    document = denoiser()
    arrays, facts = seen(document, "reconstructions")
    assert facts["lines"] == ["original", "with noise", "reconstruction"]
    difference = arrays["tiles_1"].astype(float) - arrays["tiles_0"]
    assert 40 < difference.std() < 130
    compiled = compile_document(document, registry(), seed=1)
    feed = load_feed(compiled.analysis, compiled.columns, NOWHERE)
    sight = wanted(compiled.analysis)[0].make(Sources(compiled, feed))
    before = [v.numpy() for v in compiled.training_model.non_trainable_variables]
    first, second = sight.look()[0], sight.look()[0]
    assert np.array_equal(first["tiles_1"], second["tiles_1"])
    assert all(np.array_equal(v.numpy(), old) for v, old in zip(compiled.training_model.non_trainable_variables, before,
                                                                strict=True))


def test_a_code_of_two_is_shown_as_it_is_and_a_longer_one_by_its_widest_axes() -> None:
    arrays, facts = seen(autoencoder(2), "latent")
    assert arrays["points"].shape == (180, 2) and set(arrays["groups"].tolist()) == set(range(10))
    assert (facts["size"], facts["share"], facts["label"], len(facts["classes"])) == (2, 1.0, "label", 10)
    _, facts = seen(autoencoder(8), "latent")
    assert facts["size"] == 8 and 0.2 < facts["share"] < 1


def test_axes_keep_their_direction() -> None:
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(50, 4)) * [5, 3, 1, 0.1]
    points, share, axes = principal(codes, None)
    mirrored, _, _ = principal(codes, -axes)
    assert share > 0.9 and np.abs(points[:, 0]).max() > np.abs(points[:, 1]).max()
    assert np.allclose(mirrored, -points)


@pytest.mark.parametrize("yes_no", [False, True])
def test_masks_come_with_their_picture_and_classes(yes_no: bool) -> None:
    arrays, facts = seen(segmentation(yes_no), "masks", with_scenes())
    assert arrays["pictures"].shape == (6, 8, 8, 1)
    assert arrays["true"].shape == arrays["predicted"].shape == (6, 8, 8)
    assert facts["classes"] == ["ground", "square"] and 0 <= facts["iou"] <= 1
    assert set(np.unique(arrays["predicted"])) <= {0, 1}


def test_intersection_over_union_is_a_mean_over_classes() -> None:
    true, predicted = np.array([[0, 0, 1, 1]]), np.array([[0, 1, 1, 1]])
    assert mean_iou(true, predicted) == pytest.approx((1 / 2 + 2 / 3) / 2)


@pytest.mark.parametrize("document", [translator, transformer])
def test_translations_come_with_the_attention_of_each_token(document: Callable[[], Document]) -> None:
    assert kinds(document()) == {"texts-loss": "Translations"}
    arrays, facts = seen(document(), "texts")
    assert len(facts["lines"]) == 6 and facts["joint"] == ""
    for i, line in enumerate(facts["lines"]):
        weights = arrays[f"attention_{i}"]
        assert weights.shape == (len(line["made"]), len(line["given"]))
        assert np.allclose(weights.sum(axis=1), 1, atol=1e-3)  # padding gets nothing
        assert len(line["wanted"]) == 10 and line["wanted"][4] == "-"


def test_attention_inside_a_block_is_found_and_attention_to_itself_is_not() -> None:
    crossing = block("q BlockInput", "v BlockInput order=1", "look MultiHeadAttention num_heads=2 key_dim=4", "y BlockOutput",
                     "q > look.query", "v > look.value", "look > y")
    document = translator("attention Block block=across", "decoder > attention.q", "encoder > attention.v",
                          "attention.y > both.in#1")
    for edge in [e for e in document.graph.edges.values() if e.target == "attention" and e.target_port in ("query", "value")]:
        document.graph.drop_edge(edge.key)
    for edge in [e for e in document.graph.edges.values() if e.source == "attention" and e.source_port == "out"]:
        document.graph.drop_edge(edge.key)
    document.blocks["across"] = crossing
    analysis = Analyzer(document, registry())
    assert analysis.plan.sequence is not None
    assert crossings(analysis.engine, analysis.plan.sequence, 38) == ["attention.look"]
    assert seen(document, "texts")[0]["attention_0"].ndim == 2
    own = Analyzer(transformer(), registry())
    assert own.plan.sequence is not None
    assert crossings(own.engine, own.plan.sequence, 38) == ["across"]


def test_a_text_goes_on_at_three_temperatures_from_beginnings_with_letters() -> None:
    document = text_model()
    assert kinds(document) == {"texts-loss": "Generated text"}
    arrays, facts = seen(document, "texts")
    again = seen(document, "texts")[1]
    assert arrays == {} and facts == again
    assert [line["words"] for line in facts["lines"]] == ["temperature 0.5", "temperature 0.8", "temperature 1"]
    assert all(len(line["given"]) == 10 and len(line["made"]) == 120 and not line["wanted"] for line in facts["lines"])
    assert all(sum(map(str.isalpha, line["given"])) >= 6 for line in facts["lines"])


def test_captions_come_with_their_pictures() -> None:
    document = trained("digits DigitWords", "scaled Rescaling", "flat Flatten", "state Dense units=8", "shift Shift",
                       "letters Embedding input_dim=18 output_dim=4", "rnn GRU units=8 return_sequences=true",
                       "scores Dense units=18", "loss Loss loss=SparseCategoricalCrossentropy from_logits=true",
                       "digits.image > scaled > flat > state > rnn.initial_h", "digits.word > shift > letters > rnn > scores",
                       "scores > loss.prediction", "digits.word > loss.target")
    assert kinds(document) == {"texts-loss": "Captions"}
    arrays, facts = seen(document, "texts")
    assert arrays["pictures"].shape == (6, 28, 28, 1) and facts["lines"][0]["given"] == []
    assert all(line["wanted"] for line in facts["lines"])


@pytest.mark.parametrize("task", ["spirals", "scores"])
def test_the_plane_says_the_class_at_every_place(task: str) -> None:
    document = playground(task)
    assert kinds(document) == {"plane-loss": "Decision regions"}
    arrays, facts = seen(document, "plane")
    assert arrays["regions"].shape == arrays["sure"].shape == (64, 64)
    assert set(np.unique(arrays["regions"])) <= {0, 1} and arrays["sure"].min() >= 127
    assert arrays["points"].shape == (20, 2) and set(arrays["groups"].tolist()) == {0, 1}
    left, bottom, right, top = arrays["extent"].tolist()
    assert left < arrays["points"][:, 0].min() and arrays["points"][:, 1].max() < top and bottom < top and left < right
    assert facts == {"classes": ["A", "B"], "axes": ["x", "y"]}


def test_the_plane_agrees_with_the_network() -> None:
    compiled = compile_document(playground(), registry(), seed=1)
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], NOWHERE)
    arrays, _ = wanted(compiled.analysis)[0].make(Sources(compiled, feed)).look()
    left, bottom, right, top = arrays["extent"].tolist()
    at = np.array([[left, top], [right, bottom]], np.float32)
    yes = np.asarray(compiled.model(at))[:, 0]
    corners = [(arrays["regions"][-1, 0], arrays["sure"][-1, 0]), (arrays["regions"][0, -1], arrays["sure"][0, -1])]
    for (region, sure), chance_of_b in zip(corners, yes.tolist(), strict=True):
        assert region == (chance_of_b > 0.5)
        assert sure / 255 == pytest.approx(max(chance_of_b, 1 - chance_of_b), abs=0.01)


def test_generated_points_lie_among_real_ones() -> None:
    assert kinds(points_contest()) == {"plane-made_y": "Generated points", "scores-adversarial": "Scores"}
    arrays, facts = seen(points_contest(), "plane")
    assert arrays["made"].shape[1] == 2 and arrays["points"].shape == (20, 2)
    assert facts["classes"] == ["real", "generated"]


def test_three_numbers_are_no_plane() -> None:
    lines = ("iris Iris ports=each", "both Stack", "d Dense units=3 activation=softmax", "loss Loss",
             "iris.species > loss.target", "both > d > loss.prediction")
    columns = [f"iris.{name} > both.in#{i}" for i, name in enumerate(["sepal_length", "petal_width", "petal_length"])]
    two = trained(*lines, *columns[:2])
    assert list(kinds(two)) == ["plane-loss"] and kinds(trained(*lines, *columns)) == {}
    arrays, facts = seen(two, "plane")
    assert facts["axes"] == ["sepal_length", "petal_width"] and arrays["points"].shape[1] == 2


def test_rows_are_spread_evenly() -> None:
    assert spread(100, 5).tolist() == [0, 20, 40, 60, 80]
    assert spread(3, 10).tolist() == [0, 1, 2]


# Files.


def look(epoch: int, size: int = 4) -> Look:
    return Look("samples", "samples-made", "Generated samples", epoch, {"tiles": np.full(size, epoch % 256, np.uint8)},
                {"rows": ["a"]})


def test_a_look_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = files.write(tmp_path, look(3))
    back = files.read(path)
    assert (back.kind, back.name, back.title, back.epoch, back.facts) == ("samples", "samples-made", "Generated samples", 3,
                                                                          {"rows": ["a"]})
    assert back.arrays["tiles"].tolist() == [3, 3, 3, 3]
    assert files.written(tmp_path) == {"samples-made": {3: path}}


def test_what_is_gone_or_torn_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoLook, match="is gone"):
        files.read(tmp_path / "0001.npz")
    path = files.write(tmp_path, look(1))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(NoLook, match="cannot be read"):
        files.read(path)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Any, **arrays: Any) -> None:
        file.write(b"x" * 100)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        files.write(tmp_path, look(1))
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_files_are_bounded_by_number_and_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST", 20)
    for epoch in range(50):
        files.write(tmp_path, look(epoch))
    found = list(files.written(tmp_path)["samples-made"])
    assert len(found) <= 20 and found[0] == 0 and found[-1] == 49
    assert all(epoch % 2 == 0 for epoch in found[:-1])
    monkeypatch.setattr(files, "MOST_BYTES", 1)
    files.write(tmp_path, look(50))
    assert list(files.written(tmp_path)["samples-made"]) == [0, 8, 16, 24, 32, 40, 48, 50]


def test_going_on_from_an_epoch_forgets_what_came_after(tmp_path: Path) -> None:
    for epoch in range(4):
        files.write(tmp_path, look(epoch))
    files.cut(tmp_path, 2)
    assert list(files.written(tmp_path)["samples-made"]) == [0, 1, 2]
    files.remove(tmp_path)
    assert files.written(tmp_path) == {}


# Whatever is drawn.

DRAWINGS = (contest, conditional, autoencoder, denoiser, variational, playground, points_contest, translator, text_model)
BETWEEN = ("Rescaling", "Flatten", "Dense units=3", "Permute dims=[2,1]", "StopGradient", "Normalization", "GaussianNoise",
           "Reshape target_shape=[-1,2]", "RandomFlip", "Output", "Sampling", "FromTheFuture")


def changed(document: Document, draw: st.DataObject) -> None:
    """Mute a node, take one out, or put one into a wire."""
    graph = document.graph
    action = draw.draw(st.sampled_from(["mute", "remove", "insert", "insert"]))
    if action != "insert":
        node_id = draw.draw(st.sampled_from(sorted(graph.nodes)))
        (SetField(node_id, "muted", True) if action == "mute" else RemoveNode(node_id)).apply(document)
        return
    if graph.edges:
        edge = graph.edges[draw.draw(st.sampled_from(sorted(graph.edges)))]
        fresh = node(f"{fresh_id('new', graph.nodes)} {draw.draw(st.sampled_from(BETWEEN))}")
        Disconnect(edge.key).apply(document)
        AddNode(fresh).apply(document)
        into = "mean" if fresh.type == "Sampling" else "in"
        for one in (Edge(source=edge.source, source_port=edge.source_port, target=fresh.id, target_port=into),
                    Edge(source=fresh.id, source_port="out", target=edge.target, target_port=edge.target_port,
                         index=edge.index)):
            Connect(one).apply(document)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_asking_what_can_be_seen_is_safe_whatever_is_drawn(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(DRAWINGS))()
    for _ in range(data.draw(st.integers(1, 4))):
        if document.graph.nodes:
            changed(document, data)
    analysis = Analyzer(document, registry())
    plans = wanted(analysis)
    assert not plans or (analysis.plan.trainer and len({name_of(plan) for plan in plans}) == len(plans))
    for end in further_columns(plans):
        assert end[1] in analysis.engine.facts[end[0]].outputs
