"""Who does the work of a run: the request itself if it is small, else a thread of whichever host asks first.

Reading is committed batch by batch under a lease; saving is one transaction that holds the row of the run. A host that
dies leaves a lease that ends, or a lock that falls; the next look at the page, or the sweep, begins again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from app.core import access, actor, leases
from app.core.db import session
from app.core.errors import Refusal
from app.core.leases import Lost
from app.engines.exchange import committing, progress, staging
from app.engines.exchange.models import ASKED, AT_WORK, FAILED, READY, WAITING, ImportRun

NAME = "import"
_runs = ImportRun.__table__


def kick(run_id: int) -> None:
    """Let a thread of this process go on with a run, unless one does so already."""
    leases.kick(NAME, run_id, carry_on)


def carry_on(run_id: int) -> bool:
    """Do what a run waits for, if nobody else does; whether there was anything to do. Commits."""
    run = session.get(ImportRun, run_id)
    if run is None or run.state not in AT_WORK:
        session.rollback()
        return False
    account, locale, waiting = run.account_id, run.locale, run.state == WAITING
    session.rollback()
    with actor.acting_as(account), access.remembered(), force_locale(locale):
        return _read(run_id) if waiting else _save(run_id)


def at_once(run: ImportRun) -> None:
    """Do what a small run waits for within the transaction of the request."""
    with force_locale(run.locale):
        if run.state == WAITING:
            staging.read(run)
        elif run.state == ASKED:
            committing.save(run, lambda _done: None)


# -- reading ---------------------------------------------------------------------------------------------------------


def _read(run_id: int) -> bool:
    if (me := leases.claim(_runs, run_id, WAITING)) is None:
        return False
    try:
        staging.read(session.get_one(ImportRun, run_id), lambda: leases.renew(_runs, run_id, me, (WAITING,)))
        leases.renew(_runs, run_id, me, (WAITING, READY, FAILED))
    except Lost:
        session.rollback()
    except Exception:
        session.rollback()
        leases.let_go(_runs, run_id, me)
        raise
    return True


# -- saving ----------------------------------------------------------------------------------------------------------


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


# -- what was left lying ---------------------------------------------------------------------------------------------


def left_lying() -> list[int]:
    """Runs that wait for work which nobody seems to be doing."""
    return leases.left_lying(_runs, AT_WORK)


@contextmanager
def nobody_else() -> Iterator[None]:
    """Nothing is at work in this process when the block is left: for tests and an orderly end."""
    yield
    leases.wait_for(NAME)


def done(run: ImportRun) -> int:
    """How many rows of the present step are done."""
    return progress.of(run.id) if run.state == ASKED else run.done
