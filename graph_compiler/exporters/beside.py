"""What is written beside exported files: `model.json`, lists of labels, and lines that run each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from graph_compiler.exporters.metadata import labels_of
from graph_compiler.exporters.model_file import FORMAT, MODEL, SCHEMA, Model
from graph_compiler.exporters.snippets import LANGUAGES, languages, snippet
from resources import FOLDER

EXAMPLES = "examples"


def told_of(name: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """What `model.json` holds of these parts."""
    return {"$schema": SCHEMA, "format": FORMAT, "name": name, "parts": parts}


def part_of(part: str, description: Mapping[str, Any], files: list[dict[str, Any]]) -> dict[str, Any]:
    """A part as `model.json` has it."""
    told = {"name": part, "title": description["name"], "inputs": description["inputs"],
            "outputs": _with_labels(description["outputs"]), "files": files}
    return told | ({"sequence": description["sequence"]} if "sequence" in description else {})


def _with_labels(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each output that has classes with the name of the file that lists them, as `metadata.label_files` names it."""
    first = next((out["name"] for out in outputs if out.get("classes")), "")
    return [{**out, "labels": "labels.txt" if out["name"] == first else f"labels_{out['name']}.txt"} if out.get("classes")
            else out for out in outputs]


def read(folder: Path) -> dict[str, Any]:
    """What lies in a folder, as far as its files are there; nothing when `model.json` is missing or damaged."""
    try:
        raw = (folder / MODEL).read_bytes()
        msgspec.json.decode(raw, type=Model)
        told: dict[str, Any] = json.loads(raw)
    except (OSError, ValueError, msgspec.MsgspecError):
        return {}
    for part in told["parts"]:
        part["files"] = [file for file in part["files"] if (folder / file["file"]).exists()]
    told["parts"] = [part for part in told["parts"] if part["files"]]
    return told


def add_file(folder: Path, name: str, part: dict[str, Any]) -> None:
    """Put a part with one file into `model.json`, beside what other files left there, with labels and examples."""
    known = read(folder)
    parts = known["parts"] if known.get("name") == name else []
    before = next((p for p in parts if p["name"] == part["name"]), None)
    if before is None:
        parts.append(part)
    else:
        made = {file["file"]: file for file in (*before["files"], *part["files"])}  # in the order they came first
        part["files"] = list(made.values())
        parts[parts.index(before)] = part
    told = told_of(name, parts)
    write(folder / MODEL, json.dumps(told, indent=2, ensure_ascii=False))
    write(folder / SCHEMA, FOLDER.joinpath("schemas", SCHEMA).read_text(encoding="utf-8"))
    for file, text in labels_of({"outputs": part["outputs"]}).items():
        write(folder / file, text)
    _write_examples(folder, told)


_AT_HOME = """import os

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))  # to the files it reads, wherever it is started

"""


def _write_examples(folder: Path, told: dict[str, Any]) -> None:
    for part in told["parts"]:
        for file in part["files"]:
            for language in languages(told, part["name"], file["format"]):
                (folder / EXAMPLES).mkdir(exist_ok=True)
                text = _AT_HOME * (language == "python") + snippet(told, part["name"], file["format"], language)
                write(folder / EXAMPLES / f"{file['file']}{LANGUAGES[language][1]}", text)


def write(path: Path, text: str) -> None:
    """A text under its name only when it is whole."""
    draft = path.with_name(f".{path.name}.partial")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
