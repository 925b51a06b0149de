"""Targets of an export as people write them: `tflite,tflite-int8:ends=int8,onnx:opset=15`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from difflib import get_close_matches

from graph_compiler.exporters.formats import FORMATS


@dataclass(frozen=True)
class Targets:
    """Names of formats in order, and choices by format."""

    names: tuple[str, ...] = ()
    options: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.names)


def targets(text: str) -> Targets:
    """An argparse type: names of export formats separated by commas, choices behind colons."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    names = [word.partition(":")[0].lower() for word in words]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        near = [found for name in unknown for found in get_close_matches(name, FORMATS, n=1)]
        meant = f". Did you mean {' and '.join(near)}?" if near else ""
        raise argparse.ArgumentTypeError(
            f"“{', '.join(unknown) or text}” is no export format: choose from {listed()}{meant}")
    options: dict[str, dict[str, str]] = {}
    for name, word in zip(names, words, strict=True):
        given = dict(_choice(part) for part in word.split(":")[1:])
        try:
            FORMATS[name].chosen(given)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        if given:
            options[name] = given
    return Targets(tuple(dict.fromkeys(names)), options)


def _choice(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise argparse.ArgumentTypeError(f"“{text}” is no choice: write it as opset=15")
    return name, value


def listed() -> str:
    """All formats in words."""
    return ", ".join(sorted(FORMATS))


def choices() -> str:
    """All formats with their choices, a line each."""
    lines = []
    for name, spec in FORMATS.items():
        given = "".join(f"  :{option.name}={'|'.join(option.values)}" for option in spec.options)
        lines.append(f"  {name:<16}{spec.summary}{given}")
    return "\n".join(lines)


def parts(text: str) -> tuple[str, ...]:
    """An argparse type: names of parts, separated by commas."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
