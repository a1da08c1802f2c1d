"""Changes of many rows that a host left lying go on; rows of ended ones are forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.core.db import session
from app.engines.bulk import runs, work
from app.engines.sweeps.registry import sweep

KEPT, LOGGED = dt.timedelta(days=7), dt.timedelta(days=400)


@sweep("bulk.resume", title=_l("Go on with changes of many rows that broke off"), schedule="* * * * *", quiet=True)
def resume(_at: dt.datetime) -> Iterator[dict[str, int]]:
    """Hand each run that nobody works on to a thread of this host."""
    waiting = work.left_lying()
    session.rollback()
    for run_id in waiting:
        work.kick(run_id)
    if waiting:
        yield {"checked": len(waiting), "hit": len(waiting)}


@sweep("bulk.tidy", title=_l("Forget the rows of ended changes of many"), schedule="55 3 * * *", quiet=True)
def tidy(at: dt.datetime) -> dict[str, int]:
    """Withdraw what nobody confirmed for a week, forget the rows of what has ended."""
    return runs.tidy(at - KEPT, at - LOGGED)
