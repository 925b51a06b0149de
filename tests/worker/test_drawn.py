"""Generators are asked: samples, a walk, a class, a sheet, and what cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph_compiler.graph.model import Document
from graph_compiler.messages import Answer, Asking, Message, Predict
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.drawn import GAP, sheet
from graph_compiler.worker.jobs.predict import predict
from tests.helpers.contests import CRITIC, contest
from tests.helpers.drawings import digits_mlp
from tests.helpers.training import run

SQUARE = ("x BlockInput", "hidden Dense units=16 activation=relu", "pixels Dense units=64 activation=tanh",
          "shape Reshape target_shape=[8,8,1]", "y BlockOutput", "x > hidden > pixels > shape > y")
FLAT = tuple(line.replace("x > hidden", "x > flat > hidden") for line in (*CRITIC, "flat Flatten"))


def generating() -> Document:
    """A contest over pictures."""
    return contest("digits.image > flat", "digits.image > scaled > judge_real.x", generator=SQUARE, discriminator=FLAT,
                   without=("digits.image > flat > scaled > judge_real.x",))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = RunFolder.create(tmp_path_factory.mktemp("contest"), generating(), title="Contest")
    run(folder.document(), folder.path, limit_steps=2)
    return folder


def asked(folder: RunFolder, word: str, **asking: Any) -> tuple[dict[str, Any], np.ndarray | None]:
    """The answer, and its pictures, read before the worker tidies up."""
    pictures: list[np.ndarray] = []
    said: list[dict[str, Any]] = []

    def hear(message: Message) -> None:
        if isinstance(message, Answer):
            said.extend(dict(answer) for answer in message.answers)
            pictures.extend(np.load(a["pictures"]) for a in message.answers if "pictures" in a)

    predict(Predict(run=str(folder.path), inputs=(word,), asking=Asking(**asking)), Context(hear, Control(), lambda: None))
    return said[0], pictures[0] if pictures else None


def test_samples_repeat_for_a_seed_and_are_kept_on_a_sheet(made: RunFolder, tmp_path: Path) -> None:
    answer, first = asked(made, "draw:6", seed=2, save=str(tmp_path / "six.png"))
    assert first is not None and first.shape == (6, 8, 8, 1) and first.dtype == np.uint8
    assert answer["count"] == 6 and (tmp_path / "six.png").read_bytes()[:4] == b"\x89PNG"
    np.testing.assert_array_equal(first, asked(made, "draw:6", seed=2)[1])
    assert (first != asked(made, "draw:6", seed=3)[1]).any()


def test_a_walk_goes_from_one_sample_to_another(made: RunFolder) -> None:
    _, way = asked(made, "walk:5", seed=2)
    _, ends = asked(made, "draw:2", seed=2)
    assert way is not None and ends is not None
    np.testing.assert_allclose(way[0].astype(int), ends[0], atol=1)
    np.testing.assert_allclose(way[-1].astype(int), ends[1], atol=1)
    steps = np.abs(np.diff(way.astype(int), axis=0)).mean(axis=(1, 2, 3))
    assert steps.max() < np.abs(ends[0].astype(int) - ends[1]).mean()


def test_what_cannot_be_drawn_says_why(made: RunFolder, tmp_path: Path) -> None:
    assert asked(made, "draw:0")[0]["problem"].startswith("“draw:0” does not say how many.")
    nowhere = asked(made, "draw:1", save=str(tmp_path / "no" / "a.png"))[0]
    assert "cannot be saved" in nowhere["problem"]
    digits = RunFolder.create(tmp_path / "digits", digits_mlp())
    run(digits.document(), digits.path, limit_steps=1)
    assert asked(digits, "draw:4")[0]["problem"].startswith("This network generates no pictures.")


def test_a_sheet_has_all_pictures_with_gaps() -> None:
    page = sheet(np.zeros((5, 8, 6, 1), np.uint8))
    assert page.shape == (2 * (8 + GAP) + GAP, 3 * (6 + GAP) + GAP, 1)
    assert (page == 0).sum() == 5 * 8 * 6
