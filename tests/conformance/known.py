"""Where rules and Keras differ on purpose: cases in which the rule is stricter, and Keras's own bugs. Each with its reason."""

from __future__ import annotations

from tests.conformance import known_core, known_shapes
from tests.conformance.verdict import Known

STRICTER_RULES: tuple[Known, ...] = (*known_core.STRICTER_RULES, *known_shapes.STRICTER_RULES)

KERAS_BUGS: tuple[Known, ...] = (*known_shapes.KERAS_BUGS,)

KERAS_CRASHES: tuple[Known, ...] = known_core.KERAS_CRASHES
"""Cases that would end the process of whoever asks Keras: it is never asked them here, only in a process of its own."""
