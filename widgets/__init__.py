"""Everything visible. Each widget works alone from a `GraphDocument` or plain data and knows nothing of `app`.

Main names: `document.GraphDocument` (the only writer), `theme` (tokens), `canvas`, `inspector`, `palette`, `problems`,
`plots`, `gallery` and the workbench pages.
"""

import sys

if "PySide6.QtCore" in sys.modules:  # `words` is read where Qt cannot be
    from widgets.imports import unhook

    unhook()
