"""Exports whose converters crash, hang, fill the disk or are cancelled: real workers, really dying."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph_compiler.messages import Done, Export, Failed, Message, Proof
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.client import Limits
from graph_compiler.worker.ending import End
from graph_compiler.worker.exporting import ExportClient, ExportWorkers
from graph_compiler.worker.mailbox import Mailbox
from graph_compiler.worker.spare import SpareWorkers
from tests.helpers.drawings import iris
from tests.helpers.training import run

pytestmark = pytest.mark.slow
BREAKING = Path(__file__).with_name("breaking.py")
PATIENCE = 120.0


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("run") / "0001"
    document = iris(epochs=1, batch_size=16)
    made = RunFolder.create(folder, document, title="Net")
    run(document, folder)
    return made


class Heard:
    """An export and everything it said. `when` sees each message while it goes on."""

    def __init__(self, spares: SpareWorkers, longest: float) -> None:
        self.box = Mailbox()
        self.said: list[Message] = []
        self.client: ExportClient = ExportWorkers(spares, longest).take(self.box.put, self.box.put_end)

    def to_end(self, request: Export, when: Callable[[Message], None] = lambda _: None) -> End:
        self.client.send(request)
        while not isinstance(item := self.box.get(PATIENCE), End):
            assert item is not None, "it said nothing more"
            self.said.append(item)
            when(item)
        return item

    def states(self) -> dict[str, str]:
        """The last state of each format."""
        return {m.format: m.state for m in self.said if isinstance(m, Proof)}


@pytest.fixture
def export() -> Iterator[Callable[..., Heard]]:
    """Start an export whose converters misbehave as they are told."""
    opened: list[SpareWorkers] = []

    def start(*manners: str, longest: float = PATIENCE) -> Heard:
        opened.append(SpareWorkers([sys.executable, "-P", str(BREAKING), *manners], Limits(ask=60)))
        return Heard(opened[-1], longest)

    yield start
    for spares in opened:
        spares.close(PATIENCE)


def test_a_converter_that_crashes_costs_its_own_file_only(export: Callable[..., Heard], made: RunFolder,
                                                          tmp_path: Path) -> None:
    heard = export("tflite-dynamic=crash")
    end = heard.to_end(Export(run=str(made.path), formats=("tflite", "tflite-dynamic", "keras"), out=str(tmp_path / "out")))
    assert end.ok and heard.states() == {"tflite": "proven", "tflite-dynamic": "failed", "keras": "proven"}
    (done,) = [m for m in heard.said if isinstance(m, Done)]
    words = "The converter crashed on this model (target tflite-dynamic). The other files are unaffected."
    assert done.result["failed"] == [{"format": "tflite-dynamic", "part": "whole", "problem": words, "node": ""}]
    assert [row["format"] for row in done.result["exports"]] == ["tflite", "keras"]
    assert [row["format"] for row in json.loads((tmp_path / "out" / "proof.json").read_text())] == ["tflite", "keras"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "examples", "labels.txt", "model.json", "model.schema.json", "net.keras", "net.tflite", "proof.json"]
    assert {Path(row["path"]).name for row in made.record.exports} >= {"net.tflite", "net.keras"}


def test_one_that_hangs_is_given_up(export: Callable[..., Heard], made: RunFolder, tmp_path: Path) -> None:
    heard = export("tflite=hang", longest=20.0)
    end = heard.to_end(Export(run=str(made.path), formats=("tflite", "keras"), out=str(tmp_path)))
    assert end.ok and heard.states() == {"tflite": "failed", "keras": "proven"}
    (told,) = [m.problem for m in heard.said if isinstance(m, Proof) and m.state == "failed"]
    assert told.startswith("The converter did not come back within 20 seconds on this model (target tflite).")
    assert not list(tmp_path.glob(".*"))


def test_words_of_a_converter_are_passed_on_and_the_rest_is_made(export: Callable[..., Heard], made: RunFolder,
                                                                 tmp_path: Path) -> None:
    heard = export("tflite=odd")
    assert heard.to_end(Export(run=str(made.path), formats=("tflite", "keras"), out=str(tmp_path))).ok
    assert heard.states() == {"tflite": "failed", "keras": "proven"}
    (told,) = [m.problem for m in heard.said if isinstance(m, Proof) and m.state == "failed"]
    assert told == "The TFLite float32 file could not be made. The converter says: a converter's own words"
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_ends_it_in_words_and_leaves_nothing_half_written(export: Callable[..., Heard], made: RunFolder,
                                                                      tmp_path: Path) -> None:
    heard = export("tflite=full")
    heard.to_end(Export(run=str(made.path), formats=("keras", "tflite", "savedmodel"), out=str(tmp_path)))
    (failed,) = [m for m in heard.said if isinstance(m, Failed)]
    assert failed.code == "disk" and failed.sentence.startswith("The disk is full")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "examples", "labels.txt", "model.json", "model.schema.json", "net.keras", "proof.json"]


def test_a_folder_that_cannot_be_is_told(export: Callable[..., Heard], made: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    heard = export()
    heard.to_end(Export(run=str(made.path), formats=("keras",), out=str(tmp_path / "file" / "out")))
    (failed,) = [m for m in heard.said if isinstance(m, Failed)]
    assert failed.code == "disk" and failed.sentence.startswith("The folder cannot be made: a file is in its way")
    assert failed.hint == "Choose another folder."


def test_it_is_cancelled_inside_a_converter_too(export: Callable[..., Heard], made: RunFolder, tmp_path: Path) -> None:
    heard = export("tflite=hang")

    def cancel(message: Message) -> None:
        if isinstance(message, Proof) and message.format == "tflite":
            heard.client.stop(keep=False)

    end = heard.to_end(Export(run=str(made.path), formats=("keras", "tflite", "savedmodel"), out=str(tmp_path)), cancel)
    assert end.ok and heard.states() == {"keras": "proven", "tflite": "writing"}
    (failed,) = [m for m in heard.said if isinstance(m, Failed)]
    assert failed.code == "cancelled"
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "examples", "labels.txt", "model.json", "model.schema.json", "net.keras", "proof.json"]
