"""TextVectorization: sentences become token numbers or places, by a vocabulary learnt from training rows."""

from __future__ import annotations

from graph_compiler.layers.categories import TEXT, explain_encoded, output_mode, sparse, vocabulary_size
from graph_compiler.layers.geometry import axes_words
from graph_compiler.layers.staying import NO_LOOKUP
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Bool, Choice, Int, Text
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

_STANDARDS = ("lower_and_strip_punctuation", "lower", "strip_punctuation")


def vectorization(p: Values, x: Tensor) -> Inferred:
    """A text -> int64 [output_sequence_length] or free, or float32 [max_tokens]."""
    if x.rank:
        raise Refusal("rank", "TextVectorization needs one text a sample", expected="single texts", port="in",
                      received=f"{x.words} ({axes_words(x.rank)})", hint="Connect a column of text.")
    for name in ("sparse", "ragged"):
        if p[name]:
            raise Refusal("parameter", f"Outputs that are {name} cannot be exported", param=name, expected="false",
                          received="true", hint=f"Switch {name} off; the values are the same.")
    if p["output_mode"] == "int":
        vocabulary_size(p, "TextVectorization", 2)
        return Inferred((Tensor((p["output_sequence_length"],), "int64"),))
    if p["output_sequence_length"] is not None:
        raise Refusal("parameter", "output_sequence_length goes with numbers only", param="output_sequence_length",
                      expected="none", received=f"{p['output_sequence_length']:,}", hint="Leave it empty, or choose int.")
    return Inferred((Tensor((vocabulary_size(p, "TextVectorization", 1),)),))


def explain(p: Values, x: Tensor) -> str:
    """What comes out."""
    if p["output_mode"] != "int":
        return explain_encoded(p, p["max_tokens"])
    length, most = p["output_sequence_length"], p["max_tokens"]
    tokens = "tokens" if most is None else f"of {most:,} tokens"
    return f"the longest text of a batch, {tokens}" if length is None else f"{length:,} numbers {tokens}, 0 where a text ends"


TEXT_VECTORIZATION = LayerSpec(
    name="TextVectorization", family="preprocessing", summary="Turns sentences into token numbers",
    text="A text is split into words, and each word becomes a number: the vocabulary is learnt from the training rows, 1 is "
         "for words they do not have, 0 fills up. The exported network begins behind it, with the vocabulary beside the file.",
    params=(Int(name="max_tokens", default=None, optional=True, minimum=2, key=True,
                summary="Most tokens kept, the frequent ones; nothing keeps all."),
            Choice(name="standardize", default="lower_and_strip_punctuation", options=_STANDARDS, optional=True,
                   summary="What is done to the text first."),
            Choice(name="split", default="whitespace", options=("whitespace", "character"), summary="Where it is split."),
            Int(name="ngrams", default=None, optional=True, minimum=1, summary="Up to so many neighbours become a token too."),
            output_mode(options=("int", "multi_hot", "count", "tf_idf")),
            Int(name="output_sequence_length", default=None, optional=True, minimum=1, key=True,
                summary="Numbers a text gets: cut, or filled with 0."),
            Bool(name="pad_to_max_tokens", default=False, summary="As many places as max_tokens, used or not."), sparse(),
            Bool(name="ragged", default=False, summary="Rows of unequal length; cannot be exported."),
            Text(name="encoding", default="utf-8", likely=("utf-8", "utf-16", "latin-1"),
                 summary="How the bytes of a text are read.")),
    rule=vectorization, explain=explain, accepts=TEXT, adapts=True,
    stays=(NO_LOOKUP,), keywords=("text", "words", "tokenise", "tokenize", "vocabulary", "sentences", "nlp", "bag of words"))

SPECS: tuple[LayerSpec, ...] = (TEXT_VECTORIZATION,)
