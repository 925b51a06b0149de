"""Real files from real Keras models, reopened in LiteRT and ONNX Runtime."""

from __future__ import annotations

import json

import numpy as np
import pytest

from graph_compiler.exporters import proof as proving
from graph_compiler.exporters.flatfile import read_metadata
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.inside import told_by
from graph_compiler.exporters.package import export_part
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import prove, samples_of, size_of, verify


def quiet(*_: object) -> None:
    """A report nobody reads."""


@pytest.fixture(scope="module")
def keras():
    import keras

    keras.utils.set_random_seed(1)
    return keras


@pytest.fixture(scope="module")
def picture_part(keras) -> Part:
    """uint8 pictures and a vector in, two heads out whose alphabetical order is not the drawing's."""
    image = keras.Input((12, 12, 1), dtype="uint8", name="image")
    facts = keras.Input((3,), name="facts")
    norm = keras.layers.Normalization()
    norm.adapt(np.random.default_rng(0).normal(3, 2, (100, 3)))
    x = keras.layers.Rescaling(1 / 255)(image)
    x = keras.layers.RandomFlip()(x)
    x = keras.layers.Conv2D(8, 3, activation="gelu", groups=1)(x)
    x = keras.layers.Conv2D(8, 3, activation="swish", groups=4)(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Concatenate()([x, norm(facts)])
    x = keras.layers.Dropout(0.3)(x)
    zebra = keras.layers.Dense(4, activation="softmax")(x)
    ape = keras.layers.Dense(1)(x)
    return Part("whole", keras.Model([image, facts], [zebra, ape]), ("image", "facts"), ("zebra", "ape"))


@pytest.fixture(scope="module")
def inputs():
    rng = np.random.default_rng(2)
    pictures = rng.integers(0, 256, (300, 12, 12, 1)).astype("uint8")
    return {"image": pictures, "facts": rng.normal(3, 2, (300, 3)).astype("float32")}


@pytest.mark.parametrize("name", sorted(name for name in FORMATS if not FORMATS[name].scripts))
def test_a_file_agrees_with_keras_keeps_names_and_order(name, picture_part, inputs, tmp_path):
    samples = samples_of(picture_part, inputs, lambda out: ("mean", float(out[0][:, 0].mean())))
    spec = FORMATS[name]
    target = tmp_path / f"net{spec.suffix}"

    proof = prove(spec, picture_part, samples, target, {"description": {"name": "net"}, "calibration": inputs}, quiet)

    assert size_of(target) == proof.bytes > 1000
    assert getattr(proof, proof.judged) <= proof.allowed
    assert proof.agreement == 1.0 or spec.limits is not None
    assert proof.after == pytest.approx(proof.before, abs=1e-5 if spec.limits is None else 0.01)
    assert proof.rows == 300
    assert proof.latency_ms > 0
    assert list(tmp_path.iterdir()) == [target]
    runtime = spec.reopen(target, picture_part)
    zebra, ape = runtime({k: v[:2] for k, v in inputs.items()})
    assert (zebra.shape, ape.shape) == ((2, 4), (2, 1))
    np.testing.assert_allclose(zebra, samples.expected[0][:2], atol=1e-5 if spec.limits is None else 0.02)


def test_tflite_carries_its_description(picture_part, inputs, tmp_path):
    target = tmp_path / "net.tflite"
    description = {"name": "net", "labels": ["Äpfel", "b"]}
    prove(FORMATS["tflite"], picture_part, samples_of(picture_part, inputs), target, {"description": description}, quiet)
    assert read_metadata(target.read_bytes()) == description


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8"])
@pytest.mark.parametrize("name", ["tflite", "onnx"])
def test_outputs_that_are_an_input_or_each_other_have_names_of_their_own(name, dtype, keras, tmp_path):
    x = keras.Input((5,), dtype=dtype, name="x")
    y = keras.layers.Dense(2)(keras.layers.Rescaling(0.5)(x))
    part = Part("whole", keras.Model(x, [x, y, y]), ("x",), ("same", "scores", "again"))
    data = {"x": np.random.default_rng(0).integers(0, 200, (10, 5)).astype(dtype)}
    target = tmp_path / "net"
    proof = prove(FORMATS[name], part, samples_of(part, data), target, {}, quiet)
    assert proof.max_abs_diff <= proof.allowed
    same, scores, again = FORMATS[name].reopen(target, part)(data)
    assert same.dtype == dtype
    np.testing.assert_array_equal(same, data["x"])
    np.testing.assert_array_equal(scores, again)


@pytest.mark.parametrize("name", ["tflite", "onnx"])
def test_a_net_that_does_nothing_leaves_too(name, keras, tmp_path):
    x = keras.Input((3, 2), name="x")
    part = Part("whole", keras.Model(x, x), ("x",), ("y",))
    data = {"x": np.random.default_rng(0).normal(size=(10, 3, 2)).astype("float32")}
    assert prove(FORMATS[name], part, samples_of(part, data), tmp_path / "net", {}, quiet).max_abs_diff == 0.0


@pytest.mark.parametrize(("layer", "shape"), [
    ("GlobalAveragePooling2D", (48, 56, 3)), ("GlobalAveragePooling3D", (7, 12, 20, 2))])
@pytest.mark.parametrize("name", ["tflite", "onnx"])
def test_global_averages_keep_their_digits(name, layer, shape, keras, tmp_path):
    """Summed one after the other, as both runtimes would, 1e-6 to 3e-6 is lost."""
    x = keras.Input(shape, name="x")
    part = Part("whole", keras.Model(x, getattr(keras.layers, layer)()(x)), ("x",), ("y",))
    data = {"x": np.random.default_rng(0).uniform(0.5, 1.5, (64, *shape)).astype("float32")}
    exact = data["x"].astype("float64").mean(axis=tuple(range(1, len(shape))))
    prove(FORMATS[name], part, samples_of(part, data), tmp_path / "net", {}, quiet)
    found, = FORMATS[name].reopen(tmp_path / "net", part)(data)
    assert np.abs(found - exact).max() < 5e-7


def test_a_file_that_differs_is_refused_and_not_left_behind(picture_part, inputs, tmp_path):
    samples = samples_of(picture_part, inputs)
    wrong = proving.Samples(inputs, [samples.expected[0], samples.expected[1] + 0.01])
    with pytest.raises(ExportProblem, match=r"differs from Keras by 1\.0e-02"):
        prove(FORMATS["onnx"], picture_part, wrong, tmp_path / "net.onnx", {}, quiet)
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_survives_a_failed_export(picture_part, inputs, tmp_path):
    target = tmp_path / "net.onnx"
    target.write_bytes(b"older")
    samples = samples_of(picture_part, inputs)
    wrong = proving.Samples(inputs, [samples.expected[0] * np.float32(2), samples.expected[1]])
    with pytest.raises(ExportProblem):
        prove(FORMATS["onnx"], picture_part, wrong, target, {}, quiet)
    assert target.read_bytes() == b"older"


def test_the_package_goes_on_after_a_format_fails_and_writes_what_belongs_beside(keras, tmp_path):
    x = keras.Input((3, 3, 1), name="picture")
    y = keras.layers.UpSampling2D(2, interpolation="bicubic")(x)
    part = Part("whole", keras.Model(x, keras.layers.Flatten()(y)), ("picture",), ("scores",))
    samples = samples_of(part, {"picture": np.random.default_rng(0).normal(size=(8, 3, 3, 1)).astype("float32")})
    seen: list[tuple[str, str]] = []
    problems = []

    def report(name, state, fraction, proof, problem):
        seen.append((name, state))
        if problem:
            problems.append(problem)

    scores = {"name": "scores", "shape": [None, 36], "dtype": "float32", "classes": ["cat", "dog"]}
    description = {"name": "net", "inputs": [{"name": "picture", "shape": [None, 3, 3, 1], "dtype": "float32"}],
                   "outputs": [scores]}
    fresh, made_before = tmp_path / "fresh", tmp_path / "before"
    made_before.mkdir()
    for folder in (fresh, made_before):
        assert export_part(part, samples, ["tflite"], folder, "net", description, report) == []
    assert not fresh.exists(), "a folder that was made for nothing goes again"
    made_before.rmdir()
    proofs = export_part(part, samples, ["tflite", "onnx"], tmp_path, "net", description, report)

    assert [p.format for p in proofs] == ["onnx"]
    assert ("tflite", "failed") in seen and ("onnx", "proven") in seen
    assert "no operation" in problems[0].sentence
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "examples", "labels.txt", "model.json", "model.schema.json", "net.onnx"]
    told = json.loads((tmp_path / "model.json").read_text())["parts"][0]
    assert [(f["file"], f["inputs"][0]["name"]) for f in told["files"]] == [("net.onnx", "picture")]
    assert (tmp_path / "labels.txt").read_text() == "cat\ndog\n"


@pytest.mark.parametrize("kept", ["half", "nothing", "another"])
@pytest.mark.parametrize("name", ["tflite", "onnx", "keras", "savedmodel"])
def test_a_file_that_is_not_whole_is_told_so_and_stays(name, kept, picture_part, inputs, tmp_path):
    spec, samples = FORMATS[name], samples_of(picture_part, inputs)
    target = tmp_path / f"net{spec.suffix}"
    spec.write(picture_part, target, {})
    torn = target / "saved_model.pb" if target.is_dir() else target
    whole = torn.read_bytes()
    torn.write_bytes({"half": whole[:len(whole) // 2], "nothing": b"", "another": b"These are words. " * 200}[kept])
    with pytest.raises(ExportProblem, match=r"cannot be read: it is damaged|does not run: it is damaged") as caught:
        told_by(target)
        verify(spec, picture_part, samples, target, quiet)
    assert target.name in caught.value.sentence and "not kept" not in caught.value.hint
    assert torn.exists()


@pytest.mark.parametrize("name", ["tflite", "onnx"])
def test_a_file_of_another_network_does_not_agree(name, keras, picture_part, inputs, tmp_path):
    x = keras.Input((5,), name="x")
    other = Part("whole", keras.Model(x, keras.layers.Dense(2)(x)), ("x",), ("y",))
    FORMATS[name].write(other, tmp_path / "net", {})
    with pytest.raises(ExportProblem, match="outputs are named y instead of zebra, ape"):
        verify(FORMATS[name], picture_part, samples_of(picture_part, inputs), tmp_path / "net", quiet)


def test_half_precision_is_exported_as_float32(keras, tmp_path):
    policy = keras.dtype_policies.DTypePolicy("mixed_float16")
    x = keras.Input((5,), name="x")
    y = keras.layers.Dense(3, dtype=policy)(x)
    y = keras.layers.Dense(2, dtype="float32")(y)
    part = Part("whole", keras.Model(x, y), ("x",), ("y",))
    data = {"x": np.random.default_rng(0).normal(size=(10, 5)).astype("float32")}
    from graph_compiler.exporters.rewriting import inference_part

    clone = inference_part(part)
    assert clone is not part
    proof = prove(FORMATS["tflite"], clone, samples_of(clone, data), tmp_path / "n.tflite", {}, quiet)
    assert proof.max_abs_diff <= 1e-5
