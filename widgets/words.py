"""Numbers and times as people read them: 34,826; 2.23 M; 99.12 %; 142.8 kB; 52 s."""

from __future__ import annotations

import math

THIN = "\u2009"
TIMES = "×"
MINUS = "−"


def count(n: int) -> str:
    """All digits with separators: `34826` -> `34,826`."""
    return f"{n:,}".replace("-", MINUS)


def short_count(n: int) -> str:
    """All digits below a million, three figures and a unit from there on: `2230272` -> `2.23 M`."""
    for limit, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M")):
        if abs(n) >= limit * 0.9995:
            return f"{_figures(n / limit, 3)} {unit}"
    return count(n)


def percent(share: float, places: int = 2) -> str:
    """A share as percentage: `0.9912` -> `99.12 %`."""
    return f"{share * 100:.{places}f} %" if math.isfinite(share) else "–"


def size_words(size: int) -> str:
    """Bytes in decimal units: `142800` -> `142.8 kB`."""
    value = float(min(size, 10 ** 30))
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if abs(value) < 1000 or unit == "TB":
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError


def duration(seconds: float) -> str:
    """A time for people: `14.2 µs`, `20.7 ms`, `143 ms`, `4.3 s`, `52 s`, `2 min 5 s`, `1 h 4 min`."""
    if not math.isfinite(seconds):
        return "–"
    if 0 < seconds < 1e-4:
        return f"{_figures(seconds * 1e6, 3)} µs"
    if seconds < 0.9995:
        return f"{_figures(seconds * 1000, 3)} ms" if seconds else "0 s"
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 and whole < 600 else "")
    return f"{whole // 3600} h" + (f" {whole % 3600 // 60} min" if whole % 3600 // 60 else "")


def ago(seconds: float) -> str:
    """How long something is past: `just now`, `14 s ago`, `3 min ago`."""
    if seconds < 2:
        return "just now"
    return f"{duration(float(int(seconds)) if seconds < 60 else seconds // 60 * 60)} ago"


def number(x: float, figures: int = 4) -> str:
    """A measured number with so many figures: `0.0376`, `1,247`, `3.6e−07`."""
    if isinstance(x, bool) or not isinstance(x, (int, float)):
        return str(x)
    if isinstance(x, int):
        return count(x)
    if not math.isfinite(x):
        return "not a number" if math.isnan(x) else ("∞" if x > 0 else f"{MINUS}∞")
    if x and (abs(x) < 1e-4 or abs(x) >= 1e9):
        return f"{x:.{max(figures - 3, 1)}e}".replace("-", MINUS)
    return _figures(x, figures).replace("-", MINUS)


def shape(sizes: tuple[int | None, ...]) -> str:
    """A shape as cards show it, the × between thin spaces left to the painter: `13×13×32`; `scalar` without axes."""
    if not sizes:
        return "scalar"
    return TIMES.join("?" if d is None else f"{d:,}" for d in sizes)


def plural(n: int, word: str, many: str = "") -> str:
    """`1 problem`, `2 problems`."""
    return f"{count(n)} {word if n == 1 else many or word + 's'}"


def value(x: object) -> str:
    """A parameter value as the card and the form show it: `3×3`, `relu`, `on`, `none`, `0.001`."""
    if x is None:
        return "none"
    if isinstance(x, bool):
        return "on" if x else "off"
    if isinstance(x, (int, float)):
        return plain(x)
    if isinstance(x, dict):
        return str(x.get("=", x.get("name", "…")))
    if isinstance(x, (list, tuple)):
        joint = TIMES if x and all(isinstance(v, int) for v in x) else ", "
        return joint.join(value(v) for v in x) or "none"
    return str(x)


def plain(x: float) -> str:
    """A number as it is typed, shortest form: `0.5`, `1 / 255`, `1 / 127.5`, `64`."""
    if isinstance(x, int):
        return str(x)
    if x and abs(x) < 0.2:
        halves = round(2 / x)
        if abs(2 / x - halves) < 1e-9 and f"{x:.12g}" != f"{x:.4g}" and (halves % 2 == 0 or abs(halves) < 2e5):
            return f"1 / {halves // 2}" if halves % 2 == 0 else f"1 / {halves / 2:g}"
    return f"{x:.10g}"


def _figures(x: float, figures: int) -> str:
    """Fixed point with about so many figures, separators before the point."""
    if x == 0:
        return "0"
    places = max(figures - 1 - math.floor(math.log10(abs(x))), 0)
    return f"{x:,.{places}f}"
