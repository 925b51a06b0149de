"""The articles of the guide: Markdown files with a short head, and one article a layer made from its spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.params import Param
from graph_compiler.specs.registry import Registry
from resources import FOLDER
from widgets.guide.article import LAYERS, Article
from widgets.words import value

GROUPS = ("Start here", "Ideas", "Networks", "Sequences", "Autoencoders and GANs", "Further")
TOLD = ("source", "layer", "operation", "objective", "output")
"""Kinds of nodes that have an article of their own."""


@cache
def written() -> tuple[Article, ...]:
    """The articles we wrote, in reading order."""
    found = []
    for file in FOLDER.joinpath("guide").glob("*.md"):
        found.append(read_article(file.stem, file.read_text(encoding="utf-8")))
    return tuple(article for _, article in sorted(found, key=lambda row: (GROUPS.index(row[1].group), row[0])))


def read_article(name: str, text: str) -> tuple[int, Article]:
    """A file: `# Title`, lines `key: value` up to an empty line, then the text. ValueError when the head is not so."""
    title, _, rest = text.partition("\n")
    head, _, body = rest.partition("\n\n")
    if not title.startswith("# "):
        raise ValueError(f"{name}: the first line is no title")
    facts = dict(_fact(line, name) for line in head.strip().splitlines())
    article = Article(name, title[2:].strip(), facts["group"], body.strip(), facts.get("summary", ""),
                      _list(facts, "templates"), _list(facts, "layers"), _list(facts, "words"))
    return int(facts["order"]), article


def _fact(line: str, name: str) -> tuple[str, str]:
    key, mark, words = line.partition(":")
    if not mark:
        raise ValueError(f"{name}: “{line}” is no line of the head")
    return key.strip(), words.strip()


def _list(facts: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in facts.get(key, "").split(",") if word.strip())


def articles(registry: Registry) -> tuple[Article, ...]:
    """All articles: those we wrote, then one a layer."""
    return (*written(), *(about_layer(spec) for spec in registry.nodes.values() if spec.kind in TOLD))


def read_about(spec: NodeSpec, texts: Iterable[Article] = ()) -> Article | None:
    """The article that explains what a type of node is for: one that names it, else one that names its family."""
    known = tuple(texts) or written()
    return next((a for a in known if spec.name in a.layers), next((a for a in known if spec.family in a.layers), None))


def about_layer(spec: NodeSpec) -> Article:
    """What a type of node does, and every parameter in a sentence."""
    lines: list[str] = []
    further = read_about(spec)
    if further is not None:
        lines.append(f"Read on: [{further.title}](guide:{further.id}).")
    shown = [p for p in spec.params if not p.kept]
    if shown:
        lines.append("## Parameters\n\n| name | default | what it does |\n|---|---|---|\n" + "\n".join(map(_row, shown)))
    for word, params in spec.branches.items():
        if params:
            lines.append(f"## With {word}\n\n| name | default | what it does |\n|---|---|---|\n" + "\n".join(map(_row, params)))
    users = [a for a in written() if spec.name in a.layers and a is not further]
    if users:
        lines.append("Also in: " + ", ".join(f"[{a.title}](guide:{a.id})" for a in users) + ".")
    return Article(f"layer-{spec.name}", spec.name, LAYERS, "\n\n".join(lines), spec.text or f"{spec.summary.rstrip('.')}.",
                   words=tuple(spec.keywords))


def _row(param: Param) -> str:
    default = value(param.default) if param.default not in (None, "", [], {}) else "none"
    return f"| `{param.name}` | `{default.replace('|', '/')}` | {param.summary.replace('|', '/')} |"
