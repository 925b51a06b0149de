"""Everything visible. Each widget works alone from a `GraphDocument` or plain data and knows nothing of `app`.

Main names: `document.GraphDocument` (the only writer), `theme` (tokens), `canvas`, `inspector`, `palette`, `problems`,
`plots`, `gallery` and the workbench pages.
"""
