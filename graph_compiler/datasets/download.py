"""Files in Keras's own cache (`KERAS_HOME` or `~/.keras`): found with nothing but paths, downloaded only in the worker.

`keras_fetch(keras.utils.get_file)` makes the `Fetch` that a worker puts into its `Place`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from graph_compiler.arrays import np
from graph_compiler.specs.datasets import DataProblem, Download, Fetch, Place

Progress = Callable[[str, float], None]

QUIET_SECONDS = 30.0
"""A connection that says nothing for so long counts as lost."""


def keras_home() -> Path:
    """The folder Keras keeps downloads in, found the way Keras finds it."""
    return Path(os.environ.get("KERAS_HOME") or Path("~", ".keras")).expanduser()


def cached(download: Download, cache: Path) -> Path | None:
    """The file or unpacked folder in the cache, None while it is not there."""
    path = cache / download.folder / download.name
    return path if path.exists() else None


def have(downloads: tuple[Download, ...], place: Place, title: str) -> list[Path]:
    """Paths of all files, downloaded where `place` allows it. DataProblem (code `offline` or `not-downloaded`) when not."""
    return [cached(d, place.cache) or _fetched(d, downloads, place, title) for d in downloads]


def _fetched(download: Download, downloads: tuple[Download, ...], place: Place, title: str) -> Path:
    if not place.may_download or place.fetch is None:
        size = sum(d.size for d in downloads) / 1e6
        raise DataProblem(f"{title} is not on this machine yet", code="not-downloaded",
                          hint=f"It is downloaded when you train, or from the Data tab: {size:,.0f} MB once, kept in "
                               f"{place.cache / download.folder}.")
    try:
        return place.fetch(download, place.cache, place.progress)
    except DataProblem:
        raise
    except Exception as error:
        raise DataProblem(f"{title} could not be downloaded", code="offline",
                          hint=f"Check the connection to the internet and try again, or put {download.name} into "
                               f"{place.cache / download.folder} by hand. ({_last_line(error)})") from error


def _last_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[-1][:200]


def keras_fetch(get_file: Callable[..., Any]) -> Fetch:
    """A `Fetch` that lets Keras's `get_file` download, check and unpack, and watches the file grow for progress."""

    def fetch(download: Download, cache: Path, progress: Progress | None) -> Path:
        cache.mkdir(parents=True, exist_ok=True)
        target = cache / download.folder / (f"{download.name}_archive" if download.extract else download.name)
        try:
            with _patience(), _watched(target, download, progress):
                path = get_file(fname=download.name, origin=download.url, file_hash=download.sha256 or None,
                                extract=download.extract, cache_subdir=download.folder, cache_dir=str(cache))
        except BaseException:
            target.unlink(missing_ok=True)  # a file that failed its check would be taken for good the next time
            raise
        return Path(path)

    return fetch


@contextmanager
def _patience() -> Iterator[None]:
    """New connections give up after `QUIET_SECONDS` without a byte; without it a lost network hangs for ever."""
    import socket

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(QUIET_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


@contextmanager
def _watched(target: Path, download: Download, progress: Progress | None) -> Iterator[None]:
    """Report how much of `target` has arrived, four times a second."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            arrived = target.stat().st_size if target.exists() else 0
            if progress and download.size:
                progress(f"Downloading {download.name}", min(arrived / download.size, 1.0))

    thread = threading.Thread(target=watch, name="download-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    if progress:
        progress(f"Downloaded {download.name}", 1.0)


def npz_arrays(path: Path, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Arrays of an .npz file, also those of lists, which are pickles inside. DataProblem when it is damaged."""
    from graph_compiler.datasets.pickled import UnpicklingError

    try:
        with ZipFile(path) as archive:
            return {name: _npy(archive, name) for name in names}
    except (OSError, KeyError, ValueError, TypeError, EOFError, BadZipFile, UnpicklingError) as error:
        raise DataProblem(f"{path.name} in the cache is damaged", code="damaged",
                          hint=f"Delete {path} and download it again. ({_last_line(error)})") from error


def _npy(archive: ZipFile, name: str) -> np.ndarray:
    from graph_compiler.datasets.pickled import ArraysOnly

    with archive.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(file)
        if dtype.hasobject:
            return np.asarray(ArraysOnly(file, encoding="latin1").load())
        return np.frombuffer(file.read(), dtype).reshape(shape)


def cifar_batch(path: Path, labels: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 [n, 32, 32, 3] and labels of one CIFAR file. DataProblem when it is damaged."""
    from graph_compiler.datasets.pickled import ArraysOnly, UnpicklingError

    try:
        with path.open("rb") as file:
            batch = ArraysOnly(file, encoding="bytes").load()
        pictures = np.asarray(batch[b"data"], np.uint8).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return pictures, np.asarray(batch[labels.encode()], np.int32)
    except (OSError, KeyError, ValueError, TypeError, EOFError, UnpicklingError) as error:
        raise DataProblem(f"{path.name} in the cache is damaged", code="damaged",
                          hint=f"Delete {path.parent} and download it again. ({_last_line(error)})") from error
