"""The Train tab driven by messages and clicks."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.training import live_words
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import RemoveNode, SetTraining
from graph_compiler.graph.files import loads
from graph_compiler.graph.values import ScheduleSettings
from graph_compiler.messages import Device, Epoch, Failed, Progress, Started
from tests.benchmarks.figures import templates
from tests.helpers.window import opened_window
from widgets.document import GraphDocument
from widgets.figures import figure_title, figure_words
from widgets.pages.recipe import planned_rates
from widgets.pages.train import TrainPage
from widgets.pages.train_status import PastRun


@pytest.fixture
def document(qapp) -> GraphDocument:
    return GraphDocument(loads(templates()["digits-cnn"]), registry())


@pytest.fixture
def page(document, qtbot) -> TrainPage:
    page = TrainPage(document)
    qtbot.addWidget(page)
    page.resize(1600, 468)
    page.show()
    return page


def start(page: TrainPage) -> None:
    page.start_over("Run 1")
    page.set_state("running")
    page.receive(Device(name="CPU", sentence="Runs on the CPU with 2 threads."))
    page.receive(Started(epochs=4, steps=100, rows={}, parameters=10, metrics=("loss", "accuracy")))
    page.receive(Progress(epoch=1, step=50, metrics={"loss": 0.5, "accuracy": 0.9}, points=((1.5, 0.5),), learning_rate=0.001,
                          samples_per_second=6180.0, seconds_per_step=0.0207, seconds_left=52.0, memory=412_000_000))


def test_before_the_first_run_the_page_says_the_next_step_and_can_train(page, qtbot):
    assert page._empty_button.isVisible() and page._empty_button.isEnabled()
    with qtbot.waitSignal(page.train):
        qtbot.mouseClick(page._empty_button, Qt.MouseButton.LeftButton)


def test_a_drawing_with_errors_cannot_be_trained_and_says_why(page, document):
    losses = [n.id for n in document.document.graph.nodes.values() if n.type == "Loss"]
    document.do(RemoveNode(losses[0]))
    assert not page._empty_button.isEnabled()
    assert page._empty_text.text()
    assert page._recipe.reason.isVisible() and page._recipe.reason.text()


def test_both_plots_span_the_planned_epochs_before_the_worker_has_said_a_word(page, document, qtbot):
    document.do(SetTraining("epochs", 12))
    page.start_over("Run 1")
    page.set_state("starting")
    for plot in (page.loss, page.second):
        left, right = plot.view.viewRange()[0]
        assert plot.isVisible() and left <= 0 and 12 <= right < 13


def test_figures_of_a_running_training_are_shown(page, qtbot):
    start(page)
    qtbot.waitUntil(lambda: page._status.epoch.text() == "Epoch 2 of 4")
    assert page._status.share.text() == "38 %"
    assert page._status.left.text() == "52 s left"
    assert page._status.facts.value("Samples a second") == "6,180"
    assert page._status.facts.value("Memory") == "412.0 MB"
    assert page._status.sentence.text() == "Runs on the CPU with 2 threads."
    assert page.second.title.text() == "Accuracy"


def test_pause_and_both_ways_to_stop_are_asked_for(page, qtbot):
    start(page)
    with qtbot.waitSignal(page.pause):
        qtbot.mouseClick(page._status.pause_button, Qt.MouseButton.LeftButton)
    page.set_state("paused")
    assert page._status.pause_button.text() == "Go on"
    with qtbot.waitSignal(page.go_on):
        qtbot.mouseClick(page._status.pause_button, Qt.MouseButton.LeftButton)
    for action, keep in zip(page._status.stop_button.menu().actions(), (True, False), strict=True):
        with qtbot.waitSignal(page.stop) as caught:
            action.trigger()
        assert caught.args == [keep]


def test_a_failure_is_one_sentence_and_offers_to_train_again(page):
    start(page)
    page.receive(Failed(code="oom", sentence="The batch does not fit into memory.", hint="Halve the batch size."))
    page.set_state("failed", "The batch does not fit into memory. Halve the batch size.")
    assert page._status.sentence.text() == "The batch does not fit into memory. Halve the batch size."
    assert page._status.train_button.isVisible() and not page._status.pause_button.isVisible()


def test_the_recipe_follows_the_settings(page, document):
    document.do(SetTraining("batch_size", 64))
    assert page._recipe.rows.value("Epochs") == "6, batches of 64"
    assert "34,826 weights" in page._recipe.rows.value("Trains")


def test_redraws_are_bounded_while_messages_flood(page, qtbot, monkeypatch):
    start(page)
    drawn = []
    monkeypatch.setattr(page.loss, "draw", drawn.append)
    for i in range(2000):
        page.receive(Progress(epoch=2, step=i % 100, metrics={"loss": 0.4}, points=((2.0, 0.4),)))
    page.receive(Epoch(epoch=2, metrics={"loss": 0.4}, learning_rate=0.001, seconds=1.0))
    qtbot.waitUntil(lambda: len(drawn) >= 1)
    assert len(drawn) <= 2


def test_a_hidden_page_does_not_draw(page, qtbot, monkeypatch):
    page.hide()
    drawn = []
    monkeypatch.setattr(page.loss, "draw", drawn.append)
    start(page)
    assert not page._timer.isActive() and drawn == []
    page.show()
    assert drawn


def test_figures_have_units_and_names():
    assert figure_words("accuracy", 0.9912) == "99.1 %"
    assert figure_words("mae", 2.8123) == "2.81"
    assert figure_title("top_k_accuracy") == "Top-k accuracy"
    assert figure_title("mae") == "MAE"
    assert [figure_title(name) for name in ("loss_1_loss", "loss_1_mae", "reconstruction_loss", "gaussian_kl_1_loss")] == [
        "Loss 1", "MAE of loss 1", "Reconstruction loss", "Gaussian KL"]
    assert figure_words("loss_1_accuracy", 0.5) == figure_words("accuracy", 0.5)


def test_an_earlier_run_is_shown_from_its_history(page):
    rows = tuple({"epoch": float(i), "loss": 1 / i, "val_loss": 1.1 / i, "accuracy": 0.8, "seconds": 1.0,
                  "learning_rate": 0.001} for i in (1, 2, 3))
    page.show_past(PastRun("Run 7", 6, rows, {"test_accuracy": 0.97}, 5.0, "stopped"))
    assert page._status.epoch.text() == "3 of 6 epochs"
    assert page._status.facts.value("Accuracy, test") == "97.0 %"
    assert page.record.at_epoch(2)["val_loss"] == pytest.approx(0.55)
    assert page.loss.train_item.text == "train 0.333"
    assert page._status.train_button.isVisible()


def test_an_ended_run_can_go_further_and_no_longer_says_what_is_left(page, qtbot):
    start(page)
    qtbot.waitUntil(lambda: page._status.left.text() == "52 s left")
    assert not page._status.further_button.isVisible()
    page.set_state("stopped", "Kept.")
    assert page._status.left.text() == ""
    with qtbot.waitSignal(page.go_further):
        qtbot.mouseClick(page._status.further_button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("width", [1280, 1366, 1600, 2200])
def test_headings_of_both_plots_have_room_at_every_width(page, qtbot, width):
    start(page)
    page.resize(width, 420)
    qtbot.waitUntil(lambda: page.second.val_item.isVisible() and page.width() == width)
    page._draw()
    for plot in (page.loss, page.second):
        plot.layout().activate()
        shown = [w for w in (plot.title, plot.train_item, plot.val_item, *(t for t, _ in plot._tools)) if w.isVisible()]
        boxes = [w.geometry() for w in shown]
        assert all(box.right() <= plot.width() for box in boxes)
        assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_long_values_of_the_recipe_are_whole(page):
    words = page._recipe.rows._values["Loss"]
    assert words.text().replace("\u200b", "") == page._recipe.rows.value("Loss") == "SparseCategoricalCrossentropy"
    assert words.wordWrap()


def test_a_drawing_with_errors_cannot_be_trained_again_from_the_page(page, document):
    page.show_past(PastRun("Run 7", 6, ({"epoch": 1.0, "loss": 1.0},), {}, 5.0, "finished"))
    assert page._status.train_button.isEnabled()
    losses = [n.id for n in document.document.graph.nodes.values() if n.type == "Loss"]
    document.do(RemoveNode(losses[0]))
    assert not page._status.train_button.isEnabled() and not page._status.further_button.isEnabled()
    document.undo_stack.undo()
    assert page._status.further_button.isEnabled()


def test_before_the_first_step_the_plan_is_drawn_and_no_figure_is_nought(page, document, qtbot):
    document.do(SetTraining("epochs", 9))
    page.start_over("Run 2")
    page.set_state("starting")
    assert page.record.length == 9
    page.receive(Started(epochs=9, steps=50, rows={}, parameters=1, metrics=("loss",)))
    qtbot.waitUntil(lambda: page._status.step.text() == "Step 0 of 50")
    assert page._status.facts.value("Samples a second") == "–"
    assert page._status.facts.value("Time a step") == page._status.facts.value("Learning rate") == "–"


def test_each_figure_can_be_chosen_above_the_second_plot(page, qtbot):
    page.start_over("Run 2")
    page.receive(Started(epochs=2, steps=5, rows={}, parameters=1, metrics=("loss", "mae", "r2")))
    page.receive(Epoch(epoch=0, metrics={"loss": 4.0, "mae": 2.5, "r2": 0.5, "val_r2": 0.25}, learning_rate=0.1, seconds=1.0))
    page.set_state("running")
    assert [page.choice.itemText(i) for i in range(page.choice.count())] == ["MAE", "R²"]
    assert page.choice.isVisible() and not page.second.title.isVisible() and page.second.log_switch.isVisible()
    page.choice.setFocus()
    qtbot.keyClick(page.choice, Qt.Key.Key_Down)
    assert page.second.figure == "r2"
    qtbot.waitUntil(lambda: page.second.val_item.text == "validation 0.250")
    page.receive(Started(epochs=2, steps=5, rows={}, parameters=1, metrics=("loss", "accuracy")))
    assert page.second.title.isVisible() and not page.choice.isVisible() and not page.second.log_switch.isVisible()


def test_the_legend_the_end_of_the_curve_and_the_card_say_one_number(page, document):
    start(page)
    for i in range(50):
        page.receive(Progress(epoch=1, step=51 + i, metrics={"loss": 0.45, "accuracy": 0.9}, points=((1.51 + i / 100, 0.3),),
                              seconds=75.0, seconds_left=40.0))
    page._draw()
    end = float(page.loss._train.getData()[1][-1])
    assert page.loss.train_item.text == f"train {page.loss.format_value(end)}"
    assert live_words(document.analysis.plan, page.newest) == {"loss_1": page.loss.format_value(end)}
    assert end < 0.45, "it follows the steps, not the mean of the epoch so far"
    page.smooth.setValue(0)
    assert page.loss.train_item.text == "train 0.300" and page.newest("loss") == pytest.approx(0.3)
    assert page._status.left.text() == "1 min 15 s · 40 s left"
    page.receive(Epoch(epoch=1, metrics={"loss": 0.4}, learning_rate=0.001, seconds=1.0))
    page._draw()
    assert page.loss.train_item.toolTip().endswith("Mean of epoch 2: 0.400.")


def test_a_legend_ends_where_its_curve_ends_within_an_epoch_too(page):
    start(page)
    page.receive(Epoch(epoch=1, metrics={"loss": 0.4, "accuracy": 0.91}, learning_rate=0.001, seconds=1.0))
    page.receive(Progress(epoch=2, step=5, metrics={"loss": 0.1, "accuracy": 0.99}, points=((2.05, 0.1),)))
    page._draw()
    assert page.second.train_item.text == "train 91.0 %", "a mean over a few steps is not drawn, and not told"


def test_the_recipe_says_how_many_of_the_weights_are_trained(qtbot):
    document = GraphDocument(loads(templates()["house-prices"]), registry())
    page = TrainPage(document)
    qtbot.addWidget(page)
    totals = document.analysis.totals
    assert totals.trainable < totals.weights
    assert page._recipe.rows.value("Trains") == f"3 layers, {totals.trainable:,} of {totals.weights:,} weights"


def test_the_planned_rate_has_the_corner_of_the_warm_up(page, document):
    document.do(SetTraining("schedule", {"kind": "cosine", "warmup_epochs": 0.5}))
    document.do(SetTraining("epochs", 100))
    x, y = planned_rates(document.document.training, 100)
    top = int(np.argmax(y))
    assert x[top] * 100 == pytest.approx(0.5) and y[top] == pytest.approx(base_rate(document))
    assert y[0] == 0.0 and y[-1] == pytest.approx(0.0, abs=1e-6)


def test_a_past_run_shows_the_rates_it_was_trained_with(page, document):
    used = msgspec.structs.replace(document.document.training, epochs=2,
                                   schedule=ScheduleSettings(kind="cosine", warmup_epochs=1.0))
    rows = ({"epoch": 1.0, "loss": 1.0, "learning_rate": 0.004}, {"epoch": 2.0, "loss": 0.5, "learning_rate": 0.0})
    page.show_past(PastRun("Run 3", 2, rows, {}, 5.0, "finished", settings=used))
    curve = page._recipe.rate_curve
    assert curve._x[np.argmax(curve._y)] == pytest.approx(0.5) and curve._y[0] == 0.0
    document.do(SetTraining("schedule", {"kind": "constant"}))
    page._drawn = -1
    page._draw()
    assert curve._y[0] == 0.0, "what the drawing says by now is not what was used"


def base_rate(document: GraphDocument) -> float:
    return document.document.training.optimizers[""].learning_rate


@pytest.mark.parametrize(("figure", "words"), [
    ("loss_1_mse", "MSE of loss 1"), ("loss_2_loss", "Loss 2"), ("reconstruction_loss", "Reconstruction loss"),
    ("reconstruction_mse", "Reconstruction, MSE"), ("kl_loss", "KL loss"), ("gaussian_kl_1_loss", "Gaussian KL"),
    ("traits_f1", "Traits, F1"), ("discriminator_loss", "Discriminator loss"), ("loss", "Loss")])
def test_figures_of_several_losses_have_words(figure, words):
    assert figure_title(figure) == words


def test_the_sum_of_several_losses_is_the_total():
    assert figure_title("loss", ("loss", "kl_loss", "reconstruction_loss")) == "Total loss"
    assert figure_title("loss", ("loss", "discriminator_loss", "accuracy")) == "Loss"


def test_figures_of_a_run_are_whole_in_a_low_page(document, qtbot):
    page = TrainPage(document)
    qtbot.addWidget(page)
    page.resize(1280, 420)
    page.show()
    start(page)
    page.show_result({f"test_{name}": 0.5 for name in ("loss", "accuracy", "bits", "exact_match", "free_accuracy", "f1")})
    page._draw()
    rows = page._status.facts._rows
    qtbot.waitUntil(lambda: all(value.text() == value.toolTip() and value.height() >= 20 for value in rows.values()))
    page._status.show_result({"test_discriminator_loss_of_a_very_long_name": 0.98765})
    qtbot.waitUntil(lambda: rows is not page._status.facts._rows and all(
        value.text() == value.toolTip() for value in page._status.facts._rows.values()))


@pytest.mark.parametrize("state", ["running", "finished"])
def test_a_slim_column_keeps_its_buttons_side_by_side(page, state):
    status = page._status
    page.set_state(state)
    for narrow in (False, True):
        status.set_narrow(narrow)
        status.layout().activate()
        buttons = (status.pause_button, status.stop_button, status.train_button, status.further_button)
        shown = [button for button in buttons if button.isVisible()]
        assert len(shown) == 2 and shown[0].y() == shown[1].y()
        assert all(b.width() >= b.sizeHint().width() for b in shown)
        assert shown[1].geometry().right() < status.width()


def test_before_a_run_there_is_no_empty_bar(page):
    page.set_state("idle")
    assert not page._status.bar.isVisible() and not page._status._rule.isVisible()
    page.set_state("running")
    assert page._status.bar.isVisible()


@pytest.mark.parametrize("button", ["_status", "_recipe"])
def test_the_epochs_are_a_click_away_from_the_curves(qtbot, monkeypatch, button):
    window = opened_window(qtbot, monkeypatch, "iris")
    window.canvas.select([next(iter(window.document.document.graph.nodes))])
    window.show_page("Train", fill=True)
    window.docks.dock("inspector").hide()
    page = window.pages.training.page
    assert page._recipe.rows.value("Epochs").startswith(f"{window.document.document.training.epochs}, ")
    qtbot.mouseClick(getattr(page, button).settings_button, Qt.MouseButton.LeftButton)
    inspector = window.inspector
    field = inspector.page.basics.rows["epochs"].editor
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect().height() == field.height())
    assert inspector.ids == []
    assert window.workbench.state == "open"
    assert window.focusWidget() is field or field.isAncestorOf(window.focusWidget())
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.focusWidget(), "7")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.document.document.training.epochs == 7
    qtbot.waitUntil(lambda: page._recipe.rows.value("Epochs").startswith("7, "))
