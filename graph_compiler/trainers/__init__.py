"""Ways of training, one a file, in the worker process. `session.conclude` runs one to its end and says Done or Failed.

`supervised` minimises Losses; `data` feeds it, `steps` holds the traced functions, `schedules`, `optimizers`, `stopping` and
`figures` the parts of a run, `checkpoints` what a run can go on from. TensorFlow is imported inside functions only.
"""
