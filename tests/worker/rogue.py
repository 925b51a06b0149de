"""A worker that behaves as its first argument says. Run as a script; speaks the protocol without the product's code."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from typing import NoReturn


def say(**message: object) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")
    sys.stdout.buffer.flush()


def hello(version: int = 1) -> None:
    say(type="Hello", version=version, pid=os.getpid())
    say(type="Warm", seconds=0.1)


def forever() -> NoReturn:
    while True:
        threading.Event().wait()


def after_a_job(then: int) -> NoReturn:
    hello()
    sys.stdin.readline()
    os.kill(os.getpid(), then)
    forever()


def good() -> None:
    """Answers its job with Done; a Train waits for Stop."""
    hello()
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] != "Train":
            say(type="Done", result={"got": request["type"], "keep": request.get("keep", True)})
            return


def segfault() -> None:
    after_a_job(signal.SIGSEGV)


def oom() -> None:
    say(type="Alive", memory=7_400_000_000)
    after_a_job(signal.SIGKILL)


def leaving() -> None:
    hello()
    sys.stdin.readline()
    sys.stderr.write("ImportError: no such thing\n")
    sys.exit(3)


def silent() -> None:
    """Says nothing between the first and the second request."""
    hello()
    sys.stdin.readline()
    say(type="Stage", text="working")
    sys.stdin.readline()
    say(type="Done")


def garbage() -> None:
    hello()
    sys.stdout.write("Saved artifact at /tmp/x\n")
    sys.stdout.flush()
    forever()


def endless() -> None:
    hello()
    with contextlib.suppress(BrokenPipeError):
        while True:
            sys.stdout.buffer.write(b"x" * 2**20)


def deaf() -> None:
    hello()
    forever()


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    deaf()


def flood() -> None:
    for number in range(200_000):
        sys.stdout.buffer.write(b'{"type":"Progress","epoch":0,"step":%d,"metrics":{"loss":0.5}}\n' % number)
    say(type="Done")


def closing() -> None:
    hello()
    sys.stdin.readline()
    os.close(1)
    forever()


def torn() -> None:
    hello()
    sys.stdin.readline()
    os.write(1, b'{"type":"Progress","epo')
    os._exit(1)


def shouting() -> None:
    """Prints more than any line may have, then goes on with its job."""
    hello()
    sys.stdin.readline()
    for _ in range(20):
        os.write(2, b"#" * 2**20)
    os.write(2, b"\nafter the noise\n")
    say(type="Done")


def muttering() -> None:
    """Dies with last words that have no newline."""
    hello()
    sys.stdin.readline()
    os.write(2, b"first\nno room left")
    os._exit(7)


def old() -> None:
    hello(version=99)
    forever()


def orphans() -> None:
    """Leaves a child that holds its pipes, and `alive`, open."""
    hello()
    pipe = os.open("alive", os.O_WRONLY)
    subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"], pass_fds=[pipe])
    say(type="Done")


def lingering() -> None:
    hello()
    say(type="Done")
    os.close(1)
    forever()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
