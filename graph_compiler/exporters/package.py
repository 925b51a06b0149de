"""Everything that leaves for one part: the files, their proofs, and the description beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from graph_compiler.exporters.beside import add_file, part_of
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.interface import interface_of
from graph_compiler.exporters.part import Arrays, ExportProblem, Part
from graph_compiler.exporters.proof import Proof, Samples, prove
from graph_compiler.exporters.ranges import output_ranges
from graph_compiler.specs.exporters import ExporterSpec

Report = Callable[[str, str, float | None, Proof | None, ExportProblem | None], None]
"""(format, state, fraction, proof when proven, problem when failed)."""


def export_part(part: Part, samples: Samples, formats: Sequence[str], folder: Path, stem: str,
                description: dict[str, Any], report: Report, given: Mapping[str, dict[str, Any]] | None = None,
                calibration: Callable[[], Arrays] | None = None, title: str = "",
                source: Callable[[], Any] | None = None) -> list[Proof]:
    """Write and prove each format; one that fails is reported and the rest go on. Returns the proofs of the good ones.

    `given` has options by format; `calibration` is asked for training rows and `source` for the drawing's script when a format
    wants them. `title` is that of the whole network, whose parts share one `model.json`.

    OSError (full disk, read-only folder) ends the whole export; nothing half-written stays.
    """
    there = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    proofs: list[Proof] = []
    for name in formats:
        spec = FORMATS[name]
        try:
            options = {"description": {**description, "format": name, "part": part.name}, **(given or {}).get(name, {})}
            if spec.calibrates and calibration is not None:
                options["calibration"] = calibration()
            if spec.scripts and source is not None:
                options["source"] = source()
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
        _tell_of(part, spec, proof, folder / f"{stem}{spec.suffix}", title or description["name"], description)
        report(name, "proven", 1.0, proof, None)
    if not there and not proofs:
        with suppress(OSError):  # somebody else put something there
            folder.rmdir()
    return proofs


def _tell_of(part: Part, spec: ExporterSpec, proof: Proof, path: Path, title: str, description: dict[str, Any]) -> None:
    file = {"file": path.name, "format": spec.name, "bytes": proof.bytes, "notes": list(proof.notes),
            **interface_of(path, part)}
    add_file(path.parent, title, part_of(part.name, _with_ranges(description, part), [file]))


def _with_ranges(description: dict[str, Any], part: Part) -> dict[str, Any]:
    """The description with the ends of what the outputs can be, where a picture of them or a bar needs them."""
    ranges = dict(zip(part.output_names, output_ranges(part.model), strict=True))
    outputs = [{**out, "range": list(span)} if (span := ranges.get(out["name"])) is not None else out
               for out in description["outputs"]]
    return {**description, "outputs": outputs}


def _unforeseen(spec: ExporterSpec, error: Exception) -> ExportProblem:
    """A failure nobody put into words. What says that the disk is full goes on."""
    reason = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    if "No space left on device" in str(error):
        raise error
    return ExportProblem(f"The {spec.title} file could not be made.", hint=f"The converter says: {reason[:200]}")


def _stage(report: Report, name: str) -> Callable[[str, float | None], None]:
    return lambda state, fraction: report(name, state, fraction, None, None)
