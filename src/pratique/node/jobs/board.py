"""Long work as jobs: each runs in a process of its own, so that pages stay quick while a manifest is assessed.

A job is a folder under ``incoming/`` of the node: its files and a note of what is to be done. It goes when the job
ends; one that a stopped server left behind starts over with the next, so that a file once taken in is never lost.
A job that is cancelled leaves nothing: the node keeps a command whole or not at all. Of a reading its document stays
beside the board, as long as the job does and there is room.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pratique.node import Actor
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.jobs.job import CANCELLED, DOCUMENT, DONE, FAILED, NOTE, RUNNING, WAITING, Job, told_error
from pratique.node.jobs.memory import MemoryGuard, bounded_memory
from pratique.node.jobs.processes import Processes
from pratique.node.runs.incoming import sent_name
from pratique.node.stages import Step, with_stage
from pratique.vocabulary.errors import Category
from pratique.vocabulary.ids import short_id

INCOMING: Final = "incoming"
MOST_KEPT: Final = 200  # ended jobs that stay on the board
MOST_DOCUMENT_BYTES: Final = 2 * 1024**3  # of the documents of readings together; the oldest go first

log = logging.getLogger("pratique.jobs")


class JobBoard:
    """The jobs of one server: one at a time, in order, since they would only share the same cores."""

    def __init__(
        self,
        node: Path,
        *,
        clock: Callable[[], datetime],
        command: Sequence[str] | None = None,
        memory: int | None = None,
        at_hand: bool = False,
    ) -> None:
        """``memory`` is what one job may take, in bytes; never more than four fifths of the machine's.

        ``at_hand`` keeps a process loaded between jobs, so that small work is done within a second.
        """
        self._root = node / INCOMING
        self._clock = clock
        self._processes = Processes(
            command or (sys.executable, "-P", "-m", "pratique.node.jobs.worker"), node=node, at_hand=at_hand
        )
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Condition()
        self._worker: subprocess.Popen[str] | None = None
        self._memory = bounded_memory(memory)
        self._open = True
        self._count = 0
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self.changes = 0  # goes up with every change, for whoever watches the board

    def open(self) -> None:
        """Takes up what an earlier server left unfinished, and starts working."""
        self._root.mkdir(mode=0o700, exist_ok=True)
        for note in sorted(self._root.glob(f"*/{NOTE}")):
            said = json.loads(note.read_text(encoding="utf-8"))
            self._note(Job(**{**said["job"], "files": tuple(said["job"]["files"]), "stages": (), "state": WAITING}))
        for stray in self._root.iterdir():
            if stray.name not in self._jobs:
                shutil.rmtree(stray, ignore_errors=True)
        self._processes.prepare()
        self._thread.start()

    def close(self) -> None:
        """Stops working; a job under way starts over with the next server."""
        with self._lock:
            self._open = False
            self._end_worker()
            self._processes.close()
            self._lock.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def place(self, name: str) -> Path:
        """A path in a folder of its own, under the last part of ``name`` (never a path, never empty)."""
        with self._lock:
            self._count += 1
            number = self._count
        folder = self._root / short_id("job", to_text(self._clock()), str(number))
        folder.mkdir(mode=0o700, parents=True)
        given = sent_name(name)
        return folder / (f"message-{given}" if given.casefold() in (NOTE, DOCUMENT) else given)

    def start(self, kind: str, *, actor: Actor, files: Sequence[Path], **what: Any) -> Job:
        """Writes the note first: from then on the work survives this server."""
        folder = files[0].parent if files else self.place(kind).parent
        for file in files[1:]:
            if file.parent != folder:
                _move(file, folder)
        names = tuple(sorted(file.name for file in folder.iterdir()))
        job = Job(folder.name, kind, actor.name, names, to_text(self._clock()))
        note = {"job": asdict(job), "actor": _facts(actor), "what": what}
        (folder / NOTE).write_text(json.dumps(note), encoding="utf-8")
        self._note(job)
        return job

    def show(self, job_id: str) -> Job:
        """See :class:`Jobs`."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            raise refuse("jobs.not_found", Category.NOT_FOUND, job=job_id)
        return job

    def wait(self, job_id: str, *, seconds: float) -> Job:
        """See :class:`Jobs`."""
        with self._lock:
            if self._thread.is_alive():
                self._lock.wait_for(lambda: self.show(job_id).ended, timeout=seconds)
            return self.show(job_id)

    def document(self, job_id: str) -> Path:
        """See :class:`Jobs`."""
        path = self._root / self.show(job_id).id / DOCUMENT
        if not (self.show(job_id).state == DONE and path.is_file()):
            raise refuse("jobs.no_document", Category.NOT_FOUND, job=job_id)
        return path

    def cancel(self, job_id: str) -> Job:
        """See :class:`Jobs`."""
        with self._lock:
            job = self.show(job_id)
            if job.ended:
                raise refuse("jobs.ended", Category.CONFLICT, job=job_id)
            running = job.state == RUNNING
            self._note(replace(job, state=CANCELLED))
            if running:
                self._end_worker()
            else:
                shutil.rmtree(self._root / job_id, ignore_errors=True)
        return self.show(job_id)

    def all(self) -> list[Job]:
        """See :class:`Jobs`."""
        with self._lock:
            return list(self._jobs.values())[::-1]

    def _note(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.id] = job
            for old in [each.id for each in self._jobs.values() if each.ended][:-MOST_KEPT]:
                del self._jobs[old]
                shutil.rmtree(self._root / old, ignore_errors=True)
            self.changes += 1
            self._lock.notify_all()

    def _end_worker(self) -> None:
        if self._worker is not None and self._worker.poll() is None:
            self._worker.kill()

    def _work(self) -> None:
        while True:
            with self._lock:
                while self._open and not self._waiting():
                    self._lock.wait()
                if not self._open:
                    return
                job = self._waiting()[0]
                self._note(replace(job, state=RUNNING))
                self._worker = self._processes.begin(self._root / job.id)
            self._follow(job.id, self._worker)
            with self._lock:
                if self._open:
                    self._processes.prepare()

    def _waiting(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.state == WAITING]

    def _follow(self, job_id: str, worker: subprocess.Popen[str]) -> None:
        """Notes what the worker tells; how it ended is noted once its folder is gone."""
        end: Job | None = None
        guard = MemoryGuard(worker, most=self._memory)
        with guard, worker:
            assert worker.stdout is not None
            for line in worker.stdout:
                with self._lock:
                    told = _told(self._jobs[job_id], json.loads(line))
                    if told.ended:
                        end = told
                    elif not self._jobs[job_id].ended:
                        self._note(told)
        with self._lock:
            job = self._jobs[job_id]
            if end is None and not self._open and not job.ended:
                return  # the next server takes it up
            stopped = "jobs.too_much_memory" if guard.stopped else "jobs.stopped"
            ended = job if job.ended else end or _failed(job, stopped)
            _clear(self._root / job_id, done=ended.state == DONE)
            self._note(ended)
            self._bound_documents()

    def _bound_documents(self) -> None:
        """Removes the oldest documents where all of them together take too much room."""
        left = MOST_DOCUMENT_BYTES
        for job in self.all():
            path = self._root / job.id / DOCUMENT
            if job.ended and path.exists():
                left -= path.stat().st_size
                if left < 0:
                    shutil.rmtree(path.parent, ignore_errors=True)


def _clear(folder: Path, *, done: bool) -> None:
    """Removes the folder of a job that has ended; where it made a document all but that, and the note first."""
    if done and (folder / DOCUMENT).exists():
        (folder / NOTE).unlink(missing_ok=True)
        for file in folder.iterdir():
            if file.name != DOCUMENT:
                file.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _told(job: Job, said: Mapping[str, Any]) -> Job:
    if "stage" in said:
        stage = said["stage"]
        return replace(job, stages=with_stage(job.stages, stage if isinstance(stage, str) else Step(**stage)))
    if "error" in said:
        return replace(job, state=FAILED, error=said["error"])
    if "fault" in said:
        log.error("job %s: %s", job.id, said["fault"])
        return _failed(job, "jobs.fault")
    return replace(job, state=DONE, result=said["result"])


def _failed(job: Job, code: str) -> Job:
    """A worker that met a fault (``jobs.fault``), or ended without a word: from outside, or for its memory."""
    gone = refuse(code, Category.BROKEN)
    return replace(job, state=FAILED, error=told_error(gone))


def _facts(actor: Actor) -> dict[str, Any]:
    """The actor as JSON, from which the worker makes the same actor again."""
    facts = {field.name: getattr(actor, field.name) for field in fields(actor)}
    return {name: sorted(value) if isinstance(value, frozenset) else _plain(value) for name, value in facts.items()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _move(file: Path, folder: Path) -> None:
    """Puts a file beside the others of its job, under a name that is still free there."""
    target, number = folder / file.name, 2
    while target.exists():
        target = folder / f"{file.stem}-{number}{file.suffix}"
        number += 1
    file.rename(target)
    shutil.rmtree(file.parent, ignore_errors=True)
