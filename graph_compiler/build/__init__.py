"""From a drawing to Keras: models (`compile`), weights on disk (`weights`), learnt statistics (`adapt`), and `source` text.

`block_model` (blocks) gives one instance of a block alone.
`compile_document` gives a `Compiled`; whatever Keras refuses on the way comes back as a `BuildProblem` that names the node.
Only this room and those above it import Keras, inside functions; `source` needs no Keras at all.
"""
