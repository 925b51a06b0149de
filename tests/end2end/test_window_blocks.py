"""Blocks in the real window, by mouse and keys: make one, go in, edit, come out, share, undo everything, save, load, keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QContextMenuEvent, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from app import session
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.edits import SetField, SetParam
from graph_compiler.graph.files import dumps, load, save
from tests.helpers.answering import Answers
from tests.helpers.blocks import residual, twins
from tests.helpers.canvas import at, card, check_scene, drag, drop_from_palette
from tests.helpers.dropping import drop_files
from widgets.inspector.block_page import BlockPage
from widgets.inspector.document_page import DocumentPage
from widgets.inspector.node_page import NodePage
from widgets.palette_rows import Family

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot, tmp_path, monkeypatch) -> MainWindow:
    """A shown window with a data folder of its own; leaving it never asks."""
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    monkeypatch.setattr("app.offers.user_data", lambda: tmp_path / "data")
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    yield window
    window.close()


def opened(window: MainWindow, qtbot, tmp_path: Path, document) -> Path:
    """A document saved to a file and opened in the window, seen at 100 %."""
    path = tmp_path / "net.netloom"
    save(document, path)
    assert window.open(path)
    qtbot.waitUntil(lambda: window.pages.settled)
    window.canvas.zoom_to(0.75)
    window.canvas.centerOn(window.canvas.canvas.content_rect().center())
    window.canvas.setFocus()
    return path


def key(window: MainWindow, code: Qt.Key, keys=Qt.KeyboardModifier.NoModifier) -> None:
    """A key to whatever holds the keyboard."""
    target = window.focusWidget()
    assert target is not None
    QTest.keyClick(target, code, keys)


def families(window: MainWindow) -> set[str]:
    """The families that the palette shows."""
    return {row.name for row in window.palette_dock.model.rows if isinstance(row, Family)}


def double_click(view, node_id: str) -> None:
    place = at(view, node_id)
    for event in (QTest.mouseClick, QTest.mouseDClick):
        event(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_block_from_first_to_last(window, qtbot, tmp_path):
    path = opened(window, qtbot, tmp_path, residual())
    view, before, total = window.canvas, dumps(window.document.document), window.document.analysis.totals.weights
    drag(view, at(view, "a", -20, -20), at(view, "add", 100, 60))
    key(window, Qt.Key.Key_G, CONTROL)
    QTest.keyClicks(view.verbs.asker.field, "residual")
    key(window, Qt.Key.Key_Return)
    assert view.canvas.selected == ["residual_1"]
    assert isinstance(window.inspector.page, NodePage)
    assert window.inspector.page.weights.words.text() == "Its weights are its own."

    double_click(view, "residual_1")
    assert window.breadcrumb.path.text() == "net › residual"
    assert window.breadcrumb.way_out.isVisible() and window.breadcrumb.way_out.text() == "Esc leads out of the block"
    assert isinstance(window.inspector.page, BlockPage)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, "a"))
    units = window.inspector.page.key_form.rows["units"].editor.field
    units.setFocus()
    QTest.keyClick(units, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(units, "4*2")
    key(window, Qt.Key.Key_Return)
    assert window.document.analysis.totals.weights == total
    view.setFocus()
    key(window, Qt.Key.Key_Escape)
    key(window, Qt.Key.Key_Escape)
    assert (window.breadcrumb.path.text(), view.canvas.selected) == ("net", ["residual_1"])
    assert not window.breadcrumb.way_out.isVisible()

    key(window, Qt.Key.Key_D, SHIFT)
    assert window.document.analysis.totals.weights == total
    assert [n.weights for n in window.document.document.graph.nodes.values() if n.block] == ["R", "R"]
    assert window.inspector.page.weights.words.text().startswith("Placed 2 times with one set of weights")
    after = dumps(window.document.document)
    while window.document.undo_stack.canUndo():
        window.actions_by_id["undo"].trigger()
    assert dumps(window.document.document) == before
    while window.document.undo_stack.canRedo():
        window.actions_by_id["redo"].trigger()
    assert dumps(window.document.document) == after
    check_scene(view)
    assert window.commands.save()
    assert dumps(load(path)) == after
    assert window.open(path)
    check_scene(view)


def named(window: MainWindow, name: str) -> str:
    """Make a block of a, b and add, and give it a name afterwards; its id."""
    drag(window.canvas, at(window.canvas, "a", -20, -20), at(window.canvas, "add", 100, 60))
    key(window, Qt.Key.Key_G, CONTROL)
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_F2)
    QTest.keyClicks(window.focusWidget(), name)
    key(window, Qt.Key.Key_Return)
    return window.canvas.canvas.selected[0]


def test_a_person_names_repeats_shares_changes_and_unpacks_and_takes_everything_back(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, residual())
    view, document = window.canvas, window.document.document
    before, first = dumps(document), named(window, "stage")
    assert list(document.blocks) == ["stage"]
    key(window, Qt.Key.Key_Return)
    assert window.breadcrumb.path.text() == "net › stage"
    port = next(n.id for n in view.canvas.graph.nodes.values() if n.type == "BlockInput")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, port, 30))
    key(window, Qt.Key.Key_F2)
    QTest.keyClicks(window.focusWidget(), "given")
    key(window, Qt.Key.Key_Return)
    assert card(view, port).card.name == "given"
    key(window, Qt.Key.Key_Escape)
    key(window, Qt.Key.Key_Escape)
    assert (view.canvas.outer, view.canvas.selected) == ("", [first])

    window.actions_by_id["repeat"].trigger()
    key(window, Qt.Key.Key_3)
    key(window, Qt.Key.Key_Return)
    chain = list(view.canvas.selected)
    assert len(chain) == 3 and {card(view, n).card.name for n in chain} == {"stage"}
    view.select([first])
    key(window, Qt.Key.Key_D, SHIFT)
    (twin,) = view.canvas.selected
    double_click(view, twin)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, "a"))
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(window.focusWidget(), "8")
    key(window, Qt.Key.Key_Escape)
    assert view.hasFocus(), "out of a field the canvas has the keyboard again"
    key(window, Qt.Key.Key_Escape)
    key(window, Qt.Key.Key_Escape)
    facts = window.document.analysis.facts
    assert {facts(f"{n}.a").values["units"] for n in (first, twin)} == {8}, "the inside is one for both"

    key(window, Qt.Key.Key_G, CONTROL | SHIFT)
    assert "own" in view.telling.hint.words.text() and twin in document.graph.nodes
    QTest.mouseClick(window.inspector.page.weights.switch, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    assert not document.graph.nodes[twin].weights
    view.setFocus()
    key(window, Qt.Key.Key_G, CONTROL | SHIFT)
    assert twin not in document.graph.nodes and len(view.canvas.selected) == 3
    check_scene(view)
    for _ in range(window.document.undo_stack.count()):
        key(window, Qt.Key.Key_Z, CONTROL)
    assert dumps(document) == before
    assert view.canvas.outer == ""
    check_scene(view)


def test_the_path_above_the_canvas_leads_out(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    double_click(window.canvas, "net_2")
    assert window.breadcrumb.path.text() == "net › net"
    qtbot.mouseClick(window.breadcrumb.path.steps[0], Qt.MouseButton.LeftButton)
    assert window.canvas.canvas.outer == ""
    assert isinstance(window.inspector.page, DocumentPage)


def test_palette_and_search_offer_what_fits_the_place(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    model = window.palette_dock.model

    qtbot.waitUntil(lambda: "blocks" in families(window))
    assert {"sources", "objectives", "outputs"} <= families(window)
    double_click(window.canvas, "net_1")
    qtbot.waitUntil(lambda: "sources" not in families(window))
    assert not {"objectives", "outputs"} & families(window)
    model.toggle("blocks")
    assert model.row_of("Block input") > 0
    assert model.row_of("net") == -1


def test_problems_lead_into_blocks(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    window.document.do_all([SetField("net_1", "weights", ""), SetField("net_2", "weights", ""),
                            SetParam("net_2", "filters", -1)], "spoil")
    window.show_page("Problems")
    page = window.workbench.page("Problems")
    row = next(r for r in page.rows if r.problem.scope == "net")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(60, 12))
    assert (window.canvas.canvas.outer, window.canvas.canvas.selected) == ("net_2", [row.problem.node])
    assert card(window.canvas, row.problem.node).look.error


def test_the_bubble_of_a_block_leads_to_what_is_wrong_inside(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    window.document.do(SetParam("dense", "units", 0, "net"))
    window.canvas.select(["net_2"])
    bubble = window.canvas.bubbles.bubble
    assert bubble.problem.code == "block-inside"
    assert bubble.buttons[-1].text() == "Open block"
    bubble.buttons[-1].click()
    assert (window.canvas.canvas.outer, window.canvas.canvas.selected) == ("net_2", ["dense"])


def test_inspector_buttons_open_and_place_again(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    window.canvas.select(["net_1"])
    qtbot.mouseClick(window.inspector.page.buttons.again, Qt.MouseButton.LeftButton)
    assert window.canvas.canvas.selected == ["net_3"]
    assert window.document.document.graph.nodes["net_3"].weights == ""
    qtbot.mouseClick(window.inspector.page.buttons.open, Qt.MouseButton.LeftButton)
    assert window.canvas.canvas.outer == "net_3"
    link = window.inspector.page.column.itemAt(1).widget()
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert (window.canvas.canvas.outer, window.canvas.canvas.selected) == ("", ["net_2"])


def test_my_blocks_are_kept_and_placed_in_another_drawing(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    window.canvas.select(["net_1"])
    window.actions_by_id["save_block"].trigger()
    assert [p.name for p in (tmp_path / "data" / "blocks").iterdir()] == ["net.netloom"]
    window.new()
    model = window.palette_dock.model
    model.toggle("blocks")
    qtbot.waitUntil(lambda: model.rows[model.row_of("net")].spec.summary == "One of my blocks, 4 nodes")
    drop_from_palette(window.canvas, "saved/net", QPoint(300, 200))
    assert [n.block for n in window.document.document.graph.nodes.values()] == ["net"]
    assert list(window.document.document.blocks) == ["net"]
    assert window.document.undo_stack.count() == 1

    window.document.do(SetParam("dense", "units", 9, "net"))
    Answers()("")
    window.actions_by_id["save_block"].trigger()
    assert load(tmp_path / "data" / "blocks" / "net.netloom").blocks["net"].graph.nodes["dense"].params["units"] == 2
    Answers()("Replace")
    window.actions_by_id["save_block"].trigger()
    assert load(tmp_path / "data" / "blocks" / "net.netloom").blocks["net"].graph.nodes["dense"].params["units"] == 9
    window.palette_dock.forget.emit("net")
    assert not list((tmp_path / "data" / "blocks").glob("*.netloom"))


class Shown(QObject):
    """Stands in for the file manager of the system."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[QUrl] = []

    @Slot(QUrl)
    def show(self, place: QUrl) -> None:
        self.places.append(place)


def test_the_folder_of_my_blocks_is_shown_and_what_is_done_there_is_seen_on_the_way_back(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    window.canvas.select(["net_1"])
    window.actions_by_id["save_block"].trigger()
    palette, folder, manager = window.palette_dock, tmp_path / "data" / "blocks", Shown()
    window.new()
    palette.model.toggle("blocks")
    qtbot.waitUntil(lambda: palette.model.rows[palette.model.row_of("net")].spec.summary == "One of my blocks, 4 nodes")
    palette.list.scrollTo(palette.model.index(palette.model.row_of("net"), 0))
    place = palette.list.visualRect(palette.model.index(palette.model.row_of("net"), 0)).center()
    QDesktopServices.setUrlHandler("file", manager, "show")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, palette.list.viewport().mapToGlobal(place))
    palette.list.contextMenuEvent(event)
    menu = palette.list.findChild(QMenu)
    next(action for action in menu.actions() if action.text() == "Show the folder of my blocks").trigger()
    menu.close()
    QDesktopServices.unsetUrlHandler("file")
    assert [Path(url.toLocalFile()) for url in manager.places] == [folder]

    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    (folder / "net.netloom").rename(folder / "encoder.netloom")
    window.activateWindow()
    qtbot.waitUntil(lambda: palette.model.row_of("encoder") >= 0)
    assert palette.model.row_of("net") < 0


def test_a_new_source_from_the_data_tab_leads_out_of_a_block(window, qtbot, tmp_path):
    table = tmp_path / "numbers.csv"
    table.write_text("a,b\n" + "\n".join(f"{i},{i * 2}" for i in range(40)))
    opened(window, qtbot, tmp_path, twins())
    double_click(window.canvas, "net_1")
    assert drop_files(window, table)
    qtbot.waitUntil(lambda: window.canvas.canvas.outer == "")
    (fresh,) = window.canvas.canvas.selected
    assert window.document.document.graph.nodes[fresh].type == "CSV"


def test_a_note_inside_a_block_stays_inside(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    double_click(window.canvas, "net_1")
    window.actions_by_id["add_note"].trigger()
    assert any(n.type == "Note" for n in window.document.document.blocks["net"].graph.nodes.values())
    check_scene(window.canvas)


def test_samples_of_sources_are_there_again_on_the_way_out(window, qtbot, tmp_path):
    opened(window, qtbot, tmp_path, twins())
    qtbot.waitUntil(lambda: bool(card(window.canvas, "mnist").look.samples.pictures))
    double_click(window.canvas, "net_1")
    window.canvas.trail.leave()
    assert card(window.canvas, "mnist").look.samples.pictures


def test_after_the_name_of_a_block_the_keyboard_is_back_on_the_canvas(window, qtbot):
    window.open_template("digits-cnn")
    view = window.canvas
    view.select(list(view.canvas.graph.nodes)[2:4])
    view.setFocus()
    before = window.document.undo_stack.count()
    QTest.keyClick(view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.verbs.asker is not None and view.verbs.asker.field.hasFocus())
    QTest.keyClick(view.verbs.asker.field, Qt.Key.Key_Return)
    assert view.hasFocus()
    assert window.document.undo_stack.count() == before + 1
