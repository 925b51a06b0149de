"""Downloads through Keras's own `get_file`, from files on this machine."""

from __future__ import annotations

import hashlib
import tarfile

import numpy as np
import pytest

from graph_compiler.datasets.download import cached, have, keras_fetch
from graph_compiler.specs.datasets import DataProblem, Download, Place

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fetch():
    import keras

    return keras_fetch(keras.utils.get_file)


def place(folder, fetch, heard):
    return Place(folder, folder / "cache", lambda *said: heard.append(said), True, fetch)


def test_a_file_is_fetched_checked_and_kept(tmp_path, fetch):
    np.savez(tmp_path / "there.npz", x=np.arange(5))
    content = (tmp_path / "there.npz").read_bytes()
    wanted = Download((tmp_path / "there.npz").as_uri(), "here.npz", len(content), hashlib.sha256(content).hexdigest())
    heard: list[tuple[str, float]] = []
    path, = have((wanted,), place(tmp_path, fetch, heard), "Numbers")
    assert path == cached(wanted, tmp_path / "cache") == tmp_path / "cache" / "datasets" / "here.npz"
    assert np.load(path)["x"].tolist() == [0, 1, 2, 3, 4]
    assert heard[-1] == ("Downloaded here.npz", 1.0)
    (tmp_path / "there.npz").unlink()
    assert have((wanted,), Place(tmp_path, tmp_path / "cache"), "Numbers") == [path]


def test_an_archive_is_unpacked_into_a_folder_of_its_name(tmp_path, fetch):
    (tmp_path / "data").write_bytes(b"inside")
    with tarfile.open(tmp_path / "there.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "data", "batches/data")
    wanted = Download((tmp_path / "there.tar.gz").as_uri(), "batches-target", 100, extract=True)
    path, = have((wanted,), place(tmp_path, fetch, []), "Batches")
    assert (path / "batches" / "data").read_bytes() == b"inside"
    assert path == cached(wanted, tmp_path / "cache")


def test_what_is_not_there_or_not_right_is_said(tmp_path, fetch):
    lost = Download((tmp_path / "lost.npz").as_uri(), "lost.npz", 5)
    with pytest.raises(DataProblem) as caught:
        have((lost,), place(tmp_path, fetch, []), "Numbers")
    assert caught.value.code == "offline"
    assert cached(lost, tmp_path / "cache") is None
    (tmp_path / "wrong.npz").write_bytes(b"wrong")
    wrong = Download((tmp_path / "wrong.npz").as_uri(), "wrong.npz", 5, "0" * 64)
    with pytest.raises(DataProblem, match="Numbers could not be downloaded"):
        have((wrong,), place(tmp_path, fetch, []), "Numbers")
    assert cached(wrong, tmp_path / "cache") is None
