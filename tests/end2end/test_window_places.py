"""An evaluation from before classes of places had names is measured again by the real window with a real worker."""

from __future__ import annotations

import numpy as np
import pytest

from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.files import save
from graph_compiler.runs.evaluation import Evaluation, write_evaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder
from tests.helpers.drawing import drawing
from tests.helpers.training import run


@pytest.mark.timeout(240)
def test_an_old_evaluation_of_tags_is_measured_again(qtbot, tmp_path):
    document = drawing("dates DateTags rows=80", "letters Embedding input_dim=79 output_dim=6 mask_zero=true",
                       "tags Dense units=6 activation=softmax", "loss Loss loss=SparseCategoricalCrossentropy",
                       "dates.text > letters > tags > loss.prediction", "dates.tags > loss.target")
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.show()
    save(document, tmp_path / "tags.netloom")
    window.open(tmp_path / "tags.netloom")
    made = RunFolder.create(next_folder(window.pages.runs.key), document, title="Tags")
    run(document, made.path, limit_steps=2)
    write_evaluation(made.path, [Evaluation("classification", {}, (), np.zeros((1, 3, 6), np.float32), np.zeros((1, 3), int),
                                            np.arange(1), objective="loss", objectives=("loss",))])
    window.show_page("Evaluate", fill=True)
    page = window.pages.results.evaluate
    assert page.evaluation is None
    qtbot.waitUntil(lambda: page.evaluation is not None, timeout=90_000)
    assert page.evaluation.place_classes[2] == "day" and page.worst.texts.isVisible()
    assert "".join(page.worst.texts.rows[0].tokens)
    window.close()
