"""The Export tab driven by messages and clicks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from graph_compiler.analysis.readiness import PartReady, Said
from graph_compiler.graph.edits import RemoveNode, SetParam
from graph_compiler.graph.files import save
from graph_compiler.messages import Proof
from graph_compiler.specs.readiness import KEPT, NOTED, READY
from tests.helpers.drawings import digits_mlp
from tests.helpers.window import opened_window
from widgets.pages.beside import beside_lines
from widgets.pages.export import ExportPage, FormatChoice, OptionChoice, PartChoice
from widgets.pages.metrics import moved_words
from widgets.pages.proof_table import LINES
from widgets.pages.run_bar import RunChoice
from widgets.pages.which_one import verdict
from widgets.parts import Words
from widgets.words import duration

DESCRIPTION = {"name": "net", "inputs": [{"name": "image", "shape": [None, 28, 28, 1], "dtype": "uint8"}],
               "outputs": [{"name": "dense", "shape": [None, 10], "dtype": "float32",
                            "classes": list("0123456789"), "decoding": "argmax"}]}


TEN = {name: PartReady(READY, 10) for name in ("tflite", "onnx", "keras")}
WHOLE = PartChoice("whole", "", 35_000, ready=TEN)
SEQUENCE = [PartChoice("encoder", "-encoder", 20_000), PartChoice("step", "-step", 30_000),
            PartChoice("cell_1", "-cell_1", 1_000, usual=False)]
FORMATS = (FormatChoice("tflite", "TFLite float32", ".tflite", "Same numbers.", "Android",
                        (OptionChoice("batch", "Samples a call", ("auto", "one")),)),
           FormatChoice("onnx", "ONNX", ".onnx", "Opset 17.", "ONNX Runtime"),
           FormatChoice("keras", "Keras", ".keras", "To go on.", "Keras 3"))


def row(name: str, suffix: str, part: str = "whole") -> dict:
    return {"format": name, "part": part, "path": f"/m/net{suffix}", "bytes": 142800, "rows": 1000, "max_abs_diff": 3.6e-7,
            "mean_abs_diff": 1e-8, "allowed": 1e-5, "agreement": 1.0, "metric": "accuracy", "before": 0.9912,
            "after": 0.9912, "latency_ms": 0.31, "latency_p95_ms": 0.4, "seconds": 1.0}


@pytest.fixture
def page(qtbot) -> ExportPage:
    page = ExportPage(FORMATS)
    qtbot.addWidget(page)
    page.resize(1600, 840)
    page.show()
    return page


@pytest.fixture
def ready(page) -> ExportPage:
    page.bar.set_choices([RunChoice("/runs/7", "7 · best validation · 20:11", ("conv2d_2: filters 64 → 32",))], "/runs/7")
    page.set_ready("net", "/models/net", DESCRIPTION, [WHOLE])
    return page


def named(page: ExportPage, lines: int) -> list[str]:
    """The first words of the lines of the table."""
    return [page.table.grid.itemAtPosition(2 + LINES * i, 0).widget().findChildren(QLabel)[0].text() for i in range(lines)]


def accepting(page: ExportPage) -> list[QPushButton]:
    return [b for b in page.table.findChildren(QPushButton) if b.text() == "Accept the loss"]


def test_without_a_run_nothing_can_be_exported_and_the_next_step_is_said(page):
    assert not page.start.isEnabled()
    assert "Train" in page._empty.text.text()


def test_without_a_run_the_page_says_what_the_drawing_will_leave_as(page, qtbot):
    page.set_ready("net", "", DESCRIPTION, [WHOLE], before="Next: press Train.")
    bar, card = page.bar, page.cards["tflite"]
    assert (card.pill.text, card.nodes.text(), card.facts.value("Size")) == ("Ready", "10 of 10 nodes", "about 140.0 kB")
    assert named(page, 3) == [f.title for f in FORMATS] and card.isVisible()
    assert bar.before.isVisible() and bar.before.full == "Next: press Train." and not page.start.isEnabled()
    assert bar.start.geometry().left() - bar.before.geometry().right() < 20
    assert not any(widget.isVisible() for widget in (bar.combo, bar.pill, bar.folder, bar.choose))
    qtbot.mouseClick(card.check, Qt.MouseButton.LeftButton, pos=card.check.rect().center() * 0.2)
    page.set_ready("net", "", DESCRIPTION, [WHOLE], before="Next: press Train.")
    assert page.chosen == ("onnx", "keras"), "what is chosen stays while the page shows the same"
    bar.set_choices([RunChoice("/runs/7", "7")], "/runs/7")
    page.set_ready("net", "/models/net", DESCRIPTION, [WHOLE])
    assert page.start.isEnabled() and bar.combo.isVisible() and bar.folder.isVisible() and not bar.before.isVisible()
    page.folder.setText("/elsewhere")
    page.set_ready("net", "/models/net", DESCRIPTION, [WHOLE])
    assert page.folder.text() == "/elsewhere", "coming back to the tab takes no folder away"


def test_sizes_follow_the_drawing_until_it_cannot_be_built(qtbot, monkeypatch, tmp_path):
    window = opened_window(qtbot, monkeypatch, "")
    save(digits_mlp(), tmp_path / "never-trained.netloom")
    window.open_named(str(tmp_path / "never-trained.netloom"))
    window.show_page("Export")
    page, nodes = window.pages.results.export, window.document.document.graph.nodes
    dense = next(node_id for node_id, node in nodes.items() if node.type == "Dense")
    size = page.cards["tflite"].facts.value("Size")
    assert page.cards["python"].pill.text == "Ready" and size.startswith("about ") and not page.start.isEnabled()
    assert page.bar.before.full == "Next: press Train. A finished run can be exported."
    window.document.do(SetParam(dense, "units", 500))
    qtbot.waitUntil(lambda: page.cards["tflite"].facts.value("Size") != size)
    window.document.do(RemoveNode(dense))
    qtbot.waitUntil(page._empty.isVisible)
    assert page._empty.text.text().endswith("Next: see Problems. A finished run can be exported.")
    assert not page.bar.folder.isVisible() and not page.bar.before.isVisible()
    window.document.undo_stack.undo()
    qtbot.waitUntil(page.cards["tflite"].isVisible)


def test_a_long_file_name_keeps_its_ending_and_how_many_more_there_are(page):
    page.set_ready("a-translator-of-dates-and-of-times", "", {}, SEQUENCE, WHOLE, before="Next: press Train.")
    page.resize(1280, 700)
    card = page.cards["tflite"]
    assert card.file.text().endswith(".tflite") and "…" in card.file.text()
    assert card.more.isVisible() and card.more.text() == "and 1 more"
    assert card.more.width() >= card.more.fontMetrics().horizontalAdvance(card.more.text())


def test_what_holds_in_several_parts_is_said_once_with_all_nodes(page):
    ready = [{"tflite": PartReady(NOTED, 4, noted=(Said("One sample a call.", (node,)),))} for node in ("lstm_1", "lstm_2")]
    parts = [replace(part, ready=own) for part, own in zip(SEQUENCE[:2], ready, strict=True)]
    page.set_ready("net", "", {}, parts, WHOLE, before="Next: press Train.")
    card = page.cards["tflite"]
    assert (card.why.text(), card.nodes.text()) == ("lstm_1 and lstm_2: One sample a call.", "8 of 8 nodes")


def test_headings_of_sizes_and_times_end_where_their_values_end(ready):
    grid = ready.table.grid
    for column in (5, 6):
        heading, value = (grid.itemAtPosition(line, column).widget() for line in (0, 2))
        assert heading.alignment() & Qt.AlignmentFlag.AlignRight
        assert heading.geometry().right() == value.mapTo(value.parentWidget(), value.label.geometry().topRight()).x()


def test_what_cannot_leave_is_not_recommended_with_a_size(page):
    kept = {"tflite": PartReady(KEPT, 10, (Said("No way.", ("lstm_1",)),))}
    page.set_ready("net", "", DESCRIPTION, [replace(WHOLE, ready=kept)], before="Next: press Train.")
    assert page.which.lines["tflite"].weight.text() == "not ready"
    assert page.which.lines["onnx"].weight.text() == "about 140.0 kB"
    page.set_ready("net", "", DESCRIPTION, [WHOLE], before="Next: press Train.")
    assert page.which.lines["tflite"].weight.text() == "about 140.0 kB"


def test_the_bar_says_what_changed_in_the_drawing_since(ready):
    assert ready.bar.pill.text == "conv2d_2: filters 64 → 32"


def test_export_asks_for_the_ticked_formats(ready, qtbot):
    ready.cards["keras"].check.setChecked(False)
    with qtbot.waitSignal(ready.export_wanted) as caught:
        qtbot.mouseClick(ready.start, Qt.MouseButton.LeftButton)
    wish = caught.args[0]
    assert (wish.run, wish.formats, wish.parts, wish.folder) == ("/runs/7", ("tflite", "onnx"), ("whole",), "/models/net")
    assert wish.options == {} and wish.accepted == ()
    assert ready.cancel.isVisible() and not ready.start.isEnabled()
    with qtbot.waitSignal(ready.cancel_wanted):
        qtbot.mouseClick(ready.cancel, Qt.MouseButton.LeftButton)


def test_nothing_ticked_is_nothing_to_do(ready):
    for card in ready.cards.values():
        card.check.setChecked(False)
    assert not ready.start.isEnabled()


def test_stages_proofs_and_failures_are_shown_where_they_belong(ready):
    ready._start()
    ready.receive(Proof(format="tflite", part="whole", state="comparing", fraction=0.62))
    assert ready.cards["tflite"].pill.text == "Comparing"
    assert ready.cards["tflite"].progress.share == pytest.approx(0.62)
    ready.receive(Proof(format="tflite", part="whole", state="proven", row=row("tflite", ".tflite")))
    ready.receive(Proof(format="onnx", part="whole", state="failed", problem="ONNX has no operation for this network."))
    assert ready.cards["tflite"].pill.text == "Proven"
    assert ready.cards["onnx"].pill.text == "Not possible"
    assert ready.start.text() == "Exporting, 2 of 3 done"
    assert [line["format"] for line in ready.table.lines] == ["tflite"]
    assert 'Interpreter("net.tflite")' in ready.beside.code.toPlainText()  # as foreseen: nothing lies in the folder
    ready.finish()
    assert ready.cards["keras"].pill.text == "Not written"
    assert ready.start.isEnabled()


def test_cards_keep_their_height_and_the_end_is_said_with_its_place(ready):
    card = ready.cards["tflite"]
    before = card.sizeHint().height()
    ready._start()
    ready.receive(Proof(format="tflite", part="whole", state="writing", fraction=0.1))
    assert card.progress.isVisible() and card.sizeHint().height() == before
    for name, suffix in (("tflite", ".tflite"), ("onnx", ".onnx"), ("keras", ".keras")):
        ready.receive(Proof(format=name, part="whole", state="proven", row=row(name, suffix)))
    ready.finish()
    assert ready.table.words.text().startswith("3 files proven and written to ")
    assert card.nodes.text() == "10 of 10 nodes"


def test_before_the_export_the_table_says_what_will_be_proven_and_the_lines_are_there(ready):
    assert "np.argmax" in ready.beside.code.toPlainText() and ready.beside.code.isVisible()
    assert not ready.beside.open.isVisible()
    assert named(ready, 3) == [f.title for f in FORMATS]
    ready.cards["tflite"].check.setChecked(False)
    assert named(ready, 1) == ["ONNX"]
    assert "onnxruntime" in ready.beside.code.toPlainText()


def test_files_stand_in_the_order_of_the_cards_and_say_how_far_the_metric_moved(ready):
    ready._start()
    for name, suffix in (("onnx", ".onnx"), ("tflite", ".tflite")):
        ready.receive(Proof(format=name, part="whole", state="proven", row=row(name, suffix)))
    assert [line["format"] for line in ready.table.lines] == ["tflite", "onnx"]


@pytest.mark.parametrize(("name", "before", "after", "words"), [
    ("accuracy", 0.9912, 0.9912, "±0.00"), ("accuracy", 0.9912, 0.9906, "−0.06"), ("accuracy", 0.98, 0.9912, "+1.12"),
    ("mae", 2.5, 2.5000003, "+3e-07"), ("mae", 2.5, 2.5, "±0"), ("mae", None, 2.5, "")])
def test_how_far_a_metric_moved(name, before, after, words):
    assert moved_words(name, before, after) == words


def test_what_one_must_know_of_a_file_stands_under_its_name(ready):
    ready._start()
    known = {**row("tflite", ".tflite"), "notes": ["One sample a call."]}
    ready.receive(Proof(format="tflite", part="whole", state="proven", row=known))
    assert "One sample a call." in [label.text() for label in ready.table.findChildren(QLabel)]


def test_what_stands_in_the_way_is_said_before_the_export(page):
    kept = PartReady(KEPT, 10, (Said("TensorFlow Lite pools no volumes: take Conv3D with strides instead.", ("pool",)),))
    noted = PartReady(NOTED, 10, noted=(Said("One sample a call.", ("lstm_1", "lstm_2", "lstm_3")),
                                        Said("It acts in training only.", ("dropout_1",), worth=False)))
    other = PartReady(READY, 10)
    page.bar.set_choices([RunChoice("/runs/7", "7", ())], "/runs/7")
    page.set_ready("net", "/models/net", DESCRIPTION, [replace(WHOLE, ready={"tflite": kept, "onnx": noted, "keras": other})])
    tflite, onnx = page.cards["tflite"], page.cards["onnx"]
    assert (tflite.pill.text, tflite.nodes.text(), tflite.check.isChecked()) == ("Not ready", "9 of 10 nodes", False)
    assert tflite.why.isVisible() and "Conv3D" in tflite.why.text()
    assert (onnx.pill.text, onnx.nodes.text()) == ("Ready", "10 of 10 nodes")
    assert onnx.why.text() == "lstm_1, lstm_2 and 1 more: One sample a call."
    assert "dropout_1: It acts in training only." in onnx.pill.toolTip()
    assert not page.cards["keras"].why.isVisible()
    assert page.chosen == ("onnx", "keras")
    page.set_ready("net", "/models/net", DESCRIPTION, [WHOLE])
    assert (tflite.pill.text, tflite.check.isChecked(), tflite.why.isVisible()) == ("Ready", True, False)


def test_parts_are_chosen_and_cards_and_table_name_what_each_will_be(page, qtbot):
    page.bar.set_choices([RunChoice("/runs/7", "7", ())], "/runs/7")
    page.set_ready("net", "/models/net", {}, SEQUENCE, WHOLE)
    card = page.cards["tflite"]
    assert page.parts.isVisible() and page.parts.chosen == ("encoder", "step")
    assert card.file.toolTip() == "net-encoder.tflite\nnet-step.tflite"
    assert card.facts.value("Size") == "about 200.0 kB"
    assert "come with them" in page.beside.code.toPlainText()
    assert not any(name == "labels.txt" for name, _ in beside_lines(page.beside._told))
    page.cards["onnx"].check.setChecked(False)
    page.cards["keras"].check.setChecked(False)
    qtbot.mouseClick(page.parts.ticks["cell_1"], Qt.MouseButton.LeftButton)
    card.choices["batch"].setCurrentText("one")
    with qtbot.waitSignal(page.export_wanted) as caught:
        qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    assert caught.args[0].parts == ("encoder", "step", "cell_1")
    assert caught.args[0].options == {"tflite": {"batch": "one"}}
    page.receive(Proof(format="tflite", part="encoder", state="comparing", fraction=0.5))
    assert card.pill.text == "Comparing encoder"
    for part in ("encoder", "step"):
        page.receive(Proof(format="tflite", part=part, state="proven", row=row("tflite", f"-{part}.tflite", part)))
    assert card.pill.text == "Waiting" and page.start.text() == "Exporting, 2 of 3 done"
    page.receive(Proof(format="tflite", part="cell_1", state="failed", problem="It differs. Take float16, or accept the loss."))
    assert card.pill.text == "Not possible" and page.start.text() == "Exporting, 3 of 3 done"
    assert [(line["part"], line["format"]) for line in page.table.lines] == [("encoder", "tflite"), ("step", "tflite")]
    assert "Part: encoder" in [label.text() for label in page.table.findChildren(QLabel)]
    page.finish()
    qtbot.waitUntil(lambda: any(b.isVisible() for b in accepting(page)))
    accept = next(b for b in accepting(page) if b.isVisible())
    with qtbot.waitSignal(page.export_wanted) as caught:
        qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert caught.args[0].accepted == ("tflite",)


def test_variants_are_drawn_against_size_and_latency_and_the_report_is_markdown(ready):
    ready._start()
    small = {**row("onnx", ".onnx"), "bytes": 70_000, "after": 0.99, "latency_ms": 0.2}
    ready.receive(Proof(format="tflite", part="whole", state="proven", row=row("tflite", ".tflite")))
    assert not ready.variants.isVisible()
    ready.receive(Proof(format="onnx", part="whole", state="proven", row=small))
    assert ready.variants.isVisible()
    assert ready.variants.points == {"tflite": (0.9912, 142800.0, 0.31), "onnx": (0.99, 70000.0, 0.2)}
    ready.finish()
    ready.table.copy.click()
    report = QGuiApplication.clipboard().text()
    assert "| `net.onnx` | ONNX | 3.6e-07 | 1e-05 | accuracy 99.12 % | 99.00 % | 70.0 kB |" in report


@pytest.mark.parametrize(("many", "across"), [(1, 1), (5, 5), (12, 4)])
def test_cards_stand_in_even_rows(qtbot, many, across):
    page = ExportPage(tuple(FormatChoice(f"f{i}", f"Format {i}", f".f{i}", "A file.", "Somewhere") for i in range(many)))
    qtbot.addWidget(page)
    page.resize(1600, 840)
    page.show()
    assert page._grid.across == across
    page.resize(1280, 700)
    assert page._grid.across <= 4


def test_the_box_says_which_file_is_for_what_with_the_size_to_expect(ready):
    which = ready.which
    assert which.is_open and set(which.lines) == {"tflite", "onnx", "keras"}
    assert which.lines["tflite"].weight.text() == "about 140.0 kB"
    assert "the export measures" in which.verdict.text()
    ready._start()
    ready.receive(Proof(format="tflite", part="whole", state="proven", row=row("tflite", ".tflite")))
    assert which.lines["tflite"].weight.text() == "142.8 kB" and not which.is_open
    which.toggle.click()
    ready.receive(Proof(format="onnx", part="whole", state="proven", row=row("onnx", ".onnx")))
    assert which.is_open, "what the user opened stays open"


@pytest.mark.parametrize(("changes", "words"), [
    ({"bytes": 42_000, "latency_ms": 0.1, "after": 0.9906},
     "For a phone's CPU: TFLite int8. Beside float32 it is 3.4 times smaller and 3.1 times faster on this computer; "
     "its accuracy is 99.06 % instead of 99.12 %."),
    ({"bytes": 42_000, "latency_ms": 0.93},
     "For a phone's CPU: TFLite int8. Beside float32 it is 3.4 times smaller and 3.0 times slower on this computer; "
     "its accuracy is 99.12 %, as before."),
    ({"latency_ms": 0.32}, "For a phone's CPU: TFLite float32. No other file is smaller or faster."),
    ({"bytes": 42_000, "latency_ms": 0.1, "accepted": "It differs."}, "")])
def test_the_verdict_follows_from_the_proofs(changes, words):
    titles = {"tflite": "TFLite float32", "tflite-int8": "TFLite int8"}
    assert verdict([row("tflite", ".tflite"), {**row("tflite-int8", "-int8.tflite"), **changes}], titles) == words


def test_many_files_have_a_legend_and_scripts_are_not_drawn(qtbot):
    names = ("tflite", "tflite-float16", "tflite-dynamic", "tflite-int8", "onnx", "keras", "python")
    page = ExportPage(tuple(FormatChoice(name, name.upper(), f"-{name}", "", "", only_whole=name == "python")
                            for name in names))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    page.bar.set_choices([RunChoice("/runs/7", "7", ())], "/runs/7")
    page.set_ready("net", "/models/net", DESCRIPTION, [WHOLE])
    page.show_past([row(name, f"-{name}") for name in names])
    assert page.variants.legend.isVisible() and "python" not in page.variants.points
    assert page.variants.legend.names == tuple(name.upper() for name in names[:-1])
    page.set_ready("net", "/models/net", DESCRIPTION, [WHOLE])
    page.show_past([row(name, f"-{name}") for name in names[:3]])
    assert not page.variants.legend.isVisible()


def test_a_script_leaves_as_a_whole_where_the_drawing_leaves_in_parts(qtbot):
    script = FormatChoice("python", "Python script", "-python", "", "", only_whole=True)
    page = ExportPage((*FORMATS, script))
    qtbot.addWidget(page)
    page.bar.set_choices([RunChoice("/runs/7", "7", ())], "/runs/7")
    page.set_ready("net", "/models/net", {}, SEQUENCE, WHOLE)
    assert [file for file in page.files if file[1] == "python"] == [("whole", "python")]
    assert page.cards["python"].file.text() == "net-python"


@pytest.mark.parametrize("milliseconds", [0.00123, 0.0275, 0.0351, 20.7, 1500.0])
def test_a_latency_is_never_cut(ready, milliseconds):
    ready.table.clear()
    ready.table.add({**row("onnx", ".onnx"), "latency_ms": milliseconds})
    label = next(label for label in ready.table.findChildren(Words) if label.text() == duration(milliseconds / 1000))
    assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())


def test_times_have_three_figures_below_a_second_and_a_unit_of_their_own_below_a_tenth_of_a_millisecond():
    times = {0.0: "0 s", 1.42e-5: "14.2 µs", 3.1e-4: "0.310 ms", 0.0207: "20.7 ms", 0.1432: "143 ms", 0.9999: "1 s",
             2.98: "3 s", 1.5: "1.5 s"}
    assert [duration(seconds) for seconds in times] == list(times.values())
