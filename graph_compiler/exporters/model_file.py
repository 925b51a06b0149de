"""`model.json`: what lies in a folder of exported files, part by part and file by file. The structs are its JSON schema."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

MODEL, SCHEMA = "model.json", "model.schema.json"
FORMAT = 1

Shape = list[int | None]


class _Told(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of all."""


class Inside(_Told):
    """A preprocessing layer that the file has inside."""

    layer: str
    settings: dict[str, Any] = {}


class Input(_Told):
    """A tensor that goes in. The first axis is the batch; null is free."""

    name: str
    shape: Shape
    dtype: str
    kind: str = ""
    """number, series, image, video, mask, category, tokens, noise, or numbers that a table made."""
    range: list[float] = []
    classes: list[str] = []
    vocabulary: list[str] = []
    """Tokens by id; 0 is padding."""
    tokeniser: str = ""
    """What one token is: characters or words."""
    end: int = 0
    """Id of the mark behind the last token; 0 is none."""
    channels: list[str] = []
    unit: str = ""
    summary: str = ""
    distribution: str = ""
    made_by: str = ""
    settings: dict[str, Any] = {}
    outside: str = ""
    """What the app does before."""
    inside: list[Inside] = []
    """What the file does by itself, in order."""


class Output(_Told):
    """A tensor that comes out, and how it is read."""

    name: str
    shape: Shape
    dtype: str
    range: list[float] = []
    """The least and the greatest value there can be, where the last layer has such ends."""
    classes: list[str] = []
    labels: str = ""
    """The file beside that lists the classes, one a line."""
    scores: Literal["", "logits", "probabilities"] = ""
    decoding: Literal["none", "argmax", "threshold", "probabilities", "image", "text"] = "none"
    axis: int | None = None
    """The axis that argmax goes over."""
    threshold: float | None = None
    """Above it the answer is yes."""
    unit: str = ""


class State(_Told):
    """A state of the step: what it becomes (an output of the step), and `zeros` or an output of the encoder at first."""

    next: str = msgspec.field(name="from")
    first: str


class Sequence(_Told):
    """How the step is run again and again."""

    form: Literal["state", "prefix"]
    length: int
    start: int
    end: int
    vocabulary: list[str]
    scores: str
    states: dict[str, State]
    context: dict[str, str]
    """Inputs of the step that stay: an output of the encoder, or a column of the app."""
    tokeniser: str = ""
    reads: list[Input] = []
    """Columns that a generation starts from."""


class Own(_Told):
    """A tensor as the very file has it."""

    name: str
    shape: Shape
    dtype: str
    scale: float | None = None
    zero_point: int | None = None
    """real = scale × (whole − zero_point)."""


class File(_Told):
    """One file."""

    file: str
    format: str
    bytes: int
    inputs: list[Own]
    outputs: list[Own]
    notes: list[str] = []
    custom: list[str] = []
    """Layers of a .keras file that plain Keras does not know."""


class PartFile(_Told):
    """One part of the network with the files it left as."""

    name: str
    title: str
    inputs: list[Input]
    outputs: list[Output]
    files: list[File]
    sequence: Sequence | None = None


class Model(_Told):
    """Everything that left together."""

    schema: str = msgspec.field(name="$schema")
    format: int
    name: str
    parts: list[PartFile]


def schema_text() -> str:
    """The JSON schema (draft 2020-12) of `model.json`."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Model)}
    return msgspec.json.format(msgspec.json.encode(made, order="deterministic"), indent=2).decode() + "\n"
