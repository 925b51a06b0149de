"""What a run generates, read from its drawing: the form of the page, what it reads, which figures stand above."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.running import LONGEST, compares, running_of
from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from graph_compiler.runs.folder import RunFolder
from tests.helpers.contests import CRITIC, GENERATOR, contest
from tests.helpers.drawings import digits_mlp
from tests.helpers.sequences import caption, text_model, transformer, translator
from widgets.pages.running import Running

SQUARE = ("x BlockInput", "hidden Dense units=16", "pixels Dense units=64", "shape Reshape target_shape=[8,8,1]",
          "y BlockOutput", "x > hidden > pixels > shape > y")
FLAT = tuple(line.replace("x > hidden", "x > flat > hidden") for line in (*CRITIC, "flat Flatten"))

def running(document: Document, folder: Path) -> Running | None:
    return running_of(RunFolder.create(folder, document, title="Net"), registry())


def pictures() -> Document:
    """A contest over pictures."""
    return contest("digits.image > flat", "digits.image > scaled > judge_real.x", generator=SQUARE, discriminator=FLAT,
                   without=("digits.image > flat > scaled > judge_real.x",))


@pytest.mark.parametrize("document", [translator(), transformer()], ids=["states", "attention"])
def test_a_translator_reads_a_text(document, tmp_path):
    found = running(document, tmp_path)
    assert found is not None
    assert (found.form, found.reads, found.token) == ("sequence", "text", "character")
    assert found.length == found.longest == 11


def test_a_text_model_begins_by_itself_and_writes_any_length(tmp_path):
    found = running(text_model(), tmp_path)
    assert found is not None
    assert (found.form, found.length, found.longest) == ("text", 20, LONGEST)


def test_a_caption_reads_a_picture_through_the_state_it_starts_from(tmp_path):
    found = running(caption(), tmp_path)
    assert found is not None
    assert (found.form, found.reads) == ("sequence", "picture")


@pytest.mark.parametrize("document", [pictures(), contest()], ids=["pictures", "flat"])
def test_a_contest_over_pictures_draws_samples(document, tmp_path):
    found = running(document, tmp_path)
    assert found is not None
    assert (found.form, found.classes, found.folder) == ("samples", (), str(tmp_path))


def numbers() -> Document:
    """A contest over five numbers that are no picture."""
    short = tuple(line.replace("units=64", "units=5") for line in GENERATOR)
    return contest("code Dense units=5", "digits.image > flat > scaled > code > judge_real.x", generator=short,
                   without=("digits.image > flat > scaled > judge_real.x",))


def test_what_generates_nothing_is_no_runner(tmp_path):
    assert running(digits_mlp(), tmp_path / "a") is None
    assert running(numbers(), tmp_path / "b") is None


def test_a_contest_alone_compares_nothing_with_a_target(tmp_path):
    assert not compares(RunFolder.create(tmp_path / "a", numbers(), title="Net"), registry())
    assert compares(RunFolder.create(tmp_path / "b", digits_mlp(), title="Net"), registry())


def test_a_drawing_that_cannot_be_read_is_no_runner(tmp_path):
    run = RunFolder.create(tmp_path, digits_mlp(), title="Net")
    (tmp_path / "document.netloom").write_text("{", encoding="utf-8")
    assert running_of(run, registry()) is None and compares(run, registry())


def test_test_figures_stand_above_the_exact_match_first(tmp_path):
    run = RunFolder.create(tmp_path, translator(), title="Net")
    run.update(metrics={"val_loss": 1.0, "test_loss": 0.5, "test_accuracy": 0.75, "test_exact_match": 0.5})
    found = running_of(run, registry())
    assert found is not None
    assert found.figures == (("Exact match, test", "50.0 %"), ("Accuracy, test", "75.0 %"), ("Loss, test", "0.5000"))
