"""Ways of training, in the worker process. `session.conclude` runs one to its end and says Done or Failed.

`training` is the loop over epochs, `steps` its traced functions, `phases` what one step consists of (with `objectives`,
`terms` and `contests` for the arithmetic), `data` and `noise` feed it, `schedules`, `optimizers`, `stopping` and `figures`
are parts of a run, `checkpoints` what it can go on from. TensorFlow is imported inside functions only.
"""
