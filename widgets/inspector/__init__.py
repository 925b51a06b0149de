"""The inspector: a form for what is selected, generated from the specs.

`Inspector` follows a document; `NodePage`, `ManyPage` and `DocumentPage` are its three faces, `Form` makes rows of parameters.
"""

from widgets.inspector.form import Form
from widgets.inspector.inspector import Inspector

__all__ = ["Form", "Inspector"]
