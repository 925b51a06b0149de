"""Sights while a run goes on: when they are looked at, what they cost, and that training does not notice them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph_compiler.build.compile import compile_document
from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from graph_compiler.messages import Log, Sight
from graph_compiler.runs import sights as files
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.data import load_feed
from graph_compiler.trainers.sights import showing
from graph_compiler.trainers.sights.base import Sources
from graph_compiler.trainers.sights.samples import Samples
from graph_compiler.trainers.sights.showing import Showing
from tests.helpers.contests import contest
from tests.helpers.sequences import translator
from tests.helpers.sights import DIGITS, autoencoder, denoiser, trained, variational
from tests.helpers.training import Training, run


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between two looks, whatever they cost."""
    monkeypatch.setattr(showing, "SECONDS", 0.0)
    monkeypatch.setattr(showing, "SHARE", 1e9)


def epochs(training: Training, kind: str) -> list[int]:
    return [m.epoch for m in training.said(Sight) if m.kind == kind]


def test_every_epoch_is_seen_from_the_untrained_network_on(tmp_path: Path) -> None:
    training = run(contest(), tmp_path, epochs=2)
    assert epochs(training, "samples") == epochs(training, "scores") == [0, 1, 2]
    looks = [files.read(Path(m.path)) for m in training.said(Sight) if m.kind == "samples"]
    assert not np.array_equal(looks[0].arrays["tiles"], looks[2].arrays["tiles"])
    assert training.result["sights"]["looks"] == 3
    assert files.written(tmp_path).keys() == {"samples-made_y", "scores-adversarial"}


def test_a_run_that_goes_on_sees_what_comes_then(tmp_path: Path) -> None:
    run(autoencoder(), tmp_path, epochs=2)
    again = run(autoencoder(), tmp_path, epochs=3, resume=str(tmp_path / "checkpoints" / "epoch-0001-step-000000"))
    assert epochs(again, "latent") == [2, 3]
    assert list(files.written(tmp_path)["latent-code"]) == [0, 1, 2, 3]


def test_epochs_are_passed_over_while_a_look_costs_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "SHARE", 1e-9)
    assert epochs(run(autoencoder(), tmp_path, epochs=5), "latent") == [0, 1, 5]


def test_no_oftener_than_once_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "SECONDS", 3600.0)
    assert epochs(run(autoencoder(), tmp_path, epochs=3), "latent") == [0, 3]


def test_the_share_counts_what_was_spent_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "SHARE", 0.1)
    document = autoencoder()
    training = Training(document, tmp_path)
    compiled = compile_document(document, registry())
    feed = load_feed(compiled.analysis, compiled.columns, training.session.place)
    show = Showing(training.session, Sources(compiled, feed))
    seen: list[int] = []
    show.begin(0, 1)
    monkeypatch.setattr(show, "_show", lambda plans, epoch: seen.append(epoch))
    show.shown, show._cost, show.spent = 2, 0.5, 1.0
    show.epoch_done(1, 19.9)
    show.epoch_done(2, 20.1)
    assert seen == [2]


def test_texts_are_not_written_before_the_first_epoch(tmp_path: Path) -> None:
    training = run(translator(), tmp_path)
    assert epochs(training, "texts") == [1]
    assert not training.said(Log)


def test_an_unfinished_epoch_is_not_shown_as_a_whole_one(tmp_path: Path) -> None:
    assert epochs(run(autoencoder(), tmp_path, limit_steps=2), "latent") == [0]


def test_a_sight_that_fails_is_told_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Samples) -> None:
        raise ValueError("no room")

    monkeypatch.setattr(Samples, "look", fail)
    training = run(contest(), tmp_path, epochs=1)
    assert epochs(training, "scores") == [0, 1] and epochs(training, "samples") == []
    assert "“Generated samples” cannot be shown: no room" in [m.text for m in training.said(Log) if m.level == "warning"]


def sparse() -> Document:
    """An autoencoder whose code costs by its size: a loss that a layer adds when it is called."""
    return trained(*DIGITS, "flat Flatten", "code Dense units=8", "small ActivityRegularization l1=0.01", "c Dense units=64",
                   "loss Loss", "digits.image > scaled > flat > code > small > c > loss.prediction", "flat > loss.target")


@pytest.mark.parametrize("document", [contest, denoiser, variational, sparse])
def test_training_does_not_notice_who_looks(document: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(document)
    watched = run(document(), tmp_path / "watched", epochs=2)
    monkeypatch.setattr(showing, "wanted", lambda analysis: ())
    alone = run(document(), tmp_path / "alone", epochs=2)
    assert watched.said(Sight) and not alone.said(Sight)
    assert watched.losses == alone.losses
    assert watched.result["metrics"] == alone.result["metrics"]


def test_looks_stay_and_go_with_the_run(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "0001", contest())
    files.write(folder.path, files.Look("samples", "samples-made", "", 0, {"tiles": np.zeros(1, np.uint8)}))
    folder.remove()
    assert not folder.path.exists()
