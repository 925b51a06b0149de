"""The user's own table: what is found in it, what is stored, and what is said when it is wrong or has changed."""

from __future__ import annotations

import codecs
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.datasets import csv_text
from graph_compiler.datasets.csv_file import scan_again, stored_path
from graph_compiler.datasets.csv_layout import CsvColumn
from graph_compiler.datasets.csv_scan import scan_csv
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Node
from graph_compiler.specs.datasets import DataProblem, Place
from graph_compiler.specs.refusal import Refusal

PETS = """name,kind,weight,age,price
Ada,dog,12.5,3,100
Bob,cat,4,,80
Cid,cat,4.2,7,75
Dot,dog,30,2,
Eve,,8,5,60
Fay,dog,11,9,55
"""


def write(folder, text, name="pets.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def values(schema, path="pets.csv", **changes):
    spec = registry().nodes["CSV"]
    stored = msgspec.json.decode(msgspec.json.encode({**schema.params(path), **changes}))
    return {k: spec.param(k).check(v) for k, v in {**spec.defaults(), **stored}.items()}


def load(folder, p):
    return registry().datasets["CSV"].load(p, Place(folder, folder))


def kinds(schema):
    return {c.name: (c.kind, c.role) for c in schema.columns}


def test_columns_kinds_roles_and_gaps_are_found(tmp_path):
    schema = scan_csv(write(tmp_path, PETS))
    assert kinds(schema) == {"name": ("ignore", "feature"), "kind": ("category", "feature"), "weight": ("number", "feature"),
                             "age": ("number", "feature"), "price": ("number", "target")}
    assert schema.columns[1].classes == ("cat", "dog")
    assert [c.missing for c in schema.columns] == [0, 1, 0, 1, 1]
    assert (schema.rows, schema.complete_rows, schema.labelled_rows) == (6, 3, 5)


def test_a_loaded_file_is_what_the_document_says(tmp_path):
    p = values(scan_csv(write(tmp_path, PETS)))
    table, schema = load(tmp_path, p), registry().datasets["CSV"].schema(p)
    assert [c.name for c in schema.columns] == ["features", "kind", "price"]
    assert schema.rows == table.rows == 3
    assert schema.missing == {"kind": 1, "age": 1, "price": 1}
    assert table.arrays["features"].tolist() == [[12.5, 3], [pytest.approx(4.2), 7], [11, 9]]
    assert table.arrays["kind"].tolist() == [1, 0, 1]
    assert table.arrays["price"].tolist() == [100, 75, 55]
    assert {n: str(a.dtype) for n, a in table.arrays.items()} == {
        "features": "float32", "weight": "float32", "age": "float32", "kind": "int32", "price": "float32"}


def test_gaps_are_filled_but_targets_never(tmp_path):
    p = values(scan_csv(write(tmp_path, PETS)), missing="fill with zero", ports="each")
    table = load(tmp_path, p)
    assert table.rows == registry().datasets["CSV"].schema(p).rows == 5
    assert table.arrays["age"].tolist() == [3, 0, 7, 5, 9]
    assert table.arrays["kind"].tolist() == [1, 0, 0, 0, 1]  # the most frequent class of a tie is the first


def test_kinds_and_roles_can_be_changed(tmp_path):
    path = write(tmp_path, PETS)
    p = values(scan_csv(path))
    chosen = [msgspec.structs.replace(c, role="target" if c.name == "kind" else "feature") for c in p["columns"]]
    chosen[3] = msgspec.structs.replace(chosen[3], kind="category")
    again = values(scan_again(p, tmp_path, tuple(chosen)))
    assert again["columns"][3].classes == ("2", "3", "5", "7", "9")
    assert again["columns"][1].role == "target"
    assert again["labelled_rows"] == 5
    table = load(tmp_path, again)
    assert table.arrays["age"].dtype == np.int32
    assert table.arrays["features"].shape == (3, 2)


def test_words_in_a_column_made_a_number_count_as_missing(tmp_path):
    path = write(tmp_path, "a,b\n1,2\nx,3\n4,5\n")
    schema = scan_csv(path, [CsvColumn(name="a", kind="number"), CsvColumn(name="b", kind="number", role="target")])
    assert schema.columns[0].missing == 1
    assert schema.complete_rows == 2


@pytest.mark.parametrize(("text", "encoding", "delimiter", "decimal"), [
    ("grün;höhe\n1,5;2\n2,5;3\n", "utf-8", ";", ","), ("grün\thöhe\n1.5\t2\n2.5\t3\n", "cp1252", "\t", "."),
    ("grün|höhe\r\n1.5|2\r\n2.5|3\r\n", "utf-8-sig", "|", "."), ("grün,höhe\n1.5,2\n2.5,3\n", "utf-16", ",", "."),
    ('grün,höhe\n"1.5",2\n2.5,3', "utf-8", ",", ".")])
def test_the_dialect_is_found(tmp_path, text, encoding, delimiter, decimal):
    schema = scan_csv(write(tmp_path, text, encoding=encoding))
    assert schema.dialect.delimiter == delimiter
    assert schema.dialect.decimal == decimal
    p = values(schema)
    assert [c.name for c in p["columns"]] == ["grün", "höhe"]
    assert load(tmp_path, p).arrays["features"].tolist() == [[1.5], [2.5]]


def test_thousands_and_quoted_delimiters(tmp_path):
    schema = scan_csv(write(tmp_path, 'town,people,price\n"Ulm, old","1,234",1\n"Ulm, new","12,345.5",2\n"Ulm, old",7,3\n'))
    table = load(tmp_path, values(schema))
    assert table.arrays["people"].tolist() == [1234, 12345.5, 7]


def test_a_file_without_a_heading_gets_names(tmp_path):
    p = values(scan_csv(write(tmp_path, "5.1,red\n4.9,blue\n5.2,red\n6.1,blue\n")))
    assert not p["header"]
    assert [c.name for c in p["columns"]] == ["column_1", "column_2"]
    assert load(tmp_path, p).rows == 4


def test_names_are_made_unique_and_leave_features_free(tmp_path):
    schema = scan_csv(write(tmp_path, "a,a,features,,a_2\n1,2,3,4,5\n3,4,5,6,7\n"))
    assert [c.name for c in schema.columns] == ["a", "a_2", "features_2", "column_4", "a_2_2"]


def test_counters_are_ignored_and_class_numbers_are_classes(tmp_path):
    schema = scan_csv(write(tmp_path, "id,x,label\n" + "".join(f"{i},{i / 7},{i % 3}\n" for i in range(1, 31))))
    assert kinds(schema) == {"id": ("ignore", "feature"), "x": ("number", "feature"), "label": ("category", "target")}
    assert schema.columns[2].classes == ("0", "1", "2")


@pytest.mark.parametrize(("content", "words"), [
    (b"", "bad.csv is empty"), (b"\n\n  \n", "nothing but blank lines"), (b"a,b\n", "has a heading but no rows"),
    (b"a,b\n1,2\n3,4,5\n", "line 3: 3 values, where the first line has 2"), (b"a,b\n1,2\n3\n", "line 3: 1 value"),
    (b'a,b\n1,"2\n3,4\n', "quotation mark"), (b'a,b\n"x"y,2\n', "quotation mark"),
    (b"PK\x03\x04rest", "an Excel or zip file"), (b"\x89PNG\r\n", "a picture"), (bytes(range(256)) * 20, "no text"),
    (b"a" * 300_000, "more than 131,072 letters"), (",".join("abc" for _ in range(3000)).encode() + b"\n", "3,000 columns")])
def test_bad_files_give_one_sentence(tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(DataProblem) as caught:
        scan_csv(path)
    assert words in caught.value.title
    assert "\n" not in caught.value.title
    assert caught.value.hint


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 10**9)  # sparse: takes no room
    with pytest.raises(DataProblem, match=r"huge\.csv has 2\.0 GB"):
        scan_csv(path)


def test_files_that_are_gone_or_folders(tmp_path):
    with pytest.raises(DataProblem, match="not where it was"):
        scan_csv(tmp_path / "lost.csv")
    with pytest.raises(DataProblem, match="not a file"):
        scan_csv(tmp_path)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_schema_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    try:
        schema = scan_csv(path)
    except DataProblem as problem:
        assert problem.title
    else:
        assert schema.rows >= schema.labelled_rows >= schema.complete_rows >= 0
        values(schema)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6, width=32), st.sampled_from(["", "red", "blue, dark", 'a "b"'])),
                min_size=4, max_size=40), st.sampled_from(csv_text.DELIMITERS))
def test_what_is_written_is_read_back(tmp_path_factory, rows, delimiter):
    folder = tmp_path_factory.mktemp("back")
    lines = [f'"x"{delimiter}"colour"', *(f'{x!r}{delimiter}"{word.replace(chr(34), chr(34) * 2)}"' for x, word in rows)]
    path = write(folder, "\n".join(lines) + "\n")
    chosen = [CsvColumn(name="x", role="target"), CsvColumn(name="colour", kind="category")]
    schema = scan_csv(path, chosen, csv_text.Dialect(delimiter=delimiter))
    expected = [(np.float32(x), word) for x, word in rows if word]
    assert schema.complete_rows == len(expected)
    if expected:
        table = load(folder, values(schema))
        classes = schema.columns[1].classes
        assert [(x, classes[c]) for x, c in zip(table.arrays["x"], table.arrays["colour"], strict=True)] == expected


@pytest.mark.parametrize(("changed", "words"), [
    (PETS.replace("weight", "mass"), "has no column “weight” any more"),
    (PETS.replace("12.5", "heavy").replace("4.2", "light").replace("30", "fat"), "now holds words"),
    (PETS.replace("Fay,dog", "Fay,emu").replace("Ada,dog", "Ada,emu"), "new classes: emu"),
    (PETS + "Gus,cat,3,4,50\n", "has 7 rows now, 6 when it was read"),
    (PETS.replace("12.5", "12.6"), "values in pets.csv have changed"),
    (PETS.replace(",", ";"), "any more|changed")])
def test_a_file_that_no_longer_matches_says_how(tmp_path, changed, words):
    p = values(scan_csv(write(tmp_path, PETS)))
    load(tmp_path, p)
    write(tmp_path, changed)
    with pytest.raises(DataProblem, match=words) as caught:
        load(tmp_path, p)
    assert caught.value.code == "data-changed"
    assert "Read the file again" in caught.value.hint
    if "now holds words" not in words:
        load(tmp_path, values(scan_again(p, tmp_path)) if "mass" not in changed else values(scan_csv(tmp_path / "pets.csv")))


def test_a_file_that_is_gone_says_so(tmp_path):
    p = values(scan_csv(write(tmp_path, PETS)))
    (tmp_path / "pets.csv").unlink()
    with pytest.raises(DataProblem) as caught:
        registry().datasets["CSV"].check(p, Place(tmp_path, tmp_path))
    assert caught.value.code == "data-missing"


def test_paths_are_relative_below_the_document(tmp_path):
    path = write(tmp_path, PETS)
    assert stored_path(path, tmp_path) == "pets.csv"
    assert stored_path(path, tmp_path / "elsewhere") == path.as_posix()
    assert stored_path(path, None) == path.as_posix()
    assert load(Path("/nowhere"), values(scan_csv(path), path.as_posix())).rows == 3


def test_a_stored_schema_is_checked_like_any_parameter():
    param = registry().nodes["CSV"].param("columns")
    for wrong in (3, [{"kind": "number"}], [{"name": "a", "kind": "poem"}], [{"name": "a"}, {"name": "a"}],
                  [{"name": "features"}], [{"name": ""}], [{"name": "a", "classes": 5}]):
        with pytest.raises(Refusal) as caught:
            param.check(wrong)
        assert caught.value.param == "columns"


def test_the_node_shows_ports_without_reading_anything(tmp_path):
    stored = scan_csv(write(tmp_path, PETS)).params("gone.csv")
    document = Document(Graph([Node(id="csv", type="CSV", params=stored)]))
    facts = Analyzer(document, registry()).facts("csv")
    assert facts is not None
    assert [(port, t.words, t.dtype) for port, t in facts.outputs.items()] == [
        ("features", "2", "float32"), ("kind", "scalar", "int32"), ("price", "scalar", "float32")]
    empty = Analyzer(Document(Graph([Node(id="csv", type="CSV")])), registry()).facts("csv")
    assert empty is not None
    assert [p.code for p in empty.problems] == ["no-data"]


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    path = tmp_path / "bom.csv"
    path.write_bytes(codecs.BOM_UTF8 + b"a,b\n1,2\n3,4\n")
    assert scan_csv(path).columns[0].name == "a"


def test_large_files_come_in_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_text, "CHUNK_ROWS", 7)
    path = write(tmp_path, "x,label\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(50)))
    table = load(tmp_path, values(scan_csv(path)))
    assert table.arrays["x"].tolist() == list(range(50))


def test_a_column_of_text_comes_as_it_is(tmp_path):
    path = write(tmp_path, "review,stars\n good film ,5\n,1\nbad,2\n")
    found = scan_csv(path)
    columns = tuple(msgspec.structs.replace(c, kind="text") if c.name == "review" else c for c in found.columns)
    schema = scan_csv(path, columns)
    assert [(c.kind, c.missing) for c in schema.columns] == [("text", 1), ("number", 0)]
    p = values(schema)
    assert [(c.name, c.kind, c.dtype) for c in registry().datasets["CSV"].schema(p).columns] == [
        ("review", "text", "string"), ("stars", "number", "float32")]
    assert load(tmp_path, p).arrays["review"].tolist() == ["good film", "bad"]
    assert load(tmp_path, values(schema, missing="fill with zero")).arrays["review"].tolist() == ["good film", "", "bad"]
