"""Runs as people meet them: rows chosen, what to do said, looked at, confirmed, withdrawn, tidied away."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import access, actor, clock, query
from app.core.db import session
from app.core.errors import Conflict, Forbidden, NotFound, Problem, Refusal
from app.core.kinds import LARGEST
from app.core.query import Criteria
from app.core.register import Register, registers
from app.engines.bulk import choosing
from app.engines.bulk.models import (
    ASKED,
    CHOOSING,
    GO,
    OPEN,
    READY,
    UNSEEN,
    VERDICTS,
    WAITING,
    WITHDRAWN,
    BulkRow,
    BulkRun,
)

MOST, SMALL, PAGE = 1000, 20, 50
"""So many rows at most in a run, within a request, on a page."""
_rows = BulkRow.__table__


def find(run_id: int, *, lock: bool = False) -> BulkRun:
    """A run of one's own; raises ``NotFound`` for another's."""
    mine = sa.select(BulkRun).where(BulkRun.id == run_id, BulkRun.account_id == actor.user_id())
    run = session.scalar(mine.with_for_update() if lock else mine) if 0 < run_id < LARGEST else None
    if run is None or run.register not in registers():
        raise NotFound()
    return run


def begin(register: Register, criteria: Criteria | None, ids: Iterable[int]) -> BulkRun:
    """A run of the rows that were chosen: those of the criteria, else those named; of rows in reach only.

    Raises ``Forbidden`` where nothing may be changed, ``Refusal`` for no row or too many.
    """
    if not choosing.may(register):
        raise Forbidden(_("Your roles do not let you change rows of “%(name)s”.", name=register.label))
    table = register.model.__table__
    if criteria is None:
        wanted = sorted({key for key in ids if 0 < key < LARGEST})[: MOST + 1]
        chosen = sa.select(table.c.id, table.c.row_version).where(table.c.id.in_(wanted), access.rows(register))
        chosen = chosen.order_by(table.c.id)
    else:
        chosen = query.every(register, criteria, ["row_version"])
    found = session.execute(chosen.limit(MOST + 1)).all()
    Refusal.when(_wrong_number(len(found)))
    run = BulkRun(register=register.slug, locale=str(get_locale() or "zh")[:2], total=len(found), counts={}, log=[])
    session.add(run)
    session.flush()
    rows = [{"run_id": run.id, "row_no": no, "record_id": row.id, "version": row.row_version, "verdict": UNSEEN}
            for no, row in enumerate(found, start=1)]  # fmt: skip
    session.execute(sa.insert(_rows), rows)
    note(run, "chosen")
    return run


def _wrong_number(count: int) -> Iterable[Problem]:
    if not count:
        yield Problem(_("Choose at least one row."), None, "required")
    elif count > MOST:
        text = _("At most %(most)s rows are changed at once; narrow the list with a filter.", most=f"{MOST:,}")
        yield Problem(text, None, "count")


def decide(run: BulkRun, choice: choosing.Choice, values: Mapping[str, Any], reason: str) -> None:
    """Say what is to be done; every row is looked at anew."""
    if run.state not in (CHOOSING, READY):
        raise Conflict(_("This change has begun or ended."))
    run.kind, run.key, run.state = choice.kind, choice.key, WAITING
    run.given = json.dumps({"values": dict(values), "reason": reason})
    run.counts, run.done = {}, 0
    session.execute(sa.update(_rows).where(_rows.c.run_id == run.id).values(verdict=UNSEEN, problems=None))
    note(run, "decided", what=choice.label)


def confirm(run: BulkRun) -> None:
    """Let what was looked at be carried out."""
    if run.state != READY:
        raise Conflict(_("This change does not wait for a confirmation."))
    if not run.counts.get(GO):
        raise Refusal(Problem(_("None of the rows can be changed so."), None, "empty"))
    run.state, run.done = ASKED, 0
    note(run, "confirmed")


def withdraw(run: BulkRun) -> None:
    """Give a run up that has not begun."""
    if run.state not in OPEN:
        raise Conflict(_("This change has begun or ended."))
    session.execute(sa.delete(_rows).where(_rows.c.run_id == run.id))
    run.state, run.ended_at, run.given = WITHDRAWN, clock.now(), None
    run.worker = run.lease_until = None
    note(run, "withdrawn")


def note(run: BulkRun, event: str, **facts: Any) -> None:
    """One more line in the log of a run."""
    entry = {"at": clock.now().isoformat(timespec="seconds"), "event": event, "account_id": actor.user_id(), **facts}
    run.log = [*(run.log or []), entry]
    session.flush()


def rows_of(run: BulkRun, verdict: str = "", after: int = 0) -> Sequence[BulkRow]:
    """Rows of a run behind a number, one more than a page if there are further ones."""
    chosen = sa.select(BulkRow).where(BulkRow.run_id == run.id, BulkRow.row_no > after)
    if verdict in VERDICTS:
        chosen = chosen.where(BulkRow.verdict == verdict)
    return session.scalars(chosen.order_by(BulkRow.row_no).limit(PAGE + 1)).all()


def listed() -> Sequence[BulkRun]:
    """The person's latest runs."""
    mine = sa.select(BulkRun).where(BulkRun.account_id == actor.user_id()).order_by(BulkRun.id.desc())
    return [run for run in session.scalars(mine.limit(PAGE)) if run.register in registers()]


def forget_what_was_typed(before: dt.datetime) -> None:
    """What was to be written into the rows of runs that ended before an instant is nobody's business any more."""
    table = BulkRun.__table__
    session.execute(sa.update(table).where(table.c.ended_at < before).values(given=None))
