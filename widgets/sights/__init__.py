"""What a network shows while it learns, drawn from plain arrays: strips of samples, lines of pictures, scores, codes, texts.

Each widget takes `Look`s (runs/sights.py) of one kind; `shelf` keeps those of a run, `view` arranges them beside the losses.
"""
