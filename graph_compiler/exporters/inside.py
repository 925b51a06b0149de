"""What a file says of itself: the description that was put inside when it was made."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from graph_compiler.exporters.flatfile import read_metadata
from graph_compiler.exporters.keras_file import TOLD
from graph_compiler.exporters.part import ExportProblem

TITLES = {"tflite": ".tflite file", "onnx": ".onnx file", "keras": ".keras file", "savedmodel": "SavedModel"}
KINDS = {".tflite": "tflite", ".onnx": "onnx", ".keras": "keras"}


def kind_of(path: Path) -> str:
    """The format in float32 of such a file, by its name or what is in its folder. ExportProblem when there is none."""
    kind = "savedmodel" if (path / "saved_model.pb").is_file() else KINDS.get(path.suffix.lower(), "")
    if not kind:
        raise ExportProblem(f"{path.name} is no file that can be verified.",
                            hint="Name a .tflite, .onnx or .keras file, or the folder of a SavedModel.")
    return kind


def told_by(path: Path) -> dict[str, Any]:
    """The description inside a file, with `format` at least. ExportProblem when it is no file that can be verified."""
    kind = kind_of(path)
    try:
        return {"format": kind, **_READERS[kind](path)}
    except (KeyError, FileNotFoundError):  # a file of another program says nothing
        return {"format": kind}
    except Exception as error:  # each reader raises kinds of its own; a runtime may crash on such a file
        raise ExportProblem(f"{path.name} cannot be read: it is damaged, or no {TITLES[kind]} at all.",
                            hint="Export it again.") from error


def _tflite(path: Path) -> dict[str, Any]:
    return read_metadata(path.read_bytes())


def _onnx(path: Path) -> dict[str, Any]:
    import onnx

    return {entry.key: entry.value for entry in onnx.load(path, load_external_data=False).metadata_props}


def _folder(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((path / "assets.extra" / "netloom.json").read_text(encoding="utf-8"))
    return told


def _keras(path: Path) -> dict[str, Any]:
    """A BadZipFile where the archive is not whole."""
    with zipfile.ZipFile(path) as archive:
        if "config.json" not in archive.namelist():
            raise zipfile.BadZipFile("no config.json")
        told: dict[str, Any] = json.loads(archive.read(TOLD))
        return told


_READERS = {"tflite": _tflite, "onnx": _onnx, "savedmodel": _folder, "keras": _keras}
