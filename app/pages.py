"""The pages of the workbench and the jobs behind them: who hears what of documents, runs, evaluations and exports."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from app.links import WorkerLink
from app.runs import Runs
from app.thumbnails import Thumbnails
from graph_compiler.messages import Answer, Done, Evaluate, Export, Failed, Fetch, Log, Predict, Progress, Proof, Stage
from graph_compiler.runs.differences import differences
from graph_compiler.runs.evaluation import Evaluation, NoEvaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import runs_of
from graph_compiler.worker.ending import End
from graph_compiler.worker.spare import SpareWorkers
from widgets.document import GraphDocument
from widgets.log import LogPage
from widgets.problems import ProblemsPage

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.pages.data import DataPage
    from widgets.pages.evaluate import EvaluatePage
    from widgets.pages.export import ExportPage
    from widgets.pages.train import TrainPage


class Pages(QObject):
    """Makes pages when they are first shown and keeps them in step."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.spares = SpareWorkers()
        self.runs = Runs(self.spares, window)
        self.thumbnails = Thumbnails(self)
        self.document: GraphDocument = window.document
        self._train: TrainPage | None = None
        self._evaluate: EvaluatePage | None = None
        self._export: ExportPage | None = None
        self._data: DataPage | None = None
        self._problems: ProblemsPage | None = None
        self._log: LogPage | None = None
        self._jobs: list[WorkerLink] = []
        self._oracle: WorkerLink | None = None
        self._oracle_run = ""
        self._chosen = ""
        self._log_lines: list[tuple[str, str]] = []
        self._scratch = tempfile.TemporaryDirectory(prefix="netloom-")
        self._minimap: QWidget | None = None
        self._connect_runs()

    def makers(self) -> dict[str, Callable[[], QWidget]]:
        """Names of the tabs with what makes their pages."""
        return {"Data": self._make_data, "Train": self._make_train, "Evaluate": self._make_evaluate,
                "Export": self._make_export, "Problems": self._make_problems, "Log": self._make_log}

    # Making pages.

    def _make_data(self) -> QWidget:
        from widgets.pages.data import DataPage

        self._data = DataPage(self.document)
        self._data.download_requested.connect(self._download)
        return self._data

    def _make_train(self) -> QWidget:
        from widgets.pages.train import TrainPage

        page = self._train = TrainPage(self.document)
        page.train.connect(self.runs.train)
        page.pause.connect(self.runs.pause_or_go_on)
        page.go_on.connect(self.runs.pause_or_go_on)
        page.stop.connect(self.runs.stop)
        self._show_last_run()
        return page

    def _show_last_run(self) -> None:
        """The curves of the newest run of this document, unless one is under way."""
        if self._train is None or self.runs.busy:
            return
        run = next(iter(runs_of(self.runs.stem)), None)
        rows = tuple(run.history.read()) if run is not None else ()
        if run is None or not rows:
            return
        from widgets.pages.train import PastRun

        record = run.record
        planned = int(record.settings.get("epochs", len(rows)))
        self._train.show_past(PastRun(f"Run {run.title.split(' · ')[0]}", max(planned, len(rows)), rows, dict(record.metrics),
                                      record.seconds, record.state, record.reason))

    def _make_evaluate(self) -> QWidget:
        from widgets.pages.evaluate import EvaluatePage

        page = self._evaluate = EvaluatePage()
        page.evaluate_wanted.connect(self._choose_run)
        page.predict_wanted.connect(self._predict)
        page.report_wanted.connect(self._save_report)
        return page

    def _make_export(self) -> QWidget:
        from graph_compiler.exporters.formats import FORMATS
        from widgets.pages.export import ExportPage, FormatChoice

        choices = tuple(FormatChoice(s.name, s.title, s.suffix, s.summary, s.runs_on) for s in FORMATS.values())
        page = self._export = ExportPage(choices)
        page.export_wanted.connect(self._start_export)
        page.cancel_wanted.connect(self._cancel_jobs)
        page.bar.chosen.connect(self._choose_run)
        return page

    def _make_problems(self) -> QWidget:
        self._problems = ProblemsPage(self.document)
        self._problems.jump.connect(self._window.jump)
        return self._problems

    def _make_log(self) -> QWidget:
        self._log = LogPage()
        for text, level in self._log_lines:
            self._log.append(text, level)
        return self._log

    # Documents.

    def set_document(self, document: GraphDocument) -> None:
        """Another document: pages start over with it."""
        self.document = document
        self.runs.document = document
        session = self._window.session
        self.runs.stem = document.path.stem if document.path else session.template or "untitled"
        self._chosen = ""
        self._drop_oracle()
        self.thumbnails.watch(document, self._window.canvas)
        if self._train is not None:
            self._train.set_document(document)
            self._show_last_run()
        for name in ("Data", "Problems"):
            self._renew(name)
        if self._window.workbench.current in ("Evaluate", "Export"):
            self._refresh_runs()

    def _renew(self, name: str) -> None:
        """Make a page again for another document."""
        workbench = self._window.workbench
        old = workbench.pages.pop(name, None)
        if old is None:
            return
        if name == "Data" and self._data is not None:
            self._data.shut_down()
        up = workbench.current == name
        workbench.stack.removeWidget(old)
        old.deleteLater()
        if up:
            workbench.show_page(name, fill=workbench.state == "filled")

    def page_shown(self, name: str) -> None:
        """A tab came up."""
        if name in ("Evaluate", "Export"):
            self._refresh_runs()

    # Runs.

    def _connect_runs(self) -> None:
        runs = self.runs
        runs.begun.connect(self._begun)
        runs.message.connect(self._run_says)
        runs.over.connect(self._run_over)
        runs.log.connect(self.log)
        runs.refused.connect(self._refused)
        runs.state_changed.connect(self._state)

    def _begun(self, run: RunFolder) -> None:
        self._window.show_page("Train")
        assert self._train is not None
        self._train.start_over(f"Run {run.path.name.lstrip('0') or run.path.name}")

    def _run_says(self, message: object) -> None:
        if self._train is not None:
            self._train.receive(message)  # type: ignore[arg-type]
        if isinstance(message, Stage):
            self._window.status.say(message.text, message.fraction)
        elif isinstance(message, Progress):
            started = self._train.record.started if self._train is not None else None
            share = self._train.record.share if self._train is not None and started else None
            self._window.status.say(self.runs._where(message), share)

    def _state(self, state: str, words: str) -> None:
        if self._train is not None and (self._train.state != state or state == "failed"):
            self._train.set_state(state, words if state == "failed" else "")
        self.refresh_actions()

    def _run_over(self, run: RunFolder | None, sentence: str) -> None:
        self._window.status.say(sentence or ("Run finished" if run is not None else "Run dropped"))
        self._chosen = str(run.path) if run is not None else ""
        self._drop_oracle()
        QTimer.singleShot(0, self.spares.prepare)
        if self._window.workbench.current in ("Evaluate", "Export"):
            self._refresh_runs()

    def _refused(self, words: str) -> None:
        self._window.status.say(words)
        if not self.document.analysis.clean:
            self._window.show_page("Problems")

    def refresh_actions(self) -> None:
        """Which commands make sense now."""
        actions = getattr(self._window, "actions_by_id", None)
        if actions is None:
            return
        busy = self.runs.busy
        ready = self.document.analysis.clean and bool(self.document.analysis.plan.trainer)
        for name, on in (("train", not busy and ready), ("continue", not busy and ready), ("pause", busy), ("stop", busy),
                         ("drop", busy)):
            actions[name].setEnabled(on)

    # Evaluate.

    def _choices(self) -> list[RunFolder]:
        return [run for run in runs_of(self.runs.stem) if run.has_weights]

    def _refresh_runs(self) -> None:
        """Bring the run bars of Evaluate and Export up to date, and show what the chosen run says."""
        from widgets.pages.run_bar import RunChoice

        runs = self._choices()
        if self._chosen not in {str(run.path) for run in runs}:
            self._chosen = str(runs[0].path) if runs else ""
        choices = [RunChoice(str(run.path), run.title, tuple(self._changes(run))) for run in runs[:40]]
        for page in (self._evaluate, self._export):
            if page is not None:
                page.bar.set_choices(choices, self._chosen)
        run = next((r for r in runs if str(r.path) == self._chosen), None)
        if self._evaluate is not None:
            self._show_evaluation(run)
        if self._export is not None and not self._export.busy:
            self._show_export(run)

    def _changes(self, run: RunFolder) -> list[str]:
        try:
            return differences(run.document(), self.document.document, settings=False)
        except Exception as error:  # a damaged old run must not hide the others
            return [f"its drawing cannot be read: {error}"]

    def _choose_run(self, folder: str) -> None:
        self._chosen = folder
        self._drop_oracle()
        self._refresh_runs()

    def _show_evaluation(self, run: RunFolder | None) -> None:
        page = self._evaluate
        assert page is not None
        if run is None:
            page.set_nothing("Nothing to evaluate yet", "Next: press Train. What the network learnt is shown here.")
            return
        try:
            evaluation = Evaluation.load(run.path)
        except NoEvaluation:
            page.set_nothing("Measuring the test rows", "This takes a few seconds.")
            self._job(Evaluate(run=str(run.path), document_folder=self.runs._folder()), lambda: self._evaluated(run.path))
            return
        page.show_evaluation(evaluation, _clock(evaluation.measured))

    def _evaluated(self, path: Path) -> None:
        if self._evaluate is None or str(path) != self._chosen:
            return
        try:
            evaluation = Evaluation.load(path)
        except NoEvaluation as problem:
            self._evaluate.set_nothing("This run cannot be evaluated", str(problem))
            return
        self._evaluate.show_evaluation(evaluation, _clock(evaluation.measured))

    def _predict(self, folder: str, inputs: list[Any], ticket: int) -> None:
        import numpy as np

        names = []
        for number, given in enumerate(inputs):
            if isinstance(given, str):
                names.append(given)
            else:
                path = Path(self._scratch.name) / f"{ticket}-{number}.npy"
                np.save(path, given)
                names.append(str(path))
        if self._oracle is None or self._oracle.over or self._oracle_run != folder:
            self._drop_oracle()
            self._oracle = WorkerLink(self.spares, self)
            self._oracle_run = folder
            self._oracle.message.connect(self._oracle_says)
            self._oracle.ended.connect(self._oracle_ended)
            self._window.status.say("Loading the network")
            QTimer.singleShot(2000, self.spares.prepare)
        self._oracle.send(Predict(run=folder, inputs=tuple(names), document_folder=self.runs._folder(), ticket=ticket))

    def _oracle_says(self, message: object) -> None:
        if isinstance(message, Answer) and self._evaluate is not None:
            self._window.status.say("")
            self._evaluate.answer(message.ticket, message.answers)
        elif isinstance(message, Failed) and self._evaluate is not None:
            self._evaluate.ask.say(f"{message.sentence} {message.hint}".strip())
        elif isinstance(message, Log):
            self.log(message.text, message.level)

    def _oracle_ended(self, end: End) -> None:
        if end.sentence and self._evaluate is not None:
            self._evaluate.ask.say(end.sentence)

    def _drop_oracle(self) -> None:
        oracle, self._oracle = self._oracle, None
        if oracle is not None:
            oracle.ended.connect(oracle.deleteLater)
            oracle.client.quit()

    def _save_report(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        from app.report import report_text

        page = self._evaluate
        if page is None or page.evaluation is None:
            return
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the report", f"{self.runs.stem}.md", "Markdown (*.md)")
        if name:
            try:
                Path(name).write_text(report_text(self.runs.stem, page.evaluation), encoding="utf-8")
            except OSError as error:
                QMessageBox.critical(self._window, "The report was not saved", f"{name}: {error.strerror or error}.")

    # Export.

    def _show_export(self, run: RunFolder | None) -> None:
        page = self._export
        assert page is not None
        if run is None:
            page.set_nothing("Nothing to export yet", "Next: press Train. A finished run can be exported.")
            return
        from graph_compiler.analysis.analyzer import Analyzer
        from graph_compiler.exporters.description import describe

        analysis = Analyzer(run.document(), self.document.registry)
        nodes = sum(1 for f in analysis.engine.facts.values() if f.spec is not None and f.spec.kind in ("layer", "operation"))
        page.set_ready(self.runs.stem, str(run.exports), nodes, describe(self.runs.stem, analysis.plan))
        page.show_past(past_proofs(run.exports))

    def _start_export(self, folder: str, formats: tuple[str, ...], out: str) -> None:
        request = Export(run=folder, formats=tuple(formats), out=out, document_folder=self.runs._folder())
        self._job(request, None)

    # Jobs.

    def _job(self, request: Evaluate | Export | Fetch, done: Callable[[], None] | None) -> None:
        link = WorkerLink(self.spares, self)
        self._jobs.append(link)
        state = {"sentence": ""}
        link.message.connect(lambda message: self._job_says(request, message, state))
        link.ended.connect(lambda end: self._job_over(link, request, end, state, done))
        link.send(request)

    def _job_says(self, request: object, message: object, state: dict[str, str]) -> None:
        if isinstance(message, Stage):
            self._window.status.say(message.text, message.fraction)
            if isinstance(request, Fetch) and self._data is not None:
                self._data.show_progress(message.text, message.fraction)
        elif isinstance(message, Proof) and self._export is not None:
            self._export.receive(message)
        elif isinstance(message, Failed):
            state["sentence"] = f"{message.sentence} {message.hint}".strip()
            self.log(f"{message.sentence} {message.hint}\n{message.detail}".strip(), "error")
        elif isinstance(message, Log):
            self.log(message.text, message.level)
        elif isinstance(message, Done):
            self._window.status.say("Done")

    def _job_over(self, link: WorkerLink, request: object, end: End, state: dict[str, str],
                  done: Callable[[], None] | None) -> None:
        if link in self._jobs:
            self._jobs.remove(link)
        link.deleteLater()
        sentence = state["sentence"] or end.sentence
        if isinstance(request, Export) and self._export is not None:
            self._export.finish(sentence)
        elif isinstance(request, Fetch) and self._data is not None:
            self._data.show_problem(sentence) if sentence else self._data.reload()
        elif isinstance(request, Evaluate) and sentence and self._evaluate is not None:
            self._evaluate.set_nothing("This run cannot be evaluated", sentence)
            return
        if done is not None:
            done()
        QTimer.singleShot(0, self.spares.prepare)

    def _cancel_jobs(self) -> None:
        for link in self._jobs:
            link.client.stop(keep=False)

    def _download(self, node_id: str) -> None:
        facts = self.document.analysis.facts(node_id)
        if facts is not None:
            self._job(Fetch(dataset=facts.node.type, params=dict(facts.node.params)), None)

    # Everything else.

    def take_file(self, path: Path) -> None:
        """A dropped file: a table becomes a source, a picture is predicted by the chosen run."""
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            self._window.show_page("Data")
            assert self._data is not None
            self._data.take_file(path)
        else:
            self._window.show_page("Evaluate", fill=True)
            assert self._evaluate is not None
            if self._evaluate.evaluation is not None:
                self._evaluate.drop_file(path)

    def log(self, text: str, level: str = "info") -> None:
        """A line for the Log tab."""
        self._log_lines = [*self._log_lines[-999:], (text, level)]
        if self._log is not None:
            self._log.append(text, level)

    def minimap(self, on: bool) -> None:
        """Show or hide the minimap."""
        if self._minimap is None and on:
            from widgets.minimap import Minimap

            self._minimap = Minimap(self._window.canvas)
        if self._minimap is not None:
            self._minimap.setVisible(on)

    def show_doctor(self) -> None:
        """What will run where."""
        QMessageBox.information(self._window, "Device doctor", self.runs.device or device_words() + ".")

    def after_first_paint(self) -> None:
        """Start what may wait: the spare worker, and the words about the device."""
        self._window.status.set_device(device_words())
        if not os.environ.get("NETLOOM_NO_SPARE"):
            self.spares.prepare()

    @property
    def settled(self) -> bool:
        """Whether nothing is being loaded or computed for a page."""
        return not self._jobs and self.thumbnails.settled

    def shut_down(self) -> None:
        """End every worker and let go of files."""
        if self._data is not None:
            self._data.shut_down()
        self.thumbnails.shut_down()
        self.spares.close()
        self._scratch.cleanup()


def past_proofs(folder: Path) -> list[dict[str, Any]]:
    """The proofs written beside earlier exports whose files are still there; none when the report is missing or damaged."""
    try:
        rows = json.loads((folder / "proof.json").read_text(encoding="utf-8"))
        return [row for row in rows if Path(row["path"]).is_file()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def device_words() -> str:
    """The device for the status bar, as far as it is known without TensorFlow."""
    threads = os.cpu_count() or 1
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"


def _clock(measured: str) -> str:
    try:
        return f"once, {datetime.fromisoformat(measured).astimezone():%H:%M}"
    except ValueError:
        return "once"
