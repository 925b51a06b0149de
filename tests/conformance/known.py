"""Where rules and Keras differ on purpose: cases in which the rule is stricter, and Keras's own bugs. Each with its reason."""

from __future__ import annotations

from tests.conformance import known_categories, known_core, known_operations, known_pictures, known_sequences, known_shapes
from tests.conformance.verdict import Known

_HOMES = (known_categories, known_core, known_shapes, known_pictures, known_operations, known_sequences)

STRICTER_RULES: tuple[Known, ...] = tuple(row for home in _HOMES for row in home.STRICTER_RULES)

KERAS_BUGS: tuple[Known, ...] = tuple(row for home in _HOMES for row in home.KERAS_BUGS)

KERAS_CRASHES: tuple[Known, ...] = (*known_core.KERAS_CRASHES, *known_sequences.KERAS_CRASHES)
"""Cases that would end the process of whoever asks Keras: it is never asked them here, only in a process of its own."""

WITHOUT: dict[str, dict[str, str]] = {
    "*": dict.fromkeys(("lora_rank", "lora_alpha", "quantization_config", "gptq_unpacked_column_size"),
                       "Adapters and quantised weights change a trained model; they are no part of a drawing."),
    "Embedding": {"weights": "Arrays do not stand in a document; weights come from a run."},
    "BatchNormalization": {"renorm_clipping": "Stands in the form as rmax, rmin and dmax."},
    **known_categories.WITHOUT,
    **known_sequences.WITHOUT,
}
"""Arguments of Keras that a form does not show, by layer (`*`: every layer), with the reason."""

OUR_PARAMETERS: dict[str, dict[str, str]] = {
    "BatchNormalization": dict.fromkeys(("rmax", "rmin", "dmax"), "A part of Keras's renorm_clipping."),
    **known_pictures.OUR_PARAMETERS,
    **known_sequences.OUR_PARAMETERS,
}
"""Parameters that Keras's class does not have by that name, by layer, with the reason."""

OUR_DEFAULTS: dict[str, dict[str, str]] = {
    **known_categories.OUR_DEFAULTS,
    "CategoryEncoding": {"num_tokens": "Keras's own default, none, is refused by Keras in every mode a form offers."},
}
"""Defaults that differ from Keras's, by layer, with the reason. Required arguments have defaults of ours anyway."""
