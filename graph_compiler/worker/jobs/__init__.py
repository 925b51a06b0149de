"""What a worker does, one module a job: `do` runs one to its end and gives the message that ends it."""

from __future__ import annotations

from collections.abc import Callable

from graph_compiler.messages import Done, Evaluate, Export, Failed, Fetch, Job, Message, Predict, Probe, Train, Verify
from graph_compiler.trainers.session import Control
from graph_compiler.worker.failures import Cancelled, failed
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.evaluate import evaluate
from graph_compiler.worker.jobs.export import export
from graph_compiler.worker.jobs.fetch import fetch
from graph_compiler.worker.jobs.predict import predict
from graph_compiler.worker.jobs.probe import probe
from graph_compiler.worker.jobs.train import train
from graph_compiler.worker.jobs.verify import verify


def do(job: Job, emit: Callable[[Message], None], control: Control, following: Callable[[], Job | None]) -> Done | Failed:
    """Do a job. Every end of it is a message; `following` waits for the next job (a worker that predicts takes more)."""
    context = Context(emit, control, following)
    try:
        match job:
            case Train():
                return train(job, context)
            case Evaluate():
                return Done(result=evaluate(job, context))
            case Predict():
                return Done(result=predict(job, context))
            case Export():
                return Done(result=export(job, context))
            case Verify():
                return Done(result=verify(job, context))
            case Fetch():
                return Done(result=fetch(job, context))
            case Probe():
                return Done(result=probe(job, context))
    except (Exception, Cancelled) as error:  # whatever happens is told
        return failed(error)
