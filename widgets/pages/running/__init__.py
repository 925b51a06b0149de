"""Running a trained network that generates: sequences from something, texts from nothing, pictures from noise.

`make_runner` gives the page for a `Running`; pages ask through `asked` and are told by `answer`, `stage` and `say`.
"""

from widgets.pages.running.base import Runner, Running
from widgets.pages.running.samples import SamplesRunner
from widgets.pages.running.sequence import SequenceRunner
from widgets.pages.running.text import TextRunner

__all__ = ["Runner", "Running", "make_runner"]

RUNNERS: dict[str, type[Runner]] = {"sequence": SequenceRunner, "text": TextRunner, "samples": SamplesRunner}


def make_runner(running: Running) -> Runner:
    """The page for what a run generates."""
    return RUNNERS[running.form](running)
