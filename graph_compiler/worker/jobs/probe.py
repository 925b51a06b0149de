"""What TensorFlow finds on this machine, for the doctor."""

from __future__ import annotations

from typing import Any

from graph_compiler.messages import Probe
from graph_compiler.trainers.device import choose
from graph_compiler.worker.jobs.context import Context


def probe(request: Probe, context: Context) -> dict[str, Any]:
    """The device of `request.device` as a message; versions, GPUs and how TensorFlow was built as the result."""
    import keras
    import tensorflow as tf

    context.emit(choose(request.device).message)
    gpus = tf.config.list_physical_devices("GPU")
    build = tf.sysconfig.get_build_info()
    return {"tensorflow": tf.__version__, "keras": keras.__version__, "cuda": bool(tf.test.is_built_with_cuda()),
            "cuda_version": str(build.get("cuda_version", "")), "cudnn_version": str(build.get("cudnn_version", "")),
            "gpus": [str(tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name)) for gpu in gpus]}
