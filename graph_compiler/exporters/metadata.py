"""What Android's tools read in a .tflite file: the official metadata table and files attached to it, such as labels.txt.

The table follows `metadata_schema.fbs` of TensorFlow Lite Support (file identifier M001), built by hand.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from graph_compiler.exporters.sharing import SharingBuilder

NAME = "TFLITE_METADATA"
LABELS = 2
"""TENSOR_AXIS_LABELS among the kinds of associated files."""
VOCABULARY = 5
_STAMP = (1980, 1, 1, 0, 0, 0)


def label_files(description: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Names of attached files by what they list: the classes of each output that has some, the vocabulary of each input."""
    outputs = [o for o in description.get("outputs", ()) if o.get("classes")]
    files = {"labels.txt" if n == 0 else f"labels_{o['name']}.txt": tuple(map(str, o["classes"]))
             for n, o in enumerate(outputs)}
    inputs = [i for i in description.get("inputs", ()) if i.get("vocabulary")]
    return files | {f"vocabulary_{i['name']}.txt": tuple(map(str, i["vocabulary"])) for i in inputs}


def labels_of(description: Mapping[str, Any]) -> dict[str, str]:
    """The same files with their text, a name a line."""
    return {name: "".join(f"{line_of(line)}\n" for line in lines) for name, lines in label_files(description).items()}


def line_of(name: str) -> str:
    """A name as one line: a break in it, such as a vocabulary of characters has, is written as programs write it."""
    return name if name.splitlines() in ([], [name]) else name.encode("unicode_escape").decode("ascii")


def attach(content: bytes, files: Mapping[str, str]) -> bytes:
    """The file with others behind it, as an uncompressed archive; runtimes do not look that far, `zipfile` does."""
    if not files:
        return content
    stream = io.BytesIO(content)
    stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_STORED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), text)
    return stream.getvalue()


def attached(content: bytes) -> dict[str, str]:
    """The files behind a file, by name; none when there is no archive."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def table(description: Mapping[str, Any]) -> bytes:
    """The metadata of a file: names and what they mean, and the attached files."""
    writer = _Writer(SharingBuilder(1024))
    outputs = [o["name"] for o in description.get("outputs", ()) if o.get("classes")]
    labels = {name: "labels.txt" if n == 0 else f"labels_{name}.txt" for n, name in enumerate(outputs)}
    ins = [writer.tensor(i, f"vocabulary_{i['name']}.txt" if i.get("vocabulary") else "", VOCABULARY)
           for i in description.get("inputs", ())]
    outs = [writer.tensor(o, labels.get(o["name"], ""), LABELS) for o in description.get("outputs", ())]
    graph = writer.table(8, {2: writer.vector(ins), 3: writer.vector(outs)})
    fields = {0: writer.text(str(description.get("name", ""))), 1: writer.text("Made and proven by Netloom."),
              2: writer.text("v1"), 3: writer.vector([graph]), 7: writer.text("1.0.0")}
    writer.builder.Finish(writer.table(8, fields), b"M001")
    return bytes(writer.builder.Output())


class _Writer:
    """Tables of strings and vectors; everything that is referred to is written first."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder

    def text(self, value: str) -> int:
        return int(self.builder.CreateString(value))

    def vector(self, places: Iterable[int]) -> int:
        listed = list(places)
        self.builder.StartVector(4, len(listed), 4)
        for place in reversed(listed):
            self.builder.PrependUOffsetTRelative(place)
        return int(self.builder.EndVector())

    def table(self, slots: int, fields: Mapping[int, int], kinds: Mapping[int, int] | None = None) -> int:
        """A table with references in some slots and small numbers in others."""
        self.builder.StartObject(slots)
        for slot, place in fields.items():
            self.builder.PrependUOffsetTRelativeSlot(slot, place, 0)
        for slot, number in (kinds or {}).items():
            self.builder.PrependInt8Slot(slot, number, 0)
        return int(self.builder.EndObject())

    def tensor(self, told: Mapping[str, Any], file: str, kind: int) -> int:
        files = {6: self.vector([self.table(5, {0: self.text(file)}, {2: kind})])} if file else {}
        return self.table(7, {0: self.text(str(told["name"])), 1: self.text(_words(told)), **files})


def _words(told: Mapping[str, Any]) -> str:
    """One line about a tensor."""
    parts = [str(told.get("kind", "")), str(told.get("summary", "")), str(told.get("scores", "")), str(told.get("unit", "")),
             f"range {told['range'][0]} to {told['range'][1]}" if told.get("range") else ""]
    return ", ".join(part for part in parts if part)
