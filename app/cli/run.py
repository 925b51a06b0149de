"""`netloom run DOC`: train, export with proof, and say what came of it."""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path
from typing import Any

from app.cli.common import (
    DOCUMENT,
    DONE,
    FAILED,
    INTERRUPTED,
    USAGE,
    Stop,
    add_document,
    add_json,
    open_document,
    problem_lines,
    problems_of,
    put_json,
    say,
    tell,
    whole,
)
from app.cli.jobs import Interrupts
from app.cli.progress import Teller
from app.cli.report import object_of, summary
from app.cli.targets import Targets, listed, parts, targets
from app.cli.training import Training
from app.doctor import missing_gpu
from app.paths import Opened
from graph_compiler.messages import Train
from graph_compiler.runs.folder import RECORD, RunFolder, RunProblem
from graph_compiler.runs.listing import next_folder, runs_root

STEPS = ("plain", "multi", "xla")


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("run", help="train, and export with proof", description="Train a drawing, measure it on its "
                                 "test rows, and export it with proof. Ctrl+C stops and keeps what was trained; a second "
                                 "Ctrl+C kills.")
    add_document(parser)
    parser.add_argument("--epochs", metavar="N", type=whole(1), help="instead of the document's")
    parser.add_argument("--limit-steps", metavar="N", type=whole(1), help="stop after so many steps, for a quick look")
    parser.add_argument("--batch-size", metavar="N", type=whole(1), help="instead of the document's")
    parser.add_argument("--seed", metavar="N", type=whole(0), help="of the weights and the order of the rows")
    parser.add_argument("--device", metavar="auto|cpu|gpu:0", type=device, help="where to train")
    parser.add_argument("--step", choices=STEPS, default="", help="one step a call, many steps a call, or compiled by XLA")
    parser.add_argument("--part", metavar="LIST", type=parts, default=(),
                        help="what leaves: whole, encoder, step, names of blocks, or all; usually what makes up the drawing")
    parser.add_argument("--export", metavar="LIST", type=targets, default=Targets(),
                        help=f"files to write, separated by commas: {listed()}")
    parser.add_argument("--out", metavar="DIR", type=Path, help="the run's folder; without it a new one in your data folder")
    add_json(parser, "print one object as the last line")
    parser.set_defaults(command=command)


def device(text: str) -> str:
    """An argparse type: auto, cpu or gpu:N."""
    if not re.fullmatch(r"auto|cpu|gpu:\d{1,3}", text):
        raise argparse.ArgumentTypeError(f"“{text}” is no device: choose auto, cpu or gpu:0")
    return text


def command(options: argparse.Namespace) -> int:
    """Train and export; 1 when the drawing has errors, 3 when training or an export failed."""
    began = time.monotonic()
    opened = open_document(options.doc)
    _sound(opened)
    if missing := missing_gpu(options.device or opened.document.training.device):
        raise Stop(FAILED, missing)
    teller = Teller()
    run = make_run(opened, options.out, teller)
    teller.line(f"{opened.title}: the run is {run.path}")
    with Interrupts(lambda times: teller.line(WORDS[times])) as interrupts:
        training = Training(opened, run, interrupts, teller.hear, began)
        try:
            training.train(request(run, opened, options), exports_follow=bool(options.export))
            if options.export and training.ok and not interrupts.count:
                training.export(options.export, options.part)
        finally:
            training.close()
            teller.close()
    return _conclude(options, opened, training, interrupts.count)


WORDS = {1: "Stopping, and keeping what was trained. Ctrl+C again kills.", 2: "Killing the training."}


def request(run: RunFolder, opened: Opened, options: argparse.Namespace) -> Train:
    """What the worker is asked."""
    return Train(run=str(run.path), document_folder=opened.folder, epochs=options.epochs, batch_size=options.batch_size,
                 seed=options.seed, device=options.device or "", step=options.step, limit_steps=options.limit_steps)


def _sound(opened: Opened) -> None:
    """Stop when the drawing has errors; tell the rest."""
    problems = problems_of(opened)
    for line in problem_lines(problems):
        tell(line)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        raise Stop(DOCUMENT, f"{opened.name} cannot be trained: {errors} error{'s' if errors > 1 else ''}.")


def make_run(opened: Opened, out: Path | None, teller: Teller) -> RunFolder:
    """The run's folder with the frozen drawing. A finished run that is in the way is moved aside, never overwritten."""
    if out is not None:
        _make_room(out, teller)
    try:
        path = out or next_folder(opened.runs)
        run = RunFolder.create(path, opened.document, title=opened.title, document_folder=opened.folder)
        run.update(document=opened.name)
    except RunProblem as problem:
        raise Stop(USAGE if out else FAILED, str(problem)) from None
    except OSError as error:
        words = f"No run can be made in {runs_root()}: {error.strerror or error}. Choose a folder with --out."
        raise Stop(FAILED, words) from None
    return run


def _make_room(out: Path, teller: Teller) -> None:
    """Move the run that lies in a folder to the first free name beside it. Stop when it is being trained."""
    if not (out / RECORD).is_file():
        return
    if RunFolder(out).alive:
        raise Stop(USAGE, f"{out} is being trained right now. Choose another folder.")
    place = out.resolve()
    number = 1
    while (aside := place.with_name(f"{place.name}.{number}")).exists():
        number += 1
    try:
        place.rename(aside)
    except OSError as error:
        raise Stop(USAGE, f"{out} holds a run that cannot be moved aside: {error.strerror or error}.") from None
    teller.line(f"The run that was in {out} is now {aside}")


def _conclude(options: argparse.Namespace, opened: Opened, training: Training, interrupted: int) -> int:
    """Tell what came of it; the exit code."""
    result = object_of(options.doc, opened.document.about, training)
    if training.failed is None and not options.json:
        whole = training.epochs >= (options.epochs or opened.document.training.epochs)
        for line in summary(result, training.rows, 0 if whole else options.limit_steps or 0):
            say(line)
    for sentence in training.troubles:
        tell(f"netloom: {sentence}")
    if interrupted:
        tell(_kept(training.run, interrupted > 1, bool(options.export)))
    if options.json:
        put_json(result)
    if interrupted:
        return INTERRUPTED
    return FAILED if training.troubles else DONE


def _kept(run: RunFolder, killed: bool, exports: bool) -> str:
    what = "The last checkpoint" if killed else "What was trained"
    words = f"{what} is kept in {run.path}" if run.has_weights else f"There is no checkpoint yet in {run.path}"
    return f"{'Killed' if killed else 'Stopped'}. {words}.{' Nothing more was exported.' if exports else ''}"
