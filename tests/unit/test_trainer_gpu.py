"""On a GPU: placement, memory that grows, mixed precision, and the sentence when memory runs out."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_compiler.messages import Device, Failed
from graph_compiler.trainers.session import conclude
from graph_compiler.trainers.training import train
from tests.helpers.drawings import SCALE, Drawing, digits_cnn
from tests.helpers.training import Training, run

pytestmark = pytest.mark.gpu


@pytest.fixture(autouse=True)
def a_gpu() -> None:
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("no GPU that TensorFlow can use")


@pytest.mark.parametrize("mixed", [False, True])
def test_digits_cnn_trains_on_the_first_gpu(mixed: bool, tmp_path: Path) -> None:
    import tensorflow as tf

    training = run(digits_cnn(epochs=2, mixed_precision=mixed), tmp_path, device="gpu:0")
    device, = training.said(Device)
    assert device.sentence.startswith("Runs on GPU 0: ")
    assert training.result["device"] == "gpu:0"
    assert training.result["metrics"]["test_accuracy"] > 0.9
    assert tf.config.experimental.get_memory_growth(tf.config.list_physical_devices("GPU")[0])
    assert tf.config.experimental.get_memory_info("GPU:0")["peak"] > 0


def test_running_out_of_memory_names_the_batch_size(tmp_path: Path) -> None:
    drawing = Drawing(epochs=1, batch_size=4096)
    data = drawing.add("MNIST", {})
    wide = drawing.chain((data, "image"), SCALE, ("Resizing", {"height": 1024, "width": 1024}),
                         ("Conv2D", {"filters": 256, "kernel_size": [3, 3]}), ("GlobalAveragePooling2D", {}),
                         ("Dense", {"units": 10}))
    drawing.loss(wide, (data, "label"), from_logits=True)
    answer = conclude(Training(drawing.document, tmp_path, device="gpu:0").session, train)
    assert isinstance(answer, Failed)
    assert answer.code == "memory"
    assert "4096" in answer.sentence
