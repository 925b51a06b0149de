"""The look as values: tokens of both themes, hues of the families, and the theme in force with its signal.

No other file holds a colour. Widgets read `theme()` when they paint and repaint on `themes.changed`.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor


@dataclass(frozen=True)
class Hue:
    """One family hue: `strip` for fills, `tint` for tiles and zoomed-out cards, `ink` for icons on the tint."""

    strip: str
    tint: str
    ink: str


@dataclass(frozen=True)
class Theme:
    """Every colour of the program by token name."""

    name: str
    chrome: str
    panel: str
    canvas: str
    dot: str
    card: str
    field: str
    sunken: str
    hover: str
    line: str
    line2: str
    text: str
    text2: str
    text3: str
    wire: str
    track: str
    grid: str
    accent: str
    accentfill: str
    accenttint: str
    halo: str
    error: str
    errorfill: str
    errortint: str
    warn: str
    warntint: str
    ok: str
    oktint: str
    train: str
    val: str
    note: str
    noteline: str
    notetext: str
    hues: dict[str, Hue]
    onfill: str = "#FFFFFF"

    def hue(self, family: str) -> Hue:
        """The hue of a family of node types."""
        return self.hues[FAMILY_HUES.get(family, "grey")]

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """A token as QColor."""
        color = QColor(getattr(self, token))
        color.setAlphaF(alpha)
        return color


FAMILY_HUES = {
    "sources": "green", "noise": "green", "preprocessing": "sky", "normalisation": "sky", "regularisation": "sky",
    "convolution": "orange", "pooling": "yellow", "core": "blue", "recurrent": "vermilion", "attention": "vermilion",
    "objectives": "purple", "merge": "grey", "reshape": "grey", "operations": "grey", "blocks": "ink",
    "inputs": "ink", "outputs": "ink", "notes": "grey"}

LIGHT = Theme(
    name="light", chrome="#F3F2EF", panel="#FAF9F7", canvas="#EEEDE9", dot="#D8D6CF", card="#FFFFFF", field="#FFFFFF",
    sunken="#F0EFEB", hover="#EBEAE5", line="#E3E1DB", line2="#C9C6BE", text="#1E1D1A", text2="#55534D", text3="#696760",
    wire="#84817A", track="#E6E4DE", grid="#E9E7E2", accent="#4744C9", accentfill="#4744C9", accenttint="#ECEBFB",
    halo="#D3D1F5", error="#B3202A", errorfill="#B3202A", errortint="#FCEDEC", warn="#8A5300", warntint="#FBF0DC",
    ok="#0F7153", oktint="#E2F3EC", train="#4744C9", val="#B05500", note="#FBF3D0", noteline="#E6D9A0", notetext="#4C4420",
    hues={
        "green": Hue("#009E73", "#DDF1EA", "#00684C"), "sky": Hue("#56B4E9", "#E1F0FA", "#155F8C"),
        "orange": Hue("#E69F00", "#FBEFD6", "#7D5200"), "yellow": Hue("#DCCB00", "#F8F4CC", "#5F5800"),
        "blue": Hue("#0072B2", "#DCEBF5", "#005C92"), "vermilion": Hue("#D55E00", "#FAE6D9", "#963F00"),
        "purple": Hue("#CC79A7", "#F6E6EF", "#8A3A67"), "grey": Hue("#8B8F96", "#ECECEC", "#4C5056"),
        "ink": Hue("#3A3A38", "#E6E5E2", "#2A2A28")})

DARK = Theme(
    name="dark", chrome="#1D1E21", panel="#212226", canvas="#17181B", dot="#2B2C31", card="#2A2B30", field="#18191C",
    sunken="#1B1C1F", hover="#2C2D32", line="#33343A", line2="#4A4C54", text="#EEEDEA", text2="#B9B8B4", text3="#9C9B98",
    wire="#7C7D84", track="#3A3B41", grid="#2D2E33", accent="#A5A3FF", accentfill="#5F5CE6", accenttint="#2E2E4E",
    halo="#3A3966", error="#FF8A80", errorfill="#C63A3A", errortint="#3B2325", warn="#F0B45A", warntint="#3A2F1E",
    ok="#5CC9A0", oktint="#1D3630", train="#A5A3FF", val="#F0A04B", note="#37331F", noteline="#574F2B", notetext="#E6DCAE",
    hues={
        "green": Hue("#009E73", "#1E3A33", "#55CBA6"), "sky": Hue("#56B4E9", "#203644", "#7CC6F0"),
        "orange": Hue("#E69F00", "#40351D", "#F2B63C"), "yellow": Hue("#F0E442", "#3C3A20", "#EFE56A"),
        "blue": Hue("#0072B2", "#1D3446", "#62B0E4"), "vermilion": Hue("#D55E00", "#42291C", "#F58E49"),
        "purple": Hue("#CC79A7", "#3F2B37", "#E2A0C4"), "grey": Hue("#8B8F96", "#36383D", "#B4B7BD"),
        "ink": Hue("#C9C9C5", "#3A3B40", "#DADAD6")})


class Themes(QObject):
    """Holds the theme in force. `changed` comes after a switch; painters then read `theme()` again."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.current = LIGHT

    def use(self, chosen: Theme) -> None:
        """Switch. Nothing happens when the theme is in force already."""
        if chosen is not self.current:
            self.current = chosen
            self.changed.emit(chosen)


themes = Themes()


def theme() -> Theme:
    """The theme in force."""
    return themes.current
