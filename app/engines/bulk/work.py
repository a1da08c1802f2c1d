"""Who does the work of a run: the request itself if it is small, else a thread of whichever host asks first.

Rows are changed a few at a time, each by itself; what became of a row is kept in the very transaction that changed it,
so that a run which broke off goes on with the rows that are left, and none is changed twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from flask_babel import force_locale

from app.core import access, actor, clock, leases
from app.core.db import session
from app.engines.bulk import acting, runs
from app.engines.bulk.models import AT_WORK, DONE, GO, READY, UNSEEN, WAITING, BulkRow, BulkRun

BATCH = 10
_rows = BulkRow.__table__
Keep = Callable[[], None]


def go_on(run: BulkRun) -> None:
    """Do what a run waits for if that is little; else commit what is written so far and let a thread do it."""
    if run.total <= runs.SMALL:
        with force_locale(run.locale):
            _work(run, lambda: None)
    elif run.state in AT_WORK:
        key = run.id
        session.commit()
        WORK.kick(key)


def _do(run_id: int, state: str) -> bool:
    return leases.under(
        BulkRun.__table__, run_id, state, (READY, DONE), lambda keep: _work(session.get_one(BulkRun, run_id), keep)
    )


WORK = leases.Work("bulk", BulkRun, AT_WORK, _do)


def _work(run: BulkRun, keep: Keep) -> None:
    """Judge, or carry out, every row that is still to be done; ``keep`` is called after each batch but the last."""
    judging = run.state == WAITING
    act, wanted = acting.Act.of(run), UNSEEN if judging else GO
    while batch := _next(run, wanted):
        with access.remembered():
            for row in batch:
                if judging:
                    (row.verdict, row.problems), row.version = acting.judge(act, row.record_id)
                else:
                    row.verdict, row.problems = acting.carry_out(act, row.record_id, row.version)
        session.flush()
        run.done += len(batch)
        keep()
    run.counts = _count(run)
    run.state, run.ended_at = (READY, None) if judging else (DONE, clock.now())
    runs.note(run, "checked" if judging else "carried_out", counts=dict(run.counts), act=actor.act_id())


def _next(run: BulkRun, verdict: str) -> Sequence[BulkRow]:
    chosen = sa.select(BulkRow).where(BulkRow.run_id == run.id, BulkRow.verdict == verdict)
    return session.scalars(chosen.order_by(BulkRow.row_no).limit(BATCH)).all()


def _count(run: BulkRun) -> Counter[str]:
    counted = sa.select(_rows.c.verdict, sa.func.count()).where(_rows.c.run_id == run.id).group_by(_rows.c.verdict)
    return Counter({row[0]: row[1] for row in session.execute(counted)})
