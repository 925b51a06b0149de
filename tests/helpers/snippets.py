"""Whether lines beside exported files are sound: brackets close, and what the very file has is named in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

_PAIRS = {")": "(", "]": "[", "}": "{"}


def problems(text: str, language: str, part: dict[str, Any], file: dict[str, Any]) -> list[str]:
    """What is wrong with the lines of a language for a file of a part, as `model.json` tells of both."""
    found = [] if closes(text, "#" if language == "python" else "//") else ["brackets do not close"]
    if language == "python":
        ast.parse(text)
    if file["file"] not in text:
        found.append(f"{file['file']} is not opened")
    for tensor in (*file["inputs"], *file["outputs"]):
        shape = "×".join(map(str, [1, *(size or 1 for size in tensor["shape"][1:])]))
        if f"{tensor['name']}: {tensor['dtype']}, {shape}" not in text:
            found.append(f"{tensor['name']} ({tensor['dtype']}, {shape}) is not told of")
        if not re.search(rf"\b{re.escape(tensor['name'])}_?\b", code_of(text, language)) and file["format"] != "keras":
            found.append(f"{tensor['name']} is not used")
    if part["name"] not in ("encoder", "step"):
        found += [f"{o['labels']} is not read" for o in part["outputs"] if o.get("labels") and o["decoding"] == "argmax"
                  and o["labels"] not in text]
        found += [f"{i['name']} is not random" for i in part["inputs"] if i.get("kind") == "noise" and "random" not in text]
    return found + list(_loop(text, part.get("sequence")))


def _loop(text: str, sequence: dict[str, Any] | None) -> Iterator[str]:
    if sequence is None:
        return
    for number in (sequence["start"], sequence["length"]):
        if str(number) not in text:
            yield f"{number} of the sequence is nowhere"
    for word in ("vocabulary", "for", *sequence["states"], *(state["from"] for state in sequence["states"].values())):
        if word not in text:
            yield f"“{word}” of the sequence is nowhere"


def code_of(text: str, language: str) -> str:
    """The lines without comments; of Swift, which takes tensors by place, with them."""
    if language == "swift":
        return text
    mark = "#" if language == "python" else "//"
    return "\n".join(line.partition(f"{mark} ")[0] for line in text.splitlines())


def closes(text: str, mark: str) -> bool:
    """Whether every bracket outside of texts and comments is closed by its own kind."""
    bare = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    bare = re.sub(r"/\*.*?\*/", "", bare, flags=re.S)
    stack: list[str] = []
    for line in bare.splitlines():
        for sign in line.partition(mark)[0]:
            if sign in _PAIRS.values():
                stack.append(sign)
            elif sign in _PAIRS and (not stack or stack.pop() != _PAIRS[sign]):
                return False
    return not stack
