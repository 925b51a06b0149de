"""Files that leave the program, each proven before it gets its name.

`part` is a model with named inputs and outputs. Each format is an `ExporterSpec` in a file of its own (`keras_file`,
`tflite`, `onnx_file`); `proof` reopens a file in its real runtime and compares; `package` does all of it for one run.
"""
