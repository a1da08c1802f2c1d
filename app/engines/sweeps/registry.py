"""Sweeps by name: the code of a job, its title and the schedule it is shipped with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.errors import NotFound
from app.engines.sweeps import schedule as schedules

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one committed batch did: counts (checked, hit, sent, skipped) and examples, each with its reason."""

    counts: Counts
    findings: Sequence[Mapping[str, Any]] = ()


Clauses = Callable[[], Iterable[tuple[str, str]]]
Job = Callable[[dt.datetime], Counts | Iterator[Counts | Batch]]


@dataclass(frozen=True)
class Sweep:
    """A job: ``run(at)`` finds what is due at ``at`` and acts; running it again must change nothing.

    ``clauses`` tells the (policy, clause) pairs that it carries out. A scheduled run of a ``quiet`` one that finds
    nothing leaves no line in the log.
    """

    name: str
    title: Any
    schedule: str
    job: Job
    every_time: bool = False
    clauses: Clauses | None = None
    quiet: bool = False

    def batches(self, at: dt.datetime) -> Iterator[Batch]:
        """The job's batches; one is to be committed before the next is asked for."""
        done = self.job(at)
        for part in (done,) if isinstance(done, Mapping) else done:
            yield part if isinstance(part, Batch) else Batch(part)


_sweeps: dict[str, Sweep] = {}
_trial: ContextVar[bool] = ContextVar("trial", default=False)


def sweep(
    name: str, *, title: Any, schedule: str, every_time: bool = False, clauses: Clauses | None = None,
    quiet: bool = False,
) -> Callable[[Job], Job]:
    """Register a function ``(at) -> counts`` as a sweep; as a generator it is committed batch by batch.

    ``schedule`` is a cron text in local time. After downtime a sweep runs once, for its latest missed time;
    with ``every_time`` once for each. A ``quiet`` one logs only the runs that did something. Raises
    ``ValueError`` for a wrong schedule or a name used twice.
    """

    def register(job: Job) -> Job:
        if name in _sweeps:
            raise ValueError(f"two sweeps are called {name!r}")
        schedules.check(schedule)
        _sweeps[name] = Sweep(name, title, schedule, job, every_time, clauses, quiet)
        return job

    return register


def sweeps() -> Mapping[str, Sweep]:
    """All sweeps by name."""
    return _sweeps


def get(name: str) -> Sweep:
    """The sweep of that name; raises ``NotFound``."""
    if name not in _sweeps:
        raise NotFound(_("There is no sweep “%(name)s”.", name=name))
    return _sweeps[name]


@contextmanager
def trial() -> Iterator[None]:
    """What runs in the block is undone afterwards."""
    token = _trial.set(True)
    try:
        yield
    finally:
        _trial.reset(token)


def on_trial() -> bool:
    """Whether the run is undone afterwards: what cannot be undone, such as sending, must not happen."""
    return _trial.get()
