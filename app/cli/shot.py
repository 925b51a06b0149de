"""`netloom shot DOC PNG`: a picture of the real window, with or without a display."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any

from app.cli.common import DONE, FAILED, Stop, add_document, open_document, say, usage
from app.cli.window import of_qt
from app.doctor import APT

GALLERY = "gallery"
"""A name for the window as it starts."""
TABS = ("data", "train", "evaluate", "export", "problems", "log")


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("shot", help="a picture of the window", description="Take a picture of the real window.")
    add_document(parser)
    parser.add_argument("png", metavar="PNG", type=Path, help="the file to write")
    parser.add_argument("--size", metavar="WxH", type=size, default=(1600, 1000), help="in pixels, 1600x1000 by default")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--tab", choices=TABS, default="", help="the tab to show")
    parser.set_defaults(command=command)


def size(text: str) -> tuple[int, int]:
    """An argparse type: width and height in pixels."""
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"“{text}” is not a size such as 1600x1000")
    width, height = int(match[1]), int(match[2])
    if not (640 <= width <= 7680 and 400 <= height <= 4320):
        raise argparse.ArgumentTypeError(f"{text} is not between 640x400 and 7680x4320")
    return width, height


def command(options: argparse.Namespace) -> int:
    """Write the picture."""
    if options.doc != GALLERY:
        open_document(options.doc)
    if options.png.suffix.lower() != ".png":
        raise usage(f"“{options.png}” does not end with .png.")
    if not options.png.resolve().parent.is_dir():
        raise usage(f"There is no folder {options.png.resolve().parent}.")
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from app.shot import shot
    except ImportError as error:
        if not of_qt(error):
            raise
        raise Stop(FAILED, f"Qt cannot be loaded: {error}. Install what it needs with: {APT}") from None
    try:
        shot(options.doc, str(options.png), options.size, options.theme, options.tab)
    except OSError as problem:
        raise Stop(FAILED, f"{options.png} cannot be written{': ' + problem.strerror if problem.strerror else ''}.") from None
    say(str(options.png))
    return DONE
