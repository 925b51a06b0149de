"""What tells two drawings, and two tables of data, apart: short digests in hexadecimal."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

import msgspec

from graph_compiler.arrays import np
from graph_compiler.graph.model import Document, Graph

LENGTH = 16


def meaning_of(document: Document) -> dict[str, Any]:
    """What a document computes, as plain values: without positions, labels, notes and texts."""
    return {
        "graph": _graph(document.graph),
        "blocks": {name: {"graph": _graph(block.graph), "parameters": msgspec.to_builtins(block.parameters)}
                   for name, block in sorted(document.blocks.items())},
        "training": msgspec.to_builtins(document.training)}


def _graph(graph: Graph) -> dict[str, Any]:
    nodes = {n.id: [n.type, n.params, n.muted, n.frozen, n.block, n.weights] for n in graph.nodes.values()
             if n.type not in ("Note", "Frame")}
    return {"nodes": dict(sorted(nodes.items())), "edges": sorted(graph.edges)}


def document_hash(document: Document) -> str:
    """Equal for drawings that mean the same."""
    return sha256(msgspec.json.encode(meaning_of(document), order="deterministic"))[:LENGTH]


def sha256(content: bytes) -> str:
    """The digest in hexadecimal. As Python's own `random` does, leaner modules come first: hashlib loads OpenSSL, 3.5 MB."""
    for name in ("_sha2", "_sha256", "hashlib"):
        with suppress(ImportError):
            return str(import_module(name).sha256(content).hexdigest())
    raise ImportError("This Python has no SHA-256. Expected hashlib.")


def data_fingerprint(columns: Mapping[Any, np.ndarray]) -> str:
    """Equal for equal arrays under equal names."""
    import hashlib

    digest = hashlib.blake2b(digest_size=LENGTH // 2)
    for name in sorted(columns, key=str):
        array = np.ascontiguousarray(columns[name])
        digest.update(f"{name} {array.dtype} {array.shape};".encode())
        digest.update(array.view(np.uint8).data if array.size else b"")
    return digest.hexdigest()
