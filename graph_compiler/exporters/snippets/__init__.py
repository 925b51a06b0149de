"""Lines that run an exported file, made of what `model.json` says of that very file.

`python`, `kotlin` and `swift` write one language each; `subject` is what they all read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph_compiler.exporters.snippets import kotlin, python, swift
from graph_compiler.exporters.snippets.subject import Subject, subject

LANGUAGES: dict[str, tuple[str, str, Callable[[Subject], str]]] = {
    "python": ("Python", ".py", python.lines), "kotlin": ("Kotlin", ".kt", kotlin.lines),
    "swift": ("Swift", ".swift", swift.lines)}
"""Language -> title, suffix, what writes it."""
_KNOWN = {"tflite": tuple(LANGUAGES), "onnx": tuple(LANGUAGES), "keras": ("python",), "savedmodel": ("python",)}


def languages(told: Mapping[str, Any], part: str, kind: str) -> tuple[str, ...]:
    """The languages in which there are lines for a file; none where there is no such file."""
    found = subject(told, part, kind)
    return _KNOWN[found.kind] if found is not None else ()


def snippet(told: Mapping[str, Any], part: str, kind: str, language: str) -> str:
    """Lines of a language that run the file of a part in a format; those of an encoder or step run both in their loop.

    `told` is what `model.json` holds. Empty when there is no such file.
    """
    found = subject(told, part, kind)
    return LANGUAGES[language][2](found) if found is not None and language in _KNOWN[found.kind] else ""
