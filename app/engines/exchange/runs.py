"""Runs as people meet them: their own, one of them, its rows, confirming and withdrawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, actor, clock, saving_many
from app.core.db import session
from app.core.errors import Conflict, NotFound, Problem, Refusal
from app.core.kinds import LARGEST
from app.core.register import registers
from app.engines.exchange import plan, progress, staging, work
from app.engines.exchange.models import (
    ASKED,
    AT_WORK,
    BAD,
    CHANGED,
    NEW,
    OPEN,
    READY,
    VERDICTS,
    WITHDRAWN,
    ImportFile,
    ImportRow,
    ImportRun,
)

PAGE, BATCH = 50, 1000
SMALL, FEW = 500, 30
"""So many rows are saved within the request: in batches, and one by one."""
_rows = ImportRow.__table__


def find(run_id: int, *, lock: bool = False) -> ImportRun:
    """A run of one's own; raises ``NotFound`` for another's, whose rows are nobody else's business."""
    mine = sa.select(ImportRun).where(ImportRun.id == run_id, ImportRun.account_id == actor.user_id())
    query = mine.with_for_update() if lock else mine
    run = session.scalar(query) if 0 < run_id < LARGEST else None
    if run is None or run.register not in registers():
        raise NotFound()
    access.require(run.register, "import")
    return run


def sees_all() -> bool:
    """Whether the person sees that others have imported, though never their rows."""
    person = access.current()
    return person.everything or person.can("access_log", "read")


def listed(*, everybody: bool, slug: str = "", before: int | None = None, size: int = PAGE) -> list[ImportRun]:
    """The latest runs, one more than the size if there are older ones."""
    query = sa.select(ImportRun).order_by(ImportRun.id.desc()).limit(size + 1)
    if not (everybody and sees_all()):
        query = query.where(ImportRun.account_id == actor.user_id())
    if slug:
        query = query.where(ImportRun.register == slug)
    if before is not None:
        query = query.where(ImportRun.id < before)
    return [run for run in session.scalars(query) if run.register in registers()]


def rows_of(run: ImportRun, verdict: str = "", after: int = 0, size: int = PAGE) -> Sequence[ImportRow]:
    """Staged rows behind a row number, one more than the size if there are further ones."""
    query = sa.select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.row_no > after)
    if verdict in VERDICTS:
        query = query.where(ImportRow.verdict == verdict)
    return session.scalars(query.order_by(ImportRow.row_no).limit(size + 1)).all()


def bad_rows(run: ImportRun) -> Iterator[Any]:
    """Number, cells and problems of every row with errors, in order, a batch at a time."""
    last = 0
    bad = sa.select(_rows.c.row_no, _rows.c.cells, _rows.c.problems).order_by(_rows.c.row_no).limit(BATCH)
    bad = bad.where(_rows.c.run_id == run.id, _rows.c.verdict == BAD)
    while found := session.execute(bad.where(_rows.c.row_no > last)).all():
        last = found[-1].row_no
        yield from found


def confirm(run: ImportRun, *, good_only: bool) -> None:
    """Save a run now if it is small, else let it be saved; raises ``Refusal`` while a row is bad and all are wanted."""
    if run.state != READY:
        raise Conflict(_("This import does not wait for a confirmation."))
    bad, good = run.counts.get(BAD, 0), to_save(run)
    if bad and not good_only:
        text = _("%(count)s rows have errors: nothing is imported unless you choose the good rows only.", count=bad)
        raise Refusal(Problem(text, None, "errors"))
    if not good:
        raise Refusal(Problem(_("There is nothing to import."), None, "empty"))
    plan.register_for(run.register)
    progress.forget(run.id)
    run.state, run.good_only, run.problems = ASKED, good_only, []
    run.worker = run.lease_until = None
    staging.note(run, "confirmed", good_only=good_only)
    session.flush()


def to_save(run: ImportRun) -> int:
    """How many rows a commit writes."""
    return run.counts.get(NEW, 0) + run.counts.get(CHANGED, 0)


def is_small(run: ImportRun) -> bool:
    """Whether what a run waits for is done within the request."""
    if run.state != ASKED:
        return staging.is_small(run)
    batches = saving_many.in_batches(registers()[run.register]) and not run.counts.get(CHANGED)
    return to_save(run) <= (SMALL if batches else FEW)


def go_on(run: ImportRun) -> None:
    """Do what a run waits for if that is little; else commit what is written so far and let a thread do it."""
    if is_small(run):
        work.at_once(run)
    elif run.state in AT_WORK:
        key = run.id
        session.commit()
        work.WORK.kick(key)


def withdraw(run: ImportRun) -> None:
    """Give up a run that is not saved: its rows are forgotten at once."""
    if run.state not in OPEN or run.state == ASKED:
        raise Conflict(_("This import has ended, or is being saved."))
    for table in (_rows, ImportFile.__table__):
        session.execute(sa.delete(table).where(table.c.run_id == run.id))
    run.state, run.ended_at = WITHDRAWN, clock.now()
    run.worker = run.lease_until = None
    staging.note(run, "withdrawn")
    session.flush()
