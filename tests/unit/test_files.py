"""Files: what is written, what is read back, what is refused, and that saving never loses anything."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_compiler.graph import files
from graph_compiler.graph.files import FileProblem, dumps, load, loads, save, sweep
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import (
    BlockParameter,
    EarlyStopping,
    Edge,
    Node,
    OptimizerSettings,
    ScheduleSettings,
    TrainingSettings,
)
from tests.helpers.drawing import classifier, wire


def rich() -> Document:
    """A document that uses everything a file can hold."""
    nodes = [Node(id="z_first", type="MNIST", x=40, y=-8.5, label="Ziffern “0–9”"),
             Node(id="a_second", type="FromTheFuture", params={"b": [1, {"deep": None}], "a": 0.1}, extra={"glow": {"hue": 3}},
                  muted=True, frozen=True, block="pair", weights="D")]
    edges = [Edge(source="z_first", source_port="image", target="a_second", target_port="in", index=2,
                  points=((1, 2.5), (3, 4)),
                  extra={"colour": "red"})]
    document = Document(Graph(nodes, edges), {}, TrainingSettings(
        epochs=9, early_stopping=EarlyStopping(patience=2, extra={"later": 1}), class_weights="balanced",
        optimizers={"": OptimizerSettings(), "D": OptimizerSettings(name="SGD", params={"momentum": 0.9}, extra={"x": [2]})},
        schedule=ScheduleSettings(kind="cosine", warmup_epochs=1), extra={"planet": "earth"}))
    block = BlockDefinition(Graph([Node(id="in_1", type="BlockInput")]),
                            [BlockParameter(name="rate", kind="float", default=0.5)],
                            "Twice\nthe same")
    block.extra["icon"] = "loop"
    document.blocks["pair"] = block
    document.about |= {"title": "Alles", "tags": ["a", "b"], "figure": {"metric": "accuracy", "bound": 0.97}}
    document.extra["theme"] = {"dark": True}
    return document


def test_everything_comes_back() -> None:
    document = rich()
    again = loads(dumps(document))
    assert again == document
    assert list(again.graph.nodes) == ["z_first", "a_second"]
    assert dumps(again) == dumps(document)


def test_a_file_reads_well_in_a_diff() -> None:
    text = dumps(rich()).decode()
    lines = text.splitlines()
    assert lines[1] == '"format": 1,'
    assert sum(line.startswith('  {"id": ') for line in lines) == 3
    assert '  {"id": "z_first", "type": "MNIST", "label": "Ziffern “0–9”", "x": 40, "y": -8.5},' in lines
    assert ('  {"from": ["z_first", "image"], "to": ["a_second", "in"], "index": 2, "points": [[1, 2.5], [3, 4]], '
            '"colour": "red"}') in lines
    assert text.endswith("}\n")
    json.loads(text)


def test_only_what_differs_from_its_default_is_written() -> None:
    assert dumps(Document()) == b'{\n"format": 1,\n"nodes": [],\n"edges": []\n}\n'
    assert '"label"' not in dumps(classifier()).decode()


def node(**values: object) -> dict[str, object]:
    return {"format": 1, "nodes": [{"id": "a", "type": "Dense", **values}]}


def edges(*rows: object) -> dict[str, object]:
    return {"format": 1, "nodes": [{"id": "a", "type": "Dense"}, {"id": "b", "type": "Dense"}], "edges": list(rows)}


LINK = {"from": ["a", "out"], "to": ["b", "in"]}

HOSTILE = [
    (b"", "The file is empty."), (b"  \n ", "The file is empty."), (b"PK\x03\x04rubbish", "not a Netloom document"),
    (b"[1, 2]", "not a Netloom document"), (b"{", "line 1, column 2: The file is not sound JSON"),
    (dumps(classifier())[:-90], "is not sound JSON"), (b'{"format": 1, "nodes": [], \xff}', "byte 27: The file is not UTF-8"),
    (b"{}", "not a Netloom document"), ({"nodes": []}, "not a Netloom document"), ({"format": "1"}, "not a Netloom document"),
    ({"format": True, "nodes": []}, "not a Netloom document"),
    ({"format": 7, "nodes": []}, "format: The file has format 7; this Netloom reads up to format 1. Open it in a newer"),
    ({"format": -3}, "There is no format -3"), ({"format": 1}, "“nodes” is missing"),
    ({"format": 1, "nodes": {}}, "nodes: Expected a list"),
    ({"format": 1, "nodes": [3]}, "node 1: Expected an object, received a number."),
    ({"format": 1, "nodes": [{"id": "a"}]}, "node 1 (“a”)"),
    (node(type=4), "node 1 (“a”): “type”: Expected str, received int."),
    (node(x="left"), "“x”"), (node(x=1e12), "too far away"), (node(params=[1]), "“params”"), (node(muted="yes"), "“muted”"),
    (node(id=""), "cannot be an id"), (node(id="a/b"), "cannot be an id"), (node(id="a.b"), "cannot be an id"),
    (node(id="a\x00"), "cannot be an id"), (node(id="x" * 1000), "cannot be an id"), (node(type="T" * 1000), "characters"),
    ({"format": 1, "nodes": [{"id": "a", "type": "T"}] * 2}, "node 2 (“a”): The id “a” is used twice."),
    (edges({"from": ["a", "out"], "to": ["c", "in"]}), "wire 1: There is no node “c” for this wire."),
    (edges({"from": "a", "to": ["b", "in"]}), "wire 1: “from” must be a node and a port"), (edges(LINK, LINK), "wire 2"),
    (edges(7), "wire 1: Expected an object"), (edges({**LINK, "index": -1}), "index"),
    (edges({**LINK, "source": "b"}), "“source”"),
    (edges({**LINK, "points": [[1]]}), "“points"), (edges({"from": ["a", ""], "to": ["b", "in"]}), "must have a name"),
    ({**edges(), "edges": "none"}, "edges: Expected a list, received text."),
    ({"format": 1, "nodes": [], "about": []}, "about: Expected an object, received a list."),
    ({"format": 1, "nodes": [], "training": {"epochs": "many"}}, "training: “epochs”: Expected int, received str."),
    ({"format": 1, "nodes": [], "training": {"optimizers": {"": {"name": 3}}}}, "training, optimizer “”: “name”"),
    ({"format": 1, "nodes": [], "training": {"optimizers": []}}, "training, optimizers"),
    ({"format": 1, "nodes": [], "training": {"early_stopping": 4}}, "training, early_stopping"),
    ({"format": 1, "nodes": [], "blocks": {"b": 1}}, "block “b”: Expected an object"),
    ({"format": 1, "nodes": [], "blocks": {"b": {}}}, "block “b”: “nodes” is missing"),
    ({"format": 1, "nodes": [], "blocks": {"b/c": {"nodes": []}}}, "name of a block"),
    ({"format": 1, "nodes": [], "blocks": {"b": {"nodes": [{"id": "x"}]}}}, "block “b”, node 1 (“x”)"),
    ({"format": 1, "nodes": [], "blocks": {"b": {"nodes": [], "parameters": [{"name": "p"}] * 2}}}, "same name"),
    (b'{"format": 1, "nodes": [], "x": NaN}', "NaN is not a number"),
    (b'{"format": 1, "nodes": [], "x": -Infinity}', "-Infinity"),
    (b'{"format": 1, "nodes": [], "x": 1e999}', "too large"),
    (b'{"format": 1, "nodes": [], "x": ' + b"9" * 9000 + b"}", "too large"),
    (b'{"format": 1, "nodes": [], "x": "\\ud800"}', "x: The text holds half a character"),
    (b'{"format": 1, "format": 1, "nodes": []}', "The key “format” stands twice"),
    (b'{"a":' * 200_000, "stand inside one another"), (b'{"x":' + b"[" * 5_000_000, "stand inside one another"),
    (node(params={"a": json.loads("[" * 40 + "]" * 40)}), "More than 32 lists"),
    (b'{"x": "' + b'\\"' * 3_000_000, "is not sound JSON"), (b"{" + b'"",' * 5_000_000, "parts"),
    (b"{" + b" " * (64 * 2**20) + b"}", "larger than 64 MB")]


@pytest.mark.parametrize(("content", "words"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_sound_is_one_message_that_names_the_place(content: object, words: str, tmp_path: Path) -> None:
    path = tmp_path / "drawing.netloom"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(FileProblem) as found:
        load(path)
    assert words in str(found.value)
    assert str(found.value).startswith("“drawing.netloom”")
    assert "Traceback" not in str(found.value)
    assert found.value.__suppress_context__ or found.value.__context__ is None


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_but_never_a_crash(data: st.DataObject) -> None:
    whole = bytearray(dumps(rich()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        end = data.draw(st.integers(at, min(len(whole), at + 20)))
        whole[at:end] = data.draw(st.sampled_from([b"", b"{", b"]", b'"', b"null", b"1e5", b"\xff", b"[[", b"true"]))
    try:
        document = loads(bytes(whole))
    except FileProblem as problem:
        assert str(problem)
    else:
        assert loads(dumps(document)) == document


JSON = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
                              st.text()),
                    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(["nodes", "edges", "blocks", "training", "about", "x", "layers", "links"]), JSON),
       st.sampled_from([0, 1]))
def test_any_json_is_read_or_refused(tree: dict[str, object], number: int) -> None:
    try:
        document = loads(json.dumps({"format": number, **tree}).encode())
    except FileProblem as problem:
        assert str(problem)
    else:
        assert loads(dumps(document)) == document


def test_a_byte_order_mark_is_no_problem() -> None:
    assert loads(b"\xef\xbb\xbf" + dumps(classifier())) == classifier()


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="does not exist"):
        load(tmp_path / "gone.netloom")
    with pytest.raises(FileProblem, match="folder"):
        load(tmp_path)
    with pytest.raises(FileProblem, match="not a file with a document"):
        load(Path(os.devnull))


def test_saving_keeps_the_file_before_as_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "my drawing.netloom"
    save(classifier(), path)
    assert load(path) == classifier()
    assert list(tmp_path.iterdir()) == [path]
    path.chmod(0o640)
    save(rich(), path)
    assert load(path) == rich()
    assert load(tmp_path / "my drawing.netloom~") == classifier()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    save(Document(), path)
    assert load(tmp_path / "my drawing.netloom~") == rich()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["my drawing.netloom", "my drawing.netloom~"]


def test_what_a_killed_writer_left_is_swept_away_once_it_is_old(tmp_path: Path) -> None:
    path = tmp_path / "my [drawing].netloom"
    save(classifier(), path)
    old, new = tmp_path / ".my [drawing].netloom.abc123.tmp", tmp_path / ".my [drawing].netloom.def456.tmp"
    link, lock = tmp_path / ".my [drawing].netloom.77.old", tmp_path / ".my [drawing].netloom.lock"
    other = tmp_path / ".another.netloom.abc123.tmp"
    for one in (old, new, link, lock, other):
        one.write_bytes(b"{")
        if one is not new:
            os.utime(one, (0, 0))
    sweep(path)
    assert set(tmp_path.iterdir()) == {path, new, lock, other}


def test_saving_through_a_link_writes_the_file_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.netloom", tmp_path / "a.netloom"
    save(classifier(), real)
    link.symlink_to(real)
    save(rich(), link)
    assert link.is_symlink()
    assert load(real) == rich()


def test_a_folder_that_is_not_there_is_a_clear_message(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be written: no such file or directory"):
        save(classifier(), tmp_path / "gone" / "a.netloom")


def run(code: str, *arguments: object) -> str:
    """Python in a process of its own; gives what it prints."""
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False,
                          timeout=60, cwd=Path(files.__file__).parents[2])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


SAVE = """
import os, resource, sys
from pathlib import Path
from graph_compiler.graph.files import FileProblem, load, save
from tests.unit.test_files import rich
path, how = Path(sys.argv[1]), sys.argv[2]
if how == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
elif os.geteuid() == 0:
    os.seteuid(65534)
try:
    save(rich(), path)
except FileProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits and users are those of POSIX")
@pytest.mark.parametrize(("how", "words"),
                         [("full", "too large"), ("folder", "permission denied"), ("file", "write-protected")])
def test_a_disk_or_folder_that_takes_nothing_loses_nothing(how: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.netloom"
    save(classifier(), path)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    if how == "file":
        path.chmod(0o444)
        tmp_path.chmod(0o777)
    elif how == "folder":
        path.chmod(0o666)
        tmp_path.chmod(0o555)
    said = run(SAVE, path, how)
    tmp_path.chmod(0o755)
    assert words in said
    assert "“a.netloom”: The file cannot be written" in said
    assert load(path) == classifier()
    assert list(tmp_path.iterdir()) == [path]


def test_reading_executes_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    bomb = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    content = {"format": 1, "nodes": [{"id": "a", "type": bomb, "params": {"units": {"=": bomb}, "!!python/object": bomb}}]}
    loads(json.dumps(content).encode())
    assert not mark.exists()


def test_a_large_document_comes_back() -> None:
    graph = Graph([Node(id=f"n{i}", type="Dense", params={"units": i + 1}) for i in range(5_000)],
                  [wire(f"n{i}", f"n{i + 1}") for i in range(4_999)])
    assert loads(dumps(Document(graph))).graph == graph
