"""The document: frozen nodes and edges, the edits that change them, the file that holds them.

Main names: `Document`, `Graph`, `Node`, `Edge` (model), the edits (`AddNode`, `SetParam`, `Batch`, ...), `ChangeSet`,
and `load` / `save` (files). Standard library and msgspec only.
"""
