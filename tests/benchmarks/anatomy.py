"""`python -m tests.benchmarks.anatomy FILE|FOLDER...`: where the bytes of exported .tflite and .onnx files go.

Of a .tflite file each part counts what the file would be smaller without it; equal parts are stored once, so the sum of all
is not quite the file. Of an .onnx file the fields themselves are counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from graph_compiler.exporters.metadata import attached
from graph_compiler.exporters.sharing import packed


def anatomy(path: Path) -> dict[str, int]:
    """Bytes by what they are for; `file` is all of them, `numbers` are the weights themselves."""
    content = path.read_bytes()
    return {"file": len(content)} | (_of_tflite(content) if path.suffix == ".tflite" else _of_onnx(content))


def _of_tflite(content: bytes) -> dict[str, int]:
    def model() -> Any:
        from ai_edge_litert import schema_py_generated as schema

        return schema.ModelT.InitFromPackedBuf(bytearray(content), 0)

    def without(change: Callable[[Any], None]) -> int:
        less = model()
        change(less)
        return whole - len(packed(less, b"TFL3"))

    whole, told = len(packed(model(), b"TFL3")), model()
    said = {entry.buffer for entry in told.metadata or []}
    behind = len(content) - whole if attached(content) else 0
    numbers = sum(_length(buffer.data) for place, buffer in enumerate(told.buffers) if place not in said)
    return {"numbers": numbers, "scales": without(_no_scales), "operations": without(_no_operations),
            "shapes": without(_no_shapes), "names": without(_no_names), "metadata": without(_no_metadata),
            "attached": behind, "tensors": sum(len(graph.tensors) for graph in told.subgraphs),
            "steps": sum(len(graph.operators) for graph in told.subgraphs)}


def _length(data: Any) -> int:
    return 0 if data is None else len(data)


def _tensors(model: Any) -> Iterator[Any]:
    for graph in model.subgraphs:
        yield from graph.tensors


def _no_scales(model: Any) -> None:
    for tensor in _tensors(model):
        tensor.quantization = None


def _no_shapes(model: Any) -> None:
    for tensor in _tensors(model):
        tensor.shape = tensor.shapeSignature = None


def _no_names(model: Any) -> None:
    for tensor in _tensors(model):
        tensor.name = None


def _no_operations(model: Any) -> None:
    for graph in model.subgraphs:
        graph.operators = None


def _no_metadata(model: Any) -> None:
    for entry in model.metadata or []:
        model.buffers[entry.buffer].data = None
    model.metadata = None


def _of_onnx(content: bytes) -> dict[str, int]:
    import onnx

    counted: Counter[str] = Counter({"numbers": 0, "scales": 0, "operations": 0, "names": 0, "metadata": 0})
    model = onnx.ModelProto.FromString(content)
    counted["metadata"] = sum(entry.ByteSize() for entry in model.metadata_props)
    _count(model.graph, counted)
    return dict(counted)


def _count(graph: Any, counted: Counter[str]) -> None:
    """Add what a graph holds; names are counted among operations too, of which they are a part."""
    forms = {name for node in graph.node if node.op_type in ("QuantizeLinear", "DequantizeLinear") for name in node.input[1:]}
    for tensor in graph.initializer:
        counted["scales" if tensor.name in forms else "numbers"] += tensor.ByteSize()
    counted["tensors"] += len(graph.initializer)
    for node in graph.node:
        inner = [attribute.g for attribute in node.attribute if attribute.HasField("g")]
        counted["steps"] += 1
        counted["operations"] += node.ByteSize() - sum(one.ByteSize() for one in inner)
        counted["names"] += len(node.name) + sum(len(name) for name in (*node.input, *node.output))
        for one in inner:
            _count(one, counted)


def files_in(places: list[str]) -> list[Path]:
    """The files themselves and those in folders, the exact one of each before its kin."""
    found = [path for place in map(Path, places) for path in (sorted(place.rglob("*")) if place.is_dir() else [place])]
    return sorted((path for path in found if path.suffix in (".tflite", ".onnx")), key=lambda p: (p.suffix, len(p.name), p))


def main(places: list[str]) -> None:
    """Print a line a file."""
    for path in files_in(places):
        told = anatomy(path)
        print(f"{path.name:<44}" + "  ".join(f"{name} {count}" for name, count in told.items()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
