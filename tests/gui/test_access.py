"""Access for everybody: every control has a name, the focus is always seen, nothing but the window is ever shown alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QVBoxLayout, QWidget

from app.actions import TABS
from app.window import MainWindow
from graph_compiler.graph.edits import RemoveNode
from graph_compiler.messages import Epoch, Progress, Started
from graph_compiler.runs.evaluation import Evaluation
from tests.helpers.access import nameless, unseen
from tests.helpers.window import opened_window
from widgets import access, style
from widgets.pages.evaluate import EvaluatePage
from widgets.pages.run_bar import RunChoice
from widgets.pages.running import Running
from widgets.runs import RunRow, RunsPage

FORMS = ("sequence", "text", "samples")
SCREENS = ("gallery", "drawing", "node", "several", *TABS, "broken", "running", "panels", "commands", "find", "guide")


class Watch(QObject):
    """Remembers which widgets were shown as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow() \
                and not isinstance(watched, (QMenu, MainWindow)):
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.fixture
def watch(qapp) -> Iterator[Watch]:
    made = Watch()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)


@pytest.fixture
def window(watch, qapp, qtbot, monkeypatch) -> MainWindow:
    style.apply(qapp)
    return opened_window(qtbot, monkeypatch)


def show(window: MainWindow, screen: str, qtbot) -> None:
    """Bring a screen up."""
    if screen == "gallery":
        return
    window.open_template("digits-cnn")
    if screen == "node":
        window.canvas.select(["conv2d_2"])
    elif screen == "several":
        window.canvas.select(["conv2d_1", "conv2d_2"])
    elif screen == "panels":
        for name in ("outline", "history"):
            window.actions_by_id[name].trigger()
        window.open_template("iris")
    elif screen == "broken":
        window.document.do(RemoveNode("flatten_1"))
        window.show_page("Problems")
    elif screen == "running":
        run(window)
    elif screen == "guide":
        window.guide.open("cnn")
    elif screen == "commands":
        window.actions_by_id["commands"].trigger()
    elif screen == "find":
        window.canvas.verbs.find_node()
    elif screen in TABS:
        window.show_page(screen, fill=True)
    qtbot.waitUntil(lambda: window.pages.settled)
    QApplication.processEvents()


def run(window: MainWindow) -> None:
    """The Train page in the middle of a training."""
    window.show_page("Train", fill=True)
    page = window.pages.training.page
    page.start_over("Run 1")
    page.set_state("running")
    page.receive(Started(epochs=4, steps=100, rows={}, parameters=10, metrics=("loss", "accuracy")))
    page.receive(Progress(epoch=1, step=50, metrics={"loss": 0.5, "accuracy": 0.9}, points=((1.5, 0.5),), learning_rate=0.001,
                          samples_per_second=6180.0, seconds_per_step=0.0207, seconds_left=52.0, memory=412_000_000))
    page.receive(Epoch(epoch=1, metrics={"loss": 0.5, "val_loss": 0.6, "accuracy": 0.9, "val_accuracy": 0.88},
                       learning_rate=0.001, seconds=2.0))


@pytest.mark.parametrize("screen", SCREENS)
def test_every_control_has_a_name_and_a_role(window, qtbot, screen):
    show(window, screen, qtbot)
    found = nameless(window)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("screen", [s for s in SCREENS if s != "commands"])
def test_the_focus_is_always_seen(window, qtbot, screen):
    show(window, screen, qtbot)
    found = unseen(window)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_flashes_up_as_a_window_of_its_own(window, watch, qtbot, screen):
    show(window, screen, qtbot)
    assert watch.seen == []


def test_what_the_keyboard_is_led_to_comes_into_view(window, qtbot):
    """In a form that is longer than its dock."""
    show(window, "several", qtbot)
    window.resize(1400, 640)
    QApplication.processEvents()
    last = window.inspector.page.findChildren(QWidget)
    fields = [w for w in last if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    lowest = max(fields, key=lambda w: w.mapTo(window, w.rect().bottomLeft()).y())
    assert lowest.visibleRegion().isEmpty()
    lowest.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert not lowest.visibleRegion().isEmpty()


def test_the_tabs_of_the_workbench_by_keyboard(window, qtbot):
    show(window, "drawing", qtbot)
    strip = window.workbench.strip
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert window.workbench.current == "Data"
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert window.workbench.current == "Train"
    assert strip.accessibleDescription() == "Train"
    assert strip.hasFocus()


# Pages and dialogs that need more than a drawing.

def evaluated() -> QWidget:
    """Five pictures of three classes, two of them read wrongly."""
    scores = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.1, 0.85, 0.05], [0.0, 0.1, 0.9], [0.6, 0.3, 0.1]], np.float32)
    page = EvaluatePage()
    page.bar.set_choices([RunChoice("/runs/1", "1 · 20:11")], "/runs/1")
    page.show_evaluation(Evaluation("classification", {"test_accuracy": 0.6}, ("cat", "dog", "cow"), scores,
                                    np.array([0, 1, 0, 2, 2]), np.arange(5), np.zeros((5, 8, 8, 1), np.uint8)), "once")
    return page


def priced() -> QWidget:
    """Four prices, one far off."""
    page = EvaluatePage()
    page.bar.set_choices([RunChoice("/runs/1", "1 · 20:11")], "/runs/1")
    page.show_evaluation(Evaluation("regression", {"test_mae": 3.0}, (), np.array([[11.0], [20.0], [40.0], [39.0]]),
                                    np.array([10.0, 20.0, 30.0, 40.0]), np.arange(4),
                                    inputs={"rooms": np.array([3.0, 4.0, 5.0, 6.0])}, unit="dollars"), "once")
    return page


def compared() -> QWidget:
    """Two of three runs chosen."""
    page = RunsPage()
    page.wants_details.connect(lambda folders: page.show_details({f: [{"epoch": 1.0, "loss": 1.0}] for f in folders}, [], []))
    page.set_rows([RunRow(folder=f"/runs/{n}", number=str(n), metrics={"loss": 0.1 * n}, epochs=n, planned=6, seconds=3.0,
                          started=1.7e9 + n, drawing="digits") for n in (3, 2, 1)])
    page.table.selectRow(0)
    return page


def generating(form: str) -> QWidget:
    """The page of a network that writes or draws."""
    page = EvaluatePage()
    page.bar.set_choices([RunChoice("/runs/1", "1 · 20:11")], "/runs/1")
    page.show_running(Running("/runs/1", form, "text" if form == "sequence" else ""))
    return page


@pytest.mark.parametrize("make", [evaluated, priced, compared, *(partial(generating, form) for form in FORMS)])
def test_names_and_focus_on_pages_of_runs(qapp, qtbot, make: Callable[[], QWidget]):
    style.apply(qapp)
    access.install()
    window = QWidget()
    QVBoxLayout(window).addWidget(make())
    qtbot.addWidget(window)
    window.resize(1500, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    found = nameless(window) + unseen(window)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["shortcuts", "compare", "python"])
def test_names_and_focus_in_dialogs(window, qtbot, name):
    window.open_template("digits-cnn")
    window.actions_by_id[name].trigger()
    dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    found = nameless(dialog) + unseen(dialog)
    dialog.close()
    assert not found, "\n".join(found)
