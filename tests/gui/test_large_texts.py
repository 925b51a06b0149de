"""The largest text size in a small window: nothing that is not meant to be shortened is cut off."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QScrollArea, QWidget

from app import session
from app.actions import TABS
from app.gallery import make_gallery
from app.settings import Settings
from app.themes import SIZES, choose_text_size
from app.window import MainWindow
from graph_compiler.graph.edits import RemoveNode
from graph_compiler.runs.evaluation import Evaluation
from tests.gui.test_access import FORMS, compared, evaluated, generating, priced, run
from tests.helpers.cut_off import cut_labels, painted
from widgets import style
from widgets.fonts import fitting_size, text_width, ui_font
from widgets.pages.run_bar import LINE
from widgets.pages.train_status import RunStatus
from widgets.plots.pictures import Sample

LARGEST = max(SIZES)


@pytest.fixture
def window(qapp, qtbot, monkeypatch) -> MainWindow:
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    choose_text_size(LARGEST)
    style.apply(qapp)
    made = MainWindow(Settings(theme="light", text_size=LARGEST, toured=True))
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    choose_text_size(100)


def seen(widget: QWidget, name: str) -> list[str]:
    """What is cut off on a screen."""
    QApplication.processEvents()
    with painted() as wrong:
        widget.grab()
    return [f"{name}: {one}" for one in (*cut_labels(widget), *sorted(wrong))]


def test_the_window_cuts_nothing_off(window, qtbot):
    found = seen(window, "gallery")

    def look(name: str) -> None:
        qtbot.waitUntil(lambda: window.pages.settled)
        found.extend(seen(window, name))

    window.open_template("iris")
    window.show_page("Data", fill=True)
    look("a table")
    window.open_template("dcgan")
    window.show_page("Train", fill=True)
    look("two phases")
    window.open_template("digits-cnn")
    look("drawing")
    window.canvas.zoom_to(1.0)
    look("cards")
    for name in ("conv2d_2", "loss_1"):
        window.canvas.select([name])
        look(name)
    window.canvas.select(["conv2d_1", "conv2d_2"])
    look("several")
    window.actions_by_id["flow_down"].trigger()
    look("downwards")
    window.canvas.verbs.find_node()
    look("find")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    window.canvas.verbs.open_search()
    look("search")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    for name in ("outline", "history"):
        window.actions_by_id[name].trigger()
    look("panels")
    window.actions_by_id["commands"].trigger()
    look("commands")
    window.actions_by_id["commands"].trigger()
    window.tour.start()
    for step in range(6):
        look(f"tour {step + 1}")
        window.tour.go(1)
    for tab in TABS:
        window.show_page(tab, fill=True)
        look(tab)
    run(window)
    with qtbot.waitSignal(window.pages.training.page.drawn):
        pass
    look("running")
    window.document.do(RemoveNode("flatten_1"))
    window.show_page("Problems")
    look("broken")
    window.guide.open("cnn")
    look("guide")
    assert not found, "\n".join(found)


def test_pages_of_runs_cut_nothing_off(window, qtbot):
    found = []
    for make in (evaluated, priced, compared, *(partial(generating, form) for form in FORMS)):
        page = make()
        qtbot.addWidget(page)
        page.resize(1280, 700)
        page.show()
        found += seen(page, getattr(make, "__name__", str(make)))
    assert not found, "\n".join(found)


def test_words_below_pictures_do_not_meet_and_the_verdict_is_whole(window, qtbot):
    page = evaluated()
    qtbot.addWidget(page)
    page.resize(1280, 700)
    page.show()
    grid, mistakes = page.mistakes.grid, page.mistakes
    qtbot.waitUntil(lambda: mistakes.verdict.text() == mistakes.verdict.full != "")
    grid.set_samples([Sample(None, "5", "6", "99.8 %", place) for place in range(9)])
    words = text_width("5", 12), text_width("6", 12, 600), text_width("99.8 %", 11)
    assert sum(words) + 20 <= grid.rect_of(0).width() <= 104


def test_columns_of_evaluate_stand_in_the_window_and_rows_of_bars_apart(window, qtbot):
    page = evaluated()
    qtbot.addWidget(page)
    page.resize(1280, 700)
    page.show()
    QApplication.processEvents()
    areas = [area for area in page.findChildren(QScrollArea) if area.isVisible()]
    assert len(areas) == 3 and all(area.horizontalScrollBar().maximum() == 0 for area in areas)
    line = QFontMetrics(ui_font(12)).tightBoundingRect("0.0 %").height()
    for bars, rows in ((page.mistakes.bars, 3), (page.ask.bars, 3)):
        assert bars.height() >= rows * (line + 6)


def test_two_classes_with_many_figures_are_seen_without_scrolling_sideways(window, qtbot):
    page, draw = evaluated(), np.random.default_rng(1)
    qtbot.addWidget(page)
    scores = draw.random((40, 2)).astype(np.float32)
    metrics = {"test_accuracy": 0.6, "test_top_k_categorical_accuracy": 0.9, "test_loss": 0.5}
    page.show_evaluation(Evaluation("classification", metrics, ("benign", "malignant"), scores, draw.integers(0, 2, 40),
                                    np.arange(40), inputs={"x": draw.random((40, 4)).astype(np.float32)}), "once, 10:00")
    page.resize(1280, 700)
    page.show()
    qtbot.waitUntil(lambda: page.bar.height() == 2 * LINE)
    areas = [area for area in page.findChildren(QScrollArea) if area.isVisible()]
    assert page.width() == 1280 and all(area.horizontalScrollBar().maximum() == 0 for area in areas)
    pill, curves = page.bar.pill, page.overview.curves
    qtbot.waitUntil(lambda: pill.width() >= pill.sizeHint().width())
    qtbot.waitUntil(lambda: curves.view.geometry().bottom() < curves.caption.y())
    assert curves.side.y() > curves.kind.geometry().bottom() and curves.area.y() > curves.kind.geometry().bottom()
    assert curves.area.geometry().right() < curves.side.x() and curves.side.geometry().right() < curves.width()
    page.resize(1900, 700)
    qtbot.waitUntil(lambda: page.bar.height() == LINE)
    assert page.figures.x() < page.report.x()


def test_cards_of_formats_have_their_lines_level_at_the_largest_text(window, qtbot):
    window.open_template("digits-cnn")
    window.show_page("Export", fill=True)
    QApplication.processEvents()
    cards = list(window.pages.results.export.cards.values())
    first = [card for card in cards if card.y() == cards[0].y()]
    assert len(first) == 3 and len({card.nodes.mapTo(card, QPoint()).y() for card in first}) == 1


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_buttons_of_the_train_tab_are_whole_at_every_size(qapp, qtbot, size, narrow):
    choose_text_size(size)
    style.apply(qapp)
    status = RunStatus()
    qtbot.addWidget(status)
    status.set_state("finished", "")
    status.set_narrow(narrow)
    status.resize(status.width(), 420)
    status.show()
    assert seen(status, "finished") == []
    status.set_state("running", "")
    assert seen(status, "running") == []
    choose_text_size(100)


@pytest.mark.parametrize("size", SIZES)
def test_titles_of_templates_are_whole_at_every_size(qapp, qtbot, size):
    choose_text_size(size)
    style.apply(qapp)
    page = make_gallery(None)
    qtbot.addWidget(page)
    page.resize(1280, 700)
    page.show()
    QApplication.processEvents()
    for card in page.cards:
        pixels = fitting_size(card.template.title, card.width() - 32, 15, 600)
        assert text_width(card.template.title, pixels, 600) <= card.width() - 32
    choose_text_size(100)


def test_dialogs_cut_nothing_off(window):
    window.open_template("digits-cnn")
    found = []
    for name in ("shortcuts", "compare", "python"):
        window.actions_by_id[name].trigger()
        dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
        found += seen(dialog, name)
        dialog.close()
    assert not found, "\n".join(found)


def test_a_text_that_has_no_room_is_found(qapp, qtbot):
    """The tests above see what they look for."""
    window = QWidget()
    qtbot.addWidget(window)
    words, button = QLabel("Words", window), QPushButton("Press", window)
    words.setFixedSize(12, 20)
    button.setGeometry(0, 30, 20, 24)
    window.show()
    assert [one.partition(":")[0] for one in cut_labels(window)] == ["QLabel in QWidget", "QPushButton in QWidget"]
    for place, told in ((QRectF(0, 0, 12, 30), "needs"), (QRectF(85, 0, 200, 30), "ends at")):
        painting = Painting(place)
        qtbot.addWidget(painting)
        painting.resize(100, 30)
        with painted() as wrong:
            painting.grab()
        assert len(wrong) == 1 and told in wrong.pop()


class Painting(QWidget):
    """A word painted into a rectangle."""

    def __init__(self, place: QRectF) -> None:
        super().__init__()
        self._place = place

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.drawText(self._place, Qt.AlignmentFlag.AlignVCenter, "Words")
        painter.end()
