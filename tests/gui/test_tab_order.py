"""The Tab key through the whole window: as one reads it, part after part, and back by Shift+Tab; nothing is left out."""

from __future__ import annotations

import gc
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.window import MainWindow
from tests.helpers.access import reached, told
from tests.helpers.window import opened_window
from widgets import style
from widgets.focusing import as_read, stops
from widgets.gallery.card import TemplateCard

SCREENS = ("node", "late", "panels", "moved", "another", "gallery", "guide")


@pytest.fixture
def window(qapp, qtbot, monkeypatch) -> MainWindow:
    style.apply(qapp)
    return opened_window(qtbot, monkeypatch)


def show(window: MainWindow, screen: str, qtbot) -> list[str]:
    """Bring a screen up; the parts of the window in the order in which one reads them."""
    if screen == "gallery":
        return ["gallery", "status"]
    window.open_template("digits-cnn")
    parts = ["header", "palette", "tools", "canvas", "inspector", "workbench", "status"]
    if screen == "guide":
        window.guide.open("cnn")
        parts = ["header", "guide", "status"]
    elif screen == "node":
        window.canvas.select(["conv2d_2"])
    elif screen == "late":  # pages that are made when they are first shown, and forms that are made anew
        for page in ("Train", "Export", "Data"):
            window.show_page(page)
        window.canvas.select(["dense_1"])
    elif screen == "panels":
        window.show_page("Problems")
        for name in ("outline", "history"):
            window.actions_by_id[name].trigger()
        parts[2:2], parts[6:6] = ["outline"], ["history"]
    elif screen == "moved":
        window.docks.move("palette", Qt.DockWidgetArea.RightDockWidgetArea)
        parts = ["header", "tools", "canvas", "inspector", "palette", "workbench", "status"]
    elif screen == "another":
        window.open_template("iris")
        window.canvas.select(["dense_1"])
    qtbot.waitUntil(lambda: window.pages.settled)
    QApplication.processEvents()
    return parts


def part_of(window: MainWindow, widget: QWidget) -> str:
    """The part of the window a widget is in."""
    parts = {"header": window.header, "palette": window.palette_dock, "outline": window.panels.outline,
             "tools": window.breadcrumb, "canvas": window.canvas, "inspector": window.inspector,
             "history": window.panels.history, "workbench": window.workbench, "status": window.status,
             "gallery": window.gallery, "guide": window.guide.page}
    return next(name for name, part in parts.items() if part is not None and (part is widget or part.isAncestorOf(widget)))


def around(start: QWidget, key: Qt.Key) -> list[QWidget]:
    """What has the keyboard after each press of a key, from `start` until it has it again."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen = [start]
    for _ in range(400):
        QTest.keyClick(QApplication.focusWidget(), key)
        now = QApplication.focusWidget()
        if now is start:
            return seen
        if now is not seen[-1]:  # a text leads from link to link
            assert now not in seen, f"{told(now)} has the keyboard twice before {told(start)} has it again"
            seen.append(now)
    raise AssertionError("the Tab key does not come around")


@pytest.mark.parametrize("screen", SCREENS)
def test_tab_reads_the_window_and_shift_tab_reads_it_back(window, qtbot, screen):
    parts = show(window, screen, qtbot)
    QCursor.setPos(window.mapToGlobal(QPoint(4, 4)))  # over the canvas, Tab opens the search there
    there = reached(window)
    first = stops(window)[0]
    chosen = list(window.canvas.canvas.selected)
    seen = around(first, Qt.Key.Key_Tab)
    assert window.canvas.canvas.selected == chosen, "the Tab key changes nothing"
    assert [told(w) for w in there if w not in seen] == [], "the Tab key never leads there"
    visited = [part_of(window, w) for w in seen]
    runs = [name for i, name in enumerate(visited) if i == 0 or visited[i - 1] != name]
    assert runs == parts
    back = around(first, Qt.Key.Key_Backtab)
    assert back == [w for w in (seen[0], *reversed(seen[1:])) if w in back]
    assert all(isinstance(w.parentWidget(), TemplateCard) for w in seen if w not in back), "seen only while the card is in use"


def test_within_the_inspector_it_goes_down(window, qtbot):
    show(window, "node", qtbot)
    inside = stops(window.inspector)
    tops = [w.mapTo(window.inspector, QPoint()).y() for w in inside]
    assert len(inside) > 6 and tops[-1] > tops[0] + 200
    assert all(below > above - 24 for above, below in pairwise(tops)), "one row, or the next"


def test_a_new_drawing_is_the_first_thing_in_the_gallery(window):
    names = [w.accessibleName() or w.text() for w in stops(window.gallery)]
    assert names[:2] == ["New drawing", "Open…"]
    assert names.index("Search templates") < names.index(window.gallery.cards[0].accessibleName())


def test_what_was_walked_over_stays_when_its_neighbours_go(window, qtbot):
    """Reading the order leaves every widget to whom it belongs."""
    show(window, "late", qtbot)
    stops(window)
    window.canvas.select(["conv2d_2"])
    window.open_template("iris")
    for _ in range(2):
        window.documents.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    assert all(w.window() is window for w in stops(window))


def test_from_the_guide_the_tabs_lead_back_by_keyboard(window, qtbot):
    show(window, "guide", qtbot)
    window.header.tabs.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.header.tabs, Qt.Key.Key_Return)
    assert not window.in_gallery and window.canvas.hasFocus()


def test_rows_before_columns_parts_as_a_whole_and_overlays_last():
    marks = [QWidget() for _ in range(6)]
    boxes = {"head": QRect(0, 0, 300, 40), "left": QRect(0, 40, 100, 200), "right": QRect(200, 40, 100, 200),
             "middle": QRect(100, 40, 100, 200), "foot": QRect(0, 240, 300, 20)}
    placed = [(box, [mark]) for box, mark in zip(boxes.values(), marks, strict=False)]
    names = [next(name for name, box in boxes.items() if box is one[0]) for one in as_read(list(reversed(placed)))]
    assert names == ["head", "left", "middle", "right", "foot"]
    over = (QRect(50, 20, 200, 230), [marks[5]])
    assert as_read([*placed, over])[-1] is over
    assert as_read([]) == []


def test_fields_made_later_stand_where_they_are_seen(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    across = QHBoxLayout(window)
    columns = [QVBoxLayout(), QVBoxLayout()]
    for column in columns:
        side = QWidget()
        side.setLayout(column)
        across.addWidget(side)
    for number in (3, 1, 2):
        columns[1].addWidget(QPushButton(f"right {number}"))
    columns[0].addWidget(QPushButton("left"))
    columns[1].insertWidget(0, QPushButton("late"))
    window.show()
    assert [w.text() for w in stops(window)] == ["left", "late", "right 3", "right 1", "right 2"]
