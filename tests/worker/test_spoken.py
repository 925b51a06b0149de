"""Networks that generate a sequence are asked: texts, test rows, wrong questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from graph_compiler.graph.model import Document
from graph_compiler.messages import Answer, Asking, Message, Predict
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.predict import predict
from tests.helpers.sequences import caption, text_model, translator
from tests.helpers.training import run


def trained(document: Document, folder: Path, steps: int) -> RunFolder:
    made = RunFolder.create(folder, document, title="Net")
    run(document, made.path, limit_steps=steps)
    return made


def asked(made: RunFolder, *words: str, **asking: Any) -> list[dict[str, Any]]:
    said: list[Message] = []
    predict(Predict(run=str(made.path), inputs=words, asking=Asking(**asking)), Context(said.append, Control(), lambda: None))
    return [dict(answer) for message in said if isinstance(message, Answer) for answer in message.answers]


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return trained(translator(), tmp_path_factory.mktemp("dates"), 3)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return trained(text_model(), tmp_path_factory.mktemp("letters"), 3)


def test_a_text_and_a_row_are_translated(dates: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "day.txt").write_text("3 mars 1987\n", encoding="utf-8")
    typed, row, file = asked(dates, "text:3 mars 1987", "test:2", str(tmp_path / "day.txt"))
    assert (typed["given"], typed["text"]) == ("3 mars 1987", file["text"])
    assert "seen" not in row and len(row["true"]) == 10 and row["place"] == 2 and row["given"]
    assert isinstance(row["text"], str)


def test_a_picture_that_is_named_is_shown_as_the_network_sees_it(tmp_path: Path) -> None:
    shapes: list[tuple[int, ...]] = []

    def hear(message: Message) -> None:
        if isinstance(message, Answer):
            shapes.extend(np.load(answer["seen"]).shape for answer in message.answers)

    (tmp_path / "own.png").write_bytes(tf.io.encode_png(np.zeros((20, 30, 1), np.uint8)).numpy())
    made = trained(caption(), tmp_path / "run", 2)
    predict(Predict(run=str(made.path), inputs=("test:0", str(tmp_path / "own.png"))), Context(hear, Control(), lambda: None))
    assert len(shapes) == 2 and shapes[0] == shapes[1] == (28, 28, 1)


def test_beams_come_best_first(dates: RunFolder) -> None:
    answer = asked(dates, "text:3 mars 1987", beam=3)[0]
    scores = [beam["log_probability"] for beam in answer["beams"]]
    assert len(scores) == 3 and scores == sorted(scores, reverse=True)
    assert answer["text"] == answer["beams"][0]["text"]


def test_a_text_comes_with_where_the_network_looked(dates: RunFolder, letters: RunFolder) -> None:
    answer, row = asked(dates, "text:3 mars 1987", "test:2")
    looked = answer["attention"]
    weights = np.array(looked["weights"]).reshape(len(looked["made"]), -1)
    assert looked["given"] == list("3 mars 1987")
    assert "".join(looked["made"]) == answer["text"]
    assert weights.shape == (len(answer["text"]), 11)
    assert weights.size
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=0.01)  # what is padded or masked gets nothing
    beams = asked(dates, "text:3 mars 1987", beam=3)[0]
    assert "".join(beams.get("attention", {"made": ""})["made"]) == beams["text"]  # nothing written, nothing to show
    assert "attention" not in row
    assert "attention" not in asked(letters, "text:The ", length=20)[0]


def test_a_beginning_goes_on(letters: RunFolder) -> None:
    first, again = (asked(letters, "text:The ", temperature=0.7, count=2, length=40, seed=3)[0] for _ in range(2))
    assert first["texts"] == again["texts"]
    assert all(text.startswith("The ") and len(text) == 40 for text in first["texts"])
    assert first["texts"][0] != first["texts"][1]


def test_what_cannot_be_read_says_why(dates: RunFolder, letters: RunFolder, tmp_path: Path) -> None:
    strange, row, picture = asked(dates, "text:3 日", "test:99999", str(tmp_path / "a.png"))
    assert strange["problem"].startswith("“日” is not in the vocabulary of spoken.")
    assert row["problem"].startswith("There is no row “test:99999”.")
    assert picture["problem"].startswith("“a.png” is a picture, but this network reads spoken.")
    assert asked(letters, "nothing.txt")[0]["problem"].startswith("“nothing.txt” is neither a text, a file nor a test row.")


def test_a_text_that_is_too_long_is_read_as_far_as_there_is_room_and_that_is_said(dates: RunFolder) -> None:
    long = "3 mars 1987 " * 6
    answer, short = asked(dates, f"text:{long}", "text:3 mars 1987")
    length = int(str(answer["note"]).split()[3])
    assert answer["note"].startswith(f"Only the first {length} letters are read: “{long[length:length + 20]}")
    assert answer["text"] == asked(dates, f"text:{long[:length]}")[0]["text"] and "note" not in short
