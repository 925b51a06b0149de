"""Finding node types for the search box: a few letters, what a wire allows, and typed words as parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graph_compiler.specs.nodes import NodeSpec, lone_port
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from widgets import words
from widgets.fuzzy import dimensions
from widgets.offer import key_of
from widgets.typed import NOTHING, Names, read_typed, split_words, worths

KEPT = 15
BEGIN = ("Dense", "Conv2D", "MaxPooling2D", "Flatten", "Dropout", "Loss", "MNIST")
"""What an empty query lists behind the recent types."""
WHOLE = 150.0
"""What a whole name is worth: no recent type stands before it."""
BETTER, WORSE, EXACT = 10.0, 80.0, 60.0
"""What each further word of the name is worth, what each word that means nothing costs, what a keyword is worth."""
MERGING = 30.0
"""What a type that joins several wires loses where one wire asks."""
APART = 40.0
"""What a type loses that would stand without a wire."""
BRIDGE = "Rescaling"
"""What turns the whole numbers of pixels into the decimal ones that most layers need."""
recent: list[str] = []
"""The types that were chosen last, newest first."""


@dataclass(frozen=True)
class Found:
    """One line of the list: a type, how well it fits, where its name matches, what comes out or why not."""

    spec: NodeSpec
    score: float
    marks: tuple[int, ...] = ()
    shape: str = ""
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    """Typed words that are no parameters of the type."""
    via: str = ""
    """The type that must stand in front of it, so that it takes the wire."""
    apart: str = ""
    """Why it would stand there without a wire."""


_Named = tuple[float, tuple[int, ...], dict[str, Any], tuple[str, ...]]
"""How well the words fit a type, where its name matches, the parameters among them, and those that mean nothing."""


@dataclass(frozen=True)
class Backwards:
    """A wire pulled from an input asks what gives something: the input in words, and why a type with parameters does not."""

    end: str
    why_not: Callable[[NodeSpec, dict[str, Any]], str]


@dataclass(frozen=True)
class Forwards:
    """What more a wire to a new node may do: start at `further` outputs of its node, go through `bridge` where pixels meet what
    needs decimal numbers; and, with `others`, not be there at all, so that every type can be chosen.
    """

    further: tuple[Tensor, ...] = ()
    bridge: NodeSpec | None = None
    others: bool = False
    each: tuple[Tensor, ...] = ()
    """What more it must take, each in a wire of its own."""


FREE = Forwards()


def match(query: str, name: str) -> tuple[float, tuple[int, ...]] | None:
    """How well letters fit a name (higher is better) and which of its letters they are; None when they do not.

    A run at the start beats a run inside, a run beats scattered letters, short names beat long ones.
    """
    if not query:
        return 0.0, ()
    low = name.lower()
    if query == low:
        return WHOLE, tuple(range(len(name)))
    place = low.find(query)
    if place >= 0:
        at_word = place == 0 or name[place].isupper()
        return 100.0 - place + (20 if at_word else 0) - len(name) / 10, tuple(range(place, place + len(query)))
    starts = _starts(name)
    if (heads := _in_order(query, low, starts)) is not None:
        return 60.0 - 2 * (starts.index(heads[-1]) + 1 - len(heads)) - len(name) / 10, tuple(heads)
    marks: list[int] = []
    at = 0
    for letter in query:
        at = low.find(letter, at)
        if at < 0:
            return None
        marks.append(at)
        at += 1
    gaps = marks[-1] - marks[0] + 1 - len(marks)
    capitals = sum(name[m].isupper() or m == 0 for m in marks)
    return 40.0 - 3 * gaps + 6 * capitals - len(name) / 10, tuple(marks)


@lru_cache(1024)
def _starts(name: str) -> tuple[int, ...]:
    """Where the parts of a name begin."""
    return tuple(i for i, letter in enumerate(name) if i == 0 or letter.isupper() or letter.isdigit())


@lru_cache(1024)
def _lines(keywords: tuple[str, ...]) -> str:
    """Keywords one a line, so that the beginning of any is found in one go."""
    return "\n".join(("", *keywords))


def _in_order(query: str, low: str, places: Sequence[int]) -> list[int] | None:
    """The first of these places, in order, that spell the query; None when they do not (`gap`: GlobalAveragePooling)."""
    found: list[int] = []
    left = iter(places)
    for letter in query:
        place = next((i for i in left if low[i] == letter), None)
        if place is None:
            return None
        found.append(place)
    return found


def find(specs: Iterable[NodeSpec], text: str, tensor: Tensor | None = None, first: Iterable[str] = (),
         backwards: Backwards | None = None, names: Names = NOTHING, forwards: Forwards = FREE) -> list[Found]:
    """Types that fit the text, best first; those that a pulled wire cannot go to or come from stand last with their reason.

    `names` are the parameters of the block one is in, with their values there.
    """
    name, *rest = split_words(text) or [""]
    bridge, pixels = forwards.bridge, _pixels(tensor, forwards.bridge)
    order = [*([bridge.name] if bridge is not None and pixels is not None and not name else []), *list(first)[:KEPT]]
    if not name:
        order = list(dict.fromkeys((*order, *BEGIN)))
    found: list[Found] = []
    for spec in specs:
        hit = _named(name, spec, rest, names)
        defaults = spec.defaults() if hit is not None and tensor is not None else {}
        taking = tensor is not None and hit is not None and bool(spec.input_ports(defaults))
        if hit is None or (tensor is not None and not taking and not forwards.others):
            continue
        score, marks, params, unread = hit
        score += max(KEPT, len(order)) - order.index(key_of(spec)) if key_of(spec) in order else 0
        meant = worths(params, names)
        score -= MERGING if taking and name and any(port.many for port in spec.input_ports(defaults)) else 0
        shape, reason = _outcome(spec, tensor, defaults, meant) if tensor is not None and taking else ("", "")
        for other in forwards.further if reason else ():
            if not (over := _outcome(spec, other, defaults, meant))[1]:
                shape, reason = over
        for other in forwards.each:
            if not reason:
                there, reason = _outcome(spec, other, defaults, meant)
                shape = shape if there == shape else ""
        via = ""
        if bridge is not None and pixels is not None and reason and not (over := _outcome(spec, pixels, defaults, meant))[1]:
            (shape, reason), via = over, bridge.name
        if backwards is not None:
            reason = backwards.why_not(spec, meant)
        reason, apart = ("", reason) if forwards.others else (reason, "")
        found.append(Found(spec, score, marks, shape, reason, params, unread, via, apart))
    found.sort(key=lambda f: (bool(f.reason), APART * bool(f.apart) - f.score, dimensions(f.spec), f.spec.name))
    return found


def _pixels(tensor: Tensor | None, bridge: NodeSpec | None) -> Tensor | None:
    """What comes out of the bridge where whole numbers of pixels go in; None where nothing has to be bridged."""
    if bridge is None or tensor is None or not tensor.is_integer or tensor.column is None or tensor.column.kind != "image":
        return None
    return bridge.infer(bridge.defaults(), {bridge.input_ports(bridge.defaults())[0].name: (tensor,)}).outputs[0]


def _named(name: str, spec: NodeSpec, rest: list[str], names: Names) -> _Named | None:
    """How well a type fits the first word, and the others as its parameters or as more of its name (`max pool 2`).

    A type that makes nothing of a word stands behind those that do.
    """
    hit = match(name, spec.name)
    keyword = _keyword(name, spec) if hit is None or hit[0] < EXACT else None
    if hit is None or (keyword is not None and keyword[0] > hit[0]):
        hit = keyword
    if hit is None:
        return None
    params, unread = read_typed(spec, rest, names) if rest else ({}, [])
    if hit is keyword and len(name) > 2 and (meant := read_typed(spec, [name, *rest], names))[1] == unread:
        params = meant[0]  # `sigmoid` is an Activation for what it can be set to
    more = [word for word in unread if _more(word, spec)]
    unread = [word for word in unread if word not in more]
    lit = {place for word in more if (at := spec.name.lower().find(word)) >= 0 for place in range(at, at + len(word))}
    marks = tuple(sorted({*hit[1], *lit})) if lit else hit[1]
    return hit[0] + BETTER * len(more) - WORSE * len(unread), marks, params, tuple(unread)


def _keyword(name: str, spec: NodeSpec) -> tuple[float, tuple[int, ...]] | None:
    if name and name in spec.keywords:
        return EXACT, ()
    if f"\n{name}" in _lines(spec.keywords) or spec.family.startswith(name):
        return 30.0, ()
    return None


def _more(word: str, spec: NodeSpec) -> bool:
    """Whether a word behind the first is one of the name, or of what it is also known by."""
    return word.isalpha() and (word in spec.name.lower() or any(word in keyword for keyword in spec.keywords))


def _outcome(spec: NodeSpec, tensor: Tensor, defaults: dict[str, Any], params: dict[str, Any]) -> tuple[str, str]:
    """The shape that comes out, and why it cannot."""
    values = {**defaults}
    for param in spec.params:
        if param.name in params:
            values[param.name] = param.check(params[param.name])
    port = lone_port(spec.input_ports(values))
    if spec.kind not in ("layer", "operation") or port is None:
        return "", ""
    try:
        out = spec.infer(values, {port.name: (tensor,)}).outputs
    except Refusal as refusal:
        return "", (refusal.expected and f"Needs {refusal.expected}") or refusal.title
    if any(d is not None and d < 1 for t in out for d in t.shape):
        return "", "Leaves nothing over"
    return words.shape(out[0].shape) if out else "", ""


def remember(name: str) -> None:
    """The most recent choice comes first next time."""
    if name in recent:
        recent.remove(name)
    recent.insert(0, name)
    del recent[KEPT:]
