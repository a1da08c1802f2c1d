"""The store of attachments keeps itself in order."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from app.core import drafts
from app.core.attachments import remove_orphans
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
