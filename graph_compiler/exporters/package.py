"""Everything that leaves for one part: the files, their proofs, and the description beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import Arrays, ExportProblem, Part
from graph_compiler.exporters.proof import Proof, Samples, prove
from graph_compiler.specs.exporters import ExporterSpec

Report = Callable[[str, str, float | None, Proof | None, ExportProblem | None], None]
"""(format, state, fraction, proof when proven, problem when failed)."""


def export_part(part: Part, samples: Samples, formats: Sequence[str], folder: Path, stem: str,
                description: dict[str, Any], report: Report, given: Mapping[str, dict[str, Any]] | None = None,
                calibration: Callable[[], Arrays] | None = None) -> list[Proof]:
    """Write and prove each format; one that fails is reported and the rest go on. Returns the proofs of the good ones.

    `given` has options by format; `calibration` is asked for training rows when a format wants them.

    OSError (full disk, read-only folder) ends the whole export; nothing half-written stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    proofs: list[Proof] = []
    for name in formats:
        spec = FORMATS[name]
        try:
            options = {"description": {**description, "format": name, "part": part.name}, **(given or {}).get(name, {})}
            if spec.calibrates and calibration is not None:
                options["calibration"] = calibration()
            proof = prove(spec, part, samples, folder / f"{stem}{spec.suffix}", options, _stage(report, name))
        except ExportProblem as problem:
            report(name, "failed", None, None, problem)
            continue
        except OSError:
            raise
        except Exception as error:  # converters raise whatever they like; the other files are none the worse
            report(name, "failed", None, None, _unforeseen(spec, error))
            continue
        proofs.append(proof)
        _write_beside(folder, stem, description)
        report(name, "proven", 1.0, proof, None)
    return proofs


def _unforeseen(spec: ExporterSpec, error: Exception) -> ExportProblem:
    """A failure nobody put into words. What says that the disk is full goes on."""
    reason = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    if "No space left on device" in str(error):
        raise error
    return ExportProblem(f"The {spec.title} file could not be made.", hint=f"The converter says: {reason[:200]}")


def write_proofs(folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    """The proof table of everything that left, as `proof.json`."""
    _write(folder / "proof.json", json.dumps(list(rows), indent=2, ensure_ascii=False))


def _stage(report: Report, name: str) -> Callable[[str, float | None], None]:
    return lambda state, fraction: report(name, state, fraction, None, None)


def _write_beside(folder: Path, stem: str, description: dict[str, Any]) -> None:
    _write(folder / f"{stem}.json", json.dumps(description, indent=2, ensure_ascii=False))
    labels = next((out["classes"] for out in description.get("outputs", ()) if out.get("classes")), None)
    if labels:
        _write(folder / "labels.txt", "".join(f"{label}\n" for label in labels))


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.partial")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
