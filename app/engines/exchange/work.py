"""Who does the work of a run: the request itself if it is small, else a thread of whichever host asks first.

Reading is committed batch by batch under a lease; saving is one transaction that holds the row of the run. A host that
dies leaves a lease that ends, or a lock that falls; the next look at the page, or the sweep, begins again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from app.core import access, leases
from app.core.db import session
from app.core.errors import Refusal
from app.engines.exchange import committing, progress, staging
from app.engines.exchange.models import ASKED, AT_WORK, FAILED, READY, WAITING, ImportRun


def at_once(run: ImportRun) -> None:
    """Do what a small run waits for within the transaction of the request."""
    with force_locale(run.locale):
        if run.state == WAITING:
            staging.read(run)
        elif run.state == ASKED:
            committing.save(run, lambda _done: None)


def _do(run_id: int, state: str) -> bool:
    with access.remembered():
        return _read(run_id) if state == WAITING else _save(run_id)


WORK = leases.Work("import", ImportRun, AT_WORK, _do)


def _read(run_id: int) -> bool:
    return leases.under(
        ImportRun.__table__, run_id, WAITING, (READY, FAILED),
        lambda keep: staging.read(session.get_one(ImportRun, run_id), keep),
    )  # fmt: skip


def _save(run_id: int) -> bool:
    """Save in one transaction, which holds the run: another host passes it by."""
    try:
        held = session.get(ImportRun, run_id, with_for_update={"skip_locked": True}, populate_existing=True)
    except OperationalError:  # SQLite: another thread has been writing for longer than one waits
        session.rollback()
        return False
    if held is None or held.state != ASKED:
        session.rollback()
        return False
    try:
        committing.save(held)
        session.commit()
    except Refusal as error:
        session.rollback()
        _give_back(run_id, error)
    except Exception:
        session.rollback()
        raise
    return True


def _give_back(run_id: int, error: Refusal) -> None:
    """What was confirmed cannot be saved at all, such as after a right was taken away: it waits again."""
    run = session.get_one(ImportRun, run_id, with_for_update=True)
    run.state, run.problems = READY, [problem.as_dict() for problem in error.problems]
    staging.note(run, "refused")
    session.commit()


@contextmanager
def nobody_else() -> Iterator[None]:
    """Nothing is at work in this process when the block is left: for tests and an orderly end."""
    yield
    leases.wait_for(WORK.name)


def done(run: ImportRun) -> int:
    """How many rows of the present step are done."""
    return progress.of(run.id) if run.state == ASKED else run.done
