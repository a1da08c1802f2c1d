"""Who does the work of a run: the request itself if it is small, else a thread of whichever host asks first.

Reading is committed batch by batch under a lease; saving is one transaction that holds the row of the run. A host that
dies leaves a lease that ends, or a lock that falls; the next look at the page, or the sweep, begins again.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from app.core import access, actor, clock
from app.core.db import session
from app.core.errors import Refusal
from app.engines.exchange import committing, progress, staging
from app.engines.exchange.models import ASKED, AT_WORK, FAILED, READY, WAITING, ImportRun

LEASE = dt.timedelta(seconds=60)

log = logging.getLogger(__name__)
_runs = ImportRun.__table__
_busy: set[int] = set()
_guard = threading.Lock()


class Lost(Exception):
    """The run was withdrawn, or another host has taken it over."""


def kick(run_id: int) -> None:
    """Let a thread of this process go on with a run, unless one does so already."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _guard:
        if run_id in _busy:
            return
        _busy.add(run_id)
    threading.Thread(target=_in_thread, args=(app, run_id), name=f"import-{run_id}", daemon=True).start()


def _in_thread(app: Flask, run_id: int) -> None:
    try:
        with app.app_context():
            carry_on(run_id)
    except Exception:
        log.exception("import run %s broke off", run_id)
    finally:
        with _guard:
            _busy.discard(run_id)


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
    me = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:80]
    if (run := _claim(run_id, me)) is None:
        return False
    try:
        staging.read(run, lambda: _renew(run_id, me))
        _renew(run_id, me, WAITING, READY, FAILED)
    except Lost:
        session.rollback()
    except Exception:
        session.rollback()
        _let_go(run_id, me)
        raise
    return True


def _claim(run_id: int, me: str) -> ImportRun | None:
    """The run, taken for a while; ``None`` while another host has it."""
    free = _runs.c.lease_until.is_(None) | (_runs.c.lease_until < clock.now())
    mine = sa.update(_runs).where(_runs.c.id == run_id, _runs.c.state == WAITING, free)
    taken = session.execute(mine.values(worker=me, lease_until=clock.now() + LEASE)).rowcount
    session.commit()
    return session.get_one(ImportRun, run_id) if taken else None


def _renew(run_id: int, me: str, *states: str) -> None:
    """Commit the batch if the run is still ours, and keep it a while longer."""
    held = _runs.c.state.in_(states or (WAITING,)) & (_runs.c.worker == me) & (_runs.c.id == run_id)
    more = sa.update(_runs).where(held).values(lease_until=clock.now() + LEASE)
    if not session.execute(more).rowcount:
        session.rollback()
        raise Lost
    session.commit()


def _let_go(run_id: int, me: str) -> None:
    mine = (_runs.c.id == run_id) & (_runs.c.worker == me)
    session.execute(sa.update(_runs).where(mine).values(worker=None, lease_until=None))
    session.commit()


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
    free = _runs.c.lease_until.is_(None) | (_runs.c.lease_until < clock.now())
    return list(session.scalars(sa.select(_runs.c.id).where(_runs.c.state.in_(AT_WORK), free).order_by(_runs.c.id)))


@contextmanager
def nobody_else() -> Iterator[None]:
    """Nothing is at work in this process when the block is left: for tests and an orderly end."""
    yield
    for thread in [one for one in threading.enumerate() if one.name.startswith("import-")]:
        thread.join(timeout=60)


def done(run: ImportRun) -> int:
    """How many rows of the present step are done."""
    return progress.of(run.id) if run.state == ASKED else run.done
