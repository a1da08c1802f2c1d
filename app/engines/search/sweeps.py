"""Rows that came in by bulk get their tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.engines.search import operations
from app.engines.sweeps.registry import sweep


@sweep("search.fill", title=_l("Index names that cannot be found yet"), schedule="40 3 * * *", quiet=True)
def fill(_at: dt.datetime) -> Iterator[dict[str, int]]:
    """Look for rows without tokens, a batch at a time."""
    for register in operations.searched():
        while found := operations.fill(register):
            yield {"checked": found, "hit": found}
