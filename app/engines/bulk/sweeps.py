"""Changes of many rows that a host left lying go on; rows of ended ones are forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.engines.bulk import runs, work
from app.engines.bulk.models import CHOOSING, READY, BulkRow, BulkRun
from app.engines.sweeps import resuming
from app.engines.sweeps.registry import sweep


@sweep("bulk.resume", title=_l("Go on with changes of many rows that broke off"), schedule="* * * * *", quiet=True)
def resume(_at: dt.datetime) -> Iterator[dict[str, int]]:
    """Hand each run that nobody works on to a thread of this host."""
    yield from resuming.resume(work.WORK)


@sweep("bulk.tidy", title=_l("Forget the rows of ended changes of many"), schedule="55 3 * * *", quiet=True)
def tidy(at: dt.datetime) -> dict[str, int]:
    """Withdraw what nobody confirmed for a week, forget the rows of what has ended."""
    told = resuming.tidy(BulkRun, BulkRow, at, (CHOOSING, READY), runs.withdraw)
    runs.forget_what_was_typed(at - resuming.KEPT)
    return told
