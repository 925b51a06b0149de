"""The program's entry, also `python -m app.main`: `netloom [FILE]` opens the window, `netloom COMMAND` needs none."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from app.cli import COMMANDS
from graph_compiler.worker.launch import SWITCH

WORDS = """\
Draw a neural network, watch it learn, see what it learnt, export it to a phone.

netloom [FILE] opens the window; FILE is a .netloom file or the id of a template.
The commands below work without a display. Their DOC is a .netloom file or the id of a template.
"""
CODES = ("exit codes: 0 done, 1 the document has errors, 2 wrong use, 3 training or export failed, "
         "130 stopped by Ctrl+C (what was trained is kept)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [SWITCH]:  # a frozen build starts its workers so
        from graph_compiler.worker.process import main as worker

        return worker(given[1:])
    _speak_anyway()
    from app.cli.common import FAILED, INTERRUPTED, Stop, tell, unexpected

    try:
        return _run(given)
    except Stop as end:
        if str(end):
            tell(f"netloom: {end}")
        return end.code
    except SystemExit as end:  # argparse has said what there is to say
        return end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whoever read has gone; nothing is left to say
        return 0
    except Exception as error:
        tell(f"netloom: {unexpected(error)}")
        return FAILED


def _run(given: list[str]) -> int:
    parser = _parser() if given[:1] and given[0] in (*COMMANDS, "-h", "--help") else _window_parser()
    options = parser.parse_args(given)
    code: int = options.command(options)
    return code


def _speak_anyway() -> None:
    """A terminal that lacks a character shows another one instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    from app.cli import check, doctor, export, predict, run, shot, templates, verify

    parser = _named(WORDS, CODES)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (templates, check, run, predict, export, verify, shot, doctor):
        module.add(commands)
    return parser


def _window_parser() -> argparse.ArgumentParser:
    """The parser of the plain call, which opens the window."""
    from app.cli import window

    parser = _named(WORDS, f"commands: {', '.join(COMMANDS)} (see netloom --help)")
    parser.add_argument("file", metavar="FILE", nargs="?", help="a .netloom file or the id of a template")
    parser.set_defaults(command=window.command)
    return parser


def _named(words: str, epilog: str) -> argparse.ArgumentParser:
    from graph_compiler.runs.environment import version_of

    parser = argparse.ArgumentParser(prog="netloom", description=words, epilog=epilog, allow_abbrev=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"netloom {version_of('netloom') or 'from source'}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
