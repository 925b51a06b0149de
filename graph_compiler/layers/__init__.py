"""The node types, one family a file. Each module ends in `SPECS`, the tuple the catalog lists.

Rules are pure functions of parameters and symbolic tensors; nothing here imports Keras.
"""
