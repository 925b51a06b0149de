"""L1 and L2 of the training settings: put on kernels that have no regulariser of their own. The drawing is not changed."""

from __future__ import annotations

from graph_compiler.build.compile import Compiled


def penalise(compiled: Compiled, l1: float, l2: float) -> int:
    """Put `l1` and `l2` on every trainable kernel without a regulariser; how many there were."""
    if not (l1 or l2):
        return 0
    import keras

    count = 0
    for variable in compiled.trainable_variables:
        if variable.name.endswith("kernel") and variable.regularizer is None:
            variable.regularizer = keras.regularizers.L1L2(l1=l1, l2=l2)
            count += 1
    return count
