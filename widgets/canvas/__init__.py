"""The canvas: cards and wires of one graph, drawn from the document and edited with mouse and keyboard.

`geometry` says where things are on a card, `routing` where wires run, `painting` how it looks, `items` put that into a
scene, `scene` follows the document, `view` turns events into edits. `tidy` lays a graph out.
"""
