"""Differences we stand by in the merge, reshape, regularisation, preprocessing, augmentation and operation families."""

from __future__ import annotations

from tests.conformance.verdict import Known

STRICTER_RULES: tuple[Known, ...] = ()

KERAS_BUGS: tuple[Known, ...] = ()
