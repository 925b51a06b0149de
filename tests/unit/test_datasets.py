"""Every source: what its schema says without loading is what loading gives."""

from __future__ import annotations

import gzip
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from graph_compiler.catalog import registry
from graph_compiler.datasets import cifar10
from graph_compiler.datasets.download import cifar_batch, keras_fetch, keras_home
from graph_compiler.datasets.previews import thumbnails
from graph_compiler.datasets.split import split_counts, split_rows
from graph_compiler.datasets.thumbnails import ClassSummary, NumberSummary, PictureSummary, class_counts, summarise
from graph_compiler.specs.datasets import DataProblem, Download, Place
from graph_compiler.specs.refusal import Refusal

OFFLINE = ("MNIST", "FashionMNIST", "Digits", "BostonHousing", "CaliforniaHousing", "Iris", "Wine", "BreastCancer",
           "Points2D", "Text", "Dates", "DateLanguage", "DateTags", "Weather", "AirPassengers", "Sunspots",
           "DigitWords", "DigitPairs", "MNISTTraits", "StreetScenes", "MovingShapes", "Nuclei",
           "Diabetes")
DOWNLOADED = ("KerasMNIST", "KerasFashionMNIST", "CIFAR10", "CIFAR100", "KerasIMDB", "KerasReuters")


def values(name, **changes):
    spec = registry().nodes[name]
    return {k: spec.param(k).check(v) for k, v in {**spec.defaults(), **changes}.items()}


def load(name, place=None, **changes):
    p = values(name, **changes)
    return registry().datasets[name].load(p, place or Place(Path("/nowhere"), Path("/nowhere"))), p


@pytest.mark.parametrize("name", OFFLINE)
@pytest.mark.parametrize("changes", [{}, {"validation": 0.25}, {"split_seed": 3}])
def test_a_loaded_table_is_what_the_schema_says(name, changes):
    table, p = load(name, **changes)
    schema = registry().datasets[name].schema(p)
    assert table.rows == schema.rows
    for column in schema.every:
        array = table.arrays[column.name]
        assert array.shape == (schema.rows, *column.shape)
        assert array.dtype == column.dtype
        assert not array.flags.writeable
        if column.kind == "category":
            assert set(np.unique(array)) == set(range(len(column.classes)))
        else:
            assert np.isfinite(array).all()
    assert {part: len(rows) for part, rows in split_rows(table, p).items()} == split_counts(schema, p)


@pytest.mark.parametrize("name", [n for n in OFFLINE if "ports" in registry().nodes[n].defaults()])
def test_single_columns_are_the_parts_of_the_vector(name):
    table, p = load(name, ports="each")
    schema = registry().datasets[name].schema(p)
    vector = table.arrays["features"]
    assert [c.name for c in schema.columns[1:1 + len(schema.features)]] == [c.name for c in schema.features]
    for i, column in enumerate(schema.features):
        assert np.array_equal(vector[:, i], table.arrays[column.name])
    together = registry().datasets[name].schema(values(name))
    assert [c.name for c in together.columns] == ["features", *(c.name for c in schema.columns[1 + len(schema.features):])]


def test_known_values():
    boston, _ = load("BostonHousing")
    assert boston.arrays["price"][:2].tolist() == pytest.approx([24.0, 21.6])
    assert boston.arrays["features"][0, :3].tolist() == pytest.approx([0.00632, 18.0, 2.31])
    iris, _ = load("Iris")
    assert iris.arrays["features"][0].tolist() == pytest.approx([5.1, 3.5, 1.4, 0.2])
    mnist, p = load("MNIST")
    assert np.bincount(mnist.arrays["label"]).tolist() == [600] * 10
    assert np.bincount(mnist.arrays["label"][split_rows(mnist, p)["test"]]).tolist() == [100] * 10
    digits, _ = load("Digits")
    assert digits.arrays["image"].max() == 16
    cancer, _ = load("BreastCancer")
    assert np.bincount(cancer.arrays["diagnosis"]).tolist() == [212, 357]


def test_gaps_of_california_are_dropped_or_filled_from_training_rows():
    dropped, _ = load("CaliforniaHousing")
    assert dropped.rows == 20_433
    filled, p = load("CaliforniaHousing", missing="fill with mean")
    assert filled.rows == 20_640
    bedrooms, train = filled.arrays["total_bedrooms"], split_rows(filled, p)["train"]
    hole = 290  # the first row without bedrooms
    others = np.delete(np.arange(filled.rows), np.flatnonzero(bedrooms == bedrooms[hole]))
    assert bedrooms[hole] == pytest.approx(bedrooms[np.intersect1d(train, others)].mean(dtype=np.float64), rel=1e-6)
    median, _ = load("CaliforniaHousing", missing="fill with median")
    zero, _ = load("CaliforniaHousing", missing="fill with zero")
    assert zero.arrays["total_bedrooms"][hole] == 0
    assert 0 < median.arrays["total_bedrooms"][hole] < bedrooms[hole]


def test_boston_says_what_is_wrong_with_column_b():
    spec = registry().datasets["BostonHousing"]
    assert "ethically questionable" in spec.text
    schema = spec.schema(values("BostonHousing"))
    assert "racist" in next(c.summary for c in schema.features if c.name == "B")


def test_loading_imports_neither_keras_nor_scikit_learn():
    code = ("import sys; from pathlib import Path; from graph_compiler.catalog import registry\n"
            "from graph_compiler.specs.datasets import Place\n"
            f"for n in {OFFLINE!r}:\n"
            " registry().datasets[n].load(registry().nodes[n].defaults(), Place(Path('.'), Path('.')))\n"
            "assert not {'sklearn', 'keras', 'tensorflow', 'PySide6'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize("name", DOWNLOADED)
def test_what_is_not_on_the_machine_is_said_in_one_sentence(name, tmp_path):
    with pytest.raises(DataProblem) as caught:
        load(name, Place(tmp_path, tmp_path))
    assert caught.value.code == "not-downloaded"
    assert caught.value.title == f"{name} is not on this machine yet"
    assert "MB once" in caught.value.hint


@pytest.mark.parametrize("name", DOWNLOADED)
def test_offline_says_what_to_do(name, tmp_path):
    def no_network(**kwargs):
        raise Exception(f"URL fetch failure on {kwargs['origin']}: None -- [Errno -3] Temporary failure in name resolution")

    with pytest.raises(DataProblem) as caught:
        load(name, Place(tmp_path, tmp_path, may_download=True, fetch=keras_fetch(no_network)))
    assert caught.value.code == "offline"
    assert caught.value.title == f"{name} could not be downloaded"
    assert "Check the connection" in caught.value.hint
    assert "name resolution" in caught.value.hint


def test_downloads_report_progress_and_land_in_the_cache(tmp_path):
    heard: list[tuple[str, float]] = []

    def get_file(*, fname, origin, cache_subdir, cache_dir, **rest):
        folder = Path(cache_dir, cache_subdir)
        folder.mkdir(parents=True)
        with (folder / fname).open("wb") as file:
            file.write(b"x" * 50)
            file.flush()
            while not any(0 < fraction < 1 for _, fraction in heard):
                pass
            file.write(b"x" * 50)
        return str(folder / fname)

    fetch = keras_fetch(get_file)
    path = fetch(Download("https://example.org/a.npz", "a.npz", 100), tmp_path, lambda *said: heard.append(said))
    assert path == tmp_path / "datasets" / "a.npz"
    assert ("Downloading a.npz", 0.5) in heard
    assert heard[-1] == ("Downloaded a.npz", 1.0)


def test_keras_mnist_is_read_from_the_cache(tmp_path):
    folder = tmp_path / "datasets"
    folder.mkdir()
    pictures = np.arange(70_000, dtype=np.uint16).astype(np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8)
    np.savez(folder / "mnist.npz", x_train=pictures[:60_000], y_train=np.arange(60_000) % 10, x_test=pictures[60_000:],
             y_test=np.arange(10_000) % 10)
    table, p = load("KerasMNIST", Place(tmp_path, tmp_path))
    assert table.arrays["image"].shape == (70_000, 28, 28, 1)
    counts = split_counts(registry().datasets["KerasMNIST"].schema(p), p)
    assert counts == {"train": 54_000, "validation": 6_000, "test": 10_000}
    (folder / "mnist.npz").write_bytes(b"PK torn")
    with pytest.raises(DataProblem, match=r"mnist\.npz in the cache is damaged"):
        load("KerasMNIST", Place(tmp_path, tmp_path))


def test_keras_fashion_mnist_is_read_from_the_cache(tmp_path):
    folder = tmp_path / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for part, rows in (("train", 60_000), ("t10k", 10_000)):
        labels = (np.arange(rows) % 10).astype(np.uint8)
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"\0" * 8 + labels.tobytes(), 1))
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"\0" * 16 + bytes(rows * 784), 1))
    table, _ = load("KerasFashionMNIST", Place(tmp_path, tmp_path))
    assert table.arrays["image"].shape == (70_000, 28, 28, 1)
    assert table.arrays["label"][60_003] == 3
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"torn")
    with pytest.raises(DataProblem, match="damaged"):
        load("KerasFashionMNIST", Place(tmp_path, tmp_path))


def _cifar_file(path, rows, key, classes):
    pictures = np.zeros((rows, 3072), np.uint8)
    pictures[:, :1024] = 200  # red
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps({b"data": pictures, key: [i % classes for i in range(rows)]}, protocol=2))


def test_cifar_is_read_from_the_cache(tmp_path):
    folder = tmp_path / "datasets" / "cifar-10-batches-py-target" / "cifar-10-batches-py"
    for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"):
        _cifar_file(folder / name, 40, b"labels", 10)
    table, _ = load("CIFAR10", Place(tmp_path, tmp_path))
    assert table.arrays["image"].shape == (240, 32, 32, 3)
    assert table.arrays["image"][0, 0, 0].tolist() == [200, 0, 0]
    assert table.given is not None
    assert len(table.given["test"]) == 40
    folder = tmp_path / "datasets" / "cifar-100-python-target" / "cifar-100-python"
    for name in ("train", "test"):
        _cifar_file(folder / name, 40, b"coarse_labels", 20)
    table, _ = load("CIFAR100", Place(tmp_path, tmp_path), label_mode="coarse")
    assert table.arrays["label"][39] == 19


def test_a_pickle_that_would_run_code_is_refused(tmp_path):
    class Trap:
        def __reduce__(self):
            return Path.touch, (tmp_path / "run",)

    (tmp_path / "batch").write_bytes(pickle.dumps({b"data": Trap(), b"labels": []}))
    with pytest.raises(DataProblem, match="damaged"):
        cifar_batch(tmp_path / "batch", "labels")
    assert not (tmp_path / "run").exists()


def test_the_cache_is_where_keras_has_it(monkeypatch):
    monkeypatch.setenv("KERAS_HOME", "/somewhere")
    assert keras_home() == Path("/somewhere")
    monkeypatch.delenv("KERAS_HOME")
    assert keras_home() == Path.home() / ".keras"


def test_cifar_names_its_classes():
    assert cifar10.CLASSES[3] == "cat"
    for mode, count in (("fine", 100), ("coarse", 20)):
        classes = registry().datasets["CIFAR100"].schema(values("CIFAR100", label_mode=mode)).columns[1].classes
        assert len(set(classes)) == count


@pytest.mark.parametrize(("name", "changes", "param"), [
    ("BostonHousing", {"validation": 0.5, "test": 0.5}, "test"), ("MNIST", {"stratify": "image"}, "stratify"),
    ("CSV", {}, "path")])
def test_what_cannot_be_is_refused_at_the_guilty_parameter(name, changes, param):
    with pytest.raises(Refusal) as caught:
        registry().nodes[name].infer(values(name, **changes), {})
    assert caught.value.param == param
    assert caught.value.hint


def test_summaries_of_columns():
    table, p = load("Iris")
    found = summarise(table, registry().datasets["Iris"].schema(p))
    assert found["species"] == ClassSummary((50, 50, 50))
    assert found["species"].balance == 1.0
    length = found["sepal_length"]
    assert isinstance(length, NumberSummary)
    assert (length.low, length.high, sum(length.counts)) == (pytest.approx(4.3), pytest.approx(7.9), 150)
    mnist, q = load("MNIST")
    picture = summarise(mnist, registry().datasets["MNIST"].schema(q))["image"]
    assert isinstance(picture, PictureSummary)
    assert (picture.low, picture.high) == (0, 255)
    rows = split_rows(table, p)
    assert class_counts(table, registry().datasets["Iris"].schema(p).columns[1], rows)["test"].counts == (10, 10, 10)


def test_thumbnails_are_stretched_to_the_full_range():
    digits, _ = load("Digits")
    small = thumbnails(digits, "image", 10)
    assert len(small) == 10
    assert small[0].shape == (8, 8, 1)
    assert max(t.max() for t in small) == 255
    mnist, p = load("MNIST")
    test = split_rows(mnist, p)["test"]
    assert np.array_equal(thumbnails(mnist, "image", 3, test)[2], mnist.arrays["image"][test[2]])
