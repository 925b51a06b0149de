"""Documents that can be read and mean nonsense are drawn with their problems: the window says what is wrong and lives."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPointF

from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.files import dumps
from tests.helpers.drawing import classifier

HUGE = 9e8


def spoiled(**changes: object) -> bytes:
    """A sound classifier with nodes replaced or added, by id, and settings under `training`."""
    tree = json.loads(dumps(classifier()))
    tree["training"] = changes.pop("training", {})
    kept = [node for node in tree["nodes"] if node["id"] not in changes]
    tree["nodes"] = [*kept, *({"id": name, **values} for name, values in changes.items())]  # type: ignore[dict-item]
    return json.dumps(tree).encode()


@pytest.mark.parametrize("content", [
    spoiled(loss={"type": "Loss", "params": {"metrics": 7}}), spoiled(loss={"type": "Loss", "params": {"metrics": [["a"], 3]}}),
    spoiled(training={"optimizers": {"D": {"name": "Adam"}}}), spoiled(note={"type": "Note", "params": {"height": "tall"}}),
    spoiled(frame={"type": "Frame", "params": {"width": [1], "height": 1e300}}),
    spoiled(dense_1={"type": "Dense", "params": {"units": 2 ** 60}}),
    spoiled(dense_1={"type": "Dense", "x": HUGE, "y": -HUGE}),
    spoiled(dense_1={"type": "Dense", "params": {"kernel_initializer": {"name": ["a"]}}}),
    spoiled(dense_1={"type": "TimeDistributed", "params": {"layer": {"name": {"b": 1}}}}),
    spoiled(dense_1={"type": "TimeDistributed", "params": {"layer": ["Dense"]}})],
    ids=["metrics", "metric names", "optimizers", "note", "frame", "units", "place", "initializer", "wrapped", "layer"])
def test_the_window_lives(content: bytes, tmp_path, qtbot, capsys) -> None:
    path = tmp_path / "odd.netloom"
    path.write_bytes(content)
    window = MainWindow(Settings())
    qtbot.addWidget(window)
    window.show()
    window.open_named(str(path))
    view = window.canvas
    view.fit()
    view.pan(QPointF(1e12, -1e12))
    view.grab()
    window.show_page("Train", fill=False)
    window.show_page("Problems", fill=False)
    assert len(window.document.document.graph.nodes) >= 4
    window.shut_down()
    assert "Traceback" not in capsys.readouterr().err
