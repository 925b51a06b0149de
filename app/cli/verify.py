"""`netloom verify FILE --against DOC`: whether a file that was made earlier still gives the answers of the drawing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.common import DONE, FAILED, INTERRUPTED, Stop, add_json, open_document, put_json, say, usage
from app.cli.jobs import Interrupts, work
from app.cli.progress import Teller
from app.cli.report import export_lines, export_of
from app.cli.training import words_of
from app.cli.weights import weights
from graph_compiler.messages import Device, Message, Verify
from graph_compiler.runs.listing import runs_of
from graph_compiler.worker.spare import SpareWorkers


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("verify", help="prove a file that was made earlier",
                                 description="Open a file in its own runtime and compare it with Keras on held-out rows. The "
                                             "exit code is 3 when it does not agree.")
    parser.add_argument("file", metavar="FILE", type=Path, help="a .tflite, .onnx or .keras file, or a SavedModel's folder")
    parser.add_argument("--against", metavar="DOC", required=True, help="a .netloom file or the id of a template")
    parser.add_argument("--weights", metavar="RUN|FILE", type=Path,
                        help="what the file was made of; without it the newest run of DOC")
    parser.add_argument("--part", metavar="NAME", default="", help="what of the drawing it holds; usually the file says so")
    add_json(parser, "print one object")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Tell the proof; 3 when there is none."""
    if not options.file.exists():
        raise usage(f"There is no file {options.file}.")
    opened = open_document(options.against)
    path = options.weights or next((run.path for run in runs_of(opened.runs) if run.has_weights), None)
    if path is None:
        raise usage(f"{opened.name} has no run yet. Name the weights the file was made of with --weights.")
    teller, workers = Teller(), SpareWorkers()

    def hear(message: Message) -> None:
        if not isinstance(message, Device):
            teller.hear(message)

    with weights(path, opened, "is compared") as given, Interrupts(lambda times: None) as interrupts:
        request = Verify(run=str(given.run.path), file=str(options.file.resolve()), document_folder=opened.folder,
                         part=options.part, weights=given.file)
        try:
            outcome = work(request, workers, interrupts, hear)
        finally:
            workers.close()
            teller.close()
    if interrupts.count:
        return INTERRUPTED
    if outcome.failed is not None:
        if options.json:
            put_json({"file": str(options.file), "agrees": False, "problem": words_of(outcome.failed)})
        raise Stop(FAILED, words_of(outcome.failed))
    row = (outcome.result or {})["proof"]
    if options.json:
        put_json({"file": str(options.file), "agrees": True, **export_of(row)})
    else:
        for line in export_lines([row]):
            say(line)
    return DONE
