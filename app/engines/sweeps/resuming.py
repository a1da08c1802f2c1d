"""Long work that a host left lying goes on; what nobody wants any more is forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.leases import Work

KEPT, LOGGED = dt.timedelta(days=7), dt.timedelta(days=400)


def resume(work: Work) -> Iterator[dict[str, int]]:
    """Hand what nobody works on to threads of this host."""
    waiting = work.left_lying()
    session.rollback()
    for key in waiting:
        work.kick(key)
    if waiting:
        yield {"checked": len(waiting), "hit": len(waiting)}


def tidy(run: Any, row: Any, at: dt.datetime, idle: Iterable[str], withdraw: Callable[[Any], None]) -> dict[str, int]:
    """Withdraw what has been idle for a week, forget the rows of what has ended, drop very old runs."""
    runs, rows, before = run.__table__, row.__table__, at - KEPT
    stale = session.scalars(sa.select(run).where(run.state.in_(list(idle)), run.created_at < before)).all()
    for one in stale:
        withdraw(one)
    ended = sa.select(runs.c.id).where(runs.c.ended_at < before)
    gone = session.execute(sa.delete(rows).where(rows.c.run_id.in_(ended))).rowcount
    dropped = session.execute(sa.delete(runs).where(runs.c.ended_at < at - LOGGED)).rowcount
    return {"hit": len(stale), "rows": gone, "dropped": dropped}
