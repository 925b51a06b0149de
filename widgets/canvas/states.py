"""The state a card is drawn in, and the mark that says so."""

from __future__ import annotations

from dataclasses import dataclass

from graph_compiler.specs.readiness import KEPT
from widgets.canvas.samples import EMPTY, CardSamples


@dataclass(slots=True)
class Look:
    """The state a card is drawn in."""

    selected: bool = False
    hovered: bool = False
    muted: bool = False
    frozen: bool = False
    error: bool = False
    warning: bool = False
    note: bool = False
    """Something worth knowing that is no fault."""
    files: str = ""
    """What exported files make of it, where that is worth knowing: `note` or `not possible`."""
    faded: bool = False
    target: bool = False
    """The wire being pulled would end here."""
    takes: str = ""
    """The side where a wire being pulled can end: `in` or `out`, empty while none is pulled or it cannot."""
    shares: tuple[float, float] = (0.0, 0.0)
    """Of the parameters and of the multiply-adds of the whole drawing."""
    bad_ports: frozenset[str] = frozenset()
    connected: frozenset[tuple[str, bool]] = frozenset()
    samples: CardSamples = EMPTY
    inside: tuple[tuple[str, float], ...] = ()
    """For blocks: (family, height 0..1) of what is inside."""
    weights_name: str = ""
    weights_hue: str = "vermilion"
    counted: bool = True
    """Whether the weights count here; later instances of a weights name count nothing."""
    live: tuple[float, ...] = ()
    live_text: str = ""


def mark_of(look: Look) -> tuple[str, str]:
    """The icon at the right of the header and the token of its ink; empty for none."""
    if look.error:
        return "error", "error"
    if look.warning:
        return "warning", "warn"
    if look.muted:
        return "mute", "text3"
    if look.frozen:
        return "snowflake", "text2"
    if look.files == KEPT:
        return "no-file", "text3"
    return ("info", "text3") if look.note or look.files else ("", "")
