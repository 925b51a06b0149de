"""Whether lines beside exported files are sound: brackets close, what the very file has is named in them, and they run."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_RUNS = """
import contextlib, io, json, os, pathlib, runpy, sys, traceback
answers = sys.stdout
for line in sys.stdin:
    os.chdir(json.loads(line))
    said = {}
    for path in sorted(pathlib.Path("examples").glob("*.py")):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            try:
                runpy.run_path(str(path))
            except BaseException:
                print("FAILED", traceback.format_exc())
        said[path.name] = out.getvalue().strip()
    print(json.dumps(said), file=answers, flush=True)
"""

_PAIRS = {")": "(", "]": "[", "}": "{"}


class Examples(AbstractContextManager["Examples"]):
    """A process that runs the Python lines beside files, folder by folder; what they load is loaded once."""

    def __init__(self, *words: str) -> None:
        """`words` are what the lines find on their command line."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUNS, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._process:
            self._process.kill()

    def run(self, folder: Path) -> dict[str, str]:
        """What each file of lines said, by its name. AssertionError with the traceback of one that fails."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps(str(folder)), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"the process that ran the lines in {folder} ended with {self._process.wait()}"
        said: dict[str, str] = json.loads(answer)
        assert [text for text in said.values() if text.startswith("FAILED")] == []
        return said


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
