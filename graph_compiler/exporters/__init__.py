"""Files that leave the program, each proven before it gets its name.

`part` is a model with named inputs and outputs. Each format is an `ExporterSpec` (`tflite_kinds`, `onnx_kinds`, `keras_file`,
`saved_model`); `proof` reopens a file in its real runtime and compares, `layerwise` names the layers that make it differ;
`package` does all of it for one run.
"""
