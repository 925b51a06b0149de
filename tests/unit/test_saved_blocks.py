"""My blocks: what is kept is found again, damaged files are said once, names and folders of any kind are no trouble."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph_compiler.catalog import registry
from graph_compiler.graph.blocks import rename_block
from graph_compiler.graph.files import FileProblem, load
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from tests.helpers.blocks import residual, twins
from tests.helpers.drawing import block, drawing
from widgets.canvas.block_names import suggested
from widgets.offer import block_entry, fits, key_of, offered
from widgets.saved_blocks import SavedBlocks


@pytest.fixture
def saved(tmp_path: Path) -> SavedBlocks:
    return SavedBlocks(tmp_path / "blocks")


def called(name: str) -> Document:
    """The twins with their block under another name."""
    document = twins()
    rename_block(document, "net", name).apply(document)
    return document


def test_a_folder_that_is_not_there_has_no_blocks(saved: SavedBlocks) -> None:
    assert saved.entries() == []
    assert saved.document("net") is None


def test_what_is_kept_is_found_again_with_all_it_needs(saved: SavedBlocks) -> None:
    document = drawing("one Block block=outer", outer=block("leaf Block block=leaf"), leaf=block("d Dense"), other=block())
    saved.keep(document, "outer")
    again = SavedBlocks(saved.folder)
    assert [(entry.name, entry.key) for entry in again.entries()] == [("outer", "saved/outer")]
    found = again.document("outer")
    assert found is not None
    assert set(found.blocks) == {"outer", "leaf"}


def test_keeping_again_replaces(saved: SavedBlocks) -> None:
    document = twins()
    saved.keep(document, "net")
    document.blocks["net"].summary = "Sees a digit."
    saved.keep(document, "net")
    assert [entry.summary for entry in saved.entries()] == ["Sees a digit."]
    assert len(list(saved.folder.glob("*.netloom"))) == 1


def test_names_that_make_the_same_file_name_keep_apart(saved: SavedBlocks) -> None:
    for name in ("my block", "my_block", "Blöcke", "!?"):
        saved.keep(called(name), name)
    assert [entry.name for entry in saved.entries()] == ["!?", "Blöcke", "my block", "my_block"]
    assert len(list(saved.folder.glob("*.netloom"))) == 4


def test_a_file_changed_from_outside_is_read_again(saved: SavedBlocks) -> None:
    saved.keep(called("first"), "first")
    saved.keep(called("second"), "second")
    first, second = (saved.folder / f"{name}.netloom" for name in ("first", "second"))
    assert len(saved.entries()) == 2
    second.replace(first)
    assert [entry.name for entry in saved.entries()] == ["first"]
    renamed = saved.document("first")
    assert renamed is not None
    assert [node.block for node in renamed.graph.nodes.values()] == ["first"] == list(renamed.blocks)


def test_a_renamed_and_a_copied_file_have_names_of_their_own(saved: SavedBlocks) -> None:
    saved.keep(twins(), "net")
    (saved.folder / "net.netloom").rename(saved.folder / "my encoder.netloom")
    assert [entry.name for entry in saved.entries()] == ["my encoder"]
    shutil.copy(saved.folder / "my encoder.netloom", saved.folder / "my encoder (1).netloom")
    saved.keep(twins(), "net")
    shutil.copy(saved.folder / "net.netloom", saved.folder / "net_2.netloom")
    names = ["my encoder", "my encoder (1)", "net", "net_2"]
    for look in (saved, SavedBlocks(saved.folder)):
        assert [entry.name for entry in look.entries()] == names
        for name in names:
            found = look.document(name)
            assert found is not None
            assert [node.block for node in found.graph.nodes.values()] == [name]
    assert {path.stem for path in saved.folder.iterdir()} == set(names)


def test_a_damaged_file_is_said_once(saved: SavedBlocks) -> None:
    saved.keep(twins(), "net")
    (saved.folder / "torn.netloom").write_text("{")
    (saved.folder / "plain.netloom").write_bytes(b'{"format": 1, "nodes": [], "edges": []}')
    said: list[str] = []
    saved.told.connect(said.append)
    assert [entry.name for entry in saved.entries()] == ["net"]
    assert [entry.name for entry in saved.entries()] == ["net"]
    assert said[0] == "plain.netloom: It holds no block. Save one to your blocks from its own drawing."
    assert said[1].startswith("torn.netloom: ")
    assert len(said) == 2


def test_a_forgotten_block_is_gone_but_its_file_stays_beside(saved: SavedBlocks) -> None:
    saved.keep(twins(), "net")
    saved.forget("net")
    saved.forget("nothing")
    assert saved.entries() == []
    assert load(saved.folder / "net.netloom~").blocks.keys() == {"net"}


def test_a_folder_that_cannot_be_made_is_a_file_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FileProblem, match="folder of saved blocks"):
        SavedBlocks(tmp_path / "file" / "blocks").keep(twins(), "net")


# What is offered.


def test_a_block_shows_its_ports_and_parameters() -> None:
    entry = block_entry(twins(), "net")
    assert ([p.name for p in entry.inputs], [p.name for p in entry.outputs]) == (["picture"], ["code"])
    assert [p.name for p in entry.params] == ["filters", "dropout"]
    assert (entry.summary, key_of(entry)) == ("A block of 4 nodes", "block/net")


def test_a_block_is_not_offered_inside_itself(saved: SavedBlocks) -> None:
    document = drawing("one Block block=outer", outer=block("leaf Block block=leaf"), leaf=block("d Dense"))
    saved.keep(document, "leaf")
    saved.keep(twins(), "net")
    assert fits(document, "outer", "leaf")
    assert not fits(document, "leaf", "outer")
    assert not fits(document, "leaf", "leaf")
    keys = {key_of(spec) for spec in offered(registry(), document, "leaf", saved.entries())}
    assert {"saved/net", "BlockInput", "Dense"} <= keys
    assert not {"block/leaf", "block/outer", "saved/leaf", "Block", "Loss"} & keys


@pytest.mark.parametrize(("ids", "name"), [
    (["a", "b", "add"], "residual"), (["a", "b"], "dense_block"), (["a"], "dense_block_2"), (["frame"], "my_head")])
def test_a_block_is_named_by_its_content(ids: list[str], name: str) -> None:
    graph = residual().graph
    graph.put_node(Node(id="frame", type="Frame", params={"title": "My head"}))
    taken = {"dense_block"} if ids == ["a"] else set()
    assert suggested(graph, ids, registry(), taken) == name


def test_a_block_of_blocks_is_named_after_them() -> None:
    graph = drawing("a Block block=res", "b Block block=res", "c Block block=head").graph
    assert suggested(graph, ["a", "b"], registry(), ()) == "res_stack"
    assert suggested(graph, ["a", "c"], registry(), ()) == "part"
