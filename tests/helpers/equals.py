"""Drawings beside hand-written Keras: the same net in lines of a drawing and as a person would write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import tensorflow as tf

from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import BlockParameter, Node
from tests.helpers.drawing import drawing, graph

L = keras.layers
Batch = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """`lines` draw the net; `write` makes it by hand from inputs by column; `loss` compares outputs with columns."""

    name: str
    lines: tuple[str, ...]
    write: Callable[[dict[str, Any]], list[Any]]
    loss: Callable[[list[Any], Batch], Any]
    blocks: dict[str, tuple[tuple[str, ...], tuple[BlockParameter, ...]]] = field(default_factory=dict)
    instances: tuple[Node, ...] = ()
    reads: tuple[str, ...] = ("image",)

    def document(self) -> Document:
        """The drawing."""
        document = drawing(*(line for line in self.lines if ">" not in line))
        for node in self.instances:
            document.graph.put_node(node)
        for name, (inside, parameters) in self.blocks.items():
            document.blocks[name] = BlockDefinition(graph(*inside), parameters)
        from tests.helpers.drawing import wires

        for edge in (edge for line in self.lines if ">" in line for edge in wires(line)):
            document.graph.put_edge(edge)
        return document


def sparse(outputs: list[Any], batch: Batch) -> Any:
    """Cross-entropy with class numbers."""
    return keras.losses.SparseCategoricalCrossentropy()(batch["label"], outputs[0])


def masked(outputs: list[Any], wanted: Any) -> Any:
    """Cross-entropy of scores at each place that is not padding, their mean."""
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, outputs[0])
    mask = tf.cast(wanted != 0, tf.float32)
    return tf.reduce_sum(each * mask) / tf.reduce_sum(mask)


SOURCE = "data Digits"
SCALE = "scale Rescaling scale=0.0625"


def chain(x: Any, *layers: Any) -> Any:
    """One layer after another. They are made in this order, as a drawing makes them: initial weights depend on it."""
    for layer in layers:
        x = layer(x)
    return x


def mlp(i: dict[str, Any]) -> list[Any]:
    return [chain(i["image"], L.Rescaling(0.0625), L.Flatten(), L.Dense(16, activation="relu"), L.Dropout(0.2),
                  L.Dense(10, activation="softmax"))]


def cnn(i: dict[str, Any]) -> list[Any]:
    return [chain(i["image"], L.Rescaling(0.0625), L.Conv2D(8, (3, 3), padding="same", use_bias=False),
                  L.BatchNormalization(momentum=0.9), L.Activation("relu"), L.MaxPooling2D(), L.GlobalAveragePooling2D(),
                  L.Dense(10, activation="softmax", kernel_regularizer=keras.regularizers.L2(0.001)))]


def residual(i: dict[str, Any]) -> list[Any]:
    x = chain(i["image"], L.Rescaling(0.0625), L.Conv2D(4, (3, 3), padding="same"))
    for filters in (4, 6):
        found = L.Conv2D(filters, (3, 3), padding="same", activation="relu")(x)
        around = L.Conv2D(filters, (1, 1))(x)
        x = L.Add()([found, around])
    return [chain(x, L.GlobalAveragePooling2D(), L.Dense(10, activation="softmax"))]


RESIDUAL = ("x BlockInput", 'found Conv2D filters={"=":"filters"} kernel_size=[3,3] padding=same activation=relu',
            'around Conv2D filters={"=":"filters"} kernel_size=[1,1]', "sum Add", "y BlockOutput", "x > found > sum.in#0",
            "x > around > sum.in#1", "sum > y")


def branches(i: dict[str, Any]) -> list[Any]:
    x = L.Rescaling(0.0625)(i["image"])
    one = L.Conv2D(4, (1, 1), activation="relu")(x)
    three = L.Conv2D(4, (3, 3), padding="same", activation="relu")(x)
    pool = L.MaxPooling2D((3, 3), strides=(1, 1), padding="same")(x)
    return [chain([one, three, pool], L.Concatenate(), L.Flatten(), L.Dense(10, activation="softmax"))]


def squeeze(i: dict[str, Any]) -> list[Any]:
    x = chain(i["image"], L.Rescaling(0.0625), L.Conv2D(8, (3, 3), activation="relu"))
    gate = chain(x, L.GlobalAveragePooling2D(), L.Dense(2, activation="relu"), L.Dense(8, activation="sigmoid"),
                 L.Reshape((1, 1, 8)))
    return [chain([x, gate], L.Multiply(), L.GlobalMaxPooling2D(), L.Dense(10, activation="softmax"))]


def two_answers(i: dict[str, Any]) -> list[Any]:
    x = chain(i["image"], L.Rescaling(0.0625), L.Flatten(), L.Dense(16, activation="relu"))
    return [L.Dense(10, activation="softmax")(x), L.Dense(64, activation="sigmoid")(x)]


def two_losses(outputs: list[Any], batch: Batch) -> Any:
    pixels = tf.reshape(tf.cast(batch["image"], tf.float32) * 0.0625, (-1, 64))
    return sparse(outputs, batch) + 0.5 * keras.losses.MeanSquaredError()(pixels, outputs[1])


def twins(i: dict[str, Any]) -> list[Any]:
    layers = [L.Rescaling(1 / 255), L.Flatten(), L.Dense(8, activation="relu")]
    a, b = chain(i["a"], *layers), chain(i["b"], *layers)
    return [L.Dense(1, activation="sigmoid")(keras.ops.abs(a - b))]


def autoencoder(i: dict[str, Any]) -> list[Any]:
    return [chain(i["image"], L.Rescaling(0.0625), L.Flatten(), L.Dense(16, activation="relu"), L.Dense(2),
                  L.Dense(64, activation="sigmoid"))]


def many_to_one(i: dict[str, Any]) -> list[Any]:
    return [chain(i["text"], L.Embedding(75, 6, mask_zero=True), L.GRU(8), L.Dense(12, activation="softmax"))]


def tagger(i: dict[str, Any]) -> list[Any]:
    return [chain(i["text"], L.Embedding(79, 6, mask_zero=True), L.Bidirectional(L.LSTM(6, return_sequences=True)), L.Dense(6))]


def translator(i: dict[str, Any]) -> list[Any]:
    shifted = keras.ops.pad(i["iso"][:, :-1], ((0, 0), (1, 0)), constant_values=1)
    spoken = L.Embedding(79, 6, mask_zero=True)(i["spoken"])
    read, h, c = L.LSTM(8, return_sequences=True, return_state=True)(spoken)
    written = L.Embedding(14, 6)(shifted)
    wrote = L.LSTM(8, return_sequences=True)(written, initial_state=[h, c])
    seen = L.Attention()([wrote, read])
    return [chain([wrote, seen], L.Concatenate(), L.Dense(14))]


def transformer(i: dict[str, Any]) -> list[Any]:
    shifted = keras.ops.pad(i["iso"][:, :-1], ((0, 0), (1, 0)), constant_values=1)
    x = L.Embedding(14, 8)(shifted)
    back = L.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
    x = chain([x, back], L.Add(), L.LayerNormalization())
    wide = chain(x, L.Dense(16, activation="relu"), L.Dense(8))
    return [chain([x, wide], L.Add(), L.Dense(14))]


HEAD = ("loss Loss loss=SparseCategoricalCrossentropy", "data.label > loss.target")
SCORES = ("loss Loss loss=SparseCategoricalCrossentropy from_logits=true",)
PAIRS = (
    Pair("feed-forward", (SOURCE, SCALE, "flat Flatten", "a Dense units=16 activation=relu", "drop Dropout rate=0.2",
                          "b Dense units=10 activation=softmax", *HEAD,
                          "data.image > scale > flat > a > drop > b > loss.prediction"), mlp, sparse),
    Pair("convolutions", (SOURCE, SCALE, "conv Conv2D filters=8 kernel_size=[3,3] padding=same use_bias=false",
                          "norm BatchNormalization momentum=0.9", "relu Activation activation=relu", "pool MaxPooling2D",
                          "mean GlobalAveragePooling2D",
                          'b Dense units=10 activation=softmax kernel_regularizer={"name":"L2","l2":0.001}', *HEAD,
                          "data.image > scale > conv > norm > relu > pool > mean > b > loss.prediction"), cnn, sparse),
    Pair("residual blocks", (SOURCE, SCALE, "conv Conv2D filters=4 kernel_size=[3,3] padding=same",
                             "mean GlobalAveragePooling2D", "b Dense units=10 activation=softmax", *HEAD,
                             "data.image > scale > conv > r1.x", "r1.y > r2.x", "r2.y > mean > b > loss.prediction"),
         residual, sparse, {"residual": (RESIDUAL, (BlockParameter(name="filters", default=4),))},
         (Node(id="r1", type="Block", block="residual"), Node(id="r2", type="Block", block="residual", params={"filters": 6}))),
    Pair("branches", (SOURCE, SCALE, "one Conv2D filters=4 kernel_size=[1,1] activation=relu",
                      "three Conv2D filters=4 kernel_size=[3,3] padding=same activation=relu",
                      "pool MaxPooling2D pool_size=[3,3] strides=[1,1] padding=same", "join Concatenate", "flat Flatten",
                      "b Dense units=10 activation=softmax", *HEAD, "data.image > scale > one > join.in#0",
                      "scale > three > join.in#1", "scale > pool > join.in#2", "join > flat > b > loss.prediction"),
         branches, sparse),
    Pair("squeeze and excitation", (SOURCE, SCALE, "conv Conv2D filters=8 kernel_size=[3,3] activation=relu",
                                    "mean GlobalAveragePooling2D", "a Dense units=2 activation=relu",
                                    "gate Dense units=8 activation=sigmoid", "shape Reshape target_shape=[1,1,8]",
                                    "weigh Multiply", "max GlobalMaxPooling2D", "b Dense units=10 activation=softmax", *HEAD,
                                    "data.image > scale > conv > weigh.in#0", "conv > mean > a > gate > shape > weigh.in#1",
                                    "weigh > max > b > loss.prediction"), squeeze, sparse),
    Pair("two answers", (SOURCE, SCALE, "flat Flatten", "a Dense units=16 activation=relu",
                         "b Dense units=10 activation=softmax", "c Dense units=64 activation=sigmoid", *HEAD,
                         "pixels Loss loss=MeanSquaredError weight=0.5", "data.image > scale > flat > a > b > loss.prediction",
                         "a > c > pixels.prediction", "flat > pixels.target"), two_answers, two_losses),
    Pair("one block placed twice", ("data DigitPairs rows=600", "gap AbsoluteDifference", "b Dense units=1 activation=sigmoid",
                                    "loss Loss", "data.a > t1.x", "data.b > t2.x", "t1.y > gap.in#0", "t2.y > gap.in#1",
                                    "gap > b > loss.prediction", "data.same > loss.target"), twins,
         lambda outputs, batch: keras.losses.BinaryCrossentropy()(batch["same"][:, None], outputs[0]),
         {"twin": (("x BlockInput", "s Rescaling scale=0.00392156862745098", "f Flatten", "d Dense units=8 activation=relu",
                    "y BlockOutput", "x > s > f > d > y"), ())},
         (Node(id="t1", type="Block", block="twin", weights="T"), Node(id="t2", type="Block", block="twin", weights="T")),
         ("a", "b")),
    Pair("autoencoder", (SOURCE, SCALE, "flat Flatten", "a Dense units=16 activation=relu", "code Dense units=2",
                         "c Dense units=64 activation=sigmoid", "loss Loss loss=MeanSquaredError",
                         "data.image > scale > flat > a > code > c > loss.prediction", "flat > loss.target"), autoencoder,
         lambda outputs, batch: keras.losses.MeanSquaredError()(
             tf.reshape(tf.cast(batch["image"], tf.float32) * 0.0625, (-1, 64)), outputs[0])),
    Pair("many to one", ("data DateLanguage rows=600", "e Embedding input_dim=75 output_dim=6 mask_zero=true", "r GRU units=8",
                         "b Dense units=12 activation=softmax", "loss Loss", "data.text > e > r > b > loss.prediction",
                         "data.language > loss.target"), many_to_one,
         lambda outputs, batch: keras.losses.SparseCategoricalCrossentropy()(batch["language"], outputs[0]), reads=("text",)),
    Pair("many to many", ("data DateTags rows=600", "e Embedding input_dim=79 output_dim=6 mask_zero=true",
                          'r Bidirectional layer={"name":"LSTM","units":6,"return_sequences":true}', "b Dense units=6",
                          *SCORES, "data.text > e > r > b > loss.prediction", "data.tags > loss.target"), tagger,
         lambda outputs, batch: masked(outputs, batch["tags"]), reads=("text",)),
    Pair("encoder and decoder", ("data Dates rows=600", "e Embedding input_dim=79 output_dim=6 mask_zero=true",
                                 "read LSTM units=8 return_sequences=true return_state=true", "shift Shift",
                                 "w Embedding input_dim=14 output_dim=6", "wrote LSTM units=8 return_sequences=true",
                                 "seen Attention", "both Concatenate", "b Dense units=14", *SCORES,
                                 "data.spoken > e > read", "data.iso > shift > w > wrote", "read.h > wrote.initial_h",
                                 "read.c > wrote.initial_c", "wrote > seen.query", "read > seen.value", "wrote > both.in#0",
                                 "seen > both.in#1", "both > b > loss.prediction", "data.iso > loss.target"), translator,
         lambda outputs, batch: masked(outputs, batch["iso"]), reads=("spoken", "iso")),
    Pair("causal attention", ("data Dates rows=600", "shift Shift", "w Embedding input_dim=14 output_dim=8",
                              "back MultiHeadAttention num_heads=2 key_dim=4 use_causal_mask=true", "sum Add",
                              "norm LayerNormalization", "wide Dense units=16 activation=relu", "narrow Dense units=8",
                              "again Add", "b Dense units=14", *SCORES, "data.iso > shift > w", "w > back.query",
                              "w > back.value", "w > sum.in#0", "back > sum.in#1", "sum > norm > wide > narrow > again.in#1",
                              "norm > again.in#0", "again > b > loss.prediction", "data.iso > loss.target"), transformer,
         lambda outputs, batch: masked(outputs, batch["iso"]), reads=("iso",)),
)
