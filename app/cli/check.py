"""`netloom check DOC`: what is wrong with a drawing, without training it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from app.cli.common import (
    DOCUMENT,
    DONE,
    add_document,
    add_json,
    open_document,
    problem_json,
    problem_lines,
    problems_of,
    put_json,
    say,
)
from widgets.words import plural


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("check", help="problems of a drawing", description="List the problems of a drawing. "
                                 "The exit code is 1 when there are errors.")
    add_document(parser)
    add_json(parser, "print a list of objects")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Print every problem; 1 when one of them is an error."""
    problems = problems_of(open_document(options.doc), files=True)
    counts = {kind: sum(p.severity == kind for p in problems) for kind in ("error", "warning", "note")}
    if options.json:
        put_json([problem_json(problem) for problem in problems])
    else:
        for line in problem_lines(problems):
            say(line)
        say(f"{options.doc}: {_total(counts)}.")
    return DOCUMENT if counts["error"] else DONE


def _total(counts: Mapping[str, int]) -> str:
    parts = [plural(number, word) for word, number in counts.items() if number]
    return ", ".join(parts) or "no problems"
