"""Learning rates, plateaus, early stopping, and the tables of optimisers and schedules held against Keras."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from graph_compiler.graph.values import EarlyStopping, OptimizerSettings, ScheduleSettings
from graph_compiler.specs.optimizers import OPTIMIZERS, check_optimizer
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.schedules import SCHEDULES, check_schedule
from graph_compiler.trainers.optimizers import make_optimizer
from graph_compiler.trainers.schedules import Schedule
from graph_compiler.trainers.stopping import Stopper, available, larger_is_better


def schedule(kind: str, warmup: float = 0.0, epochs: int = 10, steps: int = 10, **params: float | str) -> Schedule:
    return Schedule(ScheduleSettings(kind=kind, warmup_epochs=warmup, params=params), 0.1, epochs, steps)


def test_constant_stays() -> None:
    assert schedule("constant").rates(3, 0, 4) == pytest.approx([0.1] * 4)


def test_step_drops_at_whole_epochs() -> None:
    made = schedule("step", every_epochs=2.0, factor=0.5)
    assert [made.rate(e, 0) for e in range(5)] == pytest.approx([0.1, 0.1, 0.05, 0.05, 0.025])
    assert made.rate(1, 9) == pytest.approx(0.1)


def test_exponential_is_smooth_and_hits_its_rate_after_an_epoch() -> None:
    made = schedule("exponential", rate=0.5)
    assert made.rate(1, 0) == pytest.approx(0.05)
    assert made.rate(0, 5) == pytest.approx(0.1 * 0.5 ** 0.5)


def test_cosine_falls_to_its_share_at_the_end() -> None:
    made = schedule("cosine", final=0.1)
    assert made.rate(0, 0) == pytest.approx(0.1)
    assert made.rate(5, 0) == pytest.approx(0.1 * 0.55)
    assert made.rate(10, 0) == pytest.approx(0.01)
    assert all(a >= b for a, b in zip(made.rates(3, 0, 10), made.rates(3, 1, 11), strict=True))


def test_cosine_agrees_with_keras() -> None:
    import keras

    theirs = keras.optimizers.schedules.CosineDecay(0.1, 100, alpha=0.1)
    made = schedule("cosine", final=0.1)
    assert [made.rate(e, s) for e in range(10) for s in (0, 7)] == pytest.approx(
        [float(theirs(e * 10 + s)) for e in range(10) for s in (0, 7)], rel=1e-5)


def test_warm_up_grows_from_the_first_step_and_then_the_schedule_begins() -> None:
    made = schedule("cosine", warmup=2.0)
    rates = [*made.rates(0, 0, 10), *made.rates(1, 0, 10)]
    assert rates == pytest.approx(np.linspace(0.005, 0.1, 20), rel=1e-5)
    assert made.rate(2, 0) == pytest.approx(0.1)


def test_plateau_waits_and_drops_and_never_below_its_minimum() -> None:
    made = schedule("plateau", patience=2, factor=0.1, minimum=0.005)
    for value in (1.0, 1.0, 1.0):
        made.epoch_done(value, larger_is_better=False)
    assert made.rate(3, 0) == pytest.approx(0.01)
    for value in (1.0, 1.0):
        made.epoch_done(value, larger_is_better=False)
    assert made.rate(5, 0) == pytest.approx(0.005)


def test_plateau_of_a_figure_that_should_grow_and_its_state_come_back() -> None:
    made, again = schedule("plateau", patience=1), schedule("plateau", patience=1)
    made.epoch_done(0.5, larger_is_better=True)
    again.restore(made.state())
    for one in (made, again):
        one.epoch_done(0.6, larger_is_better=True)
        assert one.rate(0, 0) == pytest.approx(0.1)
        one.epoch_done(0.6, larger_is_better=True)
        assert one.rate(0, 0) == pytest.approx(0.05)


def test_wrong_schedules_are_refused_by_the_guilty_parameter() -> None:
    for settings, guilty in ((ScheduleSettings(kind="zigzag"), "kind"), (ScheduleSettings(warmup_epochs=-1), "warmup_epochs"),
                             (ScheduleSettings(kind="step", params={"factor": 2.0}), "factor"),
                             (ScheduleSettings(kind="cosine", params={"power": 1.0}), "power")):
        with pytest.raises(Refusal) as caught:
            check_schedule(settings)
        assert caught.value.param == guilty


def test_defaults_of_schedules_pass_their_own_checks() -> None:
    for kind, table in SCHEDULES.items():
        assert all(p.check(p.default) == p.default for p in table), kind


def test_the_table_of_optimisers_is_kerass() -> None:
    import keras

    abstract = {"Optimizer", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"}
    known = {name for name, kind in vars(keras.optimizers).items() if inspect.isclass(kind)} - abstract
    assert set(OPTIMIZERS) == known
    for name, table in OPTIMIZERS.items():
        signature = inspect.signature(getattr(keras.optimizers, name).__init__).parameters
        theirs = {p.name: p.default for p in signature.values() if p.kind is p.POSITIONAL_OR_KEYWORD}
        unsaid = {"self", "name", "exclude_layers"}
        assert {p.name: p.default for p in table} == {n: d for n, d in theirs.items() if n not in unsaid}, name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_takes_a_step(name: str) -> None:
    import keras
    import tensorflow as tf

    variable = keras.Variable(np.ones((3, 2), np.float32), name="kernel")
    optimizer = make_optimizer(OptimizerSettings(name=name), [variable])
    optimizer.apply([tf.ones((3, 2))], [variable])
    assert not np.array_equal(variable.numpy(), np.ones((3, 2)))


def test_wrong_optimisers_are_refused() -> None:
    with pytest.raises(Refusal, match="no optimiser “Adamm”"):
        check_optimizer(OptimizerSettings(name="Adamm"))
    with pytest.raises(Refusal, match="SGD has no beta_1"):
        check_optimizer(OptimizerSettings(name="SGD", params={"beta_1": 0.9}))
    with pytest.raises(Refusal) as caught:
        check_optimizer(OptimizerSettings(learning_rate=0.0))
    assert caught.value.param == "learning_rate"


def test_early_stopping_waits_for_its_patience() -> None:
    stopper = Stopper(EarlyStopping(patience=2, min_delta=0.1), "val_loss")
    assert [stopper.epoch_done(e, v) for e, v in enumerate((1.0, 0.8, 0.75, 0.79))] == [True, True, False, False]
    assert stopper.enough
    assert (stopper.best_epoch, stopper.best) == (1, 0.8)


def test_which_figures_should_grow_and_which_stand_in() -> None:
    assert larger_is_better("val_accuracy")
    assert larger_is_better("val_r2")
    assert not larger_is_better("val_mae")
    assert available("val_loss", ("loss", "accuracy")) == "loss"
    assert available("accuracy", ("loss", "accuracy", "val_loss", "val_accuracy")) == "accuracy"
    assert available("nonsense", ("loss", "val_loss")) == "val_loss"
