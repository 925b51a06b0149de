"""The strict runtime of all tests: folders of their own, an offscreen platform, nothing left running."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("calm", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
"""For `--hypothesis-profile=search`: other examples in each run."""
settings.load_profile("calm")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

_HOME = Path(tempfile.mkdtemp(prefix="netloom-tests-"))
for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "KERAS_HOME"):
    (_HOME / name.lower()).mkdir()
    os.environ[name] = str(_HOME / name.lower())


_tests_since_collection = [0]


@pytest.fixture(autouse=True)
def collect_in_this_thread() -> Iterator[None]:
    """Cycles of Qt objects are freed in the main thread, between tests, as the program does it.

    What outlives a collection (TensorFlow's modules, for the most part) is set aside, so that the next one need not walk
    through it; now and then everything is looked at again.
    """
    gc.disable()
    yield
    _tests_since_collection[0] += 1
    if _tests_since_collection[0] % 20 == 0:
        if _tests_since_collection[0] % 1000 == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def no_threads_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that starts Python threads also ends them."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
    for thread in left:
        thread.join(timeout=5)
    assert not [t.name for t in left if t.is_alive()], f"threads left running by {request.node.name}"


@pytest.fixture(autouse=True)
def plain_looks() -> Iterator[None]:
    """Text size, contrast, theme and stillness are settings of the whole process: each test finds them as they come."""
    yield
    if "widgets.fonts" in sys.modules:
        sys.modules["widgets.fonts"].set_text_scale(1.0)
    if "widgets.motion" in sys.modules:
        motion = sys.modules["widgets.motion"].motion
        motion.allowed = motion.reduced = False
    if "app.themes" in sys.modules:
        sys.modules["app.themes"].choose_theme("light", contrast=False)
