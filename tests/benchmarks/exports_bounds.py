"""What exported files must keep: how near to Keras, how small, how good. Values come from entries of exports.json."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph_compiler.exporters.formats import FORMATS

File = Mapping[str, Any]

EXACT = tuple(name for name, spec in FORMATS.items() if spec.limits is None)
HALF = ("tflite-float16", "onnx-float16")
LARGE = 100_000
"""Bytes of weights in float32 over which a file of dynamic range has bounds."""
LOSS = "allowed"
"""The word in every sentence about a file that loses too much; before it is measured nobody can announce that."""
SHARES = ("accuracy",)


class Miss(NamedTuple):
    """A bound that a file misses; `THERE` for a file that should be there and is not."""

    template: str
    part: str
    format: str
    bound: str


THERE = "there"
ARGUED: dict[Miss, str] = {
    Miss("date-tagger", "whole", "tflite-float16", "float16, size"):
        "16,878 weights in 16 bits are 33,756 of its 41,827 bytes; structure is the rest",
    Miss("date-tagger", "whole", "onnx-float16", "float16, size"):
        "16,878 weights in 16 bits are 33,756 of its 42,353 bytes; structure is the rest",
    Miss("forecast", "whole", "tflite-float16", "float16, size"):
        "5,428 weights in 16 bits are 10,856 of its 15,792 bytes; structure is the rest",
    Miss("house-prices", "whole", "tflite-float16", "float16, size"):
        "5,148 weights in 16 bits are 10,296 of its 12,640 bytes; structure is the rest",
    Miss("iris", "whole", "tflite-float16", "float16, size"):
        "140 weights in 16 bits are 280 of its 2,626 bytes; structure is the rest",
    Miss("iris", "whole", "onnx-float16", "float16, size"):
        "140 weights in 16 bits are 280 of its 1,408 bytes; structure is the rest",
    Miss("language-id", "whole", "tflite-float16", "float16, size"):
        "6,396 weights in 16 bits are 12,792 of its 19,464 bytes; structure is the rest",
    Miss("language-id", "whole", "onnx-float16", "float16, size"):
        "6,396 weights in 16 bits are 12,792 of its 18,890 bytes; structure is the rest",
    Miss("playground-mlp", "whole", "tflite-float16", "float16, size"):
        "1,185 weights in 16 bits are 2,370 of its 4,554 bytes; structure is the rest",
    Miss("playground-mlp", "whole", "onnx-float16", "float16, size"):
        "1,185 weights in 16 bits are 2,370 of its 3,377 bytes; structure is the rest",
    Miss("resnet", "residual_1", "tflite-float16", "float16, size"):
        "5,008 weights in 16 bits are 10,016 of its 11,744 bytes; structure is the rest",
    Miss("se-net", "squeeze_excite_1", "tflite-float16", "float16, size"):
        "356 weights in 16 bits are 712 of its 3,120 bytes; structure is the rest",
    Miss("se-net", "squeeze_excite_1", "onnx-float16", "float16, size"):
        "356 weights in 16 bits are 712 of its 2,099 bytes; structure is the rest",
    Miss("street-unet", "down_1", "tflite-float16", "float16, size"):
        "1,716 weights in 16 bits are 3,432 of its 5,088 bytes; structure is the rest",
    Miss("street-unet", "down_1", "onnx-float16", "float16, size"):
        "1,716 weights in 16 bits are 3,432 of its 4,518 bytes; structure is the rest",
    Miss("street-unet", "up_1", "tflite-float16", "float16, size"):
        "5,148 weights in 16 bits are 10,296 of its 12,768 bytes; structure is the rest",}
"""Misses that stay, each with its reason in words."""


@dataclass(frozen=True)
class Bound:
    """`value(file, the float32 file of its family)` is at most `bound`, for files that `holds(entry, file, the same)`."""

    name: str
    formats: tuple[str, ...]
    value: Callable[[File, File], float]
    bound: float
    holds: Callable[[Mapping[str, Any], File, File], bool] = lambda entry, file, exact: True


def over_allowed(file: File, exact: File) -> float:
    """The difference that is judged, over what is allowed."""
    return float(file[file["judged"]] / file["allowed"])


def of_range(file: File, exact: File) -> float:
    """The largest difference over the range of its output."""
    return float(file["range"])


def size(file: File, exact: File) -> float:
    """Bytes over those of the float32 file."""
    return float(file["bytes"] / exact["bytes"])


def lost_points(file: File, exact: File) -> float:
    """What a share loses, beyond the one row that may always change sides."""
    lost = float(file["before"] - file["after"])
    return 0.0 if lost <= 1.5 / file["rows"] else lost


def compared(entry: Mapping[str, Any], file: File, exact: File) -> bool:
    """Whether there is a float32 file to compare sizes with."""
    return bool(exact["state"] == "proven")


def large(entry: Mapping[str, Any], file: File, exact: File) -> bool:
    """Whether there is one, of a net over 100 kB."""
    return compared(entry, file, exact) and 4 * entry["weights"].get(file["part"], 0) > LARGE


def large_share(entry: Mapping[str, Any], file: File, exact: File) -> bool:
    """Whether the net is over 100 kB and measured by a share."""
    return 4 * entry["weights"].get(file["part"], 0) > LARGE and file["metric"] in SHARES


def of_pictures(entry: Mapping[str, Any], file: File) -> bool:
    """Whether it is the whole of a net that takes pictures."""
    return bool(entry["pictures"]) and file["part"] == "whole"


BOUNDS = (
    Bound("float32, difference over the allowed", EXACT, over_allowed, 1.0),
    Bound("float16, difference over the range", HALF, of_range, 5e-3),
    Bound("float16, size", HALF, size, 0.55, compared),
    Bound("dynamic range, size", ("tflite-dynamic",), size, 0.35, large),
    Bound("dynamic range, loss", ("tflite-dynamic",), lost_points, 0.01, large_share),
    Bound("int8 of pictures, size", ("tflite-int8",), size, 0.30,
          lambda entry, file, exact: of_pictures(entry, file) and compared(entry, file, exact)),
    Bound("int8 of pictures, loss", ("tflite-int8",), lost_points, 0.01,
          lambda entry, file, exact: of_pictures(entry, file) and file["metric"] in SHARES),
    Bound("fewer bits, difference over the allowed",
          tuple(name for name in FORMATS if name not in (*EXACT, *HALF)), over_allowed, 1.0))


def rows_of(name: str, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of the table of a template: the worst file of each bound, files that are not there, misses that are argued."""
    rows = [_row(name, bound, found) for bound in BOUNDS
            if (found := [one for one in _values(bound, entry) if _miss(name, one[1], bound.name) not in ARGUED])]
    lost = [file for file in entry["files"] if not_there(entry, file) and _miss(name, file, THERE) not in ARGUED]
    told = "; ".join(f"{_called(file)}: {_words(file)}" for file in lost)
    refused = sum(file["state"] == "refused" for file in entry["files"])
    stored = sum(file.get("bytes", 0) for file in entry["files"])
    return [*rows, {"name": f"{name}, files that should be there", "value": len(lost), "bound": 0, "unit": "",
                    "note": told or f"{len(entry['files'])} files, {refused} refused, {stored / 1e6:.3g} MB; "
                                    f"{entry['trained']}, {entry['seconds']:.0f} s"},
            *({"name": f"{name}, argued: {miss.format} of {miss.part}, {miss.bound}", "value": 1, "unit": "", "note": why}
              for miss, why in ARGUED.items() if miss.template == name)]


def misses(name: str, entry: Mapping[str, Any]) -> dict[Miss, str]:
    """Every file of a template that misses a bound, with what it comes to; and those that are not there without a reason."""
    lost = {_miss(name, file, THERE): _words(file) for file in entry["files"] if not_there(entry, file)}
    return lost | {_miss(name, file, bound.name): f"{value:.4g} instead of {bound.bound:g}" for bound in BOUNDS
                   for value, file in _values(bound, entry) if value > bound.bound}


def _miss(name: str, file: File, bound: str) -> Miss:
    return Miss(name, str(file["part"]), str(file["format"]), bound)


def _words(file: File) -> str:
    return str(file.get("sentence", "nothing was said"))


def not_there(entry: Mapping[str, Any], file: File) -> bool:
    """Whether a file is neither proven nor refused as it may be: announced before, or over its limits and nowhere bounded."""
    if file["state"] == "proven":
        return False
    needed = file["format"] in (*EXACT, *HALF) or (file["format"] == "tflite-int8" and of_pictures(entry, file))
    return file["state"] != "refused" or not (file["announced"] or (LOSS in file["sentence"] and not needed))


def _values(bound: Bound, entry: Mapping[str, Any]) -> Iterator[tuple[float, File]]:
    files = {(f["part"], f["format"]): f for f in entry["files"]}
    for file in entry["files"]:
        if file["state"] == "proven" and file["format"] in bound.formats:
            exact = files[file["part"], FORMATS[file["format"]].kin]
            if bound.holds(entry, file, exact):
                yield bound.value(file, exact), file


def _row(name: str, bound: Bound, found: list[tuple[float, File]]) -> dict[str, Any]:
    value, file = max(found, key=lambda one: one[0])
    moved = f", {file['metric']} {file['before']:.4g} -> {file['after']:.4g}" if file["metric"] else ""
    return {"name": f"{name}, {bound.name}", "value": value, "bound": bound.bound, "unit": "x" if value > 0 else "",
            "note": f"{_called(file)}: {file['bytes']} bytes{moved}, worst of {len(found)}"}


def _called(file: File) -> str:
    return str(file["format"]) if file["part"] == "whole" else f"{file['format']} of {file['part']}"
