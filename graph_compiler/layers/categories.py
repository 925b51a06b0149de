"""Layers that turn values into category numbers or places: by bins, by a hash, or by a vocabulary learnt from training rows."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.custom.registry import custom_class
from graph_compiler.layers.geometry import axes_words
from graph_compiler.layers.merge import MANY, need_two
from graph_compiler.layers.preprocessing import one_hot_shape
from graph_compiler.layers.staying import NO_BINS, NO_HASH, NO_LOOKUP
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Values
from graph_compiler.specs.params import Bool, Choice, Float, Floats, Int, Param, Text
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

INT = frozenset({"int"})
TEXT = frozenset({"string"})
CODES = frozenset({"int", "string"})
MODES = ("int", "one_hot", "multi_hot", "count")


def output_mode(default: str = "int", options: tuple[str, ...] = MODES) -> Choice:
    """Keras's `output_mode` parameter."""
    return Choice(name="output_mode", default=default, options=options, key=True,
                  summary="A number, a place for each value, one for all together, or counts.")


def sparse() -> Bool:
    """Keras's `sparse` parameter."""
    return Bool(name="sparse", default=False, summary="Sparse output; cannot be exported.")


def encoded(p: Values, x: Tensor, depth: int, number: str, name: str) -> Tensor:
    """What comes out: numbers of dtype `number` in the shape of the input, or float32 places."""
    mode = p["output_mode"]
    if p["sparse"]:
        raise Refusal("parameter", "Sparse outputs cannot be exported", param="sparse", expected="false", received="true",
                      hint="Switch sparse off; the values are the same.")
    if mode == "int":
        return Tensor(x.shape, number)
    if mode == "one_hot":
        return Tensor(one_hot_shape(x, depth, name))
    if x.rank != 1:
        raise Refusal("rank", f"{name} with {mode} needs a list of values", expected="1 axis", port="in", rank=1,
                      received=f"{x.words} ({axes_words(x.rank)})", param="output_mode",
                      hint="Choose one_hot, or insert Flatten." if x.rank else "Choose one_hot for a single value.")
    return Tensor((depth,))


def explain_encoded(p: Values, depth: int) -> str:
    """What the output says."""
    words = {"int": f"numbers 0 to {depth - 1:,}", "one_hot": f"{depth:,} places, 1 at that of the value",
             "multi_hot": f"{depth:,} places, 1 at those that occur", "count": f"{depth:,} places, how often each occurs",
             "tf_idf": f"{depth:,} places, rare words count more"}
    return words[p["output_mode"]]


def _bins(p: Values) -> int:
    bounds = p["bin_boundaries"]
    if bounds is None:
        if p["num_bins"] is None:
            raise Refusal("parameter", "Discretization has no bins", param="num_bins", expected="bin_boundaries or num_bins",
                          received="none", hint="Set num_bins: the bounds are learnt from the training rows.")
        return int(p["num_bins"])
    given = bounds if isinstance(bounds, tuple) else (bounds,)
    if list(given) != sorted(given):
        raise Refusal("parameter", "bin_boundaries do not rise", param="bin_boundaries", expected="rising numbers",
                      received=", ".join(f"{b:g}" for b in given), hint="Put them in order.")
    return len(given) + 1


def bins_of_keras(given: dict[str, Any]) -> dict[str, Any]:
    """Keras takes one of the two: bounds that are given win, and are a list."""
    bounds = given.get("bin_boundaries")
    if bounds is None:
        return given
    one = isinstance(bounds, float) or (isinstance(bounds, str) and not bounds.startswith("("))
    listed = f"[{bounds}]" if isinstance(bounds, str) else [bounds]
    return {**{name: value for name, value in given.items() if name != "num_bins"}, "bin_boundaries": listed if one else bounds}


def discretization(p: Values, x: Tensor) -> Inferred:
    """Decimal numbers [...] -> int32 [...], or float32 places. The bounds are kept with the weights, but are none."""
    return Inferred((encoded(p, x, _bins(p), "int32", "Discretization"),))


def hashing(p: Values, x: Tensor) -> Inferred:
    """Whole numbers or text [...] -> int64 [...], or float32 places."""
    return Inferred((encoded(p, x, p["num_bins"], "int64", "Hashing"),))


def crossing(p: Values, inputs: Inputs) -> Inferred:
    """Two categories, single or as a list of one -> int64 of the same shape, or [num_bins] float32 places."""
    tensors = inputs["in"]
    first = tensors[0]
    need_two("HashedCrossing", tensors, "Cross a pair first, then the result with a third.")
    if first.shape not in ((), (1,)) or any(x.shape != first.shape for x in tensors):
        raise Refusal("rank", "HashedCrossing needs single categories", expected="single values everywhere", port="in",
                      received=" and ".join(x.words for x in tensors), hint="Cross one column with another.")
    return Inferred((encoded(p, first, p["num_bins"], "int64", "HashedCrossing"),))


def vocabulary_size(p: Values, name: str, special: int) -> int:
    """How wide the places are. Refusal when that shows only after the vocabulary is learnt."""
    most = p["max_tokens"]
    if most is not None and most <= special:
        raise Refusal("parameter", "max_tokens leaves no place for a token", param="max_tokens", received=f"{most:,}",
                      expected=f"at least {special + 1:,}: {special:,} for what is masked or unknown", hint="Set it higher.")
    if p["pad_to_max_tokens"] and most is None:
        raise Refusal("parameter", "pad_to_max_tokens needs max_tokens", param="max_tokens", expected="a whole number",
                      received="nothing", hint="Set max_tokens.")
    if p["output_mode"] != "int" and not p["pad_to_max_tokens"]:
        raise Refusal("vocabulary", f"{name} cannot say how many places come out", param="pad_to_max_tokens",
                      expected="max_tokens, and pad_to_max_tokens on", received="a vocabulary that is still to be learnt",
                      hint="Set max_tokens and switch pad_to_max_tokens on, or choose output_mode int.")
    return int(most or 0)


def _lookup(name: str, dtype: str) -> Any:
    def rule(p: Values, x: Tensor) -> Inferred:
        """[...] -> int64 [...], or float32 places. The vocabulary is kept with the weights, but is none."""
        masked = p["mask_token"] is not None and p["output_mode"] == "int"
        size = vocabulary_size(p, name, p["num_oov_indices"] + masked)
        if p.get("salt") is not None and p.get("oov_method") == "floormod":
            raise Refusal("parameter", "salt needs another oov_method", param="salt", expected="none with floormod",
                          received=f"{p['salt']}", hint="Choose farmhash, or leave salt empty.")
        return Inferred((encoded(p, x, size, "int64", name),))

    def explain(p: Values, x: Tensor) -> str:
        """What comes out, where that is known."""
        if p["max_tokens"] is None:
            return "a number for each, as many as the training rows have"
        return explain_encoded(p, p["max_tokens"])

    return {"rule": rule, "explain": explain}


def _lookup_params(mask: Param, unknown: Param, *more: Param) -> tuple[Param, ...]:
    return (
        Int(name="max_tokens", default=None, optional=True, minimum=2, key=True,
            summary="Most tokens kept, the frequent ones; nothing keeps all."),
        Int(name="num_oov_indices", default=1, minimum=1, summary="Numbers for tokens the training rows do not have."), mask,
        unknown, *more, output_mode(options=(*MODES, "tf_idf")), sparse(),
        Bool(name="pad_to_max_tokens", default=False, key=True, summary="As many places as max_tokens, used or not."),
        Int(name="salt", default=None, optional=True, minimum=0, summary="Another hash for unknown tokens."))


DISCRETIZATION = LayerSpec(
    name="Discretization", family="preprocessing", summary="Sorts numbers into bins",
    text="Ages become age groups: with num_bins, bounds are learnt so that the training rows fill all bins alike; or you give "
         "the bounds. So a network can treat each range on its own.",
    params=(Floats(name="bin_boundaries", default=None, optional=True, key=True, summary="Bounds given, in rising order."),
            Int(name="num_bins", default=10, optional=True, minimum=2, key=True, summary="How many bins are learnt otherwise."),
            Float(name="epsilon", default=0.01, minimum=0.0, maximum=1.0, open_low=True,
                  summary="How exact learnt bounds are."),
            output_mode(), sparse()),
    rule=discretization, explain=lambda p, x: explain_encoded(p, _bins(p)), accepts=FLOAT, adapts=True,
    stays=(NO_BINS,),
    make=lambda keras, p, name: custom_class(keras, "Discretization")(name=name, **bins_of_keras(dict(p))),
    to_keras=bins_of_keras, defined_as="Discretization",
    keywords=("bins", "buckets", "quantiles", "histogram", "age groups"))

HASHING = LayerSpec(
    name="Hashing", family="preprocessing", summary="Numbers for anything, without a list",
    text="Each word or number is hashed to one of a few bins, so no vocabulary is needed; some share a bin. It works in "
         "training and in Keras files; TFLite and ONNX cannot hash.",
    params=(Int(name="num_bins", default=64, minimum=1, key=True, summary="How many numbers come out."),
            Int(name="salt", default=None, optional=True, minimum=0, summary="Another hash."), output_mode(), sparse()),
    rule=hashing, explain=lambda p, x: explain_encoded(p, p["num_bins"]), accepts=CODES, defined_as="Hashing",
    make=lambda keras, p, name: custom_class(keras, "Hashing")(name=name, **p), stays=(NO_HASH,),
    keywords=("hash", "bucket", "words", "ids"))

HASHED_CROSSING = LayerSpec(
    name="HashedCrossing", family="preprocessing", summary="One number for a pair of categories",
    text="“Weekday and hour” says more than both apart: each pair is hashed to one of a few bins. It works in training and in "
         "Keras files; TFLite and ONNX cannot hash.",
    params=(Int(name="num_bins", default=64, minimum=1, key=True, summary="How many numbers come out."),
            output_mode(options=("int", "one_hot")), sparse()),
    inputs=MANY, many_rule=crossing, explain_many=lambda p, inputs: explain_encoded(p, p["num_bins"]), accepts=CODES,
    stays=(NO_HASH,), keywords=("hash", "cross", "pair", "combination", "interaction"))

INTEGER_LOOKUP = LayerSpec(
    name="IntegerLookup", family="preprocessing", summary="Numbers whole numbers by how frequent",
    text="Article 48,213 becomes 7: the vocabulary is learnt from the training rows, the most frequent first; number 0 is for "
         "whatever they do not have. TFLite and ONNX cannot look up.",
    params=_lookup_params(
        Int(name="mask_token", default=None, optional=True, summary="The value that becomes 0 and is masked."),
        Int(name="oov_token", default=-1, summary="What stands for the unknown."),
        Choice(name="vocabulary_dtype", default="int64", options=("int64",), summary="Kind of number it looks up."),
        Choice(name="oov_method", default="floormod", options=("floormod", "farmhash"),
               summary="How unknown ones share numbers.")),
    accepts=INT, adapts=True, stays=(NO_LOOKUP,),
    keywords=("vocabulary", "index", "ids", "categories"), **_lookup("IntegerLookup", "int64"))

STRING_LOOKUP = LayerSpec(
    name="StringLookup", family="preprocessing", summary="Numbers words by how frequent",
    text="“red” becomes 3: the vocabulary is learnt from the training rows, the most frequent first; number 0 is for whatever "
         "they do not have. The exported network begins behind it.",
    params=_lookup_params(
        Text(name="mask_token", default=None, optional=True, summary="The word that becomes 0 and is masked."),
        Text(name="oov_token", default="[UNK]", summary="What stands for the unknown."),
        Text(name="encoding", default="utf-8", likely=("utf-8", "utf-16", "latin-1"),
             summary="How the bytes of a word are read.")),
    accepts=TEXT, adapts=True, stays=(NO_LOOKUP,), keywords=("vocabulary", "index", "words", "categories", "text"),
    **_lookup("StringLookup", "string"))

SPECS: tuple[LayerSpec, ...] = (DISCRETIZATION, HASHING, HASHED_CROSSING, INTEGER_LOOKUP, STRING_LOOKUP)
