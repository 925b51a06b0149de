"""What a drawing means, without a window: documents, layer rules, analysis, building, training and export.

Nothing here imports Qt. Rooms, innermost first: `graph` (documents and edits), `specs` (what a plug-in declares),
`analysis`, `layers` and `datasets` (plug-ins), `catalog` (the list of them), `build` (drawing to Keras),
`trainers` and `exporters`, `worker` (the process that runs them).
"""
