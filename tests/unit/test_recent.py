"""Recent files in words: how large the network is, and what its newest run has reached."""

from __future__ import annotations

import pytest

from app import paths
from app.gallery import described, recent_files
from app.settings import Settings
from graph_compiler.graph.files import load, save
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder
from tests.helpers.events import digits


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "net.netloom"
    save(digits(), path)
    return path


def test_a_file_is_described_by_its_size_and_its_newest_run(file):
    plain = recent_files(Settings(recent=[str(file), "/gone.netloom"]))
    assert [f.name for f in plain] == ["net"] and plain[0].words == str(file.parent)
    assert described(plain)[0].words == "54,170 parameters"
    run = RunFolder.create(next_folder(paths.runs_name(file)), load(file))
    run.update(metrics={"loss": 0.1, "test_accuracy": 0.991})
    assert described(plain)[0].words == "54,170 parameters · 99.1 %"


def test_a_file_that_is_torn_keeps_its_folder(file):
    plain = recent_files(Settings(recent=[str(file)]))
    file.write_text("torn", "utf-8")
    assert described(plain)[0].words == str(file.parent)
