"""Data sources, one a file, each with a `DatasetSpec` named `DATASET`; read with numpy alone.

`embedded` finds files that ship with the program or with scikit-learn, `download` those in Keras's cache, `csv_scan` and
`csv_file` the user's own. `split` says which rows train, validate and test; `thumbnails` and `pictures` serve the views.
"""
