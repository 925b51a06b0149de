"""Every message and request survives the pipe, whatever figures it carries."""

from __future__ import annotations

import io
import math
import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler import messages
from graph_compiler.messages import Asking, Epoch, Fetch, Message, Progress, Request, Train
from graph_compiler.worker.lines import TooLong, Torn, lines, shown
from graph_compiler.worker.protocol import decode_message, decode_request, encode

SOME = {str: "x", int: 3, bool: True, float: 0.5, dict[str, float]: {"loss": 0.5}, dict[str, typing.Any]: {"a": [1, None]},
        dict[str, int]: {"train": 2}, tuple[str, ...]: ("a", "b"), tuple[tuple[float, float], ...]: ((1.0, 2.0),),
        dict[str, dict[str, str]]: {"onnx": {"opset": "15"}}, tuple[tuple[str, str], ...]: (("whole", "onnx"),),
        dict[str, tuple[float, ...]]: {"n": (1.0,)}, tuple[dict[str, typing.Any], ...]: ({"class": "5"},),
        int | None: 4, float | None: 0.25, Asking: Asking(temperature=0.7, beam=3, label="7")}


def made(kind: type) -> typing.Any:
    """A message with a value in every field."""
    hints = typing.get_type_hints(kind)
    return kind(**{name: SOME[hints[name]] for name in kind.__struct_fields__})


@pytest.mark.parametrize("kind", typing.get_args(Message), ids=lambda k: k.__name__)
def test_a_message_survives(kind):
    line = encode(made(kind))
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert decode_message(line) == made(kind)


@pytest.mark.parametrize("kind", typing.get_args(Request), ids=lambda k: k.__name__)
def test_a_request_survives(kind):
    assert decode_request(encode(made(kind))) == made(kind)


def test_messages_are_no_requests():
    with pytest.raises(msgspec.ValidationError):
        decode_request(encode(made(Epoch)))
    with pytest.raises(msgspec.ValidationError):
        decode_message(encode(made(Train)))


def test_version_and_module_are_what_the_client_checks():
    assert messages.VERSION == 1


ANY = st.floats(allow_nan=True, allow_infinity=True)


@given(st.dictionaries(st.text(max_size=5), ANY, max_size=4), st.lists(st.tuples(ANY, ANY), max_size=4), ANY)
def test_figures_json_does_not_know_are_left_out(metrics, points, rate):
    message = Progress(epoch=0, step=1, metrics=metrics, points=tuple(points), learning_rate=rate)
    back = decode_message(encode(message))
    assert back.metrics == {name: value for name, value in metrics.items() if math.isfinite(value)}
    assert list(back.points) == [p for p in points if all(map(math.isfinite, p))]
    assert back.learning_rate == (rate if math.isfinite(rate) else 0.0)


def test_null_where_it_belongs_stays():
    assert decode_request(encode(Fetch(dataset="CSV", params={"path": None}))).params == {"path": None}
    assert decode_request(encode(Train(run="r"))).epochs is None


class Slow(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data, self._step = data, step

    def read(self, size: int = -1) -> bytes:
        piece, self._data = self._data[:self._step], self._data[self._step:]
        return piece


@given(st.lists(st.binary(max_size=20).map(lambda b: b.replace(b"\n", b"")), max_size=8), st.integers(1, 30))
def test_lines_are_the_same_however_they_arrive(pieces, step):
    data = b"".join(piece + b"\n" for piece in pieces)
    assert list(lines(Slow(data, step), 100)) == pieces


def test_a_line_without_an_end_and_a_torn_one_are_told_apart():
    with pytest.raises(TooLong):
        list(lines(Slow(b"x" * 1000, 64), 100))
    found = []
    with pytest.raises(Torn) as caught:
        found.extend(lines(Slow(b"whole\nhal", 4), 100))
    assert caught.value.args[0] == b"hal"


def test_bytes_are_shown_so_that_a_person_can_read_them():
    assert shown(b"a\x00b\xff") == "a·b\ufffd"
    assert shown(b"x" * 100, 5) == "xxxxx…"
