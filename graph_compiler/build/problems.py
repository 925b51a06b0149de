"""A refusal of Keras, said of the node it happened at."""

from __future__ import annotations

_PREFACE = "Exception encountered when calling"
_PYTHON = ("Arguments received by", "Call arguments received")


class BuildProblem(Exception):
    """The drawing cannot be built. `node` is the path of the guilty node (empty for the whole), `sentence` is for people."""

    def __init__(self, node: str, sentence: str, hint: str = "") -> None:
        super().__init__(f"{node}: {sentence}" if node else sentence)
        self.node = node
        self.sentence = sentence
        self.hint = hint


def from_keras(node: str, name: str, error: Exception) -> BuildProblem:
    """Keras's error at a node, without the lines that speak of Python calls."""
    kept = []
    for line in str(error).replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines():
        if line.startswith(_PYTHON):
            break
        if line.strip() and not line.startswith(_PREFACE):
            kept.append(line.strip())
    words = " ".join(kept) or type(error).__name__
    return BuildProblem(node, f"Keras refuses {name}: {words}", "Change its parameters or what is wired to it.")
