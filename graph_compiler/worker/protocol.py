"""The worker protocol, version 1: one JSON object a line, UTF-8, tagged by `type`.

Requests go to the worker's stdin, messages come back on a private duplicate of its stdout (fd 1 itself is pointed at
stderr before TensorFlow is imported, so that no print can get between them). A worker takes one job and then ends;
before it takes one it waits as a spare. One that predicts answers further Predict requests until Quit. Lifecycle:

    worker                                      client
    Hello (version, pid)                  ->
    Alive, every second                   ->
    Warm (TensorFlow imported)            ->
                                          <-    a job: Train | Evaluate | Predict | Export | Verify | Fetch | Probe
    Stage / Progress / Epoch / ...        ->    Pause / Resume / Stop / Miniatures at any time
    Done | Failed                         ->    and the process ends by itself

When stdin ends the client is gone: a training stops and keeps what it has, everything else ends at once.
Arrays do not travel on the pipe: they are written to the run folder as .npz and named by path.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from graph_compiler.messages import Message, Request

LONGEST_LINE = 8 * 2**20
"""Bytes; a longer line is no message."""

_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_messages: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def encode(value: Request | Message) -> bytes:
    """One line, newline included. Figures that JSON does not know (NaN, infinity) are left out."""
    line = _encoder.encode(value)
    if b"null" in line:
        kept = {name: part for name in value.__struct_fields__ if (part := _finite(getattr(value, name))) is not None}
        line = _encoder.encode(type(value)(**kept))
    return line + b"\n"


def _finite(value: Any) -> Any:
    """The value without NaN and infinity: entries of dicts and whole points go, a number alone becomes 0."""
    if isinstance(value, float):
        return value if math.isfinite(value) else 0.0
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items() if not isinstance(part, float) or math.isfinite(part)}
    if isinstance(value, tuple):
        return tuple(_finite(part) for part in value if not isinstance(part, tuple) or _sound(part))
    return value


def _sound(point: tuple[Any, ...]) -> bool:
    return all(math.isfinite(number) for number in point if isinstance(number, float))


def decode_request(line: bytes) -> Request:
    """The request of a line. msgspec.DecodeError or ValidationError when it is none."""
    return _requests.decode(line)


def decode_message(line: bytes) -> Message:
    """The message of a line. msgspec.DecodeError or ValidationError when it is none."""
    return _messages.decode(line)
