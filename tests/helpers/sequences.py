"""Small generated sequences: a translator with attention, a transformer, a text model, a caption."""

from __future__ import annotations

from graph_compiler.graph.model import Document
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings
from tests.helpers.drawing import drawing


def _with(document: Document, **training: object) -> Document:
    given = {"batch_size": 32, "epochs": 1, "seed": 1, "optimizers": {"": OptimizerSettings(learning_rate=0.005)}, **training}
    document.training = TrainingSettings(**given)  # type: ignore[arg-type]
    return document


def translator(*changes: str, rows: int = 300, **training: object) -> Document:
    """Dates in words -> LSTM; iso -> Shift -> LSTM from its states, attention over the encoder, scores."""
    replaced = {line.split()[0]: line for line in changes if ">" not in line}
    lines = [f"dates Dates rows={rows}", "shift Shift", "spoken Embedding input_dim=79 output_dim=12 mask_zero=true",
             "written Embedding input_dim=14 output_dim=8", "encoder LSTM units=16 return_sequences=true return_state=true",
             "decoder LSTM units=16 return_sequences=true", "attention Attention", "both Concatenate",
             "scores Dense units=14", "loss Loss loss=SparseCategoricalCrossentropy from_logits=true"]
    lines = [replaced.pop(line.split()[0], line) for line in lines]
    return _with(drawing(
        *lines, *replaced.values(), "dates.spoken > spoken > encoder", "dates.iso > shift > written > decoder",
        "encoder.h > decoder.initial_h", "encoder.c > decoder.initial_c", "decoder > attention.query",
        "encoder > attention.value", "decoder > both.in#0", "attention > both.in#1", "both > scores > loss.prediction",
        "dates.iso > loss.target", *(line for line in changes if ">" in line)), **training)


def transformer(causal: str = "true", **training: object) -> Document:
    """Dates in words through attention on both sides; positions are encoded, the decoder looks back by itself."""
    return _with(drawing(
        "dates Dates rows=300", "shift Shift", "spoken Embedding input_dim=79 output_dim=16 mask_zero=true",
        "written Embedding input_dim=14 output_dim=16", "places PositionalEncoding", "places_out PositionalEncoding",
        "look MultiHeadAttention num_heads=2 key_dim=8",
        f"back MultiHeadAttention num_heads=2 key_dim=8 use_causal_mask={causal}",
        "sum Add", "norm LayerNormalization", "across MultiHeadAttention num_heads=2 key_dim=8", "sum_out Add",
        "scores Dense units=14", "loss Loss loss=SparseCategoricalCrossentropy from_logits=true",
        "dates.spoken > spoken > places > look.query", "places > look.value", "dates.iso > shift > written > places_out",
        "places_out > back.query", "places_out > back.value", "back > sum.in#0", "places_out > sum.in#1", "sum > norm",
        "norm > across.query", "look > across.value", "across > sum_out.in#0", "norm > sum_out.in#1",
        "sum_out > scores > loss.prediction", "dates.iso > loss.target"), **training)


def text_model(layer: str = "GRU units=24 return_sequences=true", **training: object) -> Document:
    """Characters predicted from those before them."""
    return _with(drawing(
        "text Text length=20 stride=400", "shift Shift", "letters Embedding input_dim=98 output_dim=8", f"rnn {layer}",
        "scores Dense units=98 activation=softmax", "loss Loss", "text.text > shift > letters > rnn > scores > loss.prediction",
        "text.text > loss.target"), **training)


def caption(**training: object) -> Document:
    """The name of a digit from its picture, which gives the state the GRU starts from."""
    return _with(drawing(
        "words DigitWords", "shift Shift", "flat Flatten", "code Dense units=8", "letters Embedding input_dim=18 output_dim=4",
        "decoder GRU units=8 return_sequences=true", "scores Dense units=18",
        "loss Loss loss=SparseCategoricalCrossentropy from_logits=true", "words.image > flat > code > decoder.initial_h",
        "words.word > shift > letters > decoder > scores > loss.prediction", "words.word > loss.target"), **training)
