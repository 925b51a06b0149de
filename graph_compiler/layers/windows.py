"""Windows that slide: the arithmetic and the words convolution and pooling share."""

from __future__ import annotations

from graph_compiler.specs.nodes import Values
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor, shape_words

Sizes = tuple[int, ...]

NOUNS = {1: "a series", 2: "an image", 3: "a volume"}
_AXES = {1: "steps", 2: "height × width", 3: "depth × height × width"}


def layout(p: Values, rank: int) -> str:
    """The axes a layer of `rank` places needs, in order: `steps × channels`."""
    return f"channels × {_AXES[rank]}" if p["data_format"] == "channels_first" else f"{_AXES[rank]} × channels"


def split(p: Values, x: Tensor, rank: int, layer: str) -> tuple[Shape, int | None]:
    """Places and channels of an input. Refusal when it has not `rank` axes of places and one of channels."""
    shape = x.shape
    if len(shape) != rank + 1:
        raise _wrong_rank(p, x, rank, layer)
    return (shape[1:], shape[0]) if p["data_format"] == "channels_first" else (shape[:-1], shape[-1])


def join(p: Values, places: Shape, channels: int | None) -> Shape:
    """The shape of places and channels in the layer's own order."""
    return (channels, *places) if p["data_format"] == "channels_first" else (*places, channels)


def _wrong_rank(p: Values, x: Tensor, rank: int, layer: str) -> Refusal:
    words = layout(p, rank)
    if x.rank == rank and rank > 1:
        hint = "Insert Reshape to add an axis of channels, such as 28×28×1."
    elif x.rank < rank + 1:
        hint = "Insert Reshape to give it these axes."
    elif x.rank == rank + 2 and rank < 3:
        hint = f"Use {layer.replace(f'{rank}D', f'{rank + 1}D')}, or insert Reshape."
    else:
        hint = "Insert Reshape, or a layer that joins axes."
    return Refusal("rank", f"{layer} needs {NOUNS[rank]}, {words}", expected=f"{words}: {rank + 1} axes",
                   received=f"{x.words} ({x.rank} {'axis' if x.rank == 1 else 'axes'})", port="in", hint=hint, rank=rank + 1)


def known_channels(channels: int | None, x: Tensor, layer: str) -> int:
    """The number of channels. Refusal when it is free: weights of that size could not be made."""
    if channels is None:
        raise Refusal("free-axis", f"{layer} must know the number of channels", expected="a fixed number of channels",
                      received=x.words, port="in", hint="Fix the size at the source, or insert Reshape.")
    return channels


def slide(places: Shape, window: Sizes, strides: Sizes, padding: str, layer: str, param: str) -> Shape:
    """How often a window fits along each axis; `window` is its reach, gaps included. Refusal when it is too large."""
    if padding == "valid":
        out = tuple(None if n is None else (n - k) // s + 1 for n, k, s in zip(places, window, strides, strict=True))
        if any(n is not None and n < 1 for n in out):
            raise _too_large(places, window, layer, param)
        return out
    return tuple(None if n is None else (n - 1) // s + 1 for n, s in zip(places, strides, strict=True))


def _too_large(places: Shape, window: Sizes, layer: str, param: str) -> Refusal:
    return Refusal("empty-shape", f"{layer} looks further than its input reaches", param=param,
                   expected=f"an input of at least {shape_words(window)}", received=f"one of {shape_words(places)}",
                   hint=f"Use a smaller {param}, padding “same”, or fewer poolings before.")


def reach(kernel: Sizes, dilation: Sizes) -> Sizes:
    """From the first to the last place a kernel looks at, gaps included."""
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))


def refuse_both(p: Values, layer: str) -> None:
    """Refuse strides and gaps at once, as Keras does."""
    if max(p["strides"]) > 1 and max(p["dilation_rate"]) > 1:
        raise Refusal("parameter", f"{layer} cannot stride and dilate at once", expected="strides or dilation_rate to be 1",
                      received=f"strides {list(p['strides'])}, dilation_rate {list(p['dilation_rate'])}", param="dilation_rate",
                      hint="Set one of them to 1.")


def explain_slide(places: Shape, window: Sizes, strides: Sizes, padding: str) -> str:
    """The arithmetic of `slide` in words, an axis after the other where they differ."""
    sums = dict.fromkeys(_sum(n, k, s, padding) for n, k, s in zip(places, window, strides, strict=True))
    border = {"valid": "no border", "same": "with a border", "causal": "with a border before"}[padding]
    return f"{'; '.join(sums)}, {border} with padding “{padding}”"


def _sum(n: int | None, k: int, s: int, padding: str) -> str:
    if n is None:
        return "the free size decides"
    if padding == "valid":
        if s == 1:
            return f"{n} − {k} + 1 = {n - k + 1}"
        if s == k and n % k == 0:
            return f"{n} ÷ {k} = {n // k}"
        return f"({n} − {k}) ÷ {s} + 1 = {(n - k) // s + 1}" + ("" if (n - k) % s == 0 else ", rounded down")
    out = (n - 1) // s + 1
    if s == 1:
        return f"{n} stays {n}"
    return f"{n} ÷ {s} = {out}" + ("" if n % s == 0 else ", rounded up")
