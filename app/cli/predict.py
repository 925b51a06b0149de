"""`netloom predict DOC --weights RUN --input FILE|test:N|text:…|draw:N|walk:N`: what a trained network says."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.cli.common import (
    DONE,
    FAILED,
    INTERRUPTED,
    USAGE,
    Stop,
    add_document,
    add_json,
    open_document,
    put_json,
    say,
    tell,
    usage,
)
from app.cli.jobs import Interrupts, work
from app.cli.progress import Teller
from app.cli.training import words_of
from app.cli.weights import open_run, tell_changes
from graph_compiler.messages import Asking, Device, Message, Predict, Progress
from graph_compiler.worker.spare import SpareWorkers
from widgets.words import number, percent

TEST_ROW = re.compile(r"test:\d{1,12}")


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("predict", help="what a trained network says", description="Predict with a trained run.")
    add_document(parser)
    parser.add_argument("--weights", metavar="RUN", type=Path, required=True, help="the folder of a run")
    parser.add_argument("--input", metavar="FILE|test:N|text:…|draw:N|walk:N", action="append", required=True,
                        help="a picture, a file of values, a test row by its number, a text, or how many samples to draw or"
                             " steps to walk; may be given several times")
    parser.add_argument("--temperature", type=float, default=0.0, metavar="T",
                        help="draw tokens from the scores divided by T; 0 takes the likeliest")
    parser.add_argument("--beam", type=int, default=1, metavar="N", help="search N beginnings side by side (translations)")
    parser.add_argument("--count", type=int, default=1, metavar="N", help="how many texts to draw")
    parser.add_argument("--label", default="", metavar="CLASS", help="the class a generator is asked for")
    parser.add_argument("--save", type=Path, metavar="PNG", help="where drawn pictures go, all on one sheet")
    parser.add_argument("--length", type=int, default=0, metavar="N", help="tokens of a generated text")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of what is drawn")
    add_json(parser, "print a list of objects, one an input")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Print one answer an input; 2 when one of them cannot be read."""
    opened = open_document(options.doc)
    run = open_run(options.weights)
    inputs = tuple(map(_input, options.input))
    tell_changes(run, opened, "predicts")
    teller = Teller()
    workers = SpareWorkers()

    def hear(message: Message) -> None:
        if not isinstance(message, (Device, Progress)):
            teller.hear(message)

    with Interrupts(lambda times: None) as interrupts:
        try:
            job = Predict(run=str(run.path), inputs=inputs, document_folder=opened.folder, ticket=1, asking=_asking(options))
            outcome = work(job, workers, interrupts, hear)
        finally:
            workers.close()
            teller.close()
    if interrupts.count:
        return INTERRUPTED
    if outcome.failed is not None:
        raise Stop(FAILED, words_of(outcome.failed))
    answers = [dict(answer) for answer in (outcome.result or {}).get("answers", ())]
    if options.json:
        put_json(answers)
    else:
        for asked, answer in zip(options.input, answers, strict=False):
            say(f"{asked}: {words(answer)}")
            if answer.get("note"):
                tell(f"note: {answer['note']}")
    return USAGE if any(answer.get("problem") for answer in answers) else DONE


def _asking(options: argparse.Namespace) -> Asking:
    """How a network that generates is asked. Stop for a number that cannot be."""
    if options.temperature < 0 or min(options.beam, options.count) < 1 or min(options.length, options.seed) < 0:
        raise usage("--temperature, --length and --seed start at 0, --beam and --count at 1.")
    return Asking(temperature=options.temperature, beam=options.beam, count=options.count, length=options.length,
                  seed=options.seed, label=options.label, save=str(options.save.resolve()) if options.save else "")


def _input(text: str) -> str:
    """An input as the worker takes it: `test:N`, or the whole path of a file. Stop when it is neither."""
    if TEST_ROW.fullmatch(text) or text.startswith(("text:", "draw:", "walk:")):
        return text
    path = Path(text)
    if path.is_file():
        return str(path.resolve())
    if text.startswith("test:"):
        raise usage(f"“{text}” is no test row: write test:0 for the first one.")
    raise usage(f"There is no file “{text}”. An input is a file, or test:0 for the first test row.")


def words(answer: Mapping[str, Any]) -> str:
    """An answer in one line: `7 (99.8 %), then 2 (0.1 %); true is 7`, or a value with its unit, or why there is none."""
    if answer.get("problem"):
        return str(answer["problem"])
    if "class" in answer:
        said = _classes(answer)
    elif "pictures" in answer:
        where = f", {answer['saved']}" if answer.get("saved") else "; --save PNG keeps them"
        said = f"{answer['count']} samples{where}"
    elif "text" in answer:
        said = "\n".join(answer.get("texts") or [answer["text"]])
    elif "value" in answer:
        said = f"{number(answer['value'])} {answer.get('unit') or ''}".strip()
    else:
        return json.dumps(answer, ensure_ascii=False)
    true = answer.get("true")
    return said if true is None else f"{said}; true is {number(true) if isinstance(true, float) else true}"


def _classes(answer: Mapping[str, Any]) -> str:
    first = f"{answer['class']} ({percent(answer['probability'], 1)})"
    names, scores = answer.get("classes") or (), answer.get("probabilities") or ()
    ranked = sorted(zip(scores, names, strict=False), reverse=True)[1:3]
    rest = ", ".join(f"{name} ({percent(score, 1)})" for score, name in ranked if len(names) > 1)
    return f"{first}, then {rest}" if rest else first
