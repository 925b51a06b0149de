"""Verbs of blocks. Each takes the document and names in it and returns one edit, a `Batch` that is undone as one step; a verb
that cannot be raises `EditRefused` with words for people. Nothing here changes a document by itself.

`group`, `unpack` (grouping, unpacking), `place`, `place_again`, `repeat` (placing), `add_port`, `remove_port`, `rename_port`,
`reorder_port` (ports), `set_parameters`, `expose` (parameters), `rename_block`, `name_instance`, `unused_blocks`,
`delete_unused_blocks`, `block_document`, `insert_block` (definitions). `inside` looks at blocks.
"""

from __future__ import annotations

from graph_compiler.graph.blocks.definitions import (
    block_document,
    delete_unused_blocks,
    insert_block,
    name_instance,
    rename_block,
    unused_blocks,
)
from graph_compiler.graph.blocks.grouping import group
from graph_compiler.graph.blocks.inside import boundary, instances, needed, port_name
from graph_compiler.graph.blocks.parameters import expose, set_parameters
from graph_compiler.graph.blocks.placing import place, place_again, repeat
from graph_compiler.graph.blocks.ports import add_port, remove_port, rename_port, reorder_port
from graph_compiler.graph.blocks.unpacking import twins, unpack

__all__ = [
    "add_port", "block_document", "boundary", "delete_unused_blocks", "expose", "group", "insert_block", "instances",
    "name_instance", "needed", "place", "place_again", "port_name", "remove_port", "rename_block", "rename_port",
    "reorder_port", "repeat", "set_parameters", "twins", "unpack", "unused_blocks"]
