"""Where rules and Keras differ on purpose: cases in which the rule is stricter, and Keras's own bugs. Each with its reason."""

from __future__ import annotations

from tests.conformance import known_shapes
from tests.conformance.verdict import Known

STRICTER_RULES: tuple[Known, ...] = (*known_shapes.STRICTER_RULES,)

KERAS_BUGS: tuple[Known, ...] = (*known_shapes.KERAS_BUGS,)
