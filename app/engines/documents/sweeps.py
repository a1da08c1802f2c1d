"""The store of attachments keeps itself in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.core import drafts
from app.core.attachments import remove_orphans
from app.engines.documents import print_runs
from app.engines.sweeps import resuming
from app.engines.sweeps.registry import sweep


@sweep("documents.settle", title=_l("Settle uploaded files, remove those of no record"), schedule="30 2 * * *")
def settle(at: dt.datetime) -> dict[str, int]:
    """Put the files of saved records in their place and remove what no record kept."""
    return remove_orphans(at)


@sweep(
    "documents.drafts", title=_l("Remove drafts of forms that nobody came back to"), schedule="50 2 * * *", quiet=True
)
def forget_drafts(at: dt.datetime) -> dict[str, int]:
    """Drafts older than thirty days."""
    return {"hit": gone} if (gone := drafts.remove_old(at)) else {}


@sweep("documents.resume", title=_l("Go on with prints that broke off"), schedule="* * * * *", quiet=True)
def resume(_at: dt.datetime) -> Iterator[dict[str, int]]:
    """Hand each print that nobody works on to a thread of this host."""
    yield from resuming.resume(print_runs.WORK)


@sweep("documents.tidy", title=_l("Remove the files of ended prints"), schedule="45 3 * * *", quiet=True)
def tidy(at: dt.datetime) -> dict[str, int]:
    """Files of many rows stay for a week, the run itself for 400 days."""
    return print_runs.tidy(at - resuming.KEPT, at - resuming.LOGGED)
