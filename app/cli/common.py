"""What all commands share: exit codes, how problems and results are told, and what happens to an unexpected error."""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from app import paths
from app.paths import NotFound, Opened
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.catalog import registry
from graph_compiler.datasets.download import keras_home
from graph_compiler.graph.files import FileProblem
from graph_compiler.specs.datasets import DataProblem, Place

DONE, DOCUMENT, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done, the document has errors, wrong use, training or export failed, stopped by Ctrl+C."""


class Stop(Exception):
    """The command ends here with an exit code; the message, if any, is for people."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code


def usage(message: str) -> Stop:
    """The end of a command that was used wrongly."""
    return Stop(USAGE, message)


def say(text: str) -> None:
    """A line for people, on standard output."""
    _put(sys.stdout, text)


def tell(text: str) -> None:
    """A line about what goes on, on standard error."""
    _put(sys.stderr, text)


def put_json(value: Any) -> None:
    """One line of JSON on standard output, plain ASCII whatever the terminal's encoding is."""
    _put(sys.stdout, json.dumps(value, allow_nan=False))


def _put(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")
    stream.flush()


def table(rows: Iterable[Iterable[str]]) -> list[str]:
    """Rows of text with their columns aligned."""
    cells = [list(row) for row in rows]
    if not cells:
        return []
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def add_document(parser: argparse.ArgumentParser) -> None:
    """The DOC argument of a command."""
    parser.add_argument("doc", metavar="DOC", help="a .netloom file or the id of a template")


def add_json(parser: argparse.ArgumentParser, words: str) -> None:
    """The --json switch of a command."""
    parser.add_argument("--json", action="store_true", help=words)


def whole(least: int) -> Any:
    """An argparse type: a whole number of at least `least`."""
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"“{text}” is not a whole number") from None
        if not least <= number < 2**31:
            raise argparse.ArgumentTypeError(f"{text} is not a number from {least} to {2**31 - 1}")
        return number
    return read


def open_document(name: str) -> Opened:
    """The document a person named. Stop with the right exit code when it cannot be had."""
    try:
        return paths.find(name)
    except NotFound as problem:
        raise usage(str(problem)) from None
    except FileProblem as problem:
        raise Stop(DOCUMENT, str(problem)) from None


def problems_of(opened: Opened, files: bool = False) -> list[Diagnostic]:
    """Every problem of a document, errors first; files of the user are looked at as well.

    With `files`, notes on what exported files have otherwise follow.
    """
    analysis = Analyzer(opened.document, registry())
    place = Place(Path(opened.folder) if opened.folder else Path.cwd(), keras_home())
    mismatches = {}
    for facts in analysis.all_facts():
        dataset = registry().datasets.get(facts.node.type)
        if dataset is not None and dataset.check is not None and not facts.failed:
            try:
                dataset.check(facts.values, place)
            except DataProblem as problem:
                mismatches[facts.node.id] = problem
    analysis.set_data_problems(mismatches)
    return [*analysis.problems, *(analysis.file_notes if files else ())]


def problem_lines(problems: Iterable[Diagnostic]) -> list[str]:
    """Problems as people read them: severity, node, title; below it the sentence."""
    lines = []
    for problem in problems:
        where = f"{problem.path or problem.node}: " if problem.node else ""
        lines.append(f"{problem.severity}: {where}{problem.title}.")
        if problem.sentence:
            lines.append(f"    {problem.sentence}")
    return lines


def problem_json(problem: Diagnostic) -> dict[str, Any]:
    """A problem as plain values."""
    return {"severity": problem.severity, "code": problem.code, "node": problem.node, "path": problem.path,
            "port": problem.port, "param": problem.param, "title": problem.title, "expected": problem.expected,
            "received": problem.received, "hint": problem.hint, "sentence": problem.sentence,
            "fixes": [fix.label for fix in problem.fixes], "formats": list(problem.facts.get("formats", ()))}


def finite(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures with null for what JSON cannot say."""
    return {name: value if value is None or abs(value) < float("inf") else None for name, value in figures.items()}


def unexpected(error: BaseException) -> str:
    """One sentence about an error nobody foresaw; the details go to a file of the user's log folder."""
    reason = next(iter(str(error).strip().splitlines()), "")
    words = f"Something went wrong inside Netloom: {type(error).__name__}{': ' + reason if reason else ''}"
    return f"{words}. {write_details(''.join(traceback.format_exception(error)))}"


def write_details(details: str) -> str:
    """Put the details of an error into a file of the user's log folder; a sentence that says where."""
    try:
        folder = paths.user_log()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"error-{time.strftime('%Y%m%d-%H%M%S')}.txt"
        path.write_text(f"{sys.argv}\n{sys.version}\n\n{details}", encoding="utf-8")
    except OSError as problem:
        return f"The details could not be written to {paths.user_log()}: {problem.strerror or problem}."
    return f"The details are in {path}."
