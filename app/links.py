"""Workers seen from the GUI thread: what comes from a client's threads arrives here as Qt signals."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from graph_compiler.messages import Request
from graph_compiler.worker.ending import End
from graph_compiler.worker.exporting import Client, ExportWorkers
from graph_compiler.worker.mailbox import Mailbox
from graph_compiler.worker.spare import SpareWorkers


class WorkerLink(QObject):
    """One worker with one job. `message` and `ended` come in the GUI thread, in order, `ended` last."""

    message = Signal(object)
    ended = Signal(object)
    _arrived = Signal()

    def __init__(self, spares: SpareWorkers | ExportWorkers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._box = Mailbox(self._arrived.emit)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.over = False
        self.client: Client = spares.take(self._box.put, self._box.put_end)

    def send(self, request: Request) -> bool:
        """Ask something of it. False when it is gone."""
        return self.client.send(request)

    def _deliver(self) -> None:
        for item in self._box.drain():
            if isinstance(item, End):
                self.over = True
                self.ended.emit(item)
            else:
                self.message.emit(item)
