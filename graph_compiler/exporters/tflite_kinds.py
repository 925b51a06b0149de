"""The kinds of .tflite files: float32, and four that store or compute with fewer bits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph_compiler.exporters.layerwise import in_litert
from graph_compiler.exporters.narrow import refuse_int8, refuse_int16x8
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.tflite import (
    ANY,
    DYNAMIC,
    FLOAT16,
    INT8,
    INT16X8,
    ONE,
    Kind,
    made,
    reopen,
    reopen_dynamic,
    write,
)
from graph_compiler.specs.exporters import ExporterSpec, Limits, Option

_ON = "Android, iOS, Linux"
_BATCH = Option(name="batch", title="Samples a call", values=("auto", ONE, ANY),
                summary="One, or any number; recurrent layers are written out step by step for any number.")
_ENDS = Option(name="ends", title="Input and output", values=("float", "int8"),
               summary="int8 for processors that know whole numbers only; the app translates by scale and zero point.")


def _writer(kind: str, refuse: Callable[[Any], None] | None = None) -> Callable[[Part, Path, dict[str, Any]], None]:
    def write_kind(part: Part, path: Path, options: dict[str, Any]) -> None:
        if refuse is not None:
            refuse(part.model)
        told = Kind(kind, options.get("ends") == "int8", options.get("calibration"))
        path.write_bytes(made(part, options, told))

    return write_kind


SPEC = ExporterSpec(
    name="tflite", title="TFLite float32", suffix=".tflite", summary="Same numbers as in training.",
    runs_on=_ON, write=write, reopen=reopen, options=(_BATCH,))
FLOAT16_SPEC = ExporterSpec(
    name="tflite-float16", title="TFLite float16", suffix="-float16.tflite", family="tflite", usual=False,
    summary="Weights in 16 bits: half the size, the same answers.", runs_on=_ON, write=_writer(FLOAT16), reopen=reopen,
    limits=Limits(largest=5e-3), options=(_BATCH,), explain=in_litert, instead="Take float32, or accept the loss.")
DYNAMIC_SPEC = ExporterSpec(
    name="tflite-dynamic", title="TFLite dynamic", suffix="-dynamic.tflite", family="tflite", usual=False,
    summary="Weights in 8 bits: a quarter of the size where layers are large.", runs_on=_ON, write=_writer(DYNAMIC),
    reopen=reopen_dynamic, instead="Take float16, or accept the loss.", limits=Limits(usual=0.02), options=(_BATCH,),
    explain=in_litert)
INT8_SPEC = ExporterSpec(
    name="tflite-int8", title="TFLite int8", suffix="-int8.tflite", family="tflite", usual=False,
    summary="Whole numbers throughout: small and fast, also on processors without floats.", runs_on=_ON,
    write=_writer(INT8, refuse_int8), reopen=reopen, limits=Limits(usual=0.03), options=(_ENDS, _BATCH), calibrates=True,
    instead="Take int16×8, float16 or dynamic range, or accept the loss.", explain=in_litert)
INT16X8_SPEC = ExporterSpec(
    name="tflite-int16x8", title="TFLite int16×8", suffix="-int16x8.tflite", family="tflite", usual=False,
    summary="Weights in 8 bits, what flows in 16: closer than int8.", runs_on=_ON, write=_writer(INT16X8, refuse_int16x8),
    reopen=reopen, limits=Limits(usual=0.01), options=(_BATCH,), calibrates=True,
    instead="Take float16, or accept the loss.", explain=in_litert)

SPECS = (SPEC, FLOAT16_SPEC, DYNAMIC_SPEC, INT8_SPEC, INT16X8_SPEC)
