"""Imports that a host left lying go on; staged rows that nobody needs any more are forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.engines.exchange import runs, work
from app.engines.exchange.models import READY, ImportRow, ImportRun
from app.engines.sweeps import resuming
from app.engines.sweeps.registry import sweep


@sweep("exchange.resume", title=_l("Go on with imports that broke off"), schedule="* * * * *", quiet=True)
def resume(_at: dt.datetime) -> Iterator[dict[str, int]]:
    """Hand each import that nobody works on to a thread of this host."""
    yield from resuming.resume(work.WORK)


@sweep("exchange.tidy", title=_l("Forget staged rows of imports"), schedule="50 3 * * *", quiet=True)
def tidy(at: dt.datetime) -> dict[str, int]:
    """Withdraw what nobody confirmed for a week, forget the rows of what has ended."""
    return resuming.tidy(ImportRun, ImportRow, at, (READY,), runs.withdraw)
