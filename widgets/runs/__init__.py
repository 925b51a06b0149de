"""The runs of a drawing: a table with filter and sort, curves of several over one another, and what differs between them.

Main names: `RunsPage` (the page), `RunRow` (one run as the page shows it). Works from plain data alone.
"""

from widgets.runs.page import RunsPage
from widgets.runs.rows import RunRow

__all__ = ["RunRow", "RunsPage"]
