"""Metrics of our own, against the formula."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.build.own_metrics import metric_class


def test_the_ratio_of_peak_and_noise_is_the_mean_over_samples() -> None:
    made = np.random.default_rng(0).uniform(size=(4, 5, 5, 1)).astype(np.float32)
    true = np.clip(made + np.float32(0.1) * np.arange(1, 5, dtype=np.float32)[:, None, None, None], 0, 2)
    metric = metric_class("MeanPSNR")(name="psnr")
    metric.update_state(true[:2], made[:2])
    metric.update_state(true[2:], made[2:])
    wanted = [-10 * np.log10(np.mean((t - m) ** 2)) for t, m in zip(true, made, strict=True)]
    assert float(metric.result()) == pytest.approx(np.mean(wanted), rel=1e-4)
    metric.reset_state()
    metric.update_state(true, true)
    assert float(metric.result()) == pytest.approx(100.0)


def test_the_others_are_kerass() -> None:
    import keras

    assert metric_class("MeanIoU") is keras.metrics.MeanIoU
