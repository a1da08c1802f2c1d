"""The log of sweeps keeps itself short."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from app.engines.sweeps import operations
from app.engines.sweeps.registry import sweep

KEPT = dt.timedelta(days=90)


@sweep("sweeps.tidy", title=_l("Shorten the log of sweeps"), schedule="40 3 * * *")
def tidy(at: dt.datetime) -> dict[str, int]:
    """Forget runs that are older than the log is kept."""
    return {"hit": operations.tidy(at - KEPT)}
