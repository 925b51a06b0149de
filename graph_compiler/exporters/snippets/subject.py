"""What a snippet is about: one file with its tensors, and the file of the other half where a sequence is generated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

_WORDS = frozenset({
    "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "default", "del", "do", "elif",
    "else", "enum", "except", "false", "finally", "for", "from", "fun", "func", "global", "guard", "if", "import", "in", "init",
    "is",
    "lambda", "let", "match", "net", "nonlocal", "not", "null", "nil", "object", "or", "package", "pass", "raise", "return",
    "run", "self", "static", "struct", "super", "switch", "this", "throw", "true", "try", "typealias", "val", "var", "when",
    "where", "while", "with", "yield", "np", "json", "sys", "text", "ids", "labels", "label", "known", "told", "found", "print",
    "len", "int", "range", "open", "env", "encode", "step", "made", "states", "context", "tokens", "last", "place", "scores",
    "begin", "random", "vocabulary", "size", "data", "url", "sequence", "encoded", "encoder", "given", "length", "start", "end",
    "words", "session", "value", "numbers", "best", "rng"})
"""Words of the languages, and names that the lines use themselves."""


@dataclass(frozen=True)
class Tensor:
    """A tensor of the file under its name, and what the description says of it."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str
    told: Mapping[str, Any]
    scale: float | None = None
    zero_point: int = 0

    @property
    def variable(self) -> str:
        """The name as a variable of any of the languages."""
        return f"{self.name}_" if self.name.lower() in _WORDS else self.name

    @property
    def one(self) -> list[int]:
        """The shape for one sample; free axes are 1."""
        return [1, *(size or 1 for size in self.shape[1:])]

    @property
    def count(self) -> int:
        """Numbers of one sample."""
        return prod(self.one)

    @property
    def encoded(self) -> bool:
        """Whether it holds a text as places in a vocabulary."""
        return bool(self.told.get("tokeniser")) and len(self.shape) == 2

    @property
    def free(self) -> bool:
        """Whether its batch or another size is not fixed."""
        return None in self.shape

    @property
    def sentence(self) -> str:
        """One line about it: `image: uint8, 1×28×28×1, values 0 to 255`."""
        parts = [self.dtype, "×".join(map(str, self.one))]
        if self.told.get("kind") == "noise":
            parts.append(f"random numbers, {self.told.get('distribution') or 'normal'}")
        elif self.told.get("classes"):
            parts.append(f"one of {len(self.told['classes'])} classes")
        elif span := self.told.get("range"):
            parts.append(f"values {span[0]:g} to {span[1]:g}")
        elif self.told.get("unit"):
            parts.append(str(self.told["unit"]))
        if self.scale is not None:
            parts.append(f"real = {self.scale:.6g} × (whole − {self.zero_point})")
        return f"{self.name}: {', '.join(parts)}"


@dataclass(frozen=True)
class Subject:
    """A file: `inputs` and `outputs` in the file's order. `step` and `sequence` where lines run it in a loop.

    `encoder` says whether there is one: then this file is it, else this file is the step itself.
    """

    kind: str
    file: str
    part: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    custom: tuple[str, ...] = ()
    step: Subject | None = None
    encoder: bool = False
    sequence: Mapping[str, Any] = field(default_factory=dict)
    reads: tuple[Tensor, ...] = ()
    """Columns a generation starts from."""

    def output(self, name: str) -> Tensor:
        """An output by its name."""
        return next(o for o in self.outputs if o.name == name)


def tensor_notes(about: Subject, mark: str) -> list[str]:
    """Comments with what goes in and comes out of a file."""
    return [f"{mark} in: {t.sentence}" for t in about.inputs] + [f"{mark} out: {t.sentence}" for t in about.outputs]


def kind_of(file: str) -> str:
    """The runtime of a file by its name; empty for a folder with a script, which runs itself."""
    for suffix in ("tflite", "onnx", "keras"):
        if file.endswith(f".{suffix}"):
            return suffix
    return "savedmodel" if file.endswith("-savedmodel") else ""


def subject(told: Mapping[str, Any], part: str, kind: str) -> Subject | None:
    """The file of a part in a format; encoder and step together where both are there. None when there is none.

    A step whose encoder is not there in its own format runs with the one in float32.
    """
    known = {one["name"]: one for one in told.get("parts", ())}
    step = _of(known.get("step"), kind)
    if part in ("encoder", "step") and step is not None and (sequence := known["step"].get("sequence")):
        encoder = _of(known.get("encoder"), kind) or _of(known.get("encoder") if part == "step" else None, step.kind)
        if encoder is not None or not _needs_encoder(sequence):
            reads = tuple(Tensor(r["name"], tuple(r["shape"]), r["dtype"], r) for r in sequence.get("reads", ()))
            first = encoder or step
            return replace(first, step=step, encoder=encoder is not None, sequence=sequence, reads=reads)
    return _of(known.get(part), kind)


def _needs_encoder(sequence: Mapping[str, Any]) -> bool:
    columns = {r["name"] for r in sequence.get("reads", ())}
    return (any(state["first"] != "zeros" for state in sequence["states"].values())
            or any(source not in columns for source in sequence["context"].values()))


def _of(part: Mapping[str, Any] | None, kind: str) -> Subject | None:
    file = next((f for f in part["files"] if f["format"] == kind), None) if part is not None else None
    if part is None or file is None or not kind_of(file["file"]):
        return None
    described = {t["name"]: t for t in (*part["inputs"], *part["outputs"])}

    def tensors(rows: Any) -> tuple[Tensor, ...]:
        return tuple(Tensor(r["name"], tuple(r["shape"]), r["dtype"], described.get(r["name"], {}), r.get("scale"),
                            r.get("zero_point") or 0) for r in rows)

    return Subject(kind_of(file["file"]), file["file"], part["name"], tensors(file["inputs"]), tensors(file["outputs"]),
                   tuple(file.get("custom", ())))
