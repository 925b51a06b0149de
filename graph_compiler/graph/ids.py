"""Ids for new nodes and names for exported tensors."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable


def stem_of(type_name: str) -> str:
    """`Conv2D` -> `conv2d`, `MaxPooling2D` -> `max_pooling2d`: snake case as Keras writes layer names."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", type_name)
    return re.sub(r"[^a-z0-9_]+", "_", spaced.lower()).strip("_") or "node"


def fresh_id(type_name: str, taken: Container[str]) -> str:
    """The first of `conv2d_1`, `conv2d_2`, ... that is not taken."""
    stem, count = stem_of(type_name), 1
    while f"{stem}_{count}" in taken:
        count += 1
    return f"{stem}_{count}"


def safe_names(labels: Iterable[str]) -> list[str]:
    """Each label made of letters, digits and `_` only, starting with a letter, and unique in the list."""
    seen: set[str] = set()
    names = []
    for label in labels:
        base = re.sub(r"\W+", "_", label, flags=re.ASCII).strip("_") or "tensor"
        base = base if base[0].isalpha() else f"t_{base}"
        name, count = base, 2
        while name in seen:
            name, count = f"{base}_{count}", count + 1
        seen.add(name)
        names.append(name)
    return names
