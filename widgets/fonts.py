"""Fonts: the system's family with tabular figures, and the system's fixed-width family, in pixel sizes that can be scaled.

LOOK: title 20, section 15, body 13, label 12, caption and mono 11; weights 400, 500 and 600. Nothing below 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QWidget

TITLE, SECTION, BODY, LABEL, CAPTION = 20, 15, 13, 12, 11

_GENERIC = ("", "sans serif", "sans-serif", "dejavu sans", "helvetica", "fixed", "arial")
"""What Qt reports where no desktop has chosen a font; then the first of `_GOOD` that is there serves."""
_GOOD = ("Inter", "Noto Sans", "Cantarell", "DejaVu Sans")

_scale = 1.0
_DRESS = "netloomFont"
"""The property that remembers what font a widget asked for."""


def set_text_scale(factor: float) -> None:
    """The View > Text size setting, 0.8 to 1.6; widgets that are built or restyled afterwards follow it."""
    global _scale  # noqa: PLW0603 - one setting of the whole process
    _scale = min(max(factor, 0.8), 1.6)
    text_width.cache_clear()
    wrapped.cache_clear()


def text_scale() -> float:
    """The text size setting in force, 1.0 by default."""
    return _scale


def scaled(pixels: int) -> int:
    """A distance that has to grow with the text, such as the height of a line."""
    return round(pixels * _scale)


def dress(widget: QWidget, px: int = BODY, weight: int = 400, mono: bool = False) -> None:
    """Give a widget a font that follows the text size from now on."""
    widget.setProperty(_DRESS, (px, weight, mono))
    widget.setFont(mono_font(px, weight) if mono else ui_font(px, weight))


def redress(widgets: Iterable[QWidget]) -> None:
    """Bring the fonts of widgets in line with the text size, after `set_text_scale`."""
    for widget in widgets:
        worn = widget.property(_DRESS)
        if worn is not None:
            px, weight, mono = worn
            widget.setFont(mono_font(px, weight) if mono else ui_font(px, weight))
            widget.updateGeometry()
            widget.update()


def ui_font(px: int = BODY, weight: int = 400) -> QFont:
    """The interface font, `px` high at 100 %, figures of one width. The result is the caller's own copy."""
    return QFont(_ui(px, weight, _scale))


def mono_font(px: int = CAPTION, weight: int = 400) -> QFont:
    """The fixed-width font for shapes, values, ids and file names."""
    return QFont(_mono(px, weight, _scale))


@lru_cache(maxsize=64)
def _ui(px: int, weight: int, scale: float) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if font.family().lower() in _GENERIC:
        font.setFamilies([*_GOOD, font.family()])
    return _sized(font, px, weight, scale)


@lru_cache(maxsize=64)
def _mono(px: int, weight: int, scale: float) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if font.family().lower() in ("", "monospace", "fixed", "courier"):
        font.setFamilies(["DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono", "Menlo", "Consolas", font.family()])
    font.setStyleHint(QFont.StyleHint.Monospace)
    return _sized(font, px, weight, scale)


def _sized(font: QFont, px: int, weight: int, scale: float) -> QFont:
    font.setPixelSize(max(11, round(px * scale)))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if hasattr(QFont, "Tag"):
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def fitting_size(text: str, width: float, px: int = BODY, weight: int = 400) -> int:
    """The largest size up to `px` in which a text fits; 11 px where none does."""
    return next((size for size in range(px, CAPTION, -1) if text_width(text, size, weight) <= width), CAPTION)


_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[_/.])|(?<=\s)")
"""Where a text may go on in another line: after a space, an underscore, before a capital inside a name."""


@lru_cache(maxsize=4096)
def wrapped(text: str, width: int, px: int = BODY, weight: int = 400) -> tuple[str, ...]:
    """The lines of a text that is `width` px wide at most; names break at their parts."""
    lines: list[str] = []
    line = ""
    for part in _BREAK.split(text):
        if line and text_width((line + part).rstrip(), px, weight) > width:
            lines.append(line.rstrip())
            line = part
        else:
            line += part
    return (*lines, line.rstrip())


@lru_cache(maxsize=4096)
def text_width(text: str, px: int = BODY, weight: int = 400, mono: bool = False) -> float:
    """Width of a text in px, remembered (layouts ask for the same words again and again)."""
    return QFontMetricsF(mono_font(px, weight) if mono else ui_font(px, weight)).horizontalAdvance(text)
