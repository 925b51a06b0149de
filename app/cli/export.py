"""`netloom export DOC --weights RUN|FILE --to LIST`: files with proof from weights that are there."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.common import (
    DONE,
    FAILED,
    INTERRUPTED,
    add_document,
    add_json,
    open_document,
    put_json,
    say,
    tell,
    usage,
    whole,
)
from app.cli.jobs import Interrupts, work
from app.cli.progress import Teller
from app.cli.report import export_lines, export_of
from app.cli.targets import choices, parts, targets
from app.cli.training import words_of
from app.cli.weights import Weights, weights
from app.paths import Opened
from graph_compiler.messages import Export, Message, Proof
from graph_compiler.worker.exporting import ExportWorkers
from graph_compiler.worker.spare import SpareWorkers


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "export", help="files for phones, with proof", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Export a trained drawing. Each file is opened again in its own runtime and compared with Keras on\n"
                    "held-out rows before it gets its name; the rest go on when one cannot be made.",
        epilog=f"formats and their choices, as in --to tflite,tflite-int8:ends=int8,onnx:opset=15\n{choices()}")
    add_document(parser)
    parser.add_argument("--weights", metavar="RUN|FILE", type=Path, required=True,
                        help="the folder of a run, a checkpoint, or a file of weights")
    parser.add_argument("--to", metavar="LIST", type=targets, required=True, help="files to write, separated by commas")
    parser.add_argument("--out", metavar="DIR", type=Path, help="where they go; without it into the run's folder")
    parser.add_argument("--part", metavar="LIST", type=parts, default=(),
                        help="what leaves: whole, encoder, step, names of blocks, or all")
    parser.add_argument("--rows", metavar="N", type=whole(1),
                        help="held-out rows each file is compared on, instead of 1000 (200 for a part)")
    parser.add_argument("--accept", action="store_true", help="keep files of fewer bits that are over their limits")
    add_json(parser, "print one object as the last line")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Export and tell; 3 when a file could not be made."""
    opened = open_document(options.doc)
    with weights(options.weights, opened, "is exported") as given:
        if given.file and options.out is None:
            raise usage("Say with --out where the files go: these weights belong to no run.")
        out = (options.out or given.run.exports).resolve()
        return _export(options, opened, given, out)


def _export(options: argparse.Namespace, opened: Opened, given: Weights, out: Path) -> int:
    rows: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    teller, workers = Teller(), SpareWorkers()

    def hear(message: Message) -> None:
        if isinstance(message, Proof) and message.state == "proven":
            rows.append(dict(message.row))
        elif isinstance(message, Proof) and message.state == "failed":
            failed.append({"format": message.format, "part": message.part, "problem": message.problem})
        teller.hear(message)

    request = Export(run=str(given.run.path), formats=options.to.names, options=options.to.options, out=str(out),
                     document_folder=opened.folder, parts=options.part, weights=given.file, rows=options.rows,
                     accept=options.to.names if options.accept else ())
    with Interrupts(lambda times: teller.line("Stopping. Files that are proven stay.")) as interrupts:
        try:
            outcome = work(request, ExportWorkers(workers), interrupts, hear)
        finally:
            workers.close()
            teller.close()
    trouble = words_of(outcome.failed) if outcome.failed is not None and not interrupts.count else ""
    if trouble:
        tell(f"netloom: {trouble}")
    if options.json:
        put_json({"doc": options.doc, "run": str(given.run.path), "out": str(out), "exports": [export_of(row) for row in rows],
                  "failed": failed, **({"problem": trouble} if trouble else {})})
    else:
        for line in export_lines(rows):
            say(line)
    return INTERRUPTED if interrupts.count else FAILED if trouble or failed else DONE
