"""Differences we stand by between the rules of the augmentation layers and Keras."""

from __future__ import annotations

from graph_compiler.layers import augmentation
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.known_shapes import on, sides
from tests.conformance.verdict import STRICTER, Known

AUGMENTATIONS = frozenset(spec.name for spec in augmentation.SPECS)
DECIMAL = frozenset(spec.name for spec in augmentation.SPECS if spec.accepts == FLOAT)
MIXERS = frozenset({"MixUp", "CutMix"})
RANGED = frozenset(spec.name for spec in augmentation.SPECS if spec.param("value_range"))

OUR_PARAMETERS: dict[str, dict[str, str]] = {
    spec.name: {"together": "Says which ports the layer has beside the picture's."}
    for spec in augmentation.SPECS if spec.param("together")}
"""Parameters that Keras's class does not have, by layer, with the reason."""


def _enlarges(case: Case) -> bool:
    wanted = (case.given.get("height", 24), case.given.get("width", 24))
    return case.x.rank == 3 and any(size is not None and new > size for new, size in zip(wanted, sides(case), strict=True))


def _channels(case: Case) -> int | None:
    return case.x.shape[0] if case.given.get("data_format") == "channels_first" else case.x.shape[-1]


STRICTER_RULES: tuple[Known, ...] = (
    Known(STRICTER, AUGMENTATIONS, lambda case: case.x.rank == 2,
          "Keras takes a batch of tables for one picture, and the batch for its height.", on("RandomFlip", Tensor((7, 4)))),
    Known(STRICTER, DECIMAL, lambda case: not case.x.is_float,
          "Keras returns whole numbers from some of these layers and decimal ones from others, in training or outside it.",
          on("RandomHue", Tensor((6, 8, 3), "uint8"))),
    Known(STRICTER, frozenset({"RandomColorJitter"}), lambda case: case.given.get("data_format") == "channels_first",
          "Keras hands data_format to none of the four layers inside, which take the width for the channels.",
          on("RandomColorJitter", Tensor((6, 8, 3)), data_format="channels_first")),
    Known(STRICTER, RANGED, lambda case: "value_range" in case.given,
          "Keras takes ranges that end before they begin, or at once.",
          on("RandomContrast", Tensor((4, 4, 1)), value_range=[1, 0])),
    Known(STRICTER, frozenset(OUR_PARAMETERS), lambda case: "together" in case.given or case.layer in MIXERS,
          "Keras moves any mask with any picture, mixes whatever it is given for labels, and pictures without them.",
          Case("MixUp", {}, {"in": (Tensor((6, 8, 3)),), "labels": (Tensor((2, 3)),)})),
    Known(STRICTER, frozenset({"AugMix"}), lambda case: _channels(case) not in (1, 3),
          "Which augmentations a chain holds is drawn: those that need colours refuse now and then.",
          on("AugMix", Tensor((7, 6, 2)), all_ops=False)),
    Known(STRICTER, frozenset({"RandomCrop"}), _enlarges, "Keras would stretch the picture in training and not outside it.",
          on("RandomCrop", Tensor((6, 8, 3)))),
)

KERAS_BUGS: tuple[Known, ...] = ()
