"""`netloom templates`: the documents that come with the program."""

from __future__ import annotations

import argparse
from typing import Any

from app import paths
from app.cli.common import DONE, add_json, put_json, say, table
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.totals import counted
from graph_compiler.catalog import registry
from widgets.words import count, duration


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("templates", help="the documents that come with the program",
                                 description="List the documents that come with the program.")
    add_json(parser, "print a list of objects")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """List all templates."""
    rows = [describe(name) for name in paths.template_ids()]
    if options.json:
        put_json(rows)
        return DONE
    for line in table([row["id"], f"{count(row['parameters'])} weights", duration(60 * row["minutes"]), row["summary"]]
                      for row in rows):
        say(line)
    return DONE


def describe(name: str) -> dict[str, Any]:
    """What is known of a template without training it."""
    document = paths.template(name)
    about = document.about
    return {"id": name, "title": about.get("title", name), "summary": about.get("summary", ""),
            "tags": about.get("tags", []), "minutes": about.get("minutes", 0), "nodes": counted(document.graph, registry()),
            "parameters": Analyzer(document, registry()).totals.weights, "figure": about.get("figure")}
