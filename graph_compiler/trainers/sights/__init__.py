"""What can be seen of a network while it learns: one kind of sight a file, chosen by what the drawing has.

`choosing.wanted` says from the drawing alone what there is to see and needs no TensorFlow; each plan makes its sight, and
`showing.Showing` computes, writes and announces them without taking more than a small share of the training's time.
"""
