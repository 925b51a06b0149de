"""`netloom doctor`: versions, devices, and what stands in the way."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.common import DONE, FAILED, add_json, put_json, say
from app.doctor import examine


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor", help="versions, devices, and what stands in the way",
                                 description="Say what this machine offers and what stands in the way. The exit code is 3 "
                                             "when something prevents training.")
    add_json(parser, "print one object")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Print the findings as they come; 3 when one of them prevents training."""
    found = []
    for finding in examine():
        found.append(finding)
        if not options.json:
            say(f"{finding.level + ':':<9}{finding.sentence}")
    ready = all(finding.level != "error" for finding in found)
    if options.json:
        put_json({"ready": ready, "findings": [finding.as_json() for finding in found]})
    return DONE if ready else FAILED
