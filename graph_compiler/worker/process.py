"""The worker process: greets, imports TensorFlow, waits for one job, does it, and ends.

Nothing heavy is imported at the top: the greeting comes first, then the heartbeat, then TensorFlow, then `Warm`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence

from graph_compiler.messages import VERSION, Alive, Failed, Hello, Warm
from graph_compiler.worker.pipes import Outbox, take_over_input, take_over_output

HEARTBEAT = 1.0
"""Seconds between two signs of life."""
NICE = 10
"""How much a spare stands back while it imports."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Be a worker. Ends the process itself, without TensorFlow's slow and sometimes deadly good-bye."""
    given = sys.argv[1:] if arguments is None else arguments
    requests, outbox = take_over_input(), take_over_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the client's business; it asks us to stop
    outbox.send(Hello(version=VERSION, pid=os.getpid()))
    from graph_compiler.worker.inbox import Inbox

    inbox = Inbox(requests, outbox)
    inbox.start()
    _beat(outbox)
    code = _work(inbox, outbox, patient="--spare" in given)
    sys.stderr.flush()
    os._exit(code)


def _work(inbox: object, outbox: Outbox, patient: bool) -> int:
    from graph_compiler.worker.inbox import Inbox

    assert isinstance(inbox, Inbox)
    began = time.monotonic()
    try:
        _in_background(_warm_up) if patient else _warm_up()
    except Exception as error:
        detail = "".join(traceback.format_exception(error))
        outbox.send(Failed(code="tensorflow", sentence=f"TensorFlow cannot be imported: {error}",
                           hint="Install Netloom anew in an environment of its own.", detail=detail))
        return 1
    outbox.send(Warm(seconds=round(time.monotonic() - began, 3)))
    from graph_compiler.worker.jobs import do

    job = inbox.next()
    if job is None:
        return 0
    outbox.send(do(job, outbox.send, inbox.control, inbox.next))
    return 0


def _warm_up() -> None:
    """Import what every job needs. No device is touched: which one is chosen by the job."""
    import keras  # noqa: F401
    import tensorflow  # noqa: F401

    from graph_compiler.worker import jobs  # noqa: F401


def _in_background(task: Callable[[], None]) -> None:
    """Do a task in a thread that stands back where the system knows priorities of threads (Linux).

    A process could not take its own priority up again; the other threads of this one never go down.
    """
    errors: list[BaseException] = []

    def run() -> None:
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        try:
            task()
        except BaseException as error:  # raised again where somebody hears it
            errors.append(error)

    thread = threading.Thread(target=run, name="warm-up")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


def _beat(outbox: Outbox) -> None:
    from graph_compiler.trainers.reporting import resident_bytes

    def run() -> None:
        while not outbox.broken:
            outbox.send(Alive(memory=resident_bytes()))
            time.sleep(HEARTBEAT)

    threading.Thread(target=run, name="heartbeat", daemon=True).start()
