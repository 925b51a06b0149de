"""A worker that behaves as its first argument says. Run as a script; speaks the protocol without the product's code."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading


def say(**message: object) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")
    sys.stdout.buffer.flush()


def hello(version: int = 1) -> None:
    say(type="Hello", version=version, pid=os.getpid())
    say(type="Warm", seconds=0.1)


def forever() -> None:
    threading.Event().wait()


def good() -> None:
    """Answers its job with Done; a Train waits for Stop."""
    hello()
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] != "Train":
            say(type="Done", result={"got": request["type"], "keep": request.get("keep", True)})
            return


def die(number: int) -> None:
    hello()
    sys.stdin.readline()
    os.kill(os.getpid(), number)
    forever()


def main(mode: str) -> int:
    match mode:
        case "good":
            good()
        case "segfault":
            die(signal.SIGSEGV)
        case "oom":
            say(type="Alive", memory=7_400_000_000)
            die(signal.SIGKILL)
        case "exit":
            hello()
            sys.stdin.readline()
            sys.stderr.write("ImportError: no such thing\n")
            return 3
        case "silent":
            hello()
            sys.stdin.readline()
            say(type="Stage", text="working")
            sys.stdin.readline()
            say(type="Done")
        case "garbage":
            hello()
            sys.stdout.write("Saved artifact at /tmp/x\n")
            sys.stdout.flush()
            forever()
        case "endless":
            hello()
            with contextlib.suppress(BrokenPipeError):
                while True:
                    sys.stdout.buffer.write(b"x" * 2**20)
        case "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            hello()
            forever()
        case "deaf":
            hello()
            forever()
        case "flood":
            for number in range(200_000):
                sys.stdout.buffer.write(b'{"type":"Progress","epoch":0,"step":%d,"metrics":{"loss":0.5}}\n' % number)
            say(type="Done")
        case "closing":
            hello()
            sys.stdin.readline()
            os.close(1)
            forever()
        case "torn":
            hello()
            sys.stdin.readline()
            os.write(1, b'{"type":"Progress","epo')
            os._exit(1)
        case "old":
            hello(version=99)
            forever()
        case "orphans":
            hello()
            subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
            say(type="Done")
        case "lingering":
            hello()
            say(type="Done")
            os.close(1)
            forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
