"""What a worker is asked and what it says: one frozen struct each. `worker.protocol` puts them on the pipe.

A leaf room (msgspec only), so that trainers and exporters can report without knowing the process they run in.
"""

from __future__ import annotations

from typing import Any

import msgspec

VERSION = 1


class _Tagged(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True, omit_defaults=True):
    """Base of all messages."""


# Requests.


class Train(_Tagged, frozen=True, kw_only=True):
    """Train the document in `run` (a run folder that holds document.netloom and run.json)."""

    run: str
    document_folder: str = ""
    """Folder that relative data paths count from."""
    epochs: int | None = None
    batch_size: int | None = None
    seed: int | None = None
    device: str = ""
    step: str = ""
    limit_steps: int | None = None
    """Stop after this many steps, for a quick look."""
    resume: str = ""
    """A checkpoint of this same run to go on from exactly."""
    continue_from: str = ""
    """The folder of another run whose weights start this one."""
    miniatures: bool = False
    watch: str = ""
    """The path of the node whose inside is wanted from the start."""


class Evaluate(_Tagged, frozen=True, kw_only=True):
    """Measure a run on its test rows; writes evaluation.npz and evaluation.json into the run folder."""

    run: str
    document_folder: str = ""


class Asking(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a network that generates is asked. `temperature` 0 takes the likeliest, `beam` above 1 searches so many beginnings.

    `count` samples are drawn with `seed`; `length` bounds a text (0: as in training); `label` is the class asked for.
    """

    temperature: float = 0.0
    beam: int = 1
    count: int = 1
    length: int = 0
    seed: int = 0
    label: str = ""
    save: str = ""
    """Where a sheet of drawn pictures is to be written as PNG; empty: nowhere."""


class Predict(_Tagged, frozen=True, kw_only=True):
    """Predict with a run: `inputs` is a list of `test:N`, file paths, names of .npz files of raw columns, `text:...`,
    `draw:N` or `walk:N`.

    A worker that predicts stays alive and answers further Predict requests until it is told to quit.
    """

    run: str
    inputs: tuple[str, ...]
    document_folder: str = ""
    ticket: int = 0
    asking: Asking = Asking()


class Export(_Tagged, frozen=True, kw_only=True):
    """Write and prove files of a run."""

    run: str
    formats: tuple[str, ...]
    out: str
    document_folder: str = ""
    options: dict[str, dict[str, str]] = {}
    """Choices by format: `{"onnx": {"opset": "15"}}`."""
    parts: tuple[str, ...] = ()
    """What leaves: `whole`, a block, `encoder`, `step` or `all`; empty for what makes up the drawing."""
    weights: str = ""
    """A checkpoint or file of weights in place of the run's own."""
    accept: tuple[str, ...] = ()
    """Formats whose files are kept although they are over their limits."""
    skip: tuple[tuple[str, str], ...] = ()
    """(part, format) of files that are made already, or cannot be, by a worker that broke off."""
    rows: int | None = None
    """Held-out rows that files are compared on, in place of as many as is usual."""


class Verify(_Tagged, frozen=True, kw_only=True):
    """Prove a file that was made earlier against a run; Done has its row of the proof table as `proof`."""

    run: str
    file: str
    document_folder: str = ""
    part: str = ""
    """What of the drawing it holds; empty for what the file itself says, or the whole."""
    weights: str = ""


class Fetch(_Tagged, frozen=True, kw_only=True):
    """Download a data set into the cache."""

    dataset: str
    params: dict[str, Any] = {}


class Probe(_Tagged, frozen=True, kw_only=True):
    """Say what TensorFlow finds on this machine: a Device message, and facts in Done."""

    device: str = "auto"


class Pause(_Tagged, frozen=True, kw_only=True):
    """Hold training after the current step."""


class Resume(_Tagged, frozen=True, kw_only=True):
    """Go on."""


class Stop(_Tagged, frozen=True, kw_only=True):
    """End the job soon. `keep` saves a checkpoint and final figures; without it the run is dropped."""

    keep: bool = True


class Quit(_Tagged, frozen=True, kw_only=True):
    """End a waiting worker."""


class Miniatures(_Tagged, frozen=True, kw_only=True):
    """Switch live miniatures on or off while training; `watch` is the path of the node whose inside is wanted."""

    on: bool = True
    watch: str = ""


Job = Train | Evaluate | Predict | Export | Verify | Fetch | Probe
"""What a worker does one of."""

Request = Job | Pause | Resume | Stop | Quit | Miniatures


# Messages.


class Hello(_Tagged, frozen=True, kw_only=True):
    """First line of every worker."""

    version: int
    pid: int


class Warm(_Tagged, frozen=True, kw_only=True):
    """TensorFlow is imported; a job starts without waiting."""

    seconds: float


class Alive(_Tagged, frozen=True, kw_only=True):
    """Heartbeat, every second, from a thread of its own. `memory` is resident bytes."""

    memory: int = 0


class Log(_Tagged, frozen=True, kw_only=True):
    """A line for the Log tab. `level` is info, warning or error."""

    text: str
    level: str = "info"


class Stage(_Tagged, frozen=True, kw_only=True):
    """What is going on, for the status bar: a short phrase and how far (0 to 1, None when unknown)."""

    text: str
    fraction: float | None = None


class Device(_Tagged, frozen=True, kw_only=True):
    """Where the job runs: the doctor's sentence and the facts behind it."""

    name: str
    sentence: str
    threads: int = 0


class Started(_Tagged, frozen=True, kw_only=True):
    """Training is about to take its first step."""

    epochs: int
    steps: int
    rows: dict[str, int]
    parameters: int
    metrics: tuple[str, ...]
    """Names of the figures that Progress and Epoch carry, `loss` first."""
    first_epoch: int = 0


class Progress(_Tagged, frozen=True, kw_only=True):
    """Where training is, at most 30 a second. `points` are (epoch position, step loss, learning rate) since the last one."""

    epoch: int
    step: int
    metrics: dict[str, float]
    """Running means over the epoch so far."""
    points: tuple[tuple[float, float], ...] = ()
    """(position in epochs, loss) of recent steps or groups of steps."""
    against: tuple[tuple[float, float], ...] = ()
    """The same of the discriminators' loss, in a contest."""
    learning_rate: float = 0.0
    samples_per_second: float = 0.0
    seconds_per_step: float = 0.0
    seconds: float = 0.0
    """Since training began, without pauses; a run that goes on counts what it took before."""
    seconds_left: float = 0.0
    memory: int = 0


class Epoch(_Tagged, frozen=True, kw_only=True):
    """An epoch is done: final training figures and validation figures (`val_` before the name)."""

    epoch: int
    """Counted from 0."""
    metrics: dict[str, float]
    learning_rate: float
    seconds: float


class Live(_Tagged, frozen=True, kw_only=True):
    """Miniatures: a histogram of activations per node id, and details of the watched node as a path (runs/watched.py)."""

    step: int
    histograms: dict[str, tuple[float, ...]]
    zeros: dict[str, float] = {}
    details: str = ""


class Sight(_Tagged, frozen=True, kw_only=True):
    """Something to look at: what the network does after `epoch` epochs, written to `path` (runs/sights.py)."""

    kind: str
    """samples, scores, reconstructions, latent, masks, texts or plane."""
    name: str
    """Tells sights of one run apart; the name of its folder."""
    title: str
    epoch: int
    path: str


class Checkpoint(_Tagged, frozen=True, kw_only=True):
    """A checkpoint was written."""

    epoch: int
    step: int
    path: str


class Paused(_Tagged, frozen=True, kw_only=True):
    """Training holds (or goes on again)."""

    paused: bool


class Proof(_Tagged, frozen=True, kw_only=True):
    """One exported file went a stage further, or is proven: `row` is its line of the proof table when done."""

    format: str
    part: str
    state: str
    """writing, reopening, comparing, proven or failed."""
    fraction: float | None = None
    row: dict[str, Any] = {}
    problem: str = ""


class Answer(_Tagged, frozen=True, kw_only=True):
    """The answer to a Predict: one entry an input, JSON only (class, probabilities, value, milliseconds ...)."""

    ticket: int
    answers: tuple[dict[str, Any], ...]


class Done(_Tagged, frozen=True, kw_only=True):
    """The job is finished. `result` depends on the job; training gives metrics, epochs and seconds."""

    result: dict[str, Any] = {}


class Failed(_Tagged, frozen=True, kw_only=True):
    """The job cannot go on. `sentence` is for people; `node` is the guilty one when there is one."""

    code: str
    sentence: str
    hint: str = ""
    node: str = ""
    detail: str = ""


class Silence(_Tagged, frozen=True, kw_only=True):
    """Said by the client, never sent: the worker has said nothing for so many seconds (0: it speaks again)."""

    seconds: float


Message = (Hello | Warm | Alive | Log | Stage | Device | Started | Progress | Epoch | Live | Sight | Checkpoint | Paused
           | Proof | Answer | Done | Failed | Silence)
