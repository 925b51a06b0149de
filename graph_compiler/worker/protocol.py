"""The worker protocol, version 1: one JSON object a line, UTF-8, tagged by `type`.

Requests go to the worker's stdin, messages come back on a private duplicate of its stdout (fd 1 itself is pointed at
stderr before TensorFlow is imported, so that no print can get between them). A worker takes one job and then ends;
before it takes one it waits as a spare. Lifecycle:

    worker                                      client
    Hello (version, pid)                  ->
    Warm (TensorFlow imported)            ->
                                          <-    a job: Train | Evaluate | Predict | Export | Fetch
    Stage / Progress / Epoch / ...        ->    Pause / Resume / Stop at any time
    Done | Failed                         ->    and the process ends by itself

Arrays do not travel on the pipe: they are written to the run folder as .npz and named by path.
"""

from __future__ import annotations

import msgspec

from graph_compiler.messages import Message, Request

_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_messages: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def encode(value: Request | Message) -> bytes:
    """One line, newline included."""
    return _encoder.encode(value) + b"\n"


def decode_request(line: bytes) -> Request:
    """The request of a line. msgspec.DecodeError or ValidationError when it is none."""
    return _requests.decode(line)


def decode_message(line: bytes) -> Message:
    """The message of a line. msgspec.DecodeError or ValidationError when it is none."""
    return _messages.decode(line)
