"""Start as `python -P -m graph_compiler.worker [--spare]`; see `launch`."""

from __future__ import annotations

import sys

from graph_compiler.worker.process import main

if __name__ == "__main__":
    sys.exit(main())
