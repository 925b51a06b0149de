"""What a file says of itself: the description that was put inside when it was made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graph_compiler.exporters.flatfile import read_metadata
from graph_compiler.exporters.part import ExportProblem

KINDS = {".tflite": "tflite", ".onnx": "onnx", ".keras": "keras"}


def told_by(path: Path) -> dict[str, Any]:
    """The description inside a file, with `format` at least. ExportProblem when it is no file that can be verified."""
    kind = "savedmodel" if (path / "saved_model.pb").is_file() else KINDS.get(path.suffix.lower(), "")
    if not kind:
        raise ExportProblem(f"{path.name} is no file that can be verified.",
                            hint="Name a .tflite, .onnx or .keras file, or the folder of a SavedModel.")
    try:
        return {"format": kind, **_READERS[kind](path)}
    except Exception as error:  # a file of another program says nothing; a damaged one will not open
        return {"format": kind, "unread": str(error)}


def _tflite(path: Path) -> dict[str, Any]:
    return read_metadata(path.read_bytes())


def _onnx(path: Path) -> dict[str, Any]:
    import onnx

    return {entry.key: entry.value for entry in onnx.load(path, load_external_data=False).metadata_props}


def _folder(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((path / "assets.extra" / "netloom.json").read_text(encoding="utf-8"))
    return told


def _nothing(path: Path) -> dict[str, Any]:
    return {}


_READERS = {"tflite": _tflite, "onnx": _onnx, "savedmodel": _folder, "keras": _nothing}
