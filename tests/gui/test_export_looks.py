"""How the Export tab is used and read: the wheel, long paths, many files in its plots, ticks that cost nothing."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QScrollArea, QWidget

from app.themes import choose_theme
from graph_compiler.messages import Proof
from tests.gui.test_export_page import DESCRIPTION, FORMATS, SEQUENCE, WHOLE, row
from tests.helpers.events import shown
from widgets.pages.export import ExportPage, FormatChoice
from widgets.pages.mark_legend import mark_of
from widgets.pages.metrics import difference_words
from widgets.pages.run_bar import RunChoice
from widgets.plots.axes import Axis
from widgets.theme import DARK, LIGHT
from widgets.words import size_words

ALL = ("tflite", "tflite-float16", "tflite-dynamic", "tflite-int8", "tflite-int16x8", "onnx", "onnx-float16", "onnx-int8",
       "keras", "savedmodel", "else", "other")
"""A dozen files."""


def made(qtbot, formats: tuple[FormatChoice, ...]) -> ExportPage:
    page = shown(qtbot, ExportPage(formats), 1280, 700)
    page.bar.set_choices([RunChoice("/runs/7", "7", ())], "/runs/7")
    page.set_ready("net", "/models/net", DESCRIPTION, [WHOLE])
    return page


@pytest.fixture
def page(qtbot) -> ExportPage:
    return made(qtbot, FORMATS)


@pytest.fixture
def dozen(qtbot) -> ExportPage:
    return made(qtbot, tuple(FormatChoice(name, f"Format {name}", f".{name}", "", "") for name in ALL))


def turn(widget: QWidget, notches: int = -3) -> None:
    """The wheel over the middle of a widget, as the window gives it to whoever is there."""
    window = widget.window()
    QTest.wheelEvent(window.windowHandle(), QPointF(widget.mapTo(window, widget.rect().center())), QPoint(0, 120 * notches))


def proven(page: ExportPage, **costs: tuple[int, float, float]) -> None:
    """(bytes, milliseconds, figure) by format."""
    page.show_past([{**row(name, f".{name}"), "bytes": size, "latency_ms": time, "after": figure}
                    for name, (size, time, figure) in costs.items()])


def test_the_wheel_scrolls_the_page_and_turns_no_choice(page):
    combo, bar = page.cards["tflite"].choices["batch"], page.findChild(QScrollArea).verticalScrollBar()
    proven(page, tflite=(142_800, 0.3, 0.99), onnx=(70_000, 0.2, 0.98))
    QApplication.processEvents()
    assert bar.maximum() > 100
    for widget, start in ((combo, 0), (page.variants.plots[0].view.viewport(), bar.maximum() // 2)):
        bar.setValue(start)
        turn(widget)
        assert bar.value() > start
    bar.setValue(0)
    assert combo.currentText() == "auto" and not combo.hasFocus()
    combo.setFocus()
    turn(combo, -1)
    assert combo.currentText() == "one", "with the keyboard on it the wheel chooses"


def test_a_path_that_is_too_long_is_read_from_its_end_until_it_is_edited(page, qtbot):
    field, path = page.folder, "/somewhere/far/away/in/many/folders/of/many/people/runs/digits/exports"
    field.setText(path)
    assert field.words.startswith("…/") and path.endswith(field.words.removeprefix("…"))
    assert field.fontMetrics().horizontalAdvance(field.words) < field.width() - 10
    whole = field.grab().toImage()
    field.setText(path.replace("somewhere", "elsewhere"))
    assert field.grab().toImage() == whole, "what is not read is not painted"
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert field.words == field.text()
    field.clearFocus()
    field.setText("/short/path")
    assert field.words == "/short/path"


def test_names_stand_at_the_points_where_they_fit_and_a_legend_has_them_where_not(page, dozen):
    proven(page, tflite=(142_800, 0.3, 0.99), onnx=(70_000, 0.2, 0.98), keras=(170_000, 6.0, 0.99))
    for plot in page.variants.plots:
        assert [text.isVisible() for text in plot._texts] == [True] * 3
    assert not page.variants.legend.isVisible()
    proven(dozen, **{name: (50_000 + 500 * i, 0.1, 0.99) for i, name in enumerate(ALL)})
    for plot in dozen.variants.plots:
        assert not any(text.isVisible() for text in plot._texts)
    assert dozen.variants.legend.isVisible() and dozen.variants.legend.names == tuple(f"Format {name}" for name in ALL)


def test_a_dozen_equal_files_are_a_dozen_marks(dozen):
    proven(dozen, **dict.fromkeys(ALL, (50_000, 0.1, 0.99)))
    for plot in dozen.variants.plots:
        x, _ = plot.scatter.getData()
        left, right = plot.view.viewRange()[0]
        pixels = sorted((value - left) / (right - left) * plot._box.width() for value in x)
        assert min(b - a for a, b in pairwise(pixels)) > 10


def test_files_of_ten_times_the_latency_stand_on_a_logarithmic_axis(page):
    size, latency = page.variants.plots
    proven(page, tflite=(142_800, 0.05, 0.99), onnx=(70_000, 0.06, 0.98))
    assert not size.logarithmic and not latency.logarithmic
    proven(page, keras=(170_000, 6.0, 0.99))
    assert latency.logarithmic and not size.logarithmic
    low, high = latency.view.viewRange()[0]
    for pixels, ticks in ((900, ["0.100 ms", "0.300 ms", "1.00 ms", "3.00 ms"]), (200, ["0.100 ms", "1.00 ms"])):
        assert latency._bottom.tickStrings(latency._bottom.tickValues(low, high, pixels)[0][1], 1, 1) == ticks
    assert latency._tip(0, 0, latency.points[2]) == "Keras: 99.00 %, 6.00 ms"


def test_numbers_below_a_plot_have_room_beside_each_other(qapp):
    axis = Axis("bottom", lambda value: size_words(round(value)))
    for pixels in (160, 320, 900):
        step = axis.tickSpacing(-5_000, 200_000, pixels)[0][0]
        assert step / 205_000 * pixels > 55 or pixels == 160


def test_marks_tell_family_and_numbers_by_their_form(qapp):
    marks = [mark_of(name) for name in ALL[:-2]]
    assert len(set(marks)) == len(marks)
    assert mark_of("tflite-int8").symbol == mark_of("onnx-int8").symbol
    assert mark_of("tflite").filled and not mark_of("onnx").filled


def test_sizes_of_files_that_are_there_stay_when_other_cards_are_ticked(page):
    proven(page, tflite=(142_800, 0.3, 0.99))
    card = page.cards["tflite"]
    page.cards["onnx"].check.click()
    assert (card.pill.text, card.facts.value("Size")) == ("Proven", "142.8 kB")


def test_a_part_that_is_not_there_yet_makes_the_size_an_estimate_again(page):
    page.set_ready("net", "/models/net", {}, SEQUENCE, WHOLE)
    page.show_past([row("tflite", f"-{part}.tflite", part) for part in ("encoder", "step")])
    card = page.cards["tflite"]
    page.cards["onnx"].check.click()
    assert card.facts.value("Size") == "285.6 kB"
    page.parts.ticks["cell_1"].click()
    assert card.facts.value("Size") == "about 204.0 kB"


def test_lines_of_the_table_that_say_the_same_keep_their_widgets(page):
    proven(page, tflite=(142_800, 0.3, 0.99), onnx=(70_000, 0.2, 0.98))
    before = {name: made.cells for name, made in page.table._made.items()}
    page.cards["keras"].check.click()
    page.cards["keras"].check.click()
    for name in (("whole", "tflite"), ("whole", "onnx")):
        assert page.table._made[name].cells is before[name]
    assert page.isActiveWindow(), "no cell was ever a window of its own"
    assert page.table._made["whole", "keras"].cells is not before["whole", "keras"]


def test_an_accepted_loss_is_said_in_the_report_and_leaves_the_other_cards_alone(page):
    page._start()
    page.receive(Proof(format="tflite", part="whole", state="proven", row=row("tflite", ".tflite")))
    page.receive(Proof(format="onnx", part="whole", state="failed", problem="It differs. Accept the loss."))
    page.receive(Proof(format="keras", part="whole", state="proven", row=row("keras", ".keras")))
    page.finish()
    assert page.table.words.text() == "2 files proven and written to /m; 1 not written"
    page.table.accepted.emit("onnx")
    assert page.start.text() == "Exporting, 0 of 1 done"
    assert [card.pill.text for card in page.cards.values()] == ["Proven", "Waiting", "Proven"]
    page.receive(Proof(format="onnx", part="whole", state="proven", row={
        **row("onnx", ".onnx"), "accepted": "Accuracy falls by 4.0 points.", "causes": [["dense", 0.2], ["conv", 0.1]]}))
    page.finish()
    words = "Accepted: Accuracy falls by 4.0 points. Most of it comes from “dense” and “conv”."
    assert f"- `net.onnx`: {words}" in page.table.report


def test_what_is_done_is_said_with_how_far_the_whole_is(page):
    page._start()
    seen = [page.doing]
    for state, fraction in (("writing", None), ("comparing", 0.5), ("timing", None)):
        page.receive(Proof(format="tflite", part="whole", state=state, fraction=fraction))
        seen.append(page.doing)
    page.receive(Proof(format="tflite", part="whole", state="proven", row=row("tflite", ".tflite")))
    page.receive(Proof(format="onnx", part="whole", state="writing"))
    seen.append(page.doing)
    assert [words for words, _ in seen] == ["", "Writing TFLite float32", "Comparing TFLite float32", "Timing TFLite float32",
                                            "Writing ONNX"]
    shares = [share for _, share in seen]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == pytest.approx(1 / 3)


def test_without_a_folder_nothing_can_be_exported_and_it_is_said(page, qtbot):
    page.folder.setText("  ")
    assert not page.start.isEnabled() and "folder" in page.start.toolTip()
    page.folder.setText("~/models")
    assert page.start.isEnabled()
    with qtbot.waitSignal(page.export_wanted) as caught:
        page.start.click()
    assert caught.args[0].folder.endswith("/models") and caught.args[0].folder == page.folder.text() != "~/models"


def test_files_that_are_not_made_anew_keep_their_lines_unless_the_folder_is_another(page):
    page.folder.setText("/m")
    proven(page, tflite=(142_800, 0.3, 0.99), onnx=(70_000, 0.2, 0.98))
    page.cards["tflite"].check.setChecked(False)
    page.cards["keras"].check.setChecked(False)
    page._start()
    assert [line["format"] for line in page.table.lines] == ["tflite"]
    assert [card.pill.text for card in page.cards.values()] == ["Proven", "Waiting", "Ready"]
    page.finish("The export was cancelled.")
    page.folder.setText("/other")
    page._start()
    assert page.table.lines == [] and page.cards["tflite"].pill.text == "Ready"


def test_the_lines_of_the_chosen_file_stay_when_others_are_written(page):
    page.beside.files.setCurrentIndex(1)
    before = page.beside.files.currentText()
    page.cards["tflite"].check.click()
    assert page.beside.files.currentText() == before == "ONNX"


def test_what_differs_in_the_last_digits_stands_level_and_titles_are_read(page):
    figures = {"metric": "mae", "before": 2.224, "max_abs_diff": 6.4, "allowed": 1.2}
    rows = [{**row(name, f".{name}"), **figures, "after": 2.224 + off}
            for name, off in (("tflite", -2.4e-7), ("onnx", 0.0))]
    page.show_past(rows)
    assert page.variants.heading.text() == "MAE against size and latency" and page.table._headings[3].text() == "MAE before"
    heights = [spot.y() for spot in page.variants.plots[0]._spots()]
    assert abs(heights[0] - heights[1]) < 1
    assert {"6.4", "1"} <= {label.text() for label in page.table.findChildren(QLabel)}


def test_long_notes_go_over_the_whole_width(page):
    over = "“dense_3” differs by 15 % of its range on average; at most 3 % is allowed."
    page.show_past([{**row("tflite", ".tflite"), "accepted": over}])
    note = next(label for label in page.table.findChildren(QLabel) if label.text().startswith("Accepted"))
    QApplication.processEvents()
    assert note.width() > 0.9 * page.table.width() and note.height() < 50


def test_a_cancelled_export_is_no_error_and_leaves_the_keyboard_at_the_button(page, qtbot):
    page.start.setFocus()
    qtbot.waitUntil(page.start.hasFocus)
    with qtbot.waitSignal(page.export_wanted):
        QTest.keyClick(page.start, Qt.Key.Key_Space)
    assert page.cancel.hasFocus() and not any(w.isEnabled() for w in (page.bar.combo, page.folder, page.bar.choose))
    stood = page.findChild(QScrollArea).verticalScrollBar().value()
    with qtbot.waitSignal(page.cancel_wanted):
        QTest.keyClick(page.cancel, Qt.Key.Key_Space)
    assert page.start.text() == "Cancelling"
    page.finish("The export was cancelled.")
    assert page.table.words.text() == "Cancelled before a file was written." and page.table.words._token == "text2"
    assert page.start.hasFocus() and page.start.text() == "Export" and not page.cancel.isVisible()
    assert page.folder.isEnabled() and page.findChild(QScrollArea).verticalScrollBar().value() == stood
    page._start()
    page.finish("The disk is full.")
    assert page.table.words._token == "error"


def test_the_end_of_an_export_brings_its_proofs_into_view_unless_one_looks_elsewhere(dozen, qtbot):
    area, table = dozen.findChild(QScrollArea), dozen.table

    def export() -> None:
        QTest.mouseClick(dozen.start, Qt.MouseButton.LeftButton)
        for name in ALL:
            dozen.receive(Proof(format=name, part="whole", state="proven", row=row(name, f".{name}")))

    def place(widget: QWidget) -> int:
        return widget.mapTo(area.viewport(), QPoint()).y()

    export()
    assert place(table) > area.viewport().height()
    dozen.finish()
    qtbot.waitUntil(lambda: 0 <= place(table) < 40)
    area.verticalScrollBar().setValue(0)
    export()
    turn(dozen.cards["tflite"], -1)
    stood = area.verticalScrollBar().value()
    dozen.finish()
    QApplication.processEvents()
    assert area.verticalScrollBar().value() == stood > 0


def test_lines_of_code_follow_the_theme(page):
    def colours() -> set[str]:
        block = page.beside.code.document().firstBlock()
        return {look.format.foreground().color().name().upper() for look in block.layout().formats()}

    assert page.beside.code.toPlainText().startswith("import") and colours() == {LIGHT.accent}
    choose_theme("dark")
    assert colours() == {DARK.accent}


def test_files_of_the_export_before_that_were_not_made_anew_are_still_told(page, tmp_path):
    rows = {name: {**row(name, f".{name}"), "path": str(tmp_path / f"net.{name}")} for name in ("tflite", "onnx", "keras")}
    for made in rows.values():
        Path(made["path"]).write_bytes(b"x")
    page.folder.setText(str(tmp_path))
    page.show_past(list(rows.values()))
    QTest.mouseClick(page.start, Qt.MouseButton.LeftButton)
    assert not page.table.lines and not page.variants.isVisible()
    page.receive(Proof(format="tflite", part="whole", state="proven", row=rows["tflite"]))
    page.receive(Proof(format="onnx", part="whole", state="writing"))
    Path(rows["keras"]["path"]).unlink()
    QTest.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    page.finish("The export was cancelled.")
    assert [line["format"] for line in page.table.lines] == ["tflite", "onnx"]
    assert [page.cards[name].pill.text for name in rows] == ["Proven", "Proven", "Not written"]
    assert page.table.words.text() == f"Cancelled: 1 file proven and written to {tmp_path}; 2 not written."
    assert page.variants.isVisible()


def test_an_export_that_is_done_before_it_hears_of_the_end_is_done(page):
    QTest.mouseClick(page.start, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    for name in ("tflite", "onnx", "keras"):
        page.receive(Proof(format=name, part="whole", state="proven", row=row(name, f".{name}")))
    page.finish()
    assert page.table.words.text() == "3 files proven and written to /m" and not page.cancelled


@pytest.mark.parametrize("there", [False, True])
def test_another_folder_is_looked_for_from_where_the_files_go_or_from_home(page, qtbot, tmp_path, there):
    page.folder.setText(str(tmp_path if there else tmp_path / "not yet"))
    began = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        began.append(Path(dialog.directory().path()))
        dialog.reject()

    QTimer.singleShot(200, look)
    QTest.mouseClick(page.bar.choose, Qt.MouseButton.LeftButton)
    assert began == [tmp_path if there else Path.home()]


@pytest.mark.parametrize(("value", "words"), [(9.9999998e-3, "0.01"), (0.02, "0.02"), (5e-3, "5e-03")])
def test_limits_of_one_table_are_written_alike(value, words):
    assert difference_words(value, 1) == words


def test_to_accept_a_loss_leaves_the_keyboard_at_cancel_and_then_at_export(page, qtbot):
    page.table.add_failure("whole", "onnx", "It differs. Take float16, or accept the loss.")
    button = next(b for b in page.table.findChildren(QPushButton) if b.text() == "Accept the loss")
    with qtbot.waitSignal(page.export_wanted) as caught:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert caught.args[0].accepted == ("onnx",) and page.cancel.hasFocus()
    page.receive(Proof(format="onnx", part="whole", state="proven", row={**row("onnx", ".onnx"), "accepted": "It differs."}))
    page.finish()
    assert page.start.hasFocus()


def test_the_table_says_on_how_many_rows_files_were_compared(page):
    assert page.table.hint.text().endswith("compared with the Keras model on test rows.")
    proven(page, tflite=(142_800, 0.3, 0.99))
    assert page.table.hint.text().endswith("on 1,000 test rows.")
