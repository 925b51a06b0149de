"""Groups of dtypes, and the refusal of a tensor whose group a layer does not take."""

from __future__ import annotations

from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import INTEGER_DTYPES, Tensor

GROUPS: dict[str, str] = {
    **dict.fromkeys(("float16", "float32", "float64", "bfloat16"), "float"),
    **dict.fromkeys(INTEGER_DTYPES, "int"), "bool": "bool", "string": "string"}
"""The group of every dtype that can be on a wire."""

FLOAT = frozenset({"float"})
WHOLE = frozenset({"int", "bool"})
NUMBERS = frozenset({"float", "int", "bool"})
ANY = frozenset({"float", "int", "bool", "string"})

_WORDS = {"float": "decimal numbers", "int": "whole numbers", "bool": "yes/no values", "string": "text"}
_REMEDIES = {"image": "Insert Rescaling: it turns pixels into decimal numbers.",
             "tokens": "Insert Embedding: it turns tokens into vectors.",
             "category": "Insert Embedding or CategoryEncoding.",
             "text": "Turn the text into tokens first."}


def refuse_dtype(layer: str, x: Tensor, accepts: frozenset[str], port: str = "in") -> Refusal:
    """The refusal (code `dtype`) of a tensor whose group of dtypes is not among `accepts`."""
    wanted = " or ".join(words for group, words in _WORDS.items() if group in accepts)
    hint = _REMEDIES.get(x.column.kind, "") if x.column else ""
    if not hint:
        hint = _hint(GROUPS[x.dtype], accepts)
    return Refusal("dtype", f"{layer} needs {wanted}", expected=wanted, received=f"{_WORDS[GROUPS[x.dtype]]} ({x.dtype})",
                   hint=hint, port=port)


def _hint(group: str, accepts: frozenset[str]) -> str:
    if group == "string":
        return "Turn the text into numbers first."
    if "float" in accepts:
        return "Insert Rescaling, or Embedding for tokens."
    return "Connect it to whole numbers, such as tokens or a category."
