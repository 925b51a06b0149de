"""Contests: who is trained by what in which phase, the arithmetic of a hand-written loop, and what is refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.weights import read_weights
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField, SetParam
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.data import Feed, load_feed
from graph_compiler.trainers.noise import drawn
from graph_compiler.trainers.phases import Phase
from graph_compiler.trainers.steps import Steps
from tests.helpers.contests import CRITIC, DISCRIMINATOR, contest
from tests.helpers.drawing import apply, codes, fix
from tests.helpers.training import run

CONDITIONAL = ("onehot OneHot num_classes=10", "digits.label > onehot", "onehot > made.label", "onehot > judge_fake.label",
               "onehot > judge_real.label")


def with_label(inside: tuple[str, ...]) -> tuple[str, ...]:
    """The inside of a block with a second port `label`, joined to the first."""
    lines = [line.replace("x > hidden", "x > both.in#0") for line in inside]
    first = next(line for line in lines if ">" in line)
    rest = first.replace("x > both.in#0", "both > hidden", 1)
    return (*(line for line in lines if line != first), "label BlockInput order=1", "both Concatenate", "x > both.in#0",
            "label > both.in#1", rest)


def analysis_of(document: Document) -> Analyzer:
    return Analyzer(document, registry())


def steps_of(document: Document, folder: Path) -> tuple[Compiled, Feed, Steps]:
    """Everything a run starts from."""
    compiled = compile_document(document, registry(), seed=document.training.seed)
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(folder, folder))
    phases = [Phase(compiled, phase, document.training) for phase in compiled.plan.phases]
    return compiled, feed, Steps(compiled, feed, phases, document.training.batch_size, document.training.seed)


def test_the_wiring_makes_two_phases() -> None:
    plan = analysis_of(contest()).plan
    first, second = plan.phases
    assert plan.trainer == "adversarial"
    assert (first.name, first.trains, first.held, first.groups) == ("D", ("judge_fake",), ("made",), {"D": ("judge_fake",)})
    assert (second.name, second.trains, second.held, second.groups) == ("G", ("made",), ("judge_fake",), {"": ("made",)})
    assert [(i.name, i.tensor.shape) for i in plan.inputs] == [("noise", (4,))]
    assert [(o.name, o.end) for o in plan.outputs] == [("made", ("made", "y"))]
    assert plan.sources == ("digits", "noise")


def for_generator(kind: str, fake: Any) -> Any:
    import keras
    import tensorflow as tf

    if kind == "non_saturating":
        return keras.losses.BinaryCrossentropy(from_logits=True)(tf.ones_like(fake), fake)
    return tf.reduce_mean((fake - 1) ** 2) if kind == "least_squares" else -tf.reduce_mean(fake)


def for_discriminator(kind: str, real: Any, fake: Any, truth: float) -> Any:
    import keras
    import tensorflow as tf

    if kind == "non_saturating":
        bce = keras.losses.BinaryCrossentropy(from_logits=True)
        return bce(tf.fill(real.shape, truth), real) + bce(tf.zeros_like(fake), fake)
    if kind == "least_squares":
        return tf.reduce_mean((real - 1) ** 2) + tf.reduce_mean(fake ** 2)
    if kind == "hinge":
        return tf.reduce_mean(tf.nn.relu(1 - real)) + tf.reduce_mean(tf.nn.relu(1 + fake))
    return tf.reduce_mean(fake) - tf.reduce_mean(real)


def by_hand(document: Document, count: int, folder: Path) -> list[np.ndarray]:
    """Weights after `count` steps of a plain eager loop over the same rows and noise, written with Keras alone."""
    import keras
    import tensorflow as tf

    compiled, feed, _ = steps_of(document, folder)
    values = compiled.plan.contests[0].values
    layers, kind = compiled.layers, values["loss"]
    generator = compiled.model
    judge = keras.Model(compiled.tensors["made", "y"], compiled.tensors["judge_fake", "y"])
    ours, theirs = compiled.variables_of(["made"]), compiled.variables_of(["judge_fake"])
    states = {side: [v for path, layer in layers.items() if path.startswith(side) for v in layer.non_trainable_variables]
              for side in ("made", "judge_fake")}
    still = {"D": states["made"], "G": states["judge_fake"]}
    moves = {"D": keras.optimizers.Adam(0.001, beta_1=0.5), "G": keras.optimizers.Adam(0.002, beta_1=0.5)}
    order, p = feed.shuffled(3, 0)[0], compiled.analysis.facts("noise").values  # type: ignore[union-attr]
    for number in range(count):
        rows = order[number * 32:(number + 1) * 32]
        real = tf.reshape(feed.columns["digits", "image"][rows], (len(rows), 64))
        real = tf.cast(real, tf.float32) * 0.125 - 1
        for place, phase in enumerate(("D", "G")):
            if phase == "G" and number % values["discriminator_steps"] != values["discriminator_steps"] - 1:
                continue
            seed = tf.constant([3 * 16 + place, number])
            before = [np.array(v.numpy()) for v in still[phase]]
            with tf.GradientTape() as tape:
                fake = generator(drawn(p, len(rows), seed + 1000), training=True)
                a, b = judge(real, training=True) if phase == "D" else None, judge(fake, training=True)
                if phase == "G":
                    loss = for_generator(kind, b)
                else:
                    loss = for_discriminator(kind, a, b, 1 - values["label_smoothing"])
                    if values["penalty"] == "gradient":
                        share = tf.random.stateless_uniform((len(rows), 1), seed)
                        between = tf.Variable(real + share * (fake - real))
                        with tf.GradientTape() as inner:
                            score = judge(between, training=True)
                        norm = tf.norm(inner.gradient(score, between), axis=1)
                        loss += values["penalty_weight"] * tf.reduce_mean((norm - 1) ** 2)
            for v, old in zip(still[phase], before, strict=True):
                v.assign(old)
            moved = theirs if phase == "D" else ours
            moves[phase].apply(tape.gradient(loss, [v.value for v in moved]), moved)
    return [v.numpy() for v in (*ours, *theirs)]


@pytest.mark.parametrize("loss", [
    {}, {"label_smoothing": 0.1}, {"loss": "least_squares"},
    {"loss": "hinge", "discriminator_steps": 2, "discriminator": CRITIC},
    {"loss": "wasserstein", "penalty": "gradient", "discriminator": CRITIC}], ids=str)
def test_steps_equal_a_hand_written_loop(loss: dict[str, Any], tmp_path: Path) -> None:
    document = contest(**loss)
    compiled, feed, steps = steps_of(document, tmp_path)
    rates = np.full(8, 0.002, np.float32)
    losses, _ = steps.train(feed.shuffled(3, 0), 0, 8, rates)
    assert losses.shape == (8, 2)
    mine = [v.numpy() for v in (*compiled.variables_of(["made"]), *compiled.variables_of(["judge_fake"]))]
    for a, b in zip(mine, by_hand(document, 8, tmp_path), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-5)


HELD = tuple('score SpectralNormalization layer={"name":"Dense","units":1}' if line.startswith("score ") else line
             for line in DISCRIMINATOR)


@pytest.mark.parametrize("discriminator", [DISCRIMINATOR, HELD], ids=["plain", "spectral"])
def test_each_phase_moves_its_own_and_holds_the_rest(discriminator: tuple[str, ...], tmp_path: Path) -> None:
    import tensorflow as tf

    compiled, feed, steps = steps_of(contest(discriminator=discriminator), tmp_path)
    rows = tf.constant(feed.order("train")[:, :32])
    inputs, columns = steps._batch(rows)

    def everything() -> dict[str, np.ndarray]:
        return {f"{path}/{v.path.rsplit('/', 1)[-1]}": v.numpy() for path, layer in compiled.layers.items()
                for v in layer.variables if path.startswith(("made", "judge_fake")) and "seed" not in v.path}

    for phase, own in zip(steps.phases, ("judge_fake", "made"), strict=True):
        before = everything()
        phase.step(tf.constant(0.01), inputs, columns, steps.figures, tf.constant([1, 2]), 32)
        after = everything()
        moved = {name for name in before if not np.array_equal(before[name], after[name])}
        assert moved == {name for name in before if name.startswith(own)}
        assert f"{own}.norm/moving_mean" in moved


def test_a_run_has_both_losses_and_goes_on_exactly(tmp_path: Path) -> None:
    document = contest()
    whole = run(document, tmp_path / "whole", epochs=2)
    assert {"loss", "discriminator_loss", "real_score", "test_discriminator_loss"} <= whole.result["metrics"].keys()
    first = run(document, tmp_path / "parts", epochs=1)
    second = run(document, tmp_path / "parts", epochs=2, resume=str(tmp_path / "parts/checkpoints/epoch-0001-step-000000"))
    assert first.result["metrics"] != second.result["metrics"]
    assert second.result["metrics"] == pytest.approx(whole.result["metrics"], rel=1e-5)
    against = [p for m in whole.messages if type(m).__name__ == "Progress" for p in m.against]
    assert len(against) == len(whole.losses) and against[0][1] != whole.losses[0]


def test_the_generator_ends_with_its_moving_average(tmp_path: Path) -> None:
    document = contest()
    averaged = OptimizerSettings(learning_rate=0.01, params={"use_ema": True, "ema_momentum": 0.5})
    weights = {}
    for name, chosen in (("plain", OptimizerSettings(learning_rate=0.01)), ("averaged", averaged)):
        document.training = with_optimizer(document.training, chosen)
        run(document, tmp_path / name, limit_steps=6)
        weights[name] = read_weights(tmp_path / name / "checkpoints/final/model.weights.h5")
    plain, mean = weights["plain"], weights["averaged"]
    assert not np.allclose(plain["made.pixels"]["kernel"], mean["made.pixels"]["kernel"], atol=1e-4)
    np.testing.assert_allclose(plain["judge_fake.score"]["kernel"], mean["judge_fake.score"]["kernel"], atol=1e-5)


def with_optimizer(settings: TrainingSettings, chosen: Any) -> TrainingSettings:
    """The settings with another optimiser of the default group."""
    return msgspec.structs.replace(settings, optimizers={**settings.optimizers, "": chosen})


def test_labels_go_to_both_nets_and_into_the_export(tmp_path: Path) -> None:
    document = contest(*CONDITIONAL, generator=with_label(contest_inside("generator")),
                       discriminator=with_label(contest_inside("discriminator")), loss="wasserstein", penalty="gradient")
    plan = analysis_of(document).plan
    assert (codes(analysis_of(document)), plan.trainer) == ([], "adversarial")
    assert [i.name for i in plan.inputs] == ["label", "noise"]
    assert plan.contests[0].made == (("made", "y"),)
    assert np.isfinite(list(run(document, tmp_path, limit_steps=3).result["metrics"].values())).all()


def contest_inside(name: str) -> tuple[str, ...]:
    from tests.helpers import contests

    return contests.GENERATOR if name == "generator" else contests.CRITIC


def test_an_auxiliary_loss_that_names_the_discriminator_trains_it_in_its_phase(tmp_path: Path) -> None:
    inside = (*CRITIC, "classes Dense units=10", "z BlockOutput order=1", "hidden > classes > z")
    document = contest("class_loss Loss trains=D", "judge_real.z > class_loss.prediction", "digits.label > class_loss.target",
                       discriminator=inside)
    first, second = analysis_of(document).plan.phases
    assert (first.objectives, second.objectives) == (("class_loss", "adversarial"), ("adversarial",))
    metrics = run(document, tmp_path, limit_steps=5).result["metrics"]
    assert {"class_loss_loss", "class_loss_accuracy", "adversarial_loss", "adversarial_discriminator_loss"} <= metrics.keys()


# What is refused.


def test_two_discriminators_are_shared_by_a_fix() -> None:
    analysis = analysis_of(contest(weights=("", "")))
    problem = next(p for p in analysis.problems if p.code == "discriminator")
    assert problem.title == "Real and fake are not judged by one shared discriminator"
    assert problem.received == "judge_real with weights of its own and judge_fake with weights of its own"
    assert analysis.plan.reason == problem.title + "."
    assert fix(analysis, "discriminator") == "share the weights “D”"
    assert (codes(analysis), analysis.plan.trainer) == ([], "adversarial")


def test_one_instance_cannot_judge_both() -> None:
    analysis = analysis_of(contest("judge_fake.y > adversarial.real", without=("judge_real.y > adversarial.real",)))
    problem = next(p for p in analysis.problems if p.code == "discriminator")
    assert (problem.received, problem.fixes) == ("one instance for both, judge_fake", ())


def test_weights_after_the_discriminator_are_refused() -> None:
    analysis = analysis_of(contest("late Dense units=1", "judge_real.y > late > adversarial.real",
                                   without=("judge_real.y > adversarial.real",)))
    problem = next(p for p in analysis.problems if p.code == "discriminator")
    assert (problem.title, problem.port, problem.received) == ("No block judges “real”", "real", "the result of Dense (late)")


def test_scores_have_one_shape() -> None:
    inside = (*CRITIC, "z BlockOutput order=1", "hidden > z")
    analysis = analysis_of(contest("judge_real.z > adversarial.real", without=("judge_real.y > adversarial.real",),
                                   discriminator=inside))
    problem = next(p for p in analysis.problems if p.code == "score-mismatch")
    assert (problem.expected, problem.received) == ("16", "1")


def test_hinge_wants_scores_of_any_size() -> None:
    inside = tuple(line.replace("score Dense units=1", "score Dense units=1 activation=sigmoid") for line in CRITIC)
    analysis = analysis_of(contest(discriminator=inside, loss="hinge"))
    assert "logits@adversarial" in codes(analysis)
    assert codes(analysis_of(contest(discriminator=inside))) == []


def test_weights_before_real_alone_are_trained_by_nobody() -> None:
    document = contest("only Dense units=64", "digits.image > flat > scaled > only > judge_real.x",
                       without=("digits.image > flat > scaled > judge_real.x",))
    analysis = analysis_of(document)
    problem = next(p for p in analysis.problems if p.code == "real-only")
    assert (problem.node, problem.port, problem.received) == ("adversarial", "real", "Dense (only) before “real” only")
    apply(analysis, SetParam("adversarial", "trains", ["only"], ""))
    assert codes(analysis) == []
    assert analysis.plan.phases[1].trains == ("only", "made")
    apply(analysis, SetParam("adversarial", "trains", [], ""))
    assert fix(analysis, "real-only") == "freeze Dense"
    assert codes(analysis) == []


def test_fake_and_real_the_wrong_way_round_are_told_and_swapped() -> None:
    sides = ("judge_fake.y > adversarial.fake", "judge_real.y > adversarial.real")
    analysis = analysis_of(contest("judge_fake.y > adversarial.real", "judge_real.y > adversarial.fake", without=sides))
    assert codes(analysis) == ["swapped@adversarial"]
    problem = next(p for p in analysis.problems if p.code == "swapped")
    assert problem.title == "AdversarialLoss has fake and real swapped"
    assert problem.received == "generator (made) before “real”, and nothing to train before “fake”"
    assert fix(analysis, "swapped") == "swap fake and real"
    assert codes(analysis) == []
    assert [edge.source for edge in analysis.document.graph.into_port("adversarial", "fake")] == ["judge_fake"]
    assert analysis.plan.phases[1].trains == ("made",)


def test_a_generator_without_weights_has_nothing_to_train() -> None:
    analysis = analysis_of(contest(generator=("x BlockInput", "many RepeatVector n=16", "flat Flatten", "y BlockOutput",
                                              "x > many > flat > y")))
    assert "nothing-to-learn@adversarial" in codes(analysis)


def test_a_loss_that_can_only_train_the_discriminator_has_to_say_so() -> None:
    inside = (*CRITIC, "classes Dense units=10", "z BlockOutput order=1", "hidden > classes > z")
    analysis = analysis_of(contest("class_loss Loss", "judge_real.z > class_loss.prediction",
                                   "digits.label > class_loss.target", discriminator=inside))
    assert codes(analysis) == ["nothing-to-learn@class_loss"]
    assert fix(analysis, "nothing-to-learn") == "set trains to D"
    assert codes(analysis) == []


def test_names_that_stand_elsewhere_are_not_trained() -> None:
    inside = (*CRITIC, "classes Dense units=10", "z BlockOutput order=1", "hidden > classes > z")
    analysis = analysis_of(contest("class_loss Loss trains=D,nobody", "judge_real.z > class_loss.prediction",
                                   "digits.label > class_loss.target", discriminator=inside))
    assert codes(analysis) == ["trains@class_loss"]
    assert analysis.problems[0].title == "Loss cannot train “nobody”"


def test_noise_of_another_size_disagrees_between_shared_generators() -> None:
    document = contest("other Noise dim=5", "other > twin.x", instances={"twin": "generator"})
    for name in ("made", "twin"):
        SetField(name, "weights", "G").apply(document)
    problem = next(p for p in analysis_of(document).problems if p.code == "shared-mismatch")
    assert (problem.expected, problem.received) == ("the input of made: 4", "5")
